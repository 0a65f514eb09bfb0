/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"
#include "format/reader_internal.h"

#include <string.h>

/* The spool names neither this one, nor one that this one follows on and whose place it has not taken
 * yet. Names are compared first: where a recorder has its folder, a reader of it may see another. */
bool evj_reader_was_left(const struct evj_reader *reader)
{
    const char *named = evj_path_name(reader->spool.journal);

    return named[0] != '\0' && strcmp(named, evj_path_name(evj_reader_path(reader))) != 0 &&
           strcmp(named, reader->header.previous) != 0 &&
           !evj_path_is_same_file(reader->spool.journal, evj_reader_path(reader));
}

bool evj_reader_goes_on_in_spool(const struct evj_reader *reader)
{
    const char *text = reader->spool.text;
    const char *newline = reader->spool.len > 0 ? memchr(text, '\n', reader->spool.len) : NULL;
    struct evj_record record;

    return newline && evj_record_parse(text, (size_t)(newline - text), &record, NULL) == EVJ_OK &&
           evj_reader_is_whole(reader) && record.seq <= reader->next_seq;
}

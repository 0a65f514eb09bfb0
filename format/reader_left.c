/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/reader_internal.h"

#include <string.h>
#include <sys/stat.h>

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The spool names neither this one, nor one that this one follows on and whose place it has not taken
 * yet. Names are compared first: where a recorder has its folder, a reader of it may see another. */
bool evj_reader_was_left(const struct evj_reader *reader)
{
    const char *named = name_of(reader->spool.journal);

    return named[0] != '\0' && strcmp(named, name_of(evj_reader_path(reader))) != 0 &&
           strcmp(named, reader->header.previous) != 0 &&
           !is_same_file(reader->spool.journal, evj_reader_path(reader));
}

bool evj_reader_goes_on_in_spool(const struct evj_reader *reader)
{
    const char *text = reader->spool.text;
    const char *newline = reader->spool.len > 0 ? memchr(text, '\n', reader->spool.len) : NULL;
    struct evj_record record;

    return newline && evj_record_parse(text, (size_t)(newline - text), &record, NULL) == EVJ_OK &&
           evj_reader_is_whole(reader) && record.seq <= reader->next_seq;
}

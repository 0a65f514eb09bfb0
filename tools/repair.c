/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/repair.h"

#include "evj/end.h"

#include <string.h>

/* ---- first lines ---- */

/* Is a text the line of this recording, or of one that nobody can tell? */
static bool is_of(const struct evj_header *header, const char *line, size_t len)
{
    struct evj_record record;
    struct evj_header other;

    if (evj_record_parse(line, len, &record, NULL) != 0 ||
        evj_header_parse(&record, &other, NULL) != 0)
        return true;
    return header->id[0] == '\0' || strcmp(header->id, other.id) == 0;
}

/*
 * An evj_block_seen. The reader tells of each block before it gives its records: the first line is to
 * be kept byte for byte. Another one may follow, where a file was put behind another.
 */
static void see_block(const struct evj_block_info *info, uint64_t offset, const char *text,
                      void *context)
{
    struct repair *repair = context;
    const char *newline;

    if (!(info->flags & EVJ_BLOCK_FIRST) || repair->another_at > 0)
        return;
    newline = memchr(text, '\n', info->text_size);
    if (newline == NULL)
        return;
    if (repair->first_line == NULL && repair->writing->writer == NULL)
        repair->first_line = g_strndup(text, (gsize)(newline - text));
    else if (!is_of(evj_reader_header(repair->reader), text, (size_t)(newline - text)))
        repair->another_at = offset;
}

/* The new journal begins when the reader has told of its first block, or has nothing more to tell. */
static bool begin(struct repair *repair)
{
    if (repair->writing->writer != NULL)
        return true;
    repair->header_is_made_up = repair->first_line == NULL;
    if (repair->header_is_made_up)
        repair->first_line = writing_first_line(evj_reader_header(repair->reader), NULL);
    return writing_begin(repair->writing, repair->output, repair->first_line, repair->quiet) < 0;
}

/* ---- the end ---- */

/* It waits until all that it counts has been read. */
static void keep_end(struct repair *repair, const struct evj_record *record)
{
    g_free(repair->end_line);
    repair->end_line = g_strndup(record->line.text, record->line.len);
}

static bool check_end(const struct repair *repair, struct evj_record *ret_record)
{
    const struct evj_writer_totals *totals = writing_totals(repair->writing);
    struct evj_end end;

    return repair->end_line != NULL &&
           evj_record_parse(repair->end_line, strlen(repair->end_line), ret_record, NULL) == 0 &&
           evj_end_parse(ret_record, &end, NULL) == 0 && end.records == totals->records &&
           end.events == totals->events && end.dropped == totals->dropped;
}

/* The end record as it was if what it counts is there, else one of our own. */
static bool finish(struct repair *repair)
{
    struct evj_record end;

    repair->end_is_right = check_end(repair, &end);
    repair->is_whole = !repair->header_is_made_up &&
                       (repair->end_is_right || evj_reader_totals(repair->reader)->damages == 0);
    if (!repair->end_is_right)
        return writing_end(repair->writing, "repair");
    return writing_add(repair->writing, &end) && writing_end(repair->writing, NULL);
}

/* ---- records ---- */

static void note_damage(struct repair *repair, const struct evj_error *err)
{
    const struct evj_damage *damage = evj_reader_damage(repair->reader);

    repair->salvaged += damage->salvaged;
    repair->lost_is_certain &= damage->lost_is_certain;
    repair->damaged(err, damage, repair->context);
}

static bool copy(struct repair *repair, const struct evj_record *record)
{
    if (record->kind == EVJ_RECORD_END) {
        keep_end(repair, record);
        return true;
    }
    return writing_add(repair->writing, record);
}

enum repair_status repair_run(struct repair *repair, struct evj_error *err)
{
    const struct evj_record *record;
    bool goes_on = true;
    int status = 0;

    repair->lost_is_certain = true;
    evj_reader_set_observer(repair->reader, see_block, repair);
    while (goes_on && status >= 0 && status != EVJ_END) {
        status = evj_reader_next(repair->reader, &record, err);
        goes_on = begin(repair);
        if (goes_on && status == EVJ_DAMAGED)
            note_damage(repair, err);
        else if (goes_on && status == 0 && repair->another_at > 0)
            break;
        else if (goes_on && status == 0)
            goes_on = copy(repair, record);
    }
    if (!goes_on || !finish(repair))
        return REPAIR_NOT_MADE;
    return status < 0 ? REPAIR_UNFINISHED : REPAIR_DONE;
}

void repair_done(struct repair *repair)
{
    g_clear_pointer(&repair->first_line, g_free);
    g_clear_pointer(&repair->end_line, g_free);
}

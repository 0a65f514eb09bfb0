/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"
#include "format/reader_internal.h"

#include <string.h>

static bool next_line(struct lines *lines, struct evj_slice *ret_line)
{
    if (lines->at >= lines->end)
        return false;
    const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    if (!newline)
        newline = lines->end; /* evj_block_decode_text() has made sure; a spool may be odd */
    *ret_line = (struct evj_slice){lines->at, (size_t)(newline - lines->at)};
    lines->at = newline + 1;
    return true;
}

/* 0, EVJ_END without any more, or < 0 for a line that is no record. */
int evj_reader_next_of_lines(struct evj_reader *reader, struct evj_error *err)
{
    struct lines *lines = &reader->lines;
    struct evj_slice line;

    if (lines->parsed < lines->parsed_end) {
        reader->record = lines->parsed++;
        return EVJ_OK;
    }
    if (!next_line(lines, &line))
        return EVJ_END;
    reader->record = &reader->parsed;
    /* What nobody has checked is looked into, whoever wants it. */
    evj_record_parser *parser = lines->unchecked ? evj_record_parse : reader->parser;
    return parser(line.text, line.len, &reader->parsed, err);
}

void evj_reader_put_back(struct evj_reader *reader)
{
    if (reader->record == &reader->parsed)
        reader->lines.at = reader->parsed.line.text;
    else
        reader->lines.parsed--;
}

static bool is_claimed(const struct evj_event *event, const struct evj_block_info *info)
{
    return (event->type & info->types) == event->type &&
           event->timestamp_us >= info->least_timestamp_us &&
           event->timestamp_us <= info->greatest_timestamp_us;
}

/* Is the seq one of this block's? It has as many as lines, unless there are gaps. */
static bool is_among(uint64_t seq, const struct evj_block_info *info)
{
    return seq >= info->first_seq &&
           (seq - info->first_seq < info->records || (info->flags & EVJ_BLOCK_GAP) != 0);
}

/*
 * Nothing has checked the text of a torn block. A record of it must be the very one that is due, whole
 * JSON, and such as the block's header claims.
 */
bool evj_reader_is_plausible(const struct evj_reader *reader)
{
    const struct evj_record *record = reader->record;
    const struct evj_block_info *info = &reader->piece.info;
    bool is_first = reader->stretch.damage.salvaged == 0;
    uint64_t due = is_first ? info->first_seq : reader->next_seq;
    bool is_event = record->kind == EVJ_RECORD_EVENT;
    size_t at;

    return (is_event || record->kind == EVJ_RECORD_GAP || record->kind == EVJ_RECORD_MARK) &&
           record->seq == due && is_among(due, info) &&
           (due == reader->next_seq || !reader->knows_seq) &&
           record->mono_us >= info->first_mono_us && record->mono_us <= info->last_mono_us &&
           (!is_event || is_claimed(&record->event, info)) &&
           !evj_json_fault(record->line.text, record->line.len, &at);
}

void evj_reader_set_lines(struct evj_reader *reader, const char *text, size_t len, bool unchecked)
{
    reader->lines =
        (struct lines){.at = text, .end = text ? text + len : NULL, .unchecked = unchecked};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/merge_line.h"

#include "evj/json.h"

/* `,"key":value`, as it stood in its line. */
static void append_member(GString *line, struct evj_slice key, struct evj_slice value)
{
    g_string_append(line, ",\"");
    g_string_append_len(line, key.text, (gssize)key.len);
    g_string_append(line, "\":");
    g_string_append_len(line, value.text, (gssize)value.len);
}

static bool is_place(struct evj_slice key)
{
    return evj_slice_is(key, "seq") || evj_slice_is(key, "mono") || evj_slice_is(key, "source");
}

/* When the last event of a gap was, on the clock on which the first was at `mono_us`. */
static int64_t moved_until(const struct evj_record *gap, int64_t mono_us)
{
    int64_t reach_us, until_us;

    if (gap->gap.until_us <= gap->mono_us)
        return mono_us;
    if (__builtin_sub_overflow(gap->gap.until_us, gap->mono_us, &reach_us) ||
        __builtin_add_overflow(mono_us, reach_us, &until_us))
        return INT64_MAX;
    return until_us;
}

/* `,"gap":{…}` with another `until`. A key may come twice: then not every value need be an object. */
static void append_gap(GString *line, struct evj_slice key, struct evj_slice body, int64_t until_us)
{
    struct evj_json_members it;
    struct evj_slice name, value;

    if (evj_json_members_init(&it, body.text, body.len) != 0) {
        append_member(line, key, body);
        return;
    }
    g_string_append(line, ",\"gap\":{");
    const gsize first = line->len;

    while (evj_json_members_next(&it, &name, &value) == 0) {
        if (evj_slice_is(name, "until"))
            g_string_append_printf(line, ",\"until\":%" G_GINT64_FORMAT, until_us);
        else
            append_member(line, name, value);
    }
    if (line->len > first)
        g_string_erase(line, (gssize)first, 1); /* the comma before the first */
    g_string_append_c(line, '}');
}

/* All members that do not tell its place, in their order. */
static void append_members(GString *line, const struct evj_record *record, int64_t until_us)
{
    struct evj_json_members it;
    struct evj_slice key, value;

    evj_json_members_init(&it, record->line.text, record->line.len);
    while (evj_json_members_next(&it, &key, &value) == 0) {
        if (record->kind == EVJ_RECORD_GAP && evj_slice_is(key, "gap"))
            append_gap(line, key, value, until_us);
        else if (!is_place(key))
            append_member(line, key, value);
    }
}

void merge_line(const struct evj_record *record, const struct merge_place *place, GString *line,
                struct evj_record *ret_record)
{
    const int64_t until_us = moved_until(record, place->mono_us);
    struct evj_record moved = *record;

    g_string_truncate(line, 0);
    if (record->has_seq)
        g_string_append_printf(
            line, "{\"seq\":%" G_GUINT64_FORMAT ",\"mono\":%" G_GINT64_FORMAT ",\"source\":%u",
            place->seq, place->mono_us, place->source);
    else
        g_string_append_printf(line, "{\"source\":%u", place->source);
    append_members(line, record, until_us);
    g_string_append_c(line, '}');
    moved.line = (struct evj_slice){line->str, line->len};
    moved.recording = place->source;
    if (record->has_seq) {
        moved.seq = place->seq;
        moved.mono_us = place->mono_us;
        moved.gap.until_us = until_us;
    }
    *ret_record = moved;
}

void merge_gap_line(const struct merge_gap *gap, GString *line, struct evj_record *ret_record)
{
    g_string_printf(line, "{\"seq\":%" G_GUINT64_FORMAT ",\"mono\":%" G_GINT64_FORMAT, gap->seq,
                    gap->mono_us);
    if (gap->source >= 0)
        g_string_append_printf(line, ",\"source\":%" G_GINT64_FORMAT, gap->source);
    g_string_append_printf(line,
                           ",\"gap\":{\"events\":%" G_GUINT64_FORMAT
                           ",\"reason\":\"%s\",\"until\":%" G_GINT64_FORMAT "}}",
                           gap->events, gap->reason, MAX(gap->until_us, gap->mono_us));
    evj_record_parse(line->str, line->len, ret_record, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/chains.h"
#include "replay/expect_internal.h"

static const struct event_note *note_at(const GArray *notes, uint32_t index)
{
    return &g_array_index(notes, struct event_note, index);
}

struct match *match_new(const GArray *expected, struct event_notes *other_notes)
{
    struct match *match = g_new0(struct match, 1);

    match->expected = expected;
    match->arrivals = g_new(struct arrival, expected->len);
    match->strays = g_array_new(FALSE, FALSE, sizeof(struct stray));
    match->other_notes = other_notes;
    match->other_numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    match->by_content = chains_new(expected->len);
    for (uint32_t i = expected->len; i-- > 0;) {
        match->arrivals[i] = (struct arrival){.number = EXPECT_NONE, .other = EXPECT_NONE};
        chains_put(match->by_content, note_at(expected, i)->hash.content, i);
    }
    event_notes_clear(other_notes);
    return match;
}

void match_free(struct match *match)
{
    if (match == NULL)
        return;
    g_free(match->arrivals);
    g_array_unref(match->strays);
    g_array_unref(match->other_numbers);
    g_clear_pointer(&match->others, g_array_unref);
    chains_free(match->by_content);
    g_free(match);
}

static void arrive(struct match *match, uint32_t expected, const struct arrival *arrival)
{
    match->arrivals[expected] = *arrival;
    match->come++;
}

static void stray(struct match *match, const struct event_note *note, uint32_t number,
                  uint32_t twin)
{
    const struct stray stray = {note->seq, note->session_id, number, note->type, twin};

    g_array_append_val(match->strays, stray);
}

int match_add(struct match *match, const struct evj_record *record, struct event_hash hash,
              struct evj_error *err)
{
    const uint32_t first = chains_first(match->by_content, hash.content);
    const uint32_t taken = chains_take(match->by_content, hash.content);
    const uint32_t number = (uint32_t)match->got_events++;

    if (match->got_events > EVENT_NOTES_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, 0, "it holds more than %u events, too many to compare",
                        EVENT_NOTES_MAX);
    if (taken != CHAINS_NONE) {
        arrive(match, taken, &(struct arrival){record->seq, number, EXPECT_NONE});
    } else if (first != CHAINS_NONE) {
        stray(match,
              &(struct event_note){.seq = record->seq,
                                   .session_id = record->event.session_id,
                                   .type = record->event.type},
              number, first);
    } else {
        g_array_append_val(match->other_numbers, number);
        return event_notes_add(match->other_notes, record, hash, err);
    }
    return 0;
}

/* ---- what was changed ---- */

/* The expected events that have not come, by what does not change in them. */
static struct chains *missing_by_identity(const struct match *match)
{
    struct chains *missing = chains_new(match->expected->len);

    for (uint32_t i = match->expected->len; i-- > 0;) {
        const uint64_t identity = note_at(match->expected, i)->hash.identity;

        if (match->arrivals[i].number == EXPECT_NONE && identity != 0)
            chains_put(missing, identity, i);
    }
    return missing;
}

/* `changed`: content → the number + 1 of the expected event that became this. */
static void find_changed(struct match *match, uint32_t other, struct chains *missing,
                         GHashTable *changed)
{
    const struct event_note *note = note_at(match->others, other);
    const gpointer content = GSIZE_TO_POINTER(note->hash.content);
    const uint32_t number = g_array_index(match->other_numbers, uint32_t, other);
    const uint32_t expected =
        note->hash.identity != 0 ? chains_take(missing, note->hash.identity) : CHAINS_NONE;

    if (expected != CHAINS_NONE) {
        arrive(match, expected, &(struct arrival){note->seq, number, other});
        g_hash_table_insert(changed, content, GSIZE_TO_POINTER((size_t)expected + 1));
    } else {
        const size_t twin = GPOINTER_TO_SIZE(g_hash_table_lookup(changed, content));

        stray(match, note, number, twin > 0 ? (uint32_t)twin - 1 : EXPECT_NONE);
    }
}

static int by_number(const void *a, const void *b)
{
    const uint32_t left = ((const struct stray *)a)->number;
    const uint32_t right = ((const struct stray *)b)->number;

    return left < right ? -1 : left > right;
}

int match_finish(struct match *match, struct evj_error *err)
{
    g_autoptr(GHashTable) changed = g_hash_table_new(NULL, NULL);
    struct chains *missing;
    int status = event_notes_load(match->other_notes, &match->others, err);

    if (status < 0)
        return status;
    missing = missing_by_identity(match);
    for (uint32_t other = 0; other < match->others->len; other++)
        find_changed(match, other, missing, changed);
    chains_free(missing);
    g_array_sort(match->strays, by_number);
    return 0;
}

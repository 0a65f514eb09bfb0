/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory_hop.h"

#include "evj/end.h"

#include <glib/gstdio.h>
#include <string.h>

bool inventory_has_own_clock(const struct evj_journal *journal, size_t file)
{
    return strcmp(evj_journal_header(journal, file)->clock, EVJ_CLOCK_MONOTONIC) == 0;
}

bool inventory_may_hop(const struct evj_journal *journal)
{
    GStatBuf st;

    return evj_journal_files(journal) == 1 && evj_journal_faults(journal) == 0 &&
           g_stat(evj_journal_path(journal, 0), &st) == 0 && S_ISREG(st.st_mode);
}

/* One hop through a file: how many records came along, how many were passed by, and its end. */
struct hop {
    uint64_t given, passed_by;
    unsigned ends;
    bool goes_on; /* something stands behind the end: files that were put together */
    struct evj_end end;
};

/* An evj_block_wanted. The blocks that it is asked about have nothing but events. */
static bool pass_by(const struct evj_header *header, const struct evj_block_info *info,
                    void *context)
{
    struct hop *hop = context;

    (void)header;
    hop->passed_by += info->records;
    return false;
}

/* Whether a file was read to its end, and that is all of it. */
static bool hop_through(struct hop *hop, struct inventory *inventory, struct evj_journal *journal)
{
    const struct evj_record *record;
    int status;

    evj_journal_set_filter(journal, pass_by, hop);
    while ((status = evj_journal_next(journal, &record, NULL)) == EVJ_OK) {
        hop->goes_on |= hop->ends > 0;
        if (record->kind == EVJ_RECORD_END) {
            hop->ends++;
            evj_end_parse(record, &hop->end, NULL);
        } else {
            hop->given++;
            inventory_add(inventory, record, false);
        }
    }
    return status == EVJ_END && hop->ends == 1 && !hop->goes_on;
}

static bool is_intact(const struct evj_journal *journal)
{
    const struct evj_reader_totals *totals = evj_journal_totals(journal, 0);

    return evj_journal_ending(journal, 0) == EVJ_ENDING_CLOSED && totals->damages == 0 &&
           totals->spool_records == 0;
}

/* Does the end tell all, and does it agree with the headers? */
static bool is_enough(const struct hop *hop, const struct inventory *inventory)
{
    const struct evj_end *end = &hop->end;
    uint64_t typed = 0;

    for (size_t i = 0; i <= EVJ_EVENT_TYPES; i++)
        typed += end->types[i];
    return end->has_types && end->has_sessions && end->has_handles && end->has_emitters &&
           end->has_span == (end->events > 0) && typed == end->events &&
           hop->given + hop->passed_by == end->records && inventory->events <= end->events &&
           end->events - inventory->events <= hop->passed_by;
}

static bool know_clock_steps(const struct evj_end *end, struct inventory *inventory,
                             const struct evj_journal *journal)
{
    if (!inventory_has_own_clock(journal, 0) || end->events == 0)
        return true;
    return end->has_lag &&
           clock_steps_pass_by(&inventory->clock_steps, 0, end->least_lag_us, end->greatest_lag_us);
}

static struct moment moment_of(const struct evj_end_place *place, const struct evj_header *header)
{
    return (struct moment){place->seq, place->mono_us, evj_header_wall_us(header, place->mono_us)};
}

/* What the end tells of all events replaces what was counted of a few. */
static void take_over(struct inventory *inventory, const struct evj_end *end,
                      const struct evj_header *header)
{
    inventory->events = end->events;
    memcpy(inventory->types, end->types, sizeof(inventory->types));
    if (end->has_span) {
        inventory->first = moment_of(&end->first, header);
        inventory->last = moment_of(&end->last, header);
    }
    inventory->sessions = end->sessions;
    inventory->handles = end->handles;
    for (size_t i = 0; i < end->emitter_count; i++)
        inventory_add_emitter(inventory, end->emitters[i]);
}

bool inventory_hop(struct inventory *inventory, struct evj_journal *journal)
{
    struct hop hop = {0};

    if (!hop_through(&hop, inventory, journal) || !is_intact(journal) ||
        !is_enough(&hop, inventory) || !know_clock_steps(&hop.end, inventory, journal))
        return false;
    take_over(inventory, &hop.end, evj_journal_header(journal, 0));
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/source.h"

#include <stdlib.h>
#include <string.h>

struct journal_source {
    struct source source;
    struct evj_journal *journal;
    struct evj_select *select;
    bool one_clock; /* `mono` compares between all of its files */
};

/*
 * Files that one boot's monotonic clock stamped are replayed by that clock: a step of the wall
 * clock between two of them is not waited for. Others have only the wall clock in common.
 */
static bool share_one_clock(const struct evj_journal *journal)
{
    const struct evj_header *first = evj_journal_header(journal, 0);

    for (size_t i = 1; i < evj_journal_files(journal); i++) {
        const struct evj_header *header = evj_journal_header(journal, i);

        if (header->boot_id[0] == '\0' || strcmp(header->boot_id, first->boot_id) != 0 ||
            strcmp(header->clock, EVJ_CLOCK_TIMESTAMP) == 0 ||
            strcmp(first->clock, EVJ_CLOCK_TIMESTAMP) == 0)
            return false;
    }
    return true;
}

/* Is it something that a replay does or tells? Counts what it is not. */
static bool is_wanted(struct source *source, const struct evj_record *record)
{
    switch (record->kind) {
    case EVJ_RECORD_EVENT:
    case EVJ_RECORD_GAP:
    case EVJ_RECORD_MARK:
        return true;
    case EVJ_RECORD_STATE:
        source->states_skipped++;
        return false;
    case EVJ_RECORD_UNKNOWN:
    case EVJ_RECORD_JOURNAL:
    case EVJ_RECORD_END:
        break;
    }
    return false;
}

static int journal_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct journal_source *js = (struct journal_source *)source;
    const struct evj_record *record;
    int status;

    while ((status = evj_journal_next(js->journal, &record, err)) == 0) {
        source->records++;
        if (record->kind == EVJ_RECORD_GAP)
            source->gap_events += record->gap.events;
        if (!evj_select_matches(js->select, record))
            continue;
        source->matched++;
        if (!is_wanted(source, record))
            continue;
        ret_item->record = record;
        ret_item->time_us = js->one_clock ? record->mono_us : record->wall_us;
        return 0;
    }
    return status;
}

static void journal_free(struct source *source)
{
    free(source);
}

static const struct source_ops journal_ops = {.next = journal_next, .free = journal_free};

struct source *source_journal_new(struct evj_journal *journal, struct evj_select *select)
{
    struct journal_source *js = calloc(1, sizeof(*js));

    if (js == NULL)
        return NULL;
    js->source.ops = &journal_ops;
    js->journal = journal;
    js->select = select;
    js->one_clock = share_one_clock(journal);
    return &js->source;
}

void source_free(struct source *source)
{
    if (source != NULL)
        source->ops->free(source);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj info: what is in a journal. */
#include "tools/command.h"
#include "tools/inventory.h"
#include "tools/inventory_print.h"
#include "tools/reading.h"

#include <string.h>

/*
 * In which files the events' timestamps can be held against a clock that nobody sets? Not where
 * `mono` was made of timestamps, nor where it is the arrival over a network.
 */
static bool *find_own_clocks(const struct evj_journal *journal)
{
    size_t files = evj_journal_files(journal);
    bool *own = g_new(bool, files);

    for (size_t i = 0; i < files; i++)
        own[i] = strcmp(evj_journal_header(journal, i)->clock, EVJ_CLOCK_MONOTONIC) == 0;
    return own;
}

static int take_inventory(struct reading *reading, struct inventory *inventory)
{
    g_autofree bool *own_clocks = find_own_clocks(reading->journal);
    const struct evj_record *record;
    int status;

    while ((status = reading_next(reading, &record)) == 0)
        inventory_add(inventory, record, own_clocks[record->source]);
    return status;
}

int cmd_info(int argc, char **argv)
{
    struct reading reading = {0};
    struct inventory inventory;
    const struct reading_usage usage = {
        .arguments = "FILE…",
        .summary = "Says what is in a journal: when, who, how many events of each type, how many "
                   "sessions\nand handles, what was lost, where a clock was set, and how it ended.",
        .description = "Examples:\n"
                       "  evj info call.evj.gz\n"
                       "  evj info --json --session 4733726685551743 /var/lib/janus/journals",
    };
    int status = reading_begin(&reading, &argc, &argv, &usage);

    if (status >= 0)
        return status;
    inventory_init(&inventory);
    status = take_inventory(&reading, &inventory);
    if (reading.json)
        inventory_print_json(&inventory, reading.journal);
    else
        inventory_print(&inventory, reading.journal);
    inventory_done(&inventory);
    reading.gap_events = 0; /* told already */
    return reading_end(&reading, status);
}

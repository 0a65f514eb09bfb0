/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj info: what is in a journal. */
#include "tools/command.h"
#include "tools/inventory.h"
#include "tools/inventory_hop.h"
#include "tools/inventory_print.h"
#include "tools/reading.h"

static int read_all(struct reading *reading, struct inventory *inventory)
{
    size_t files = evj_journal_files(reading->journal);
    g_autofree bool *own_clocks = g_new(bool, files);
    const struct evj_record *record;
    int status;

    for (size_t i = 0; i < files; i++)
        own_clocks[i] = inventory_has_own_clock(reading->journal, i);
    while ((status = reading_next(reading, &record)) == 0)
        inventory_add(inventory, record, own_clocks[record->source]);
    return status;
}

/* Hop through the journal, if that tells all there is to tell: else it is as newly opened. Who wants
 * no damage at all wants all of it read. -1 to go on, or EXIT_TROUBLE. */
static int try_to_hop(struct reading *reading, struct inventory *inventory, bool *ret_hopped)
{
    *ret_hopped = false;
    if (reading->strict || !evj_select_is_all(reading->select) ||
        !inventory_may_hop(reading->journal))
        return -1;
    *ret_hopped = inventory_hop(inventory, reading->journal);
    if (*ret_hopped)
        return -1;
    inventory_done(inventory);
    inventory_init(inventory);
    return reading_open(reading, NULL);
}

static int take_and_print(struct reading *reading, struct inventory *inventory)
{
    bool hopped;
    int status = try_to_hop(reading, inventory, &hopped);

    if (status >= 0) {
        reading_done(reading);
        return status;
    }
    status = hopped ? EVJ_END : read_all(reading, inventory);
    if (reading->json)
        inventory_print_json(inventory, reading->journal);
    else
        inventory_print(inventory, reading->journal);
    reading->gap_events = 0; /* told already */
    return reading_end(reading, status);
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
    status = take_and_print(&reading, &inventory);
    inventory_done(&inventory);
    return status;
}

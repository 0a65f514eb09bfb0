/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_INVENTORY_HOP_H
#define TOOLS_INVENTORY_HOP_H

#include "evj/journal.h"
#include "tools/inventory.h"

#include <stdbool.h>

/* Can its events be held against a clock that nobody sets? Not where `mono` was made of timestamps,
 * nor where it is the arrival over a network. */
bool inventory_has_own_clock(const struct evj_journal *journal, size_t file);

/*
 * Is it a journal of one file that can be opened again? A session may be in several files of a
 * recording, so what those tell of themselves cannot be added up.
 */
bool inventory_may_hop(const struct evj_journal *journal);

/*
 * Take the inventory of such a journal, newly opened, in memory that does not depend on its size:
 * from its end record, the blocks' headers, and the few blocks with anything but events.
 *
 * False if that is not enough to know all that reading would tell: the file is open or damaged, or
 * its end record does not tell enough, or a clock may have been set. Then *inventory is worth
 * nothing, and the journal has to be opened again and read.
 */
bool inventory_hop(struct inventory *inventory, struct evj_journal *journal);

#endif

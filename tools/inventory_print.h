/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_INVENTORY_PRINT_H
#define TOOLS_INVENTORY_PRINT_H

#include "evj/journal.h"
#include "tools/inventory.h"

/* Print to standard output what was counted, and what is known of the files: for a person. */
void inventory_print(const struct inventory *inventory, const struct evj_journal *journal);

/* The same as one JSON object on one line. */
void inventory_print_json(const struct inventory *inventory, const struct evj_journal *journal);

/* The stretches of a file that could not be read, in its order: begin with *at = 0; NULL after the
 * last one. The journal keeps only the first EVJ_FAULTS_MAX of all its files. */
const struct evj_damage *inventory_next_damage(const struct evj_journal *journal, size_t file,
                                               size_t *at);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_IDS_H
#define TOOLS_ANALYSIS_IDS_H

/*
 * Which id of one side stands for which of the other. Ids are drawn at random, so their values mean
 * nothing; but once two have been seen in the same place, each must always stand for the other.
 */

#include <stdbool.h>

struct ids;

struct ids *ids_new(void);
void ids_free(struct ids *ids);

/* Tie two ids of a kind to one another, if both are new. True if they now stand for each other. */
bool ids_agree(struct ids *ids, const char *kind, const char *a, const char *b);

#endif

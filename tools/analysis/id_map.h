/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ID_MAP_H
#define TOOLS_ANALYSIS_ID_MAP_H

/* Who goes with whom because somebody said so: ids of sessions, or of handles, of A and of B. */

#include "evj/error.h"

#include <stdbool.h>
#include <stdint.h>

struct id_map;

struct id_map *id_map_new(void);
void id_map_free(struct id_map *map);

/* "1234=5678". Returns 0 or EVJ_ERR_INVALID: no such text, or one of the two goes with another. */
int id_map_add(struct id_map *map, const char *text, struct evj_error *err);

/* The n-th pair, from 0. False after the last, and for a map that is NULL. */
bool id_map_pair(const struct id_map *map, unsigned n, uint64_t *ret_a, uint64_t *ret_b);

#endif

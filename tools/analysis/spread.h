/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_SPREAD_H
#define TOOLS_ANALYSIS_SPREAD_H

/*
 * How the values of a series are spread: each value and how often it came. Small values are kept
 * exactly, greater ones to 1/32, so that a series without end takes little room.
 */

#include <glib.h>
#include <stdint.h>

struct spread {
    GArray *values; /* struct spread_value, ascending; NULL while there is none */
    uint64_t count;
};

struct spread_value {
    uint32_t value;
    uint32_t count;
};

void spread_add(struct spread *spread, uint32_t value);
void spread_add_all(struct spread *spread, const struct spread *other);
void spread_done(struct spread *spread);

/* The value that this share (0 … 1) of all values does not exceed: 0.5 is the median. NAN when there
 * are none. */
double spread_quantile(const struct spread *spread, double share);

#endif

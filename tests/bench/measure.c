/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/measure.h"

#include <stdlib.h>
#include <string.h>

void rounds_add(struct rounds *rounds, double value)
{
    if (rounds->count < ROUNDS_MAX)
        rounds->values[rounds->count++] = value;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* The value at `quantile` of all rounds, between two neighbours if need be. */
static double quantile_of(const struct rounds *rounds, double quantile)
{
    double sorted[ROUNDS_MAX], place;
    size_t below;

    if (rounds->count == 0)
        return 0;
    memcpy(sorted, rounds->values, rounds->count * sizeof(double));
    qsort(sorted, rounds->count, sizeof(double), ascending);
    place = quantile * (double)(rounds->count - 1);
    below = (size_t)place;
    if (below + 1 >= rounds->count)
        return sorted[below];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double rounds_median(const struct rounds *rounds)
{
    return quantile_of(rounds, 0.5);
}

double rounds_lower(const struct rounds *rounds)
{
    return quantile_of(rounds, 0.25);
}

double rounds_upper(const struct rounds *rounds)
{
    return quantile_of(rounds, 0.75);
}

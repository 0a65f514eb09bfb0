/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/spread.h"

#include <math.h>

/* Values below this are exact; above, the five bits behind the first count. */
#define EXACT_BELOW 64u

static uint32_t rounded(uint32_t value)
{
    if (value < EXACT_BELOW)
        return value;
    const unsigned shift = (unsigned)g_bit_storage(value) - 6;

    return value >> shift << shift;
}

/* Index of the first value that is not less. */
static guint find(const GArray *values, uint32_t value)
{
    guint low = 0, high = values->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;

        if (g_array_index(values, struct spread_value, middle).value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add(struct spread *spread, uint32_t value, uint32_t count)
{
    if (spread->values == NULL)
        spread->values = g_array_new(FALSE, FALSE, sizeof(struct spread_value));
    const guint index = find(spread->values, value);
    struct spread_value *found = &g_array_index(spread->values, struct spread_value, index);

    spread->count += count;
    if (index < spread->values->len && found->value == value) {
        found->count += count;
        return;
    }
    const struct spread_value fresh = {.value = value, .count = count};

    g_array_insert_val(spread->values, index, fresh);
}

void spread_add(struct spread *spread, uint32_t value)
{
    add(spread, rounded(value), 1);
}

void spread_add_all(struct spread *spread, const struct spread *other)
{
    for (guint i = 0; other->values != NULL && i < other->values->len; i++) {
        const struct spread_value *one = &g_array_index(other->values, struct spread_value, i);

        add(spread, one->value, one->count);
    }
}

void spread_done(struct spread *spread)
{
    g_clear_pointer(&spread->values, g_array_unref);
    spread->count = 0;
}

double spread_quantile(const struct spread *spread, double share)
{
    const double wanted = share * (double)spread->count;
    uint64_t passed = 0;

    for (guint i = 0; spread->values != NULL && i < spread->values->len; i++) {
        const struct spread_value *one = &g_array_index(spread->values, struct spread_value, i);

        passed += one->count;
        if ((double)passed >= wanted)
            return one->value;
    }
    return NAN;
}

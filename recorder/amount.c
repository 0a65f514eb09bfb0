/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/amount.h"

#include <ctype.h>
#include <glib.h>

#define BYTES_MOST (UINT64_C(1) << 62)

/* A hundred years. */
#define SECONDS_MOST (UINT64_C(36525) * 86400)

struct unit {
    char name;
    uint64_t factor;
};

static bool read_amount(const char *text, const struct unit *units, uint64_t most,
                        uint64_t *ret_amount)
{
    uint64_t amount;
    char *end;
    guint64 number = g_ascii_strtoull(text, &end, 10);
    uint64_t factor = 1;

    if (!isdigit((unsigned char)text[0]))
        return false;
    for (; *end && units->name; units++)
        if (toupper((unsigned char)*end) == units->name) {
            factor = units->factor;
            end++;
            break;
        }
    if (*end != '\0' || __builtin_mul_overflow(number, factor, &amount) || amount > most)
        return false;
    *ret_amount = amount;
    return true;
}

bool amount_bytes(const char *text, uint64_t *ret_bytes)
{
    static const struct unit units[] = {{'K', UINT64_C(1) << 10},
                                        {'M', UINT64_C(1) << 20},
                                        {'G', UINT64_C(1) << 30},
                                        {'T', UINT64_C(1) << 40},
                                        {0, 0}};

    return read_amount(text, units, BYTES_MOST, ret_bytes);
}

bool amount_seconds(const char *text, uint64_t *ret_seconds)
{
    static const struct unit units[] = {{'S', 1}, {'M', 60}, {'H', 3600}, {'D', 86400}, {0, 0}};

    return read_amount(text, units, SECONDS_MOST, ret_seconds);
}

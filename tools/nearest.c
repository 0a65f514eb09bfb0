/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/nearest.h"

#include <glib.h>
#include <string.h>

#define LENGTH_MAX 64u

unsigned nearest_distance(const char *a, const char *b)
{
    const size_t a_len = strnlen(a, LENGTH_MAX), b_len = strnlen(b, LENGTH_MAX);
    unsigned row[LENGTH_MAX + 1];

    for (unsigned k = 0; k <= b_len; k++)
        row[k] = k;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned across = row[0];

        row[0] = i;
        for (unsigned k = 1; k <= b_len; k++) {
            const unsigned other = across + (a[i - 1] != b[k - 1]);

            across = row[k];
            row[k] = MIN(other, MIN(row[k], row[k - 1]) + 1);
        }
    }
    return row[b_len];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
    char *better = g_strdup(name);

    for (int i = 0; i < NEAREST_MAX && better != NULL; i++) {
        char *other = nearest->names[i];

        if (other != NULL && strcmp(other, better) == 0)
            break;
        if (other != NULL &&
            nearest_distance(other, nearest->wanted) <= nearest_distance(better, nearest->wanted))
            continue;
        nearest->names[i] = better;
        better = other;
    }
    g_free(better);
}

char *nearest_take(struct nearest *nearest)
{
    GString *list = g_string_new(NULL);

    for (int i = 0; i < NEAREST_MAX; i++) {
        if (nearest->names[i] != NULL)
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", nearest->names[i]);
        g_clear_pointer(&nearest->names[i], g_free);
    }
    return g_string_free(list, list->len == 0);
}

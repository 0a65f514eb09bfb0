/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_NEAREST_H
#define TOOLS_NEAREST_H

/* What somebody may have meant, when there is nothing of the name that they gave. */

/* How many are remembered. */
#define NEAREST_MAX 3

struct nearest {
    const char *wanted;
    char *names[NEAREST_MAX]; /* the most alike first; NULL where there are fewer */
};

/* How many characters have to be changed, put in or left out to make one of the other. Of long texts
 * only the first 64 count. */
unsigned nearest_distance(const char *a, const char *b);

/* Here is a name that there is. */
void nearest_offer(struct nearest *nearest, const char *name);

/* "1234, 1243, 2345", to be freed with g_free(), or NULL when none was offered. Frees the names. */
char *nearest_take(struct nearest *nearest);

#endif

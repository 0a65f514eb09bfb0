/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_TABLE_INTERNAL_H
#define FORMAT_TABLE_INTERNAL_H

/*
 * A hash table of whatever has a link in it. It knows hashes, not keys: whoever looks something up
 * compares the keys of all that have its hash. Owns nothing but its buckets. One thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evj_table_link {
    struct evj_table_link *next; /* in the same bucket */
    uint64_t hash;               /* well mixed: its low bits choose the bucket */
};

/* Zeroed, it is empty. */
struct evj_table {
    struct evj_table_link **buckets;
    size_t bucket_count, count;
};

/* The struct of this type whose `member` the link is. */
#define EVJ_TABLE_OWNER(link, type, member) \
    ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* False if there is no memory for a first bucket: later it only becomes slower. */
bool evj_table_insert(struct evj_table *table, struct evj_table_link *link, uint64_t hash);

/* It must be in the table. */
void evj_table_remove(struct evj_table *table, struct evj_table_link *link);

/* Those that have this hash, one after the other; NULL behind the last. */
struct evj_table_link *evj_table_first(const struct evj_table *table, uint64_t hash);
struct evj_table_link *evj_table_same(const struct evj_table_link *link);

/* All of them, in any order, as long as none is put in or taken out: NULL gives the first, and the
 * last gives NULL. */
struct evj_table_link *evj_table_next(const struct evj_table *table,
                                      const struct evj_table_link *link);

/* Its buckets. */
void evj_table_done(struct evj_table *table);

#endif

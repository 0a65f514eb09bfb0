/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/table_internal.h"

#include <stdlib.h>

#define FIRST_BUCKETS 64u

static struct evj_table_link **bucket_of(const struct evj_table *table, uint64_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)];
}

static void put(struct evj_table *table, struct evj_table_link *link)
{
    struct evj_table_link **bucket = bucket_of(table, link->hash);

    link->next = *bucket;
    *bucket = link;
}

/* Twice the buckets. */
static bool grow(struct evj_table *table)
{
    struct evj_table bigger = {
        .bucket_count = table->bucket_count ? 2 * table->bucket_count : FIRST_BUCKETS,
        .count = table->count,
    };

    bigger.buckets = calloc(bigger.bucket_count, sizeof(struct evj_table_link *));
    if (!bigger.buckets)
        return false;
    for (size_t i = 0; i < table->bucket_count; i++) {
        for (struct evj_table_link *link = table->buckets[i], *next; link; link = next) {
            next = link->next;
            put(&bigger, link);
        }
    }
    free(table->buckets);
    *table = bigger;
    return true;
}

bool evj_table_insert(struct evj_table *table, struct evj_table_link *link, uint64_t hash)
{
    if (table->count >= table->bucket_count && !grow(table) && table->bucket_count == 0)
        return false;
    link->hash = hash;
    put(table, link);
    table->count++;
    return true;
}

void evj_table_remove(struct evj_table *table, struct evj_table_link *link)
{
    struct evj_table_link **at = bucket_of(table, link->hash);

    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    table->count--;
}

/* The first in a chain that has this hash. */
static struct evj_table_link *with_hash(struct evj_table_link *chain, uint64_t hash)
{
    while (chain && chain->hash != hash)
        chain = chain->next;
    return chain;
}

struct evj_table_link *evj_table_first(const struct evj_table *table, uint64_t hash)
{
    return table->bucket_count > 0 ? with_hash(*bucket_of(table, hash), hash) : NULL;
}

struct evj_table_link *evj_table_same(const struct evj_table_link *link)
{
    return with_hash(link->next, link->hash);
}

struct evj_table_link *evj_table_next(const struct evj_table *table,
                                      const struct evj_table_link *link)
{
    size_t bucket = 0;

    if (link && link->next)
        return link->next;
    if (link)
        bucket = (link->hash & (table->bucket_count - 1)) + 1;
    while (bucket < table->bucket_count && !table->buckets[bucket])
        bucket++;
    return bucket < table->bucket_count ? table->buckets[bucket] : NULL;
}

void evj_table_done(struct evj_table *table)
{
    free(table->buckets);
    *table = (struct evj_table){0};
}

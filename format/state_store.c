/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/state_store_internal.h"

#include "format/mix_internal.h"

#include <stdlib.h>
#include <string.h>

/* What the allocator and the hash tables need besides, about. */
#define ALLOCATION_COST 16u
#define TABLE_COST 48u
#define THING_COST (sizeof(struct thing) + 2 * TABLE_COST + ALLOCATION_COST)
#define KEPT_COST (sizeof(struct kept) + ALLOCATION_COST)

static size_t text_cost(size_t len)
{
    return len + ALLOCATION_COST;
}

/* ---- room ---- */

static void give_back(struct store *store, size_t bytes)
{
    store->used -= bytes;
}

static unsigned size_class(size_t len)
{
    unsigned log2 = len > 0 ? 63u - (unsigned)__builtin_clzll(len) : 0;

    return log2 < STORE_SIZES ? log2 : STORE_SIZES - 1;
}

static void forget_text(struct store *store, struct kept *kept)
{
    if (!kept->text)
        return;
    TAILQ_REMOVE(&store->sizes[size_class(kept->len)], kept, link);
    give_back(store, text_cost(kept->len));
    store->events--;
    free(kept->text);
    kept->text = NULL;
}

/* The oldest of the largest, if they are at least about as large as what shall have their place. */
static struct kept *find_victim(struct store *store, size_t len)
{
    for (unsigned i = STORE_SIZES; i-- > size_class(len);)
        if (!TAILQ_EMPTY(&store->sizes[i]))
            return TAILQ_FIRST(&store->sizes[i]);
    return NULL;
}

static bool reserve(struct store *store, size_t bytes)
{
    if (bytes > store->limit)
        return false;
    while (store->used > store->limit - bytes) {
        struct kept *victim = find_victim(store, bytes);
        if (!victim)
            return false;
        forget_text(store, victim);
        store->left_out++;
    }
    store->used += bytes;
    return true;
}

/* Zeroed memory that takes `cost` of the limit; NULL, and counted, if there is none. */
static void *new_zeroed(struct store *store, size_t cost, size_t size)
{
    void *memory = NULL;

    if (reserve(store, cost)) {
        memory = calloc(1, size);
        if (!memory)
            give_back(store, cost);
    }
    store->refused += memory == NULL;
    return memory;
}

/* ---- things ---- */

static uint64_t key_hash(const struct thing_key *key)
{
    return evj_mix64(evj_mix64(key->id) ^ key->handle_id ^ (uint64_t)key->kind << 56);
}

static bool key_equal(const struct thing_key *x, const struct thing_key *y)
{
    return x->kind == y->kind && x->id == y->id && x->handle_id == y->handle_id;
}

static struct thing *find_key(const struct store *store, const struct thing_key *key)
{
    for (struct evj_table_link *at = evj_table_first(&store->things, key_hash(key)); at;
         at = evj_table_same(at)) {
        struct thing *thing = EVJ_TABLE_OWNER(at, struct thing, by_key);
        if (key_equal(&thing->key, key))
            return thing;
    }
    return NULL;
}

struct thing *evj_store_find(const struct store *store, enum thing_kind kind, uint64_t id,
                             uint64_t handle_id)
{
    const struct thing_key key = {kind, id, handle_id};

    return find_key(store, &key);
}

static struct thing *new_thing(struct store *store, const struct thing_key *key)
{
    struct thing *thing = new_zeroed(store, THING_COST, sizeof(*thing));

    if (!thing)
        return NULL;
    thing->key = *key;
    if (evj_table_insert(&store->things, &thing->by_key, key_hash(key)))
        return thing;
    give_back(store, THING_COST);
    store->refused++;
    free(thing);
    return NULL;
}

struct thing *evj_store_find_or_add(struct store *store, enum thing_kind kind, uint64_t id,
                                    uint64_t handle_id)
{
    const struct thing_key key = {kind, id, handle_id};
    struct thing *thing = find_key(store, &key);

    return thing ? thing : new_thing(store, &key);
}

struct thing *evj_store_next(const struct store *store, const struct thing *thing)
{
    struct evj_table_link *link = evj_table_next(&store->things, thing ? &thing->by_key : NULL);

    return link ? EVJ_TABLE_OWNER(link, struct thing, by_key) : NULL;
}

static void orphan(struct thing *thing)
{
    if (thing->before)
        thing->before->next = thing->next;
    else if (thing->parent)
        thing->parent->children = thing->next;
    if (thing->next)
        thing->next->before = thing->before;
    thing->parent = thing->before = thing->next = NULL;
}

void evj_store_adopt(struct thing *parent, struct thing *child)
{
    orphan(child);
    child->parent = parent;
    child->next = parent->children;
    if (child->next)
        child->next->before = child;
    parent->children = child;
}

void evj_store_remove(struct store *store, struct thing *thing)
{
    while (thing->children)
        evj_store_remove(store, thing->children);
    orphan(thing);
    evj_store_name_participant(store, thing, 0);
    evj_store_drop(store, thing, ~0u);
    evj_table_remove(&store->things, &thing->by_key);
    give_back(store, THING_COST);
    free(thing);
}

/* ---- events ---- */

static struct kept *find_kept(const struct thing *thing, enum slot slot, uint64_t part)
{
    for (struct kept *kept = thing->kept; kept; kept = kept->next)
        if (kept->slot == slot && kept->part == part)
            return kept;
    return NULL;
}

static struct kept *new_kept(struct store *store, struct thing *thing, enum slot slot,
                             uint64_t part)
{
    struct kept *kept = new_zeroed(store, KEPT_COST, sizeof(*kept));

    if (!kept)
        return NULL;
    kept->slot = slot;
    kept->part = part;
    kept->next = thing->kept;
    thing->kept = kept;
    store->left_out++; /* until it has its text */
    return kept;
}

static char *copy_text(struct evj_slice text)
{
    char *copy = malloc(text.len > 0 ? text.len : 1);

    return copy ? memcpy(copy, text.text, text.len) : NULL;
}

void evj_store_keep(struct store *store, struct thing *thing, enum slot slot, uint64_t part,
                    const struct evj_record *record)
{
    const struct evj_slice body = record->body;
    struct kept *kept = find_kept(thing, slot, part);

    if (!kept)
        kept = new_kept(store, thing, slot, part);
    if (!kept)
        return;
    /* What it says no longer holds, whether there is room for the new one or not. */
    if (kept->text) {
        forget_text(store, kept);
        store->left_out++;
    }
    kept->seq = record->seq;
    kept->mono_us = record->mono_us;
    kept->wall_us = record->wall_us;
    kept->len = body.len;
    if (!reserve(store, text_cost(body.len)))
        return;
    kept->text = copy_text(body);
    if (!kept->text) {
        give_back(store, text_cost(body.len));
        return;
    }
    TAILQ_INSERT_TAIL(&store->sizes[size_class(kept->len)], kept, link);
    store->events++;
    store->left_out--;
}

bool evj_store_has(const struct thing *thing, enum slot slot)
{
    for (const struct kept *kept = thing->kept; kept; kept = kept->next)
        if (kept->slot == slot)
            return true;
    return false;
}

void evj_store_drop(struct store *store, struct thing *thing, unsigned slots)
{
    for (struct kept **at = &thing->kept; *at;) {
        struct kept *kept = *at;
        if (!(slots & SLOT_BIT(kept->slot))) {
            at = &kept->next;
            continue;
        }
        *at = kept->next;
        if (kept->text)
            forget_text(store, kept);
        else
            store->left_out--;
        give_back(store, KEPT_COST);
        free(kept);
    }
}

/* ---- participants ---- */

/* A participant's id is a hash. */
struct thing *evj_store_find_participant(const struct store *store, uint64_t participant)
{
    for (struct evj_table_link *at = evj_table_first(&store->participants, participant); at;
         at = evj_table_same(at))
        if (at->hash == participant)
            return EVJ_TABLE_OWNER(at, struct thing, by_participant);
    return NULL;
}

static void forget_participant(struct store *store, uint64_t participant)
{
    struct thing *handle = evj_store_find_participant(store, participant);

    if (!handle)
        return;
    evj_table_remove(&store->participants, &handle->by_participant);
    handle->participant = 0;
}

void evj_store_name_participant(struct store *store, struct thing *handle, uint64_t participant)
{
    if (handle->participant != 0)
        forget_participant(store, handle->participant);
    if (participant == 0)
        return;
    /* Another handle may have been the same one before. */
    forget_participant(store, participant);
    if (evj_table_insert(&store->participants, &handle->by_participant, participant))
        handle->participant = participant;
}

/* ---- the whole ---- */

void evj_store_init(struct store *store, size_t limit)
{
    memset(store, 0, sizeof(*store));
    store->limit = limit;
    for (unsigned i = 0; i < STORE_SIZES; i++)
        TAILQ_INIT(&store->sizes[i]);
}

void evj_store_clear(struct store *store)
{
    for (struct thing *thing = evj_store_next(store, NULL), *next; thing; thing = next) {
        next = evj_store_next(store, thing);
        evj_store_drop(store, thing, ~0u);
        give_back(store, THING_COST);
        free(thing);
    }
    evj_table_done(&store->things);
    evj_table_done(&store->participants);
    store->refused = 0;
}

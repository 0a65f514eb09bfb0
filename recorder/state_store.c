/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/state_store.h"

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

static unsigned size_class(size_t len)
{
    unsigned bits = g_bit_storage(len);

    return MIN(bits > 0 ? bits - 1 : 0, 31);
}

static void forget_text(struct store *store, struct kept *kept)
{
    if (!kept->text)
        return;
    g_queue_unlink(&store->sizes[size_class(kept->len)], &kept->link);
    store->used -= text_cost(kept->len);
    store->events--;
    g_free(kept->text);
    kept->text = NULL;
}

/* The oldest of the largest, if they are at least about as large as what shall have their place. */
static struct kept *find_victim(struct store *store, size_t len)
{
    for (unsigned i = G_N_ELEMENTS(store->sizes); i-- > size_class(len);)
        if (!g_queue_is_empty(&store->sizes[i]))
            return g_queue_peek_head(&store->sizes[i]);
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

/* ---- things ---- */

static guint key_hash(gconstpointer pointer)
{
    const struct thing_key *key = pointer;
    uint64_t mixed = (key->id ^ key->handle_id * UINT64_C(0x9E3779B97F4A7C15)) + key->kind;

    return (guint)(mixed ^ mixed >> 32);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
    const struct thing_key *x = a, *y = b;

    return x->kind == y->kind && x->id == y->id && x->handle_id == y->handle_id;
}

struct thing *store_find(const struct store *store, enum thing_kind kind, uint64_t id,
                         uint64_t handle_id)
{
    const struct thing_key key = {kind, id, handle_id};

    return g_hash_table_lookup(store->things, &key);
}

struct thing *store_find_or_add(struct store *store, enum thing_kind kind, uint64_t id,
                                uint64_t handle_id)
{
    struct thing *thing = store_find(store, kind, id, handle_id);

    if (thing)
        return thing;
    if (!reserve(store, THING_COST)) {
        store->refused++;
        return NULL;
    }
    thing = g_new0(struct thing, 1);
    thing->key = (struct thing_key){kind, id, handle_id};
    g_hash_table_insert(store->things, &thing->key, thing);
    return thing;
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

void store_adopt(struct thing *parent, struct thing *child)
{
    orphan(child);
    child->parent = parent;
    child->next = parent->children;
    if (child->next)
        child->next->before = child;
    parent->children = child;
}

void store_remove(struct store *store, struct thing *thing)
{
    while (thing->children)
        store_remove(store, thing->children);
    orphan(thing);
    store_name_participant(store, thing, 0);
    store_drop(store, thing, ~0u);
    g_hash_table_remove(store->things, &thing->key);
    store->used -= THING_COST;
    g_free(thing);
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
    if (!reserve(store, KEPT_COST)) {
        store->refused++;
        return NULL;
    }
    struct kept *kept = g_new0(struct kept, 1);
    kept->link.data = kept;
    kept->slot = slot;
    kept->part = part;
    kept->next = thing->kept;
    thing->kept = kept;
    store->left_out++; /* until it has its text */
    return kept;
}

void store_keep(struct store *store, struct thing *thing, enum slot slot, uint64_t part,
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
    kept->len = body.len;
    if (!reserve(store, text_cost(body.len)))
        return;
    kept->text = g_memdup2(body.text, body.len);
    g_queue_push_tail_link(&store->sizes[size_class(kept->len)], &kept->link);
    store->events++;
    store->left_out--;
}

bool store_has(const struct thing *thing, enum slot slot)
{
    for (const struct kept *kept = thing->kept; kept; kept = kept->next)
        if (kept->slot == slot)
            return true;
    return false;
}

void store_drop(struct store *store, struct thing *thing, unsigned slots)
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
        store->used -= KEPT_COST;
        g_free(kept);
    }
}

/* ---- participants ---- */

void store_name_participant(struct store *store, struct thing *handle, uint64_t participant)
{
    /* Another handle may have come as the same one since. */
    if (handle->participant != 0 &&
        g_hash_table_lookup(store->participants, &handle->participant) == handle)
        g_hash_table_remove(store->participants, &handle->participant);
    handle->participant = participant;
    if (participant != 0)
        g_hash_table_replace(store->participants, &handle->participant, handle);
}

struct thing *store_find_participant(const struct store *store, uint64_t participant)
{
    return g_hash_table_lookup(store->participants, &participant);
}

/* ---- the whole ---- */

void store_init(struct store *store, size_t limit)
{
    memset(store, 0, sizeof(*store));
    store->limit = limit;
    store->things = g_hash_table_new(key_hash, key_equal);
    store->participants = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (size_t i = 0; i < G_N_ELEMENTS(store->sizes); i++)
        g_queue_init(&store->sizes[i]);
}

void store_clear(struct store *store)
{
    g_autoptr(GList) things = g_hash_table_get_values(store->things);
    g_autoptr(GPtrArray) roots = g_ptr_array_new();

    for (GList *at = things; at; at = at->next)
        if (!((struct thing *)at->data)->parent)
            g_ptr_array_add(roots, at->data);
    for (guint i = 0; i < roots->len; i++)
        store_remove(store, roots->pdata[i]);
    store->refused = 0;
}

void store_done(struct store *store)
{
    store_clear(store);
    g_hash_table_unref(store->things);
    g_hash_table_unref(store->participants);
}

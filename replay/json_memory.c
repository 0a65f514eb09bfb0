/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/json_memory.h"

#include "replay/json_chunks.h"

#include <jansson.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* One thread's. It stays when its thread ends: what one allocates, another frees. */
struct tally {
    atomic_int_fast64_t alive; /* written by its thread only */
    struct tally *next;
};

static _Atomic(struct tally *) tallies;
static _Thread_local struct tally *mine;
/* For threads that get no tally of their own. */
static struct tally common;

static struct tally *new_tally(void)
{
    struct tally *tally = calloc(1, sizeof(*tally));

    if (tally == NULL)
        return &common;
    tally->next = atomic_load(&tallies);
    while (!atomic_compare_exchange_weak(&tallies, &tally->next, tally))
        ;
    return tally;
}

static void add(int by)
{
    if (mine == NULL)
        mine = new_tally();
    if (mine == &common)
        atomic_fetch_add(&common.alive, by);
    else /* no other thread writes it: no need for the processors to agree */
        atomic_store_explicit(&mine->alive,
                              atomic_load_explicit(&mine->alive, memory_order_relaxed) + by,
                              memory_order_relaxed);
}

/* ---- which allocations ---- */

/*
 * Handlers free() the text that json_dumps() gives them, as everybody does, and no function of ours hears
 * of that. So texts must not be counted: only what is as large as one of jansson's values.
 */
static size_t value_sizes[4];
#define VALUE_SIZES (sizeof(value_sizes) / sizeof(value_sizes[0]))

static bool is_counted(void *memory)
{
    size_t size = malloc_usable_size(memory);

    for (size_t i = 0; i < VALUE_SIZES; i++)
        if (size == value_sizes[i])
            return true;
    return false;
}

/* A value is where its allocation is. */
static void learn_sizes(void)
{
    json_t *values[VALUE_SIZES] = {json_integer(1), json_string(""), json_array(), json_object()};

    for (size_t i = 0; i < VALUE_SIZES; i++) {
        value_sizes[i] = values[i] != NULL ? malloc_usable_size(values[i]) : 0;
        json_decref(values[i]);
    }
}

static void *counting_malloc(size_t size)
{
    void *memory = malloc(size);

    if (memory != NULL && is_counted(memory))
        add(1);
    return memory;
}

static void counting_free(void *memory)
{
    if (memory != NULL && is_counted(memory))
        add(-1);
    free(memory);
}

void json_memory_count(void)
{
    static bool counts;

    if (counts)
        return;
    counts = true;
    learn_sizes();
    json_set_alloc_funcs(counting_malloc, counting_free);
}

int64_t json_memory_alive(void)
{
    int64_t alive = atomic_load(&common.alive) + (int64_t)json_chunks_alive();

    for (struct tally *tally = atomic_load(&tallies); tally != NULL; tally = tally->next)
        alive += atomic_load_explicit(&tally->alive, memory_order_relaxed);
    return alive;
}

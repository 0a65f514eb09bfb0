/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/id_set_internal.h"

#include "format/mix_internal.h"

#include <stdlib.h>
#include <string.h>

/* The slot that holds `id`, or the free one where it would go. */
static size_t find(const uint64_t *slots, size_t slot_count, uint64_t id)
{
    size_t at = evj_mix64(id) & (slot_count - 1);

    while (slots[at] != 0 && slots[at] != id)
        at = (at + 1) & (slot_count - 1);
    return at;
}

static bool grow(struct evj_id_set *set)
{
    size_t slot_count = set->slot_count ? 2 * set->slot_count : 64;
    uint64_t *slots = calloc(slot_count, sizeof(*slots));

    if (!slots)
        return false;
    for (size_t i = 0; i < set->slot_count; i++)
        if (set->slots[i] != 0)
            slots[find(slots, slot_count, set->slots[i])] = set->slots[i];
    free(set->slots);
    set->slots = slots;
    set->slot_count = slot_count;
    return true;
}

bool evj_id_set_has(const struct evj_id_set *set, uint64_t id)
{
    return set->slot_count > 0 && id != 0 &&
           set->slots[find(set->slots, set->slot_count, id)] == id;
}

bool evj_id_set_add(struct evj_id_set *set, uint64_t id)
{
    if (id == 0 || evj_id_set_has(set, id))
        return true;
    /* At three quarters an id is found in the second slot or the third. */
    if (4 * (set->count + 1) > 3 * set->slot_count && !grow(set))
        return false;
    set->slots[find(set->slots, set->slot_count, id)] = id;
    set->count++;
    return true;
}

void evj_id_set_clear(struct evj_id_set *set)
{
    if (set->slots)
        memset(set->slots, 0, set->slot_count * sizeof(*set->slots));
    set->count = 0;
}

void evj_id_set_done(struct evj_id_set *set)
{
    free(set->slots);
    *set = (struct evj_id_set){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DEFLATE_MEMORY_INTERNAL_H
#define FORMAT_DEFLATE_MEMORY_INTERNAL_H

/*
 * Where in a text a place like this one was before. What goes on for long as it did at some other place
 * is what is looked for, and several tables find it without a search: the last two places that went on
 * in the same way for 64 bytes, for 32, for 16, and for 8. One thread.
 */

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* 320 KiB of tables: with fewer slots other texts take a place, and are tried in vain. */
#define MEMORY_BITS 14u
#define MEMORY_SLOTS (1u << MEMORY_BITS)

/* Bytes that the tables look at. */
enum { MEMORY_LONG = 64, MEMORY_MIDDLE = 32, MEMORY_SHORT = 16, MEMORY_WORD = 8, MEMORY_LEAST = 5 };

/* The low halves of two places' offsets, the later place in the low half; what is as far away as the
 * half that nothing was written to is too far. */
typedef uint32_t memory_slot;
#define MEMORY_NEVER UINT32_C(0x80008000)

/* The farthest place that is told from one that never was. */
#define MEMORY_DISTANCE_MAX 32767u

struct memory {
    memory_slot long_[MEMORY_SLOTS], middle[MEMORY_SLOTS], short_[MEMORY_SLOTS], word[MEMORY_SLOTS];
    memory_slot least[MEMORY_SLOTS];
};

/* What the tables had for a place. */
struct recollection {
    memory_slot long_, middle, short_, word;
};

static inline void memory_forget(struct memory *memory)
{
    memory_slot *slots = (memory_slot *)memory;

    for (size_t i = 0; i < sizeof(*memory) / sizeof(*slots); i++)
        slots[i] = MEMORY_NEVER;
}

/* The same number on every machine. */
static inline uint64_t memory_load(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    return le64toh(word);
}

static inline memory_slot memory_swap(memory_slot *slot, uint32_t place)
{
    memory_slot before = *slot;

    *slot = before << 16 | (place & 0xffff);
    return before;
}

/*
 * One sum of products for all tables, each going on where the shorter one stops: its leading bits
 * depend on every byte so far, and no product has to wait for another.
 */
static inline struct recollection memory_recall(struct memory *memory, const char *at,
                                                uint32_t place)
{
    struct recollection found;
    uint64_t sum = memory_load(at) * UINT64_C(0x9E3779B97F4A7C15);

    found.word = memory_swap(&memory->word[sum >> (64 - MEMORY_BITS)], place);
    sum += memory_load(at + 8) * UINT64_C(0xD1B54A32D192ED03);
    found.short_ = memory_swap(&memory->short_[sum >> (64 - MEMORY_BITS)], place);
    sum += memory_load(at + 16) * UINT64_C(0xAEF17502108EF2D9) +
           memory_load(at + 24) * UINT64_C(0xF1357AEA2E62A9C5);
    found.middle = memory_swap(&memory->middle[sum >> (64 - MEMORY_BITS)], place);
    sum += memory_load(at + 32) * UINT64_C(0xC2B2AE3D27D4EB4F) +
           memory_load(at + 40) * UINT64_C(0x9FB21C651E98DF25) +
           memory_load(at + 48) * UINT64_C(0xBEA225F9EB34556D) +
           memory_load(at + 56) * UINT64_C(0xE7037ED1A0B428DB);
    found.long_ = memory_swap(&memory->long_[sum >> (64 - MEMORY_BITS)], place);
    return found;
}

/* The first MEMORY_LEAST bytes only. */
static inline memory_slot memory_recall_least(struct memory *memory, const char *at, uint32_t place)
{
    uint64_t key = memory_load(at) << 8 * (8 - MEMORY_LEAST);

    return memory_swap(&memory->least[key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - MEMORY_BITS)],
                       place);
}

#endif

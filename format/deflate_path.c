/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/deflate_path_internal.h"

#include <string.h>

/* Offsets in a stretch have 16 bits. */
#define STRETCH_MAX (UINT16_MAX + 1u - PLACES_STRIDE)

/*
 * What things cost, in eighths of a bit: about what they come to in the statistics that most of a
 * journal is. How exact that is hardly matters: what counts is that matches are few and reach far.
 */
enum {
    LITERAL_COST = 36,
    MATCH_COST = 104, /* without the extra bits of its distance, one less for each half of it */
};

static uint32_t match_cost(uint32_t distance)
{
    return MATCH_COST + 8 * deflate_log2(distance);
}

/* ---- what may be used ---- */

/* `length` bytes from the last place on are what they were `distance` before. It ends beyond all
 * others. */
static inline void add_match(struct deflate_path *path, uint32_t length, uint32_t distance)
{
    uint32_t cost = path->cost + match_cost(distance);
    struct deflate_match *first = path->matches + path->first_match,
                         *at = path->matches + path->match_end;

    while (at > first && at[-1].cost >= cost)
        at--;
    *at = (struct deflate_match){
        .begin = path->place,
        .end = path->place + length,
        .cost = cost,
        .step = (uint16_t)path->step_count,
        .distance = (uint16_t)distance,
    };
    path->match_end = (uint32_t)(at + 1 - path->matches);
    path->covered = at->end;
}

/* Before there is no room for those of one more place. */
static void move_matches(struct deflate_path *path)
{
    uint32_t count = path->match_end - path->first_match;

    memmove(path->matches, path->matches + path->first_match, count * sizeof(path->matches[0]));
    path->first_match = 0;
    path->match_end = count;
}

/* ---- reaching a place ---- */

struct way {
    uint32_t cost, from, length, distance;
};

/* By the first match, and literals behind it. */
static inline void consider(struct way *way, const struct deflate_match *match, uint32_t place)
{
    uint32_t end = match->end < place ? match->end : place;
    uint32_t cost = match->cost + LITERAL_COST * (place - end);

    if (cost < way->cost)
        *way = (struct way){cost, match->step, end - match->begin, match->distance};
}

static inline void reach(struct deflate_path *path, uint32_t place)
{
    struct way way = {.cost = path->cost + LITERAL_COST * (place - path->place),
                      .from = path->step_count};
    const struct deflate_match *match = path->matches + path->first_match,
                               *end = path->matches + path->match_end;

    for (; match < end && match->end < place; match++)
        consider(&way, match, place);
    if (match < end)
        consider(&way, match, place);
    path->first_match = (uint32_t)(match - path->matches);
    path->steps[++path->step_count] = (struct deflate_step){
        .offset = (uint16_t)(place - path->stretch),
        .from = (uint16_t)way.from,
        .length = (uint16_t)way.length,
        .distance = (uint16_t)way.distance,
    };
    path->place = place;
    path->cost = way.cost;
}

/* ---- looking ---- */

/* How many bytes are the same at both, up to `most`. */
static inline uint32_t common_length(const char *a, const char *b, uint32_t most)
{
    for (uint32_t length = 0; length < most; length += 8) {
        uint64_t differ = memory_load(a + length) ^ memory_load(b + length);
        if (differ != 0) {
            length += (uint32_t)__builtin_ctzll(differ) / 8;
            return length < most ? length : most;
        }
    }
    return most;
}

/* What is looked for at a place: at least so many bytes, and no more than are of any use. */
struct look {
    const char *at;
    uint32_t place, least, most;
};

/* Most places begin no match, and so need not be reached. */
static inline void take(struct deflate_path *path, struct look *look, uint32_t length,
                        uint32_t distance)
{
    if (path->place < look->place)
        reach(path, look->place);
    add_match(path, length, distance);
    look->least = length + 1;
}

/* Both halves of a slot are the low 16 bits of a place; the higher ones follow. */
static inline void try_one(struct deflate_path *path, struct look *look, memory_slot slot)
{
    uint32_t distance = (uint16_t)(look->place - slot);
    const char *before = look->at - distance;

    if (distance - 1 >= MEMORY_DISTANCE_MAX)
        return;
    /* Its end first: that is where most candidates fail. */
    if (memory_load(before + look->least - 8) != memory_load(look->at + look->least - 8))
        return;
    uint32_t length = common_length(before, look->at, look->most);
    if (length >= look->least)
        take(path, look, length, distance);
}

static inline void try_both(struct deflate_path *path, struct look *look, memory_slot slot)
{
    try_one(path, look, slot);
    try_one(path, look, slot >> 16);
}

static inline struct look look_from(const struct deflate_path *path, uint32_t place, uint32_t least)
{
    uint32_t left = path->len - place;
    uint32_t beyond = path->covered > place ? path->covered - place + 1 : 0;

    return (struct look){
        .at = path->text + place,
        .place = place,
        .least = beyond > least ? beyond : least,
        .most = left < DEFLATE_LENGTH_MAX ? left : DEFLATE_LENGTH_MAX,
    };
}

/* Behind a value. What must go on for 64 bytes is in no other table than the one for that. */
static inline void look_far(struct deflate_path *path, uint32_t place)
{
    struct look look = look_from(path, place, MEMORY_WORD);
    struct recollection found = memory_recall(&path->memory, look.at, place);

    if (look.least < MEMORY_SHORT)
        try_both(path, &look, found.word);
    if (look.least < MEMORY_MIDDLE)
        try_both(path, &look, found.short_);
    if (look.least < MEMORY_LONG)
        try_both(path, &look, found.middle);
    try_both(path, &look, found.long_);
}

/* In a text that nothing covers. */
static inline void look_near(struct deflate_path *path, uint32_t place)
{
    struct look look = look_from(path, place, MEMORY_LEAST);
    memory_slot found = memory_recall_least(&path->memory, look.at, place);

    for (unsigned i = 0; i < 2; i++, found >>= 16) {
        uint32_t distance = (uint16_t)(place - found);
        if (distance - 1 >= MEMORY_DISTANCE_MAX)
            continue;
        uint32_t length = common_length(look.at - distance, look.at, look.most);
        if (length >= look.least)
            take(path, &look, length, distance);
    }
}

/* ---- the stretch ---- */

/* What still covers the text goes on as a match of its own. */
static void begin_stretch(struct deflate_path *path)
{
    const struct deflate_match *last = path->matches + path->match_end - 1;
    bool is_covered = path->match_end > path->first_match && last->end > path->place;
    uint32_t distance = is_covered ? last->distance : 0;

    path->stretch = path->place;
    path->cost = 0;
    path->steps[0] = (struct deflate_step){0};
    path->step_count = 0;
    path->first_match = path->match_end = 0;
    if (is_covered)
        add_match(path, path->covered - path->place, distance);
}

/* From the end to the beginning, and then the other way round: each step that is on the way is told
 * by the one before it which one is next. */
static uint32_t turn_round(struct deflate_path *path)
{
    struct deflate_step *steps = path->steps;
    uint32_t next = 0;

    for (uint32_t at = path->step_count, from; at > 0; next = at, at = from) {
        from = steps[at].from;
        /* The step's own way stays in it; only where it came from is needed no more. */
        steps[at].from = (uint16_t)next;
    }
    return next;
}

static void settle(struct deflate_path *path, struct deflate_block *block)
{
    const struct deflate_step *steps = path->steps;
    uint32_t begin = path->stretch, done = path->stretch;

    for (uint32_t at = turn_round(path); at > 0; at = steps[at].from) {
        if (steps[at].length >= DEFLATE_LENGTH_MIN) {
            evj_deflate_block_add(block, begin - done, steps[at].length, steps[at].distance);
            done = begin + steps[at].length;
        }
        begin = path->stretch + steps[at].offset;
    }
    if (done < path->place)
        evj_deflate_block_add(block, path->place - done, 0, 0);
}

/* All bits from this one on; none, if it is beyond them. */
static inline uint64_t bits_from(uint32_t bit)
{
    return bit < 64 ? ~UINT64_C(0) << bit : 0;
}

static inline void visit(struct deflate_path *path, uint32_t place, bool is_end)
{
    if (is_end)
        look_far(path, place);
    if (path->covered <= place)
        look_near(path, place);
}

/* The places among the stride at `at`: where values end, and each where nothing is covered. */
static inline void visit_stride(struct deflate_path *path, uint32_t at, struct places places)
{
    uint64_t left = path->len - at < PLACES_STRIDE ? ~bits_from(path->len - at) : ~UINT64_C(0);

    for (;;) {
        uint64_t bits = places.ends;
        if (path->covered < at + PLACES_STRIDE)
            bits |= places.starts & bits_from(path->covered > at ? path->covered - at : 0);
        bits &= left;
        if (bits == 0)
            return;
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        left &= ~UINT64_C(1) << bit;
        visit(path, at + bit, places.ends >> bit & 1);
    }
}

void evj_deflate_path_begin(struct deflate_path *path, const char *text, uint32_t len)
{
    path->text = text;
    path->len = len;
    path->stretch = path->place = path->covered = 0;
    path->first_match = path->match_end = 0;
    path->before = (struct places_before){0};
    memory_forget(&path->memory);
}

bool evj_deflate_path_next(struct deflate_path *path, struct deflate_block *block)
{
    begin_stretch(path);
    uint32_t at = path->place, begin = at;

    while (at < path->len && at - begin < STRETCH_MAX - PLACES_STRIDE &&
           path->step_count + PLACES_STRIDE < DEFLATE_STEPS_MAX - 1) {
        if (path->match_end > DEFLATE_MATCHES_MAX / 2)
            move_matches(path);
        visit_stride(path, at, places_of(path->text + at, &path->before));
        at += PLACES_STRIDE;
    }
    if (path->place < (at < path->len ? at : path->len))
        reach(path, at < path->len ? at : path->len);
    settle(path, block);
    return path->place < path->len;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DEFLATE_PATH_INTERNAL_H
#define FORMAT_DEFLATE_PATH_INTERNAL_H

/*
 * The way through a text as literals and matches: which of the matches that there are, and how far
 * each goes. One thread.
 *
 * All of a text is looked at in stretches. In each, places are visited in their order (deflate_places).
 * What is found at one, if it goes on beyond all that was found before, is a match that may be used,
 * from there up to wherever another one begins. So each place where a match begins is reached by the
 * cheapest of: a literal for each byte since the one before; or one match, from where that began. At the
 * stretch's end the cheapest way is walked back.
 */

#include "format/deflate_block_internal.h"
#include "format/deflate_memory_internal.h"
#include "format/deflate_places_internal.h"

/* Bytes behind the text that must be readable; if they always are the same, so is the way. */
#define DEFLATE_PATH_SLACK (2u * PLACES_STRIDE)

/* Places of a stretch; it never makes more sequences than it has places. */
#define DEFLATE_STEPS_MAX 8192u

/* How a place is reached best: from an earlier one, by a match, or, if `length` is 0, by literals.
 * Between the match's end and the place there are literals. */
struct deflate_step {
    uint16_t offset; /* of the place in the stretch */
    uint16_t from;   /* number of the step */
    uint16_t length, distance;
};

/* A match that may be used. */
struct deflate_match {
    uint32_t begin, end; /* what it covers of the text */
    uint32_t cost;       /* of all up to its end, if it is used */
    uint16_t step;       /* where it begins */
    uint16_t distance;
};

/* Each of these ends at another byte, within the longest match. Twice, and they need not be moved
 * each time that the first is done with. */
#define DEFLATE_MATCHES_MAX 1024u

struct deflate_path {
    const char *text;
    uint32_t len;

    uint32_t stretch;     /* where it begins */
    uint32_t place, cost; /* the last that was reached, and the cost of that */
    uint32_t covered;     /* up to here there is a match */
    uint32_t step_count;
    /* Those that reach beyond the last place: ends and costs both increase, since what ends sooner and
     * costs more is of no use. */
    uint32_t first_match, match_end;
    struct places_before before;

    struct deflate_step steps[DEFLATE_STEPS_MAX];
    struct deflate_match matches[DEFLATE_MATCHES_MAX];
    struct memory memory;
};

void evj_deflate_path_begin(struct deflate_path *path, const char *text, uint32_t len);

/* Add the next stretch's sequences to the block, at most DEFLATE_STEPS_MAX. Returns whether that was not
 * the last. */
bool evj_deflate_path_next(struct deflate_path *path, struct deflate_block *block);

#endif

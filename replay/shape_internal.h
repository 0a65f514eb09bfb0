/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SHAPE_INTERNAL_H
#define REPLAY_SHAPE_INTERNAL_H

/* What shape.c puts over itself when events are to be shuffled. */

#include "replay/shape.h"

/* What may be kept for shuffling, in bytes of events: a window that would be larger ends early. */
#define SHUFFLE_KEPT_MAX (64u * 1024 * 1024)

/*
 * Among each `window` events in a row, any may come in another one's place, and at its time. Takes
 * over `inner`; `counts`, which may be NULL, gets the number of events that are not in their own
 * place. Never NULL.
 */
struct source *source_shuffle_new(struct source *inner, size_t window, uint64_t seed,
                                  struct shape_counts *counts);

#endif

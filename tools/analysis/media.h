/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MEDIA_H
#define TOOLS_ANALYSIS_MEDIA_H

/* The media of one PeerConnection, found by mid and kind however many there are. */

#include "tools/analysis/medium.h"

/* More than a PeerConnection has; what comes beyond is left out, which `is_full` tells. */
#define MEDIA_MAX 1024u

struct media {
    GPtrArray *list;   /* struct medium, by first appearance */
    GHashTable *index; /* NULL while the list is short */
    bool is_full;
};

struct media *media_new(void);
void media_free(struct media *media);
void media_clear(struct media *media);

/* Find or add the medium: JSON strings; empty slices are "". NULL: there are too many. */
struct medium *media_get(struct media *media, struct evj_slice mid, struct evj_slice kind);

/* The medium of this name, or NULL. */
struct medium *media_find(const struct media *media, const char *mid, const char *kind);

/* The first of this kind, whatever its mid, or NULL. */
struct medium *media_find_kind(const struct media *media, const char *kind);

/* Add one that is in no list. */
void media_take(struct media *media, struct medium *medium);

/* The body of a statistics event: one object, or an array of them (combined statistics). False when
 * there are no statistics in it. */
bool media_add_event(struct media *media, struct evj_slice body, uint64_t seq, int64_t time_us);

/* Has anything come in, or gone out, by now? */
bool media_any_flow(const struct media *media);

#endif

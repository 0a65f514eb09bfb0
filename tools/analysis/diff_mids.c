/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Before 1.0, Janus had one medium of a kind in a PeerConnection, and no mids. In a call of a later one, its counterpart is
 * found by its kind: that only one side has a word for something is no difference.
 */
#include "tools/analysis/diff_internal.h"

#include <string.h>

static const char *const kinds[] = {"audio", "video", "data"};

/* "video" itself, and its layers: "video-sim1" in statistics, "video sim1" as a lane. */
static bool is_of_kind(const char *media, const char *kind)
{
    const size_t len = strlen(kind);

    return strncmp(media, kind, len) == 0 &&
           (media[len] == '\0' || media[len] == '-' || media[len] == ' ');
}

/* What a side tells of the media of one kind. */
struct told {
    const char *mid; /* of the first, "" for none; NULL: there are no media of this kind */
    bool several;    /* there are others */
    bool none;       /* there is one without */
};

static void add_mid(struct told *told, const char *mid)
{
    told->none |= mid[0] == '\0';
    if (told->mid == NULL)
        told->mid = mid;
    else if (!g_str_equal(told->mid, mid))
        told->several = true;
}

/* Not every medium has statistics, and not every one a state. */
static struct told told_of(const GPtrArray *lanes, const struct media *media, const char *kind)
{
    struct told told = {0};

    for (guint i = 0; i < lanes->len; i++) {
        const struct lane *lane = g_ptr_array_index(lanes, i);

        if (lane->kind == LANE_MEDIA && is_of_kind(lane->media, kind))
            add_mid(&told, lane->mid);
    }
    for (guint i = 0; i < media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(media->list, i);

        if (is_of_kind(medium->media, kind))
            add_mid(&told, medium->mid);
    }
    return told;
}

static bool goes_by_kind(struct comparing *at, const struct told *a, const struct told *b,
                         const char *kind)
{
    if (a->mid == NULL || b->mid == NULL || a->none == b->none)
        return false;
    if (!a->several && !b->several)
        return true;
    diff_limit_mids(at, a->none ? DIFF_A : DIFF_B, kind);
    return false;
}

bool diff_goes_by_kind(unsigned by_kind, const char *media)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (is_of_kind(media, kinds[i]))
            return (by_kind & 1u << i) != 0;
    }
    return false;
}

static void drop_mids(GPtrArray *lanes, unsigned by_kind)
{
    for (guint i = 0; i < lanes->len; i++) {
        struct lane *lane = g_ptr_array_index(lanes, i);

        if (lane->kind == LANE_MEDIA && diff_goes_by_kind(by_kind, lane->media))
            lanes_drop_mid(lane);
    }
    lanes_sort(lanes);
}

unsigned diff_mids(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                   const struct built_lanes *lanes)
{
    unsigned by_kind = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const struct told a_told = told_of(lanes->a, a->media, kinds[i]);
        const struct told b_told = told_of(lanes->b, b->media, kinds[i]);

        if (goes_by_kind(at, &a_told, &b_told, kinds[i]))
            by_kind |= 1u << i;
    }
    if (by_kind != 0) {
        drop_mids(lanes->a, by_kind);
        drop_mids(lanes->b, by_kind);
    }
    return by_kind;
}

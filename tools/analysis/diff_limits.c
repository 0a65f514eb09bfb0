/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison could not see. */
#include "tools/analysis/align.h"
#include "tools/analysis/diff_internal.h"

#include <inttypes.h>

static void add(struct comparing *at, enum diff_limit_kind kind, enum diff_which side, int session,
                const char *format, ...) G_GNUC_PRINTF(5, 6);
static void add(struct comparing *at, enum diff_limit_kind kind, enum diff_which side, int session,
                const char *format, ...)
{
    struct diff_limit *limit = g_new0(struct diff_limit, 1);
    va_list arguments;

    va_start(arguments, format);
    limit->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    limit->kind = kind;
    limit->side = side;
    limit->session = session;
    g_ptr_array_add(at->result->limits, limit);
}

static void add_gap(struct comparing *at, const struct model_session *session,
                    const struct model_gap *gap, enum diff_which side)
{
    struct diff_gap *found = g_new0(struct diff_gap, 1);

    found->side = side;
    found->from_us = gap->from_us - session->first_us;
    found->until_us = gap->until_us - session->first_us;
    found->events = gap->events;
    g_ptr_array_add(at->pair->gaps, found);
    add(at, DIFF_LIMIT_GAP, side, at->session,
        "%s: %" PRIu64 " events were lost at %+.3f s of session %" PRIu64, diff_which_name(side),
        gap->events, (double)found->from_us / G_USEC_PER_SEC, session->id);
}

/* Index of the first gap that ends at this time or later. Gaps come one after the other. */
static guint first_gap(const GArray *gaps, int64_t from_us)
{
    guint low = 0, high = gaps->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;

        if (g_array_index(gaps, struct model_gap, middle).until_us < from_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void note_gaps(struct comparing *at, const GArray *gaps, const struct model_session *session,
                      enum diff_which side)
{
    for (guint i = first_gap(gaps, session->first_us); i < gaps->len; i++) {
        const struct model_gap *gap = &g_array_index(gaps, struct model_gap, i);

        if (gap->from_us > session->last_us)
            break;
        if (gap->recording == session->recording)
            add_gap(at, session, gap, side);
    }
}

uint64_t diff_lost_between(const struct comparing *at, enum diff_which side, int64_t from_us,
                           int64_t until_us)
{
    const GArray *gaps = roster_gaps(side == DIFF_A ? at->a_roster : at->b_roster);
    const struct model_session *session = side == DIFF_A ? at->a : at->b;
    uint64_t lost = 0;

    for (guint i = first_gap(gaps, from_us); i < gaps->len; i++) {
        const struct model_gap *gap = &g_array_index(gaps, struct model_gap, i);

        if (gap->from_us > until_us)
            break;
        if (gap->recording == session->recording)
            lost += gap->events;
    }
    return lost;
}

static void note_side(struct comparing *at, const struct roster *roster,
                      const struct model_session *session, enum diff_which side)
{
    const bool is_whole = roster_scope(roster) == MODEL_WHOLE;

    if (is_whole && diff_starts_late(at, session))
        add(at, DIFF_LIMIT_STARTS_LATE, side, at->session,
            "%s: session %" PRIu64 " was under way when the journal began", diff_which_name(side),
            session->id);
    if (is_whole && diff_ends_early(at, session))
        add(at, DIFF_LIMIT_ENDS_EARLY, side, at->session,
            "%s: session %" PRIu64 " was under way when the journal ended", diff_which_name(side),
            session->id);
    note_gaps(at, roster_gaps(roster), session, side);
}

void diff_limits_of_pair(struct comparing *at)
{
    note_side(at, at->a_roster, at->a, DIFF_A);
    note_side(at, at->b_roster, at->b, DIFF_B);
}

void diff_limits_of_all(struct comparing *at)
{
    if (at->scope != MODEL_WHOLE)
        add(at, DIFF_LIMIT_SELECTED, DIFF_BOTH, -1,
            "Not all events were selected: only those that were are compared");
}

void diff_limit_media(struct comparing *at, enum diff_which side)
{
    add(at, DIFF_LIMIT_CAPPED, side, at->session,
        "%s: a PeerConnection has more than %u media: the rest was not compared",
        diff_which_name(side), MEDIA_MAX);
}

void diff_limit_mids(struct comparing *at, enum diff_which side, const char *kind)
{
    add(at, DIFF_LIMIT_MIDS, side, at->session,
        "%s: no mids are told, and a PeerConnection has several media of kind “%s”: which is which "
        "could not be seen",
        diff_which_name(side), kind);
}

void diff_limit_lane(struct comparing *at, const char *lane_name)
{
    add(at, DIFF_LIMIT_CAPPED, DIFF_BOTH, at->session,
        "Lane “%s” has parts of more than %u steps: these were matched by what they are called "
        "only",
        lane_name, ALIGN_STEPS_MAX);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/match_cost.h"

#include "tools/analysis/assignment.h"

#include <stdlib.h>

/*
 * The prices, by what tells two handles of a plugin apart: first whether it publishes or subscribes,
 * then who it is, then what it sends, then how far it came: a call that failed is still the same
 * call. A text that one side does not tell costs half.
 */
enum {
    COST_ROLE = 300,
    COST_DISPLAY = 200,
    COST_OPAQUE_START = 120,
    COST_OPAQUE_REST = 20,
    COST_KIND = 40,      /* for each of audio, video, data, and of in and out */
    COST_MILESTONE = 10, /* for each */
    COST_EPOCH = 10,     /* for each, up to EPOCHS_MAX */
    EPOCHS_MAX = 5,
};

/* Of sessions: besides what their handles cost. */
enum {
    COST_END = 60,
    COST_TRANSPORT = 40,
    COST_LONE_HANDLE = 150, /* for each */
};

static int cost_of_text(uint64_t a, uint64_t b, int cost)
{
    if (a == b)
        return 0;
    return a == 0 || b == 0 ? cost / 2 : cost;
}

static int bits(unsigned mask)
{
    return __builtin_popcount(mask);
}

/* Draws in its ids and its end, a client is the same client. */
static int cost_of_opaque_id(const struct brief_handle *a, const struct brief_handle *b)
{
    const int start = cost_of_text(a->opaque_start, b->opaque_start, COST_OPAQUE_START);

    return start > 0 ? start : cost_of_text(a->opaque_id, b->opaque_id, COST_OPAQUE_REST);
}

/* Kinds are told by statistics only. */
static int cost_of_kinds(const struct brief_handle *a, const struct brief_handle *b)
{
    return a->kinds == 0 || b->kinds == 0 ? 0 : bits(a->kinds ^ b->kinds) * COST_KIND;
}

/* Of what somebody did who was not seen all the time it can only count what is there. */
static int cost_of_milestones(const struct brief_handle *a, const struct brief_handle *b)
{
    unsigned apart = a->milestones ^ b->milestones;

    if (a->is_partial && !b->is_partial)
        apart &= a->milestones;
    if (b->is_partial && !a->is_partial)
        apart &= b->milestones;
    return bits(apart) * COST_MILESTONE;
}

/* The same of a text of which it is no news that one side does not tell it. */
static int cost_of_known(const struct brief_handle *a, uint64_t a_text,
                         const struct brief_handle *b, uint64_t b_text, int cost)
{
    if ((a->is_partial && a_text == 0) || (b->is_partial && b_text == 0))
        return 0;
    return cost_of_text(a_text, b_text, cost);
}

int match_cost_handles(const struct brief_handle *a, const struct brief_handle *b)
{
    if (a->plugin != b->plugin && a->plugin != 0 && b->plugin != 0)
        return -1;
    const int epochs = MIN(abs((int)a->epochs - (int)b->epochs), EPOCHS_MAX);
    const int cost = cost_of_known(a, a->role, b, b->role, COST_ROLE) +
                     cost_of_known(a, a->display, b, b->display, COST_DISPLAY) +
                     cost_of_opaque_id(a, b) + cost_of_kinds(a, b) + cost_of_milestones(a, b) +
                     epochs * COST_EPOCH;

    return MIN(cost, MATCH_COST_MAX);
}

/* ---- sessions ---- */

/* More handles than this are not matched for the price of a session, only counted. */
#define HANDLES_EXACT_MAX 16u

/* Of the handles that go together. *ret_pairs is how many do. */
static int64_t cost_of_handles(const struct brief *a, const struct brief *b, guint *ret_pairs)
{
    const guint rows = MIN(a->handle_count, HANDLES_EXACT_MAX);
    const guint columns = MIN(b->handle_count, HANDLES_EXACT_MAX);
    int64_t costs[HANDLES_EXACT_MAX * HANDLES_EXACT_MAX] = {0};
    int column_of[HANDLES_EXACT_MAX];
    int64_t sum = 0;

    for (guint i = 0; i < rows; i++) {
        for (guint k = 0; k < columns; k++) {
            const int cost = match_cost_handles(&a->handles[i], &b->handles[k]);

            costs[i * columns + k] = cost < 0 ? ASSIGNMENT_NEVER : cost;
        }
    }
    assignment_solve(costs, rows, columns, column_of);
    *ret_pairs = 0;
    for (guint i = 0; i < rows; i++) {
        if (column_of[i] < 0)
            continue;
        sum += costs[i * columns + (guint)column_of[i]];
        (*ret_pairs)++;
    }
    return sum;
}

/* How many handles one of the two has too many. One whose session was not seen all the time may have had
 * more than were. */
static guint lone_handles(const struct brief *a, const struct brief *b, guint pairs)
{
    const guint of_a = a->handle_count - MIN(a->handle_count, pairs);
    const guint of_b = b->handle_count - MIN(b->handle_count, pairs);

    return MAX(b->is_partial ? 0 : of_a, a->is_partial ? 0 : of_b);
}

/* A session without handles is like another such; or that is all that was seen of it. */
static bool may_have_no_handle(const struct brief *a, const struct brief *b)
{
    return a->handle_count + b->handle_count == 0 || (a->handle_count == 0 && a->is_partial) ||
           (b->handle_count == 0 && b->is_partial);
}

static int cost_of_end(const struct brief *a, const struct brief *b)
{
    const bool is_open = a->ended == SESSION_OPEN || b->ended == SESSION_OPEN;

    return a->ended != b->ended && !is_open ? COST_END : 0;
}

int match_cost_sessions(const struct brief *a, const struct brief *b)
{
    guint pairs;
    const int64_t handles = cost_of_handles(a, b, &pairs);

    if (pairs == 0 && !may_have_no_handle(a, b))
        return -1;
    const int64_t alone = (int64_t)lone_handles(a, b, pairs) * COST_LONE_HANDLE;
    const int64_t own =
        cost_of_end(a, b) + cost_of_text(a->transport, b->transport, COST_TRANSPORT);

    return (int)MIN(own + alone + (pairs > 0 ? handles / pairs : 0), MATCH_COST_MAX);
}

/* ---- likeness ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

uint64_t match_likeness_of_handle(const struct brief_handle *handle, unsigned level)
{
    uint64_t hash = mix(1, handle->plugin);

    if (level < 3)
        hash = mix(hash, handle->role);
    if (level < 2)
        hash = mix(mix(hash, handle->milestones), handle->epochs);
    if (level < 1)
        hash = mix(mix(mix(hash, handle->display), handle->opaque_start), handle->kinds);
    return hash;
}

/* Whatever the order of its handles. */
uint64_t match_likeness_of_session(const struct brief *session, unsigned level)
{
    uint64_t sum = session->handle_count;

    for (guint i = 0; i < session->handle_count; i++)
        sum += match_likeness_of_handle(&session->handles[i], level);
    return level < 1 ? mix(mix(sum, session->ended), session->transport) : sum;
}

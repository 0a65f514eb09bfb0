/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/match.h"

#include "tools/analysis/assignment.h"
#include "tools/analysis/match_cost.h"

struct matching;

/* What is matched. */
struct members {
    int (*cost)(const struct matching *matching, guint a, guint b);
    uint64_t (*likeness)(const void *list, guint index, unsigned level);
};

/* Matching of members by their index, whatever they are. */
struct matching {
    const struct members *of;
    const void *a, *b; /* the two lists, for `of` */
    guint a_count, b_count;
    int *partner_of_a, *partner_of_b;
    bool *mapped; /* the members of a that somebody matched */
};

static void put_together(struct matching *matching, guint a, guint b)
{
    matching->partner_of_a[a] = (int)b;
    matching->partner_of_b[b] = (int)a;
}

/* ---- by likeness ---- */

/* The yet unmatched of b, in order, by what they are like. */
static GHashTable *by_likeness(const struct matching *matching, unsigned level)
{
    GHashTable *lists =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_queue_free);

    for (guint i = 0; i < matching->b_count; i++) {
        if (matching->partner_of_b[i] >= 0)
            continue;
        const uint64_t key = matching->of->likeness(matching->b, i, level);
        GQueue *list = g_hash_table_lookup(lists, &key);

        if (list == NULL) {
            list = g_queue_new();
            g_hash_table_insert(lists, g_memdup2(&key, sizeof(key)), list);
        }
        g_queue_push_tail(list, GUINT_TO_POINTER(i));
    }
    return lists;
}

static void match_level(struct matching *matching, unsigned level)
{
    g_autoptr(GHashTable) waiting = by_likeness(matching, level);

    for (guint i = 0; i < matching->a_count; i++) {
        if (matching->partner_of_a[i] >= 0)
            continue;
        const uint64_t key = matching->of->likeness(matching->a, i, level);
        GQueue *list = g_hash_table_lookup(waiting, &key);

        if (list != NULL && !g_queue_is_empty(list))
            put_together(matching, i, GPOINTER_TO_UINT(g_queue_pop_head(list)));
    }
}

/* ---- exactly ---- */

/* The indices that have no partner. */
static GArray *lone(const int *partners, guint count)
{
    GArray *indices = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < count; i++) {
        if (partners[i] < 0)
            g_array_append_val(indices, i);
    }
    return indices;
}

/*
 * Among what costs the same, the order decides: the square of how far apart two are in their lists
 * makes it cheapest that nobody crosses anybody. All squares together are less than a cost of 1.
 */
static int64_t cost_with_order(const struct matching *matching, guint a, guint b, guint a_place,
                               guint b_place)
{
    const int64_t one = (int64_t)MATCH_EXACT_MAX * MATCH_EXACT_MAX * MATCH_EXACT_MAX;
    const int64_t apart = (int64_t)a_place - b_place;
    const int cost = matching->of->cost(matching, a, b);

    return cost < 0 ? ASSIGNMENT_NEVER : cost * one + apart * apart;
}

static void match_exactly(struct matching *matching, const GArray *a, const GArray *b)
{
    g_autofree int64_t *costs = g_new(int64_t, (gsize)a->len * b->len + 1);
    g_autofree int *columns = g_new(int, a->len + 1);

    for (guint i = 0; i < a->len; i++) {
        for (guint k = 0; k < b->len; k++)
            costs[(gsize)i * b->len + k] = cost_with_order(matching, g_array_index(a, guint, i),
                                                           g_array_index(b, guint, k), i, k);
    }
    assignment_solve(costs, a->len, b->len, columns);
    for (guint i = 0; i < a->len; i++) {
        if (columns[i] >= 0)
            put_together(matching, g_array_index(a, guint, i),
                         g_array_index(b, guint, (guint)columns[i]));
    }
}

/* True once all that can be is matched. */
static bool match_if_few(struct matching *matching)
{
    g_autoptr(GArray) a = lone(matching->partner_of_a, matching->a_count);
    g_autoptr(GArray) b = lone(matching->partner_of_b, matching->b_count);

    if (a->len > MATCH_EXACT_MAX || b->len > MATCH_EXACT_MAX)
        return a->len == 0 || b->len == 0;
    match_exactly(matching, a, b);
    return true;
}

static void match_all(struct matching *matching)
{
    for (unsigned level = 0; level < MATCH_LEVELS; level++) {
        if (match_if_few(matching))
            return;
        match_level(matching, level);
    }
    match_if_few(matching);
}

/* ---- the two kinds of members ---- */

static int cost_of_sessions(const struct matching *matching, guint a, guint b)
{
    return match_cost_sessions(g_ptr_array_index((const GPtrArray *)matching->a, a),
                               g_ptr_array_index((const GPtrArray *)matching->b, b));
}

static uint64_t likeness_of_session(const void *list, guint index, unsigned level)
{
    return match_likeness_of_session(g_ptr_array_index((const GPtrArray *)list, index), level);
}

static int cost_of_handles(const struct matching *matching, guint a, guint b)
{
    return match_cost_handles(&((const struct brief *)matching->a)->handles[a],
                              &((const struct brief *)matching->b)->handles[b]);
}

static uint64_t likeness_of_handle(const void *list, guint index, unsigned level)
{
    return match_likeness_of_handle(&((const struct brief *)list)->handles[index], level);
}

static const struct members sessions = {cost_of_sessions, likeness_of_session};
static const struct members handles = {cost_of_handles, likeness_of_handle};

/* ---- results ---- */

static int *nobody(guint count)
{
    int *partners = g_new(int, count + 1);

    for (guint i = 0; i < count; i++)
        partners[i] = -1;
    return partners;
}

static struct matching begin(const struct members *of, const void *a, guint a_count, const void *b,
                             guint b_count)
{
    return (struct matching){.of = of,
                             .a = a,
                             .b = b,
                             .a_count = a_count,
                             .b_count = b_count,
                             .partner_of_a = nobody(a_count),
                             .partner_of_b = nobody(b_count),
                             .mapped = g_new0(bool, a_count + 1)};
}

static double score_of(const struct matching *matching, guint a, guint b)
{
    const int cost = matching->of->cost(matching, a, b);

    return cost < 0 ? 0 : 1 - (double)cost / MATCH_COST_MAX;
}

static GArray *finish(struct matching *matching)
{
    GArray *matches = g_array_new(FALSE, FALSE, sizeof(struct match));

    for (guint i = 0; i < matching->a_count; i++) {
        struct match one = {
            .a = (int)i, .b = matching->partner_of_a[i], .mapped = matching->mapped[i]};

        if (one.b >= 0)
            one.score = score_of(matching, i, (guint)one.b);
        g_array_append_val(matches, one);
    }
    for (guint i = 0; i < matching->b_count; i++) {
        const struct match one = {.a = -1, .b = (int)i};

        if (matching->partner_of_b[i] < 0)
            g_array_append_val(matches, one);
    }
    g_free(matching->partner_of_a);
    g_free(matching->partner_of_b);
    g_free(matching->mapped);
    return matches;
}

/* Somebody says that these two go together. -1: there is no such member here. */
static void map(struct matching *matching, int a, int b)
{
    if (a < 0 || b < 0 || matching->partner_of_a[a] >= 0 || matching->partner_of_b[b] >= 0)
        return;
    put_together(matching, (guint)a, (guint)b);
    matching->mapped[a] = true;
}

/* A session goes by its own id, and by those of its handles. The last of an id counts. */
static int find_session(const GPtrArray *list, uint64_t id)
{
    for (guint i = list->len; i-- > 0;) {
        const struct brief *brief = g_ptr_array_index(list, i);

        if (brief->id == id || brief_find_handle(brief, id) >= 0)
            return (int)i;
    }
    return -1;
}

GArray *match_sessions(const GPtrArray *a, const GPtrArray *b, const struct id_map *id_map)
{
    struct matching matching = begin(&sessions, a, a->len, b, b->len);
    uint64_t a_id, b_id;

    for (unsigned n = 0; id_map_pair(id_map, n, &a_id, &b_id); n++)
        map(&matching, find_session(a, a_id), find_session(b, b_id));
    /* Who gives two journals of one call each wants to see these compared, whatever they are. */
    if (a->len == 1 && b->len == 1 && matching.partner_of_a[0] < 0)
        put_together(&matching, 0, 0);
    match_all(&matching);
    return finish(&matching);
}

GArray *match_handles(const struct brief *a, const struct brief *b, const struct id_map *id_map)
{
    struct matching matching = begin(&handles, a, a->handle_count, b, b->handle_count);
    uint64_t a_id, b_id;

    for (unsigned n = 0; id_map_pair(id_map, n, &a_id, &b_id); n++)
        map(&matching, brief_find_handle(a, a_id), brief_find_handle(b, b_id));
    match_all(&matching);
    return finish(&matching);
}

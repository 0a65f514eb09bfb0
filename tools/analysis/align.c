/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/align.h"

#include "tools/analysis/align_internal.h"
#include "tools/analysis/lanes.h"

#include <string.h>

/* What a difference in an attribute adds to the cost of a match, and the most that all of them do. */
enum { COST_CHANGED = 200, COST_CHANGED_MAX = 800 };

static const struct step *step_at(const GPtrArray *steps, guint index)
{
    return g_ptr_array_index(steps, index);
}

void align_put(struct aligning *aligning, int a, int b)
{
    const struct aligned pair = {.a = a, .b = b};

    g_array_append_val(aligning->aligned, pair);
}

/* ---- costs ---- */

/* Of two steps with the same key. */
static int cost_of_changes(const struct step *a, const struct step *b)
{
    g_autoptr(GPtrArray) changes = changes_new();

    attributes_compare(a->attributes, b->attributes, NULL, changes, NULL);
    return MIN((int)changes->len * COST_CHANGED, COST_CHANGED_MAX);
}

static bool is_same(const struct step *a, const struct step *b)
{
    return g_str_equal(a->key, b->key) && cost_of_changes(a, b) == 0;
}

int align_cost(struct aligning *aligning, guint a, guint b)
{
    const guint a_says = aligning->a.says[a], b_says = aligning->b.says[b];
    const uint64_t both = (uint64_t)a_says << 32 | b_says;

    if (aligning->a.keys[a] != aligning->b.keys[b])
        return ALIGN_COST_NEVER;
    if (a_says == b_says)
        return 0;
    gpointer cost = g_hash_table_lookup(aligning->costs, &both);

    if (cost == NULL) {
        /* One more than it is, since 0 is not NULL. */
        cost = GINT_TO_POINTER(
            1 + cost_of_changes(step_at(aligning->a_steps, a), step_at(aligning->b_steps, b)));
        g_hash_table_insert(aligning->costs, g_memdup2(&both, sizeof(both)), cost);
    }
    return GPOINTER_TO_INT(cost) - 1;
}

/* ---- steps as numbers ---- */

/* A number for each text: the same for the same. */
static guint number_of(GHashTable *numbers, const char *text)
{
    gpointer number = g_hash_table_lookup(numbers, text);

    if (number == NULL) {
        number = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
        g_hash_table_insert(numbers, g_strdup(text), number);
    }
    return GPOINTER_TO_UINT(number);
}

/* All that is compared of a step. */
static char *said_by(const struct step *step)
{
    GString *said = g_string_new(step->key);

    for (guint i = 0; i < step->attributes->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(step->attributes, i);

        if (attribute->rule->class == RULE_CORRELATED || attribute->rule->class == RULE_VOLATILE)
            g_string_append_printf(said, "\n%s", attribute->path);
        else
            g_string_append_printf(said, "\n%s=%s", attribute->path, attribute->value);
    }
    return g_string_free(said, FALSE);
}

static struct align_side side_of(const GPtrArray *steps, GHashTable *numbers)
{
    struct align_side side = {.len = steps->len,
                              .keys = g_new(guint, steps->len + 1),
                              .says = g_new(guint, steps->len + 1)};

    for (guint i = 0; i < steps->len; i++) {
        g_autofree char *said = said_by(step_at(steps, i));

        side.keys[i] = number_of(numbers, step_at(steps, i)->key);
        side.says[i] = number_of(numbers, said);
    }
    return side;
}

static void side_done(struct align_side *side)
{
    g_free(side->keys);
    g_free(side->says);
}

/* ---- ranges ---- */

/* By what has to be compared: a few against many are few. */
static bool is_short(const struct align_range *range)
{
    const uint64_t most = (uint64_t)ALIGN_STEPS_MAX * ALIGN_STEPS_MAX;

    return (uint64_t)align_a_len(range) * align_b_len(range) <= most;
}

/* One side has no steps here. */
static bool is_one_sided(const struct align_range *range)
{
    return align_a_len(range) == 0 || align_b_len(range) == 0;
}

static void put_lone(struct aligning *aligning, const struct align_range *range)
{
    for (guint i = range->a_from; i < range->a_until; i++)
        align_put(aligning, (int)i, -1);
    for (guint i = range->b_from; i < range->b_until; i++)
        align_put(aligning, -1, (int)i);
}

static void align_range(struct aligning *aligning, const struct align_range *range);

/* What lies before, between and behind the anchors. */
static void align_around(struct aligning *aligning, const struct align_range *range,
                         const GArray *anchors)
{
    struct align_range part = *range;

    for (guint i = 0; i < anchors->len; i++) {
        const struct aligned *anchor = &g_array_index(anchors, struct aligned, i);

        part.a_until = (guint)anchor->a;
        part.b_until = (guint)anchor->b;
        align_range(aligning, &part);
        align_put(aligning, anchor->a, anchor->b);
        part.a_from = part.a_until + 1;
        part.b_from = part.b_until + 1;
    }
    part.a_until = range->a_until;
    part.b_until = range->b_until;
    align_range(aligning, &part);
}

static void align_long(struct aligning *aligning, const struct align_range *range)
{
    g_autoptr(GArray) anchors = align_anchors(aligning, range);

    if (anchors->len > 0) {
        align_around(aligning, range, anchors);
        return;
    }
    aligning->capped = true;
    align_by_keys(aligning, range);
}

static void align_range(struct aligning *aligning, const struct align_range *range)
{
    if (is_one_sided(range))
        put_lone(aligning, range);
    else if (is_short(range))
        align_exactly(aligning, range);
    else
        align_long(aligning, range);
}

/* ---- whole sequences ---- */

static guint common_start(const GPtrArray *a, const GPtrArray *b)
{
    guint n = 0;

    while (n < a->len && n < b->len && is_same(step_at(a, n), step_at(b, n)))
        n++;
    return n;
}

static guint common_end(const GPtrArray *a, const GPtrArray *b, guint start)
{
    guint n = 0;

    while (n < a->len - start && n < b->len - start &&
           is_same(step_at(a, a->len - 1 - n), step_at(b, b->len - 1 - n)))
        n++;
    return n;
}

/* What lies between that which both begin and end with. */
static void align_middle(struct aligning *aligning, const struct align_range *range)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    aligning->a = side_of(aligning->a_steps, numbers);
    aligning->b = side_of(aligning->b_steps, numbers);
    aligning->costs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    align_range(aligning, range);
    g_hash_table_unref(aligning->costs);
    side_done(&aligning->a);
    side_done(&aligning->b);
}

static GArray *align_ordered(const GPtrArray *a, const GPtrArray *b, bool *ret_capped)
{
    struct aligning aligning = {
        .a_steps = a, .b_steps = b, .aligned = g_array_new(FALSE, FALSE, sizeof(struct aligned))};
    const guint start = common_start(a, b);
    const guint end = common_end(a, b, start);
    const struct align_range middle = {start, a->len - end, start, b->len - end};

    for (guint i = 0; i < start; i++)
        align_put(&aligning, (int)i, (int)i);
    if (align_a_len(&middle) > 0 || align_b_len(&middle) > 0)
        align_middle(&aligning, &middle);
    for (guint i = 0; i < end; i++)
        align_put(&aligning, (int)(middle.a_until + i), (int)(middle.b_until + i));
    *ret_capped |= aligning.capped;
    return aligning.aligned;
}

static int compare_attributes(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const struct attribute *left = g_ptr_array_index(a, i);
        const struct attribute *right = g_ptr_array_index(b, i);
        const int path = strcmp(left->path, right->path);
        const int value = strcmp(left->value, right->value);

        if (path != 0 || value != 0)
            return path != 0 ? path : value;
    }
    return (int)a->len - (int)b->len;
}

static int compare_sequences(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const int keys = strcmp(step_at(a, i)->key, step_at(b, i)->key);
        const int rest =
            keys != 0 ? keys
                      : compare_attributes(step_at(a, i)->attributes, step_at(b, i)->attributes);
        if (rest != 0)
            return rest;
    }
    return (int)a->len - (int)b->len;
}

GArray *align_steps(const GPtrArray *a, const GPtrArray *b, bool *ret_capped)
{
    /* Where two alignments cost the same, which one is found depends on the order of the sides: a
     * fixed order makes (b, a) the mirror of (a, b). */
    if (compare_sequences(a, b) <= 0)
        return align_ordered(a, b, ret_capped);
    GArray *aligned = align_ordered(b, a, ret_capped);

    for (guint i = 0; i < aligned->len; i++) {
        struct aligned *pair = &g_array_index(aligned, struct aligned, i);
        const int was_a = pair->a;

        pair->a = pair->b;
        pair->b = was_a;
    }
    return aligned;
}

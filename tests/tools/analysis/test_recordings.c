/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every recording of a real browser's calls, against every other: see tests/data/recordings. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tests/tools/analysis/recordings.h"

#include <stdio.h>

static GPtrArray *recordings, *divergences;
static struct rules *rules;

static int load(void **state)
{
    (void)state;
    recordings = recordings_load();
    divergences = divergences_load();
    rules = rules_new();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    g_ptr_array_unref(recordings);
    g_ptr_array_unref(divergences);
    rules_free(rules);
    return 0;
}

static const struct recording *at(guint index)
{
    return g_ptr_array_index(recordings, index);
}

static bool is_one_kind(const struct recording *a, const struct recording *b)
{
    return g_str_equal(a->kind, b->kind);
}

static struct diff_result *compare(const struct recording *a, const struct recording *b)
{
    return compare_models(a->model, b->model, rules);
}

typedef bool pair_claim(const struct recording *a, const struct recording *b,
                        const struct diff_result *result);

/* What is claimed of all pairs of one kind, or of two. Each thread takes a recording, and compares it
 * with those behind it. */
struct claiming {
    bool one_kind;
    pair_claim *claim;
    gint complaints;
};

static void claim_of(const struct recording *a, const struct recording *b,
                     struct claiming *claiming, struct rules *with)
{
    struct diff_result *result = compare_models(a->model, b->model, with);

    if (!claiming->claim(a, b, result)) {
        g_autofree char *told = describe_result(result, false);

        g_atomic_int_inc(&claiming->complaints);
        fprintf(stderr, "%s against %s:\n%s", a->name, b->name, told);
    }
    diff_free(result);
}

static void claim_of_one(gpointer number, gpointer context)
{
    struct claiming *claiming = context;
    const guint i = GPOINTER_TO_UINT(number) - 1;
    struct rules *own = rules_new();

    for (guint k = i + 1; k < recordings->len; k++) {
        if (is_one_kind(at(i), at(k)) == claiming->one_kind)
            claim_of(at(i), at(k), claiming, own);
    }
    rules_free(own);
}

static void claim_of_pairs(bool one_kind, pair_claim *claim)
{
    struct claiming claiming = {.one_kind = one_kind, .claim = claim};
    GThreadPool *pool =
        g_thread_pool_new(claim_of_one, &claiming, (gint)g_get_num_processors(), FALSE, NULL);

    for (guint i = 0; i < recordings->len; i++)
        g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    assert_int_equal(claiming.complaints, 0);
}

/* Fewer would prove little. */
static void there_are_ten_of_each_kind(void **state)
{
    (void)state;
    assert_int_equal(recordings->len, 140);
    for (guint i = 0; i + 10 <= recordings->len; i += 10)
        assert_true(is_one_kind(at(i), at(i + 9)));
}

static void a_recording_is_identical_with_itself(void **state)
{
    (void)state;
    for (guint i = 0; i < recordings->len; i++) {
        struct diff_result *result = compare(at(i), at(i));

        assert_int_equal(result->verdict, DIFF_IDENTICAL);
        assert_int_equal(result->differences->len, 0);
        diff_free(result);
    }
}

/* Nothing but notes is told of them, nor of slow steps or low rates on a machine that was busy. Only who
 * is killed in the first seconds has the less to show for them, the sooner it was. */
static bool is_the_same(const struct recording *a, const struct recording *b,
                        const struct diff_result *result)
{
    const unsigned notes = result->counts[DIFF_NOTE];
    const unsigned rates = g_str_equal(a->kind, "timeout") ? result->counts[DIFF_QUALITY] : 0;

    (void)b;
    return result->verdict != DIFF_DIFFERENT && result->differences->len == notes + rates;
}

static void two_calls_of_one_kind_are_the_same(void **state)
{
    (void)state;
    claim_of_pairs(true, is_the_same);
}

/* A pair that the table does not know is a fault as well. */
static bool parts_where_it_should(const struct recording *a, const struct recording *b,
                                  const struct diff_result *result)
{
    bool swapped;

    for (guint i = 0; i < divergences->len; i++) {
        const struct divergence *row = g_ptr_array_index(divergences, i);

        if (divergence_is_of(row, a->kind, b->kind, &swapped) &&
            divergence_holds(row, result, swapped))
            return true;
    }
    return false;
}

static void two_calls_of_different_kinds_part_where_they_really_do(void **state)
{
    (void)state;
    claim_of_pairs(false, parts_where_it_should);
}

/* The transport is a note. The number of candidates is one as well: network cards had one address or
 * two. */
static void over_another_transport_only_the_transport_differs(void **state)
{
    (void)state;
    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = 0; k < recordings->len; k++) {
            if (!g_str_equal(at(i)->kind, "echo-http") ||
                !g_str_equal(at(k)->kind, "echo-websocket"))
                continue;
            struct diff_result *result = compare(at(i), at(k));

            assert_non_null(find_difference(result, DIFF_NOTE, "transport"));
            for (unsigned class = 0; class <= DIFF_IDENTITY; class ++)
                assert_int_equal(result->counts[class], 0);
            diff_free(result);
        }
    }
}

/* Of each kind the first two: every kind meets every other, and itself. */
static void the_other_way_round_is_the_mirror(void **state)
{
    (void)state;
    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = i + 1; k < recordings->len; k++) {
            if (i % 10 > 1 || k % 10 > 1)
                continue;
            struct diff_result *there = compare(at(i), at(k)), *back = compare(at(k), at(i));
            g_autofree char *told_there = describe_result(there, false);
            g_autofree char *told_back = describe_result(back, true);

            assert_string_equal(told_there, told_back);
            diff_free(there);
            diff_free(back);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_ten_of_each_kind),
        cmocka_unit_test(a_recording_is_identical_with_itself),
        cmocka_unit_test(two_calls_of_one_kind_are_the_same),
        cmocka_unit_test(two_calls_of_different_kinds_part_where_they_really_do),
        cmocka_unit_test(over_another_transport_only_the_transport_differs),
        cmocka_unit_test(the_other_way_round_is_the_mirror),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

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

/* One run tells of all pairs. */
static void complain(const struct recording *a, const struct recording *b,
                     const struct diff_result *result)
{
    g_autofree char *told = describe_result(result, false);

    fprintf(stderr, "%s against %s:\n%s", a->name, b->name, told);
}

typedef bool pair_claim(const struct recording *a, const struct recording *b,
                        const struct diff_result *result);

/* Call with each pair, of one kind or of two. */
static void claim_of_pairs(bool one_kind, pair_claim *claim)
{
    unsigned complaints = 0;

    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = i + 1; k < recordings->len; k++) {
            if (is_one_kind(at(i), at(k)) != one_kind)
                continue;
            struct diff_result *result = compare(at(i), at(k));

            if (!claim(at(i), at(k), result)) {
                complain(at(i), at(k), result);
                complaints++;
            }
            diff_free(result);
        }
    }
    assert_int_equal(complaints, 0);
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

static bool parts_where_it_should(const struct recording *a, const struct recording *b,
                                  const struct diff_result *result)
{
    bool known = false, swapped;

    for (guint i = 0; i < divergences->len; i++) {
        const struct divergence *row = g_ptr_array_index(divergences, i);

        if (!divergence_is_of(row, a->kind, b->kind, &swapped))
            continue;
        known = true;
        if (divergence_holds(row, result, swapped))
            return true;
    }
    if (!known)
        fail_msg("divergences: no row for %s and %s", a->kind, b->kind);
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

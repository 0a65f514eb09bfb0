/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/align.h"
#include "tools/analysis/lanes.h"

#include <string.h>

static struct rules *rules;

static int start(void **state)
{
    (void)state;
    rules = rules_new();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

static void step_free(gpointer pointer)
{
    struct step *step = pointer;

    g_free(step->key);
    g_ptr_array_unref(step->attributes);
    g_free(step);
}

static void add(GPtrArray *steps, const char *key, const char *value)
{
    struct step *step = g_new0(struct step, 1);

    step->key = g_strdup(key);
    step->attributes = attributes_new();
    attributes_add(step->attributes, rules, "x", value);
    g_ptr_array_add(steps, step);
}

/* "a b=2 c": steps with a key and, if not 0, a value. */
static GPtrArray *steps_of(const char *text)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);
    g_auto(GStrv) words = g_strsplit(text, " ", 0);

    for (guint i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');

        if (equals != NULL)
            *equals = '\0';
        if (words[i][0] != '\0')
            add(steps, words[i], equals != NULL ? equals + 1 : "0");
    }
    return steps;
}

/* "0-0 1-. .-1": what stands against what. */
static char *align(const char *a, const char *b)
{
    g_autoptr(GPtrArray) left = steps_of(a), right = steps_of(b);
    bool capped = false;
    g_autoptr(GArray) aligned = align_steps(left, right, &capped);
    GString *text = g_string_new(NULL);

    assert_false(capped);
    for (guint i = 0; i < aligned->len; i++) {
        const struct aligned *one = &g_array_index(aligned, struct aligned, i);
        g_autofree char *x = one->a < 0 ? g_strdup(".") : g_strdup_printf("%d", one->a);
        g_autofree char *y = one->b < 0 ? g_strdup(".") : g_strdup_printf("%d", one->b);

        g_string_append_printf(text, "%s%s-%s", i > 0 ? " " : "", x, y);
    }
    return g_string_free(text, FALSE);
}

static void assert_aligned(const char *a, const char *b, const char *expected)
{
    g_autofree char *aligned = align(a, b);

    assert_string_equal(aligned, expected);
}

static void equal_sequences_match_step_by_step(void **state)
{
    (void)state;
    assert_aligned("a b c", "a b c", "0-0 1-1 2-2");
    assert_aligned("", "", "");
}

static void a_missing_step_stands_alone(void **state)
{
    (void)state;
    assert_aligned("a b c", "a c", "0-0 1-. 2-1");
    assert_aligned("a c", "a b c", "0-0 .-1 1-2");
    assert_aligned("a", "", "0-.");
    assert_aligned("", "a", ".-0");
}

static void different_keys_are_never_matched(void **state)
{
    g_autofree char *aligned = align("a", "b");

    (void)state;
    assert_int_equal(strlen(aligned), strlen("0-. .-0"));
    assert_null(strstr(aligned, "0-0"));
}

/* Of several steps of the same name, the one that says the same is the counterpart. */
static void the_counterpart_is_the_one_that_says_the_same(void **state)
{
    (void)state;
    assert_aligned("x=1 x=2 x=3", "x=2 x=3", "0-. 1-0 2-1");
    assert_aligned("x=1 x=2", "x=1 x=5 x=2", "0-0 .-1 1-2");
}

static void a_changed_step_is_matched_rather_than_missed(void **state)
{
    (void)state;
    assert_aligned("a b=1 c", "a b=2 c", "0-0 1-1 2-2");
}

static char *mirror(const char *aligned)
{
    GString *text = g_string_new(NULL);
    g_auto(GStrv) pairs = g_strsplit(aligned, " ", 0);

    for (guint i = 0; pairs[i] != NULL; i++) {
        g_auto(GStrv) sides = g_strsplit(pairs[i], "-", 2);

        g_string_append_printf(text, "%s%s-%s", i > 0 ? " " : "", sides[1], sides[0]);
    }
    return g_string_free(text, FALSE);
}

static char *random_steps(GRand *random)
{
    GString *text = g_string_new(NULL);

    for (gint32 n = g_rand_int_range(random, 0, 12); n > 0; n--)
        g_string_append_printf(text, "%c=%d ", 'a' + g_rand_int_range(random, 0, 3),
                               g_rand_int_range(random, 0, 2));
    return g_string_free(text, FALSE);
}

/* Where several alignments cost the same, the choice may not depend on which side is called A. */
static void the_other_way_round_is_the_mirror(void **state)
{
    GRand *random = g_rand_new_with_seed(7);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        g_autofree char *a = random_steps(random);
        g_autofree char *b = random_steps(random);
        g_autofree char *there = align(a, b);
        g_autofree char *back = align(b, a);
        g_autofree char *mirrored = mirror(back);

        assert_string_equal(there, mirrored);
    }
    g_rand_free(random);
}

static GPtrArray *many(guint count, const char *last)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);

    for (guint i = 0; i < count; i++) {
        g_autofree char *value = g_strdup_printf("%u", i);

        add(steps, "x", value);
    }
    add(steps, last, "0");
    return steps;
}

static void long_sequences_that_begin_alike_cost_nothing(void **state)
{
    g_autoptr(GPtrArray) a = many(50000, "y"), b = many(50000, "z");
    bool capped = false;
    g_autoptr(GArray) aligned = align_steps(a, b, &capped);

    (void)state;
    assert_false(capped);
    assert_int_equal(aligned->len, 50002);
}

static void too_long_a_difference_is_cut_and_said(void **state)
{
    g_autoptr(GPtrArray) a = steps_of("first"), b = steps_of("first");
    bool capped = false;

    (void)state;
    for (guint i = 0; i < ALIGN_STEPS_MAX + 1; i++) {
        add(a, "a", "0");
        add(b, "b", "0");
    }
    g_autoptr(GArray) aligned = align_steps(a, b, &capped);

    assert_true(capped);
    assert_int_equal(aligned->len, 1 + 2 * (ALIGN_STEPS_MAX + 1));
}

/* ---- too long to be compared each with each ---- */

/* Every step once, in order, and matched with one of its name. Returns how many have none. */
static guint check_aligned(const GPtrArray *a, const GPtrArray *b, const GArray *aligned)
{
    int next_a = 0, next_b = 0;
    guint missing = 0;

    for (guint i = 0; i < aligned->len; i++) {
        const struct aligned *one = &g_array_index(aligned, struct aligned, i);

        assert_true(one->a == next_a || one->a == -1);
        assert_true(one->b == next_b || one->b == -1);
        if (one->a >= 0 && one->b >= 0)
            assert_string_equal(((struct step *)g_ptr_array_index(a, one->a))->key,
                                ((struct step *)g_ptr_array_index(b, one->b))->key);
        else
            missing++;
        next_a += one->a >= 0;
        next_b += one->b >= 0;
    }
    assert_int_equal(next_a, a->len);
    assert_int_equal(next_b, b->len);
    return missing;
}

/* A step of its own name for each number, but for one that is left out. */
static GPtrArray *named_steps(guint count, guint without)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);

    for (guint i = 0; i < count; i++) {
        g_autofree char *key = g_strdup_printf("k%u", i);

        if (i != without)
            add(steps, key, i % 2 == 0 ? "0" : "1");
    }
    return steps;
}

static void names_that_come_once_cut_a_long_sequence(void **state)
{
    g_autoptr(GPtrArray) a = named_steps(9000, 3000), b = named_steps(9000, 6000);
    bool capped = false;
    g_autoptr(GArray) aligned = align_steps(a, b, &capped);

    (void)state;
    assert_false(capped);
    assert_int_equal(check_aligned(a, b, aligned), 2);
}

/* Of short ones they do not: what moved would tear apart the rest. */
static void a_step_that_moved_tears_nothing_apart(void **state)
{
    (void)state;
    assert_aligned("x y y y y", "y y y y x", "0-. 1-0 2-1 3-2 4-3 .-4");
}

/* Names that come again and again, with a few steps missing here and there. */
static void long_sequences_are_matched_by_names_with_few_missing(void **state)
{
    GRand *random = g_rand_new_with_seed(20261130);

    (void)state;
    for (int n = 0; n < 5; n++) {
        g_autoptr(GPtrArray) a = g_ptr_array_new_with_free_func(step_free);
        g_autoptr(GPtrArray) b = g_ptr_array_new_with_free_func(step_free);
        guint left_out = 0;
        bool capped = false;

        add(a, "first", "1");
        add(b, "first", "2");
        for (guint i = 0; i < 3 * ALIGN_STEPS_MAX; i++) {
            const char key[] = {(char)('a' + g_rand_int_range(random, 0, 3)), '\0'};
            const gint32 side = g_rand_int_range(random, 0, 100);

            left_out += side < 2;
            if (side != 0)
                add(a, key, "0");
            if (side != 1)
                add(b, key, "0");
        }
        add(a, "a", "1");
        add(b, "b", "1");
        g_autoptr(GArray) aligned = align_steps(a, b, &capped);

        assert_true(capped);
        assert_true(check_aligned(a, b, aligned) <= left_out + 2);
    }
    g_rand_free(random);
}

/* Their cost is that of a few. */
static void a_few_against_many_are_aligned_exactly(void **state)
{
    g_autoptr(GPtrArray) a = steps_of("a b c"), b = named_steps(100000, 100000);
    bool capped = false;

    (void)state;
    add(b, "b", "0");
    add(b, "k5", "0");
    g_autoptr(GArray) aligned = align_steps(a, b, &capped);

    assert_false(capped);
    assert_int_equal(check_aligned(a, b, aligned), 2 + 100001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_sequences_match_step_by_step),
        cmocka_unit_test(a_missing_step_stands_alone),
        cmocka_unit_test(different_keys_are_never_matched),
        cmocka_unit_test(the_counterpart_is_the_one_that_says_the_same),
        cmocka_unit_test(a_changed_step_is_matched_rather_than_missed),
        cmocka_unit_test(the_other_way_round_is_the_mirror),
        cmocka_unit_test(long_sequences_that_begin_alike_cost_nothing),
        cmocka_unit_test(too_long_a_difference_is_cut_and_said),
        cmocka_unit_test(names_that_come_once_cut_a_long_sequence),
        cmocka_unit_test(a_step_that_moved_tears_nothing_apart),
        cmocka_unit_test(long_sequences_are_matched_by_names_with_few_missing),
        cmocka_unit_test(a_few_against_many_are_aligned_exactly),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

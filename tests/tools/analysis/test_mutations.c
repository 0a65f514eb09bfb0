/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every change of mutations.h, planted into recordings of all kinds at places drawn at random: what
 * differs must be found, and weighed right, and what is harmless must pass.
 *
 * EVJ_TEST_ROUNDS=N: that many recordings of each kind instead of the next one (all: 10).
 */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tests/tools/analysis/mutations.h"
#include "tests/tools/analysis/old_server.h"
#include "tests/tools/analysis/recordings.h"

#include <stdio.h>
#include <stdlib.h>

/* By kind: a GPtrArray of the events of each, as the server of either side tells them. Changes are planted into B. */
static GPtrArray *a_recordings, *b_recordings;

/* What a server made of the same calls. */
typedef void tell_function(GPtrArray *events);

static void tell_as_recorded(GPtrArray *events)
{
    (void)events;
}

static GPtrArray *events_as_told(const struct recording *recording, tell_function *tell)
{
    GPtrArray *events = event_list_read(recording->path);

    tell(events);
    return events;
}

static GPtrArray *load_as(tell_function *tell)
{
    g_autoptr(GPtrArray) list = recordings_list();
    GPtrArray *recordings = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    const char *kind = "";

    for (guint i = 0; i < list->len; i++) {
        const struct recording *recording = g_ptr_array_index(list, i);

        if (!g_str_equal(recording->kind, kind))
            g_ptr_array_add(recordings,
                            g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref));
        kind = recording->kind;
        g_ptr_array_add(g_ptr_array_index(recordings, recordings->len - 1),
                        events_as_told(recording, tell));
    }
    return recordings;
}

static int load(void **state)
{
    (void)state;
    a_recordings = load_as(tell_as_recorded);
    b_recordings = g_ptr_array_ref(a_recordings);
    return 0;
}

static int load_old(void **state)
{
    (void)state;
    a_recordings = load_as(tell_as_old_server);
    b_recordings = g_ptr_array_ref(a_recordings);
    return 0;
}

static int load_upgrade(void **state)
{
    (void)state;
    a_recordings = load_as(tell_as_old_server);
    b_recordings = load_as(tell_as_recorded);
    return 0;
}

static int load_downgrade(void **state)
{
    (void)state;
    a_recordings = load_as(tell_as_recorded);
    b_recordings = load_as(tell_as_old_server);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    g_ptr_array_unref(a_recordings);
    g_ptr_array_unref(b_recordings);
    return 0;
}

static guint rounds(void)
{
    const char *text = getenv("EVJ_TEST_ROUNDS");

    return text != NULL ? (guint)strtoul(text, NULL, 10) : 1;
}

static const struct difference *find_in_lane(const struct diff_result *result,
                                             const struct mutation *mutation)
{
    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        if (one->class == mutation->class &&
            (one->lane == mutation->lane || mutation->lane == LANE_KINDS))
            return one;
    }
    return NULL;
}

static bool is_found(const struct diff_result *result, const struct mutation *mutation)
{
    const bool weighs = mutation->class <= DIFF_NEGOTIATION;

    /* A slow step moves all that follow: it alone is blamed. */
    if (find_in_lane(result, mutation) == NULL || result->counts[DIFF_TIMING] > 1 ||
        result->verdict != (weighs ? DIFF_DIFFERENT : DIFF_SAME))
        return false;
    return !weighs || mutation->lane == LANE_KINDS || result->first->lane == mutation->lane;
}

static bool is_identical(const struct diff_result *result, const struct mutation *mutation)
{
    (void)mutation;
    return result->verdict == DIFF_IDENTICAL;
}

typedef bool judgement(const struct diff_result *result, const struct mutation *mutation);

/* 1: planted, and judged right. 0: no place for it. -1: judged wrong. */
static int try(const GPtrArray *a, const GPtrArray *b, const struct mutation *mutation,
               guint32 seed, judgement *judge)
{
    g_autoptr(GPtrArray) changed = event_list_copy(b);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);

    if (!mutation->plant(changed, random))
        return 0;
    struct diff_result *result = compare_events(a, changed);
    const bool right = judge(result, mutation);

    if (!right) {
        g_autofree char *told = describe_result(result, false);

        fprintf(stderr, "%s, seed %u:\n%s", mutation->what, seed, told);
    }
    diff_free(result);
    return right ? 1 : -1;
}

static GPtrArray *recording_of(const GPtrArray *recordings, guint kind, guint index)
{
    const GPtrArray *of_kind = g_ptr_array_index(recordings, kind);

    return g_ptr_array_index(of_kind, index % of_kind->len);
}

static guint rounds_of(guint kind)
{
    return MIN(rounds(), ((const GPtrArray *)g_ptr_array_index(a_recordings, kind))->len);
}

/* In recordings of all kinds, not always the same ones: how often it was planted. */
static unsigned try_everywhere(const struct mutation *mutation, guint number, judgement *judge,
                               unsigned *wrong)
{
    unsigned planted = 0;

    for (guint kind = 0; kind < a_recordings->len; kind++) {
        for (guint round = 0; round < rounds_of(kind); round++) {
            const guint index = number + round;
            const int outcome = try(recording_of(a_recordings, kind, index),
                                    recording_of(b_recordings, kind, index), mutation,
                                    1000 * number + 10 * kind + round, judge);

            planted += outcome != 0;
            *wrong += outcome < 0;
        }
    }
    return planted;
}

static void try_all(const struct mutation *mutations, size_t count, judgement *judge)
{
    unsigned wrong = 0;

    for (size_t i = 0; i < count; i++) {
        if (try_everywhere(&mutations[i], (guint)i, judge, &wrong) == 0)
            fail_msg("%s: no recording has a place for it", mutations[i].what);
    }
    assert_int_equal(wrong, 0);
}

static void every_planted_change_is_found_and_weighed_right(void **state)
{
    (void)state;
    try_all(planted_mutations, planted_mutation_count, is_found);
}

static void every_harmless_change_passes(void **state)
{
    (void)state;
    try_all(harmless_mutations, harmless_mutation_count, is_identical);
}

/* The ids of one side are others: the same is told, number for number. */
static void renumbered_ids_change_nothing_in_a_comparison(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(4711);

    (void)state;
    for (guint kind = 1; kind < a_recordings->len; kind++) {
        const GPtrArray *a = recording_of(a_recordings, kind - 1, 0);
        const GPtrArray *b = recording_of(b_recordings, kind, 1);
        g_autoptr(GPtrArray) other = event_list_copy(b);
        struct diff_result *before = compare_events(a, b);

        assert_string_equal(harmless_mutations[1].what, "ids renumbered");
        assert_true(harmless_mutations[1].plant(other, random));
        struct diff_result *after = compare_events(a, other);
        g_autofree char *told_before = describe_result(before, false);
        g_autofree char *told_after = describe_result(after, false);

        /* Who has no counterpart is told by id. */
        if (before->lone_sessions->len == 0)
            assert_string_equal(told_before, told_after);
        assert_memory_equal(before->counts, after->counts, sizeof(before->counts));
        diff_free(before);
        diff_free(after);
    }
}

/* Not only the next one of a kind. */
static void every_call_is_the_same_before_and_after_mids(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (guint kind = 0; kind < a_recordings->len; kind++) {
        const guint count = ((const GPtrArray *)g_ptr_array_index(a_recordings, kind))->len;

        for (guint i = 0; i < count; i++)
            wrong += try(recording_of(a_recordings, kind, i), recording_of(b_recordings, kind, i),
                         &harmless_mutations[0], 0, is_identical) < 0;
    }
    assert_string_equal(harmless_mutations[0].what, "nothing");
    assert_int_equal(wrong, 0);
}

/*
 * --old-server: the same calls, as a server before mids and subtypes would have told them. --upgrade: A is of such a
 * server, and B of the one that was recorded; --downgrade: the other way round.
 */
int main(int argc, char **argv)
{
    const struct CMUnitTest of_old_server[] = {
        cmocka_unit_test(every_planted_change_is_found_and_weighed_right),
        cmocka_unit_test(every_harmless_change_passes),
    };
    const struct CMUnitTest of_both[] = {
        cmocka_unit_test(every_call_is_the_same_before_and_after_mids),
        cmocka_unit_test(every_planted_change_is_found_and_weighed_right),
        cmocka_unit_test(every_harmless_change_passes),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_change_is_found_and_weighed_right),
        cmocka_unit_test(every_harmless_change_passes),
        cmocka_unit_test(renumbered_ids_change_nothing_in_a_comparison),
    };
    const char *mode = argc > 1 ? argv[1] : "";

    if (g_str_equal(mode, "--old-server"))
        return cmocka_run_group_tests(of_old_server, load_old, unload);
    if (g_str_equal(mode, "--upgrade"))
        return cmocka_run_group_tests(of_both, load_upgrade, unload);
    if (g_str_equal(mode, "--downgrade"))
        return cmocka_run_group_tests(of_both, load_downgrade, unload);
    return cmocka_run_group_tests(tests, load, unload);
}

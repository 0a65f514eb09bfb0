/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of every kind of plugin, recorded from a real Janus: see tests/data/plugins. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tests/tools/analysis/mutations.h"
#include "tests/tools/analysis/old_server.h"
#include "tests/tools/analysis/recordings.h"

#include <stdio.h>
#include <string.h>

static GPtrArray *recordings, *lists; /* the events of each … */
static GPtrArray *old_lists;          /* … and as a server before mids would have told them */

static int load(void **state)
{
    (void)state;
    recordings = recordings_list_plugins();
    lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    old_lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < recordings->len; i++) {
        const struct recording *recording = g_ptr_array_index(recordings, i);
        GPtrArray *events = event_list_read(recording->path);
        GPtrArray *old = event_list_copy(events);

        tell_as_old_server(old);
        g_ptr_array_add(lists, events);
        g_ptr_array_add(old_lists, old);
    }
    return 0;
}

static int unload(void **state)
{
    (void)state;
    g_ptr_array_unref(lists);
    g_ptr_array_unref(old_lists);
    g_ptr_array_unref(recordings);
    return 0;
}

static const struct recording *at(guint index)
{
    return g_ptr_array_index(recordings, index);
}

static const GPtrArray *events_of(const char *name)
{
    for (guint i = 0; i < recordings->len; i++) {
        if (g_str_equal(at(i)->name, name))
            return g_ptr_array_index(lists, i);
    }
    fail_msg("no recording %s", name);
    return NULL;
}

/* "streaming-strings" → "streaming" */
static bool is_one_plugin(const struct recording *a, const struct recording *b)
{
    return strcspn(a->kind, "-") == strcspn(b->kind, "-") &&
           strncmp(a->kind, b->kind, strcspn(a->kind, "-")) == 0;
}

static bool names_ids_otherwise(const struct recording *a, const struct recording *b)
{
    return is_one_plugin(a, b) &&
           g_str_has_suffix(a->kind, "-strings") != g_str_has_suffix(b->kind, "-strings");
}

static void complain(const char *what, const struct diff_result *result)
{
    g_autofree char *told = describe_result(result, false);

    fprintf(stderr, "%s:\n%s", what, told);
}

typedef bool choose_pair(const struct recording *a, const struct recording *b);

static void pairs_are(choose_pair *choose, const GPtrArray *a_lists, bool different)
{
    guint pairs = 0, wrong = 0;

    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = 0; k < recordings->len; k++) {
            if (i == k || !choose(at(i), at(k)))
                continue;
            struct diff_result *result =
                compare_events(g_ptr_array_index(a_lists, i), g_ptr_array_index(lists, k));
            g_autofree char *names = g_strdup_printf("%s against %s", at(i)->name, at(k)->name);

            if ((result->verdict == DIFF_DIFFERENT) != different) {
                complain(names, result);
                wrong++;
            }
            pairs++;
            diff_free(result);
        }
    }
    assert_true(pairs > 0);
    assert_int_equal(wrong, 0);
}

static bool is_one_kind(const struct recording *a, const struct recording *b)
{
    return g_str_equal(a->kind, b->kind);
}

static bool is_other_plugin(const struct recording *a, const struct recording *b)
{
    return !is_one_plugin(a, b);
}

static void calls_of_a_kind_are_the_same(void **state)
{
    (void)state;
    pairs_are(is_one_kind, lists, false);
}

static void ids_may_be_numbers_here_and_strings_there(void **state)
{
    (void)state;
    pairs_are(names_ids_otherwise, lists, false);
}

/* Some do both at once. */
static void ids_may_become_strings_where_mids_appear(void **state)
{
    (void)state;
    pairs_are(names_ids_otherwise, old_lists, false);
}

static void calls_of_other_plugins_are_different(void **state)
{
    (void)state;
    pairs_are(is_other_plugin, lists, true);
}

/* The first divergence, in either direction. */
static void part_at(const char *a, const char *b, const char *lane, const char *a_key,
                    const char *b_key)
{
    struct diff_result *result = compare_events(events_of(a), events_of(b));

    if (result->first == NULL || !g_str_equal(result->first->lane_name, lane) ||
        g_strcmp0(result->first->a.key, a_key) != 0 ||
        g_strcmp0(result->first->b.key, b_key) != 0) {
        complain(a, result);
        fail_msg("%s and %s part elsewhere", a, b);
    }
    diff_free(result);
}

static void sip_calls_part_where_the_other_side_answers_otherwise(void **state)
{
    (void)state;
    part_at("sip/01", "sip-refused/01", "sip", "sip sip-in 200", "sip sip-in 403");
    part_at("sip-refused/02", "sip-busy/02", "sip", "sip sip-in 403", "sip sip-in 200");
    part_at("sip/02", "sip-busy/03", "sip", "sip sip-in 180", NULL);
}

/* How the end of a call that never was up is told, is chance; not that it ended long before. */
static void a_hangup_may_be_missing_only_at_the_end(void **state)
{
    g_autoptr(GPtrArray) with = event_list_copy(events_of("videocall/01"));
    g_autoptr(GPtrArray) without = event_list_copy(with);
    const guint hangup = find_event(with, "event.connection", "hangup", 0);

    (void)state;
    g_ptr_array_remove_index(without, hangup);
    struct diff_result *result = compare_events(with, without);

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_non_null(find_difference(result, DIFF_NOTE, "pc"));
    diff_free(result);
    for (guint i = hangup + 1; i < with->len; i++) {
        json_t *timestamp = json_object_get(g_ptr_array_index(with, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + 2 * G_USEC_PER_SEC);
    }
    result = compare_events(with, without);
    assert_non_null(find_difference(result, DIFF_OUTCOME, "pc"));
    diff_free(result);
}

static const struct difference *find(const struct diff_result *result,
                                     const struct mutation *mutation)
{
    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        if (one->class == mutation->class && one->lane == mutation->lane)
            return one;
    }
    return NULL;
}

static bool is_weighed_right(const struct diff_result *result, const struct mutation *mutation)
{
    const bool weighs = mutation->class <= DIFF_NEGOTIATION;

    return find(result, mutation) != NULL &&
           result->verdict == (weighs ? DIFF_DIFFERENT : DIFF_SAME);
}

/* Into every recording that has a place for it, against the next one of its kind. */
static guint plant_everywhere(const struct mutation *mutation, guint *ret_wrong)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(4711);
    guint planted = 0;

    for (guint i = 0; i < lists->len; i++) {
        const guint next = i - i % 3 + (i + 1) % 3;
        g_autoptr(GPtrArray) changed = event_list_copy(g_ptr_array_index(lists, i));

        if (!mutation->plant(changed, random))
            continue;
        struct diff_result *result = compare_events(g_ptr_array_index(lists, next), changed);

        if (!is_weighed_right(result, mutation)) {
            g_autofree char *what = g_strdup_printf("%s in %s", mutation->what, at(i)->name);

            complain(what, result);
            ++*ret_wrong;
        }
        planted++;
        diff_free(result);
    }
    return planted;
}

static void what_is_planted_into_a_plugins_words_is_found_and_weighed_right(void **state)
{
    guint wrong = 0;

    (void)state;
    for (size_t i = 0; i < plugin_mutation_count; i++) {
        if (plant_everywhere(&plugin_mutations[i], &wrong) == 0)
            fail_msg("%s: no recording has a place for it", plugin_mutations[i].what);
    }
    assert_int_equal(wrong, 0);
}

/* In SIP an address is part of who that is. */
static bool is_harmless_in(const struct mutation *mutation, const struct recording *recording)
{
    return !g_str_equal(mutation->what, "other addresses") ||
           !g_str_has_prefix(recording->kind, "sip");
}

static void what_is_harmless_passes(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(815);
    guint wrong = 0;

    (void)state;
    for (size_t n = 0; n < harmless_mutation_count; n++) {
        for (guint i = 0; i < lists->len; i++) {
            g_autoptr(GPtrArray) changed = event_list_copy(g_ptr_array_index(lists, i));

            if (!is_harmless_in(&harmless_mutations[n], at(i)) ||
                !harmless_mutations[n].plant(changed, random))
                continue;
            struct diff_result *result = compare_events(g_ptr_array_index(lists, i), changed);
            g_autofree char *what =
                g_strdup_printf("%s in %s", harmless_mutations[n].what, at(i)->name);

            if (result->verdict != DIFF_IDENTICAL) {
                complain(what, result);
                wrong++;
            }
            diff_free(result);
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_a_kind_are_the_same),
        cmocka_unit_test(ids_may_be_numbers_here_and_strings_there),
        cmocka_unit_test(ids_may_become_strings_where_mids_appear),
        cmocka_unit_test(calls_of_other_plugins_are_different),
        cmocka_unit_test(sip_calls_part_where_the_other_side_answers_otherwise),
        cmocka_unit_test(a_hangup_may_be_missing_only_at_the_end),
        cmocka_unit_test(what_is_planted_into_a_plugins_words_is_found_and_weighed_right),
        cmocka_unit_test(what_is_harmless_passes),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals that start or end in mid-call: what they could not see is no difference, what they saw is. */
#include "tests/support/test.h"

#include "tests/tools/analysis/mutations.h"
#include "tests/tools/analysis/recordings.h"

#include "tests/tools/analysis/compare.h"

#include <stdio.h>
#include <string.h>

static GPtrArray *recordings, *lists; /* the events of each */

static int load(void **state)
{
    (void)state;
    recordings = recordings_list();
    lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < recordings->len; i++)
        g_ptr_array_add(
            lists, event_list_read(((struct recording *)g_ptr_array_index(recordings, i))->path));
    return 0;
}

static int unload(void **state)
{
    (void)state;
    g_ptr_array_unref(lists);
    g_ptr_array_unref(recordings);
    return 0;
}

/* As if it had been recorded from this event on, until before that one. */
static GPtrArray *part_of(const GPtrArray *events, guint from, guint until)
{
    GPtrArray *part = event_list_copy(events);

    g_ptr_array_set_size(part, (gint)until);
    if (from > 0)
        g_ptr_array_remove_range(part, 0, from);
    return part;
}

/* Of the same kind: what is there is the same, the one way round and the other. */
static bool is_the_same(const GPtrArray *whole, const GPtrArray *part)
{
    struct diff_result *there = compare_events(whole, part), *back = compare_events(part, whole);
    const bool same = there->verdict != DIFF_DIFFERENT && back->verdict != DIFF_DIFFERENT;

    if (!same) {
        g_autofree char *told = describe_result(there, false);

        fprintf(stderr, "%s", told);
    }
    diff_free(there);
    diff_free(back);
    return same;
}

/* With less than that nobody can tell who is who. */
static guint least_part(guint count)
{
    return MIN(12, count / 2);
}

static guint draw(GRand *random, guint from, guint to)
{
    return (guint)g_rand_int_range(random, (gint32)from, (gint32)to + 1);
}

/* From which event on, and until before which one. */
typedef void choose_part(guint count, GRand *random, guint *ret_from, guint *ret_until);

static void begins_late(guint count, GRand *random, guint *ret_from, guint *ret_until)
{
    *ret_from = draw(random, 1, count - least_part(count));
    *ret_until = count;
}

static void ends_early(guint count, GRand *random, guint *ret_from, guint *ret_until)
{
    *ret_from = 0;
    *ret_until = draw(random, least_part(count), count - 1);
}

static void does_both(guint count, GRand *random, guint *ret_from, guint *ret_until)
{
    begins_late(count, random, ret_from, ret_until);
    *ret_until = draw(random, *ret_from + least_part(count), count);
}

static bool has_sessions(const GPtrArray *events)
{
    struct model *model = model_of(events);
    const bool has = model_sessions(model)->len > 0;

    model_free(model);
    return has;
}

static const char *kind_of(guint index)
{
    return ((struct recording *)g_ptr_array_index(recordings, index))->kind;
}

/* Of what comes again, a part from the middle does not tell which time it was. */
static bool has_repeats(guint index)
{
    static const char *const kinds[] = {"mute", "ice-restart", "timeout", NULL};

    return g_strv_contains(kinds, kind_of(index));
}

/* Each recording against a part of the next of its kind. */
static void parts_are_the_same(choose_part *choose)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(4711);
    guint wrong = 0;

    for (guint i = 0; i < lists->len; i++) {
        const guint next = i - i % 10 + (i + 1) % 10;
        const GPtrArray *events = g_ptr_array_index(lists, next);
        guint from, until;

        if (choose == does_both && has_repeats(i))
            continue;
        choose(events->len, random, &from, &until);
        g_autoptr(GPtrArray) part = part_of(events, from, until);

        if (has_sessions(part) && !is_the_same(g_ptr_array_index(lists, i), part)) {
            fprintf(stderr, "%s against events %u-%u of the next\n", kind_of(i), from, until);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_journal_that_ends_in_mid_call_is_the_same_as_far_as_it_goes(void **state)
{
    (void)state;
    parts_are_the_same(ends_early);
}

static void a_journal_that_begins_in_mid_call_is_the_same_from_there_on(void **state)
{
    (void)state;
    parts_are_the_same(begins_late);
}

static void a_part_of_a_call_is_the_same_as_far_as_it_goes(void **state)
{
    (void)state;
    parts_are_the_same(does_both);
}

/* ---- what was seen ---- */

static const struct mutation *find_mutation(const char *what)
{
    for (size_t i = 0; i < planted_mutation_count; i++) {
        if (g_str_equal(planted_mutations[i].what, what))
            return &planted_mutations[i];
    }
    fail_msg("no mutation “%s”", what);
    return NULL;
}

static json_int_t time_of(const GPtrArray *events, guint index)
{
    return json_integer_value(json_object_get(event_of(events, index), "timestamp"));
}

/* Is there such an event, all of them so long before the end that nothing excuses what is missing? */
static bool is_deep_inside(const GPtrArray *part, const char *path, const char *value,
                           bool ends_early)
{
    g_autoptr(GArray) all = events_with(part, path, value);

    if (all->len == 0)
        return false;
    const guint last = g_array_index(all, guint, all->len - 1);

    return !ends_early || time_of(part, part->len - 1) > time_of(part, last) + 2500000;
}

/* A change is planted into a part of the same call: it must be found there. */
static void is_found_in(const char *what, choose_part *choose, const char *path, const char *value)
{
    const struct mutation *mutation = find_mutation(what);
    g_autoptr(GRand) random = g_rand_new_with_seed(815);
    guint planted = 0;

    for (guint i = 0; i < lists->len; i++) {
        const GPtrArray *events = g_ptr_array_index(lists, i);
        guint from, until;

        choose(events->len, random, &from, &until);
        g_autoptr(GPtrArray) part = part_of(events, from, until);

        if (!has_sessions(part) || !is_deep_inside(part, path, value, from == 0) ||
            !mutation->plant(part, random))
            continue;
        struct diff_result *result = compare_events(events, part);

        if (result->first == NULL || result->first->lane != mutation->lane)
            fail_msg("%s: not found in events %u-%u of one of %s", what, from, until, kind_of(i));
        diff_free(result);
        planted++;
    }
    assert_true(planted >= 10);
}

static void what_differs_before_the_journal_ends_is_found(void **state)
{
    (void)state;
    is_found_in("another codec answered", ends_early, "jsep.type", "answer");
    is_found_in("DTLS connected lost", ends_early, "dtls", "connected");
    is_found_in("ICE failed", ends_early, "ice", "connecting");
}

static void what_differs_after_the_journal_begins_is_found(void **state)
{
    (void)state;
    is_found_in("hung up for another reason", begins_late, "connection", "hangup");
    is_found_in("session timed out", begins_late, "name", "destroyed");
    is_found_in("another codec answered", begins_late, "jsep.type", "answer");
}

/* ---- what a journal that goes on did not see did not happen ---- */

static const GPtrArray *events_of(const char *name)
{
    for (guint i = 0; i < recordings->len; i++) {
        if (g_str_equal(((struct recording *)g_ptr_array_index(recordings, i))->name, name))
            return g_ptr_array_index(lists, i);
    }
    fail_msg("no recording %s", name);
    return NULL;
}

/* Its server did something else, ten minutes later. */
static void go_on(GPtrArray *events)
{
    json_t *later = event_list_parse("{\"type\":4,\"event\":{\"schema\":\"x\",\"data\":{}}}");

    json_object_set_new(later, "timestamp",
                        json_integer(time_of(events, events->len - 1) + 600000000));
    g_ptr_array_add(events, later);
}

/* As far as before the first event that says so, and then nothing of this call. */
static GPtrArray *silent_from(const GPtrArray *events, const char *path, const char *value)
{
    GPtrArray *part = part_of(events, 0, find_event(events, path, value, 0));

    go_on(part);
    return part;
}

static void assert_first(const GPtrArray *whole, const GPtrArray *part, enum lane_kind lane)
{
    struct diff_result *result = compare_events(whole, part);
    g_autofree char *told = describe_result(result, false);

    if (result->first == NULL || result->first->lane != lane)
        fail_msg("%s", told);
    diff_free(result);
}

/* Is it told that of the failed call of this kind, what says so never came in another that is still open? */
static void is_missed(const char *name, const char *path, const char *value, enum lane_kind lane)
{
    const GPtrArray *whole = events_of(name);
    g_autoptr(GPtrArray) part = silent_from(whole, path, value);

    assert_first(whole, part, lane);
    assert_first(part, whole, lane);
}

/* When a call ends is up to people, that it fails is not: however soon they leave it then. */
static void a_failure_that_did_not_come_is_told_though_the_call_is_still_open(void **state)
{
    (void)state;
    is_missed("ice-failed/01", "event.ice", "failed", LANE_ICE);
    is_missed("ice-failed/01", "event.reason", "ICE failed", LANE_PC);
    is_missed("dtls-failed/01", "event.dtls", "failed", LANE_DTLS);
}

/* The same call, but left half a second after it was up. */
static GPtrArray *short_call_of(const GPtrArray *events)
{
    GPtrArray *call = event_list_copy(events);
    const guint up = find_event(call, "event.connection", "webrtcup", 0);

    g_ptr_array_remove_range(call, up + 1, find_event(call, "event.name", "destroyed", 0) - up - 1);
    for (guint i = up + 1; i < call->len; i++)
        json_object_set_new(event_of(call, i), "timestamp",
                            json_integer(time_of(call, up) + 500000 + i));
    return call;
}

static void a_call_that_never_came_up_is_told_though_the_other_was_left_soon(void **state)
{
    g_autoptr(GPtrArray) whole = short_call_of(events_of("echo-websocket/01"));
    g_autoptr(GPtrArray) part = silent_from(whole, "event.dtls", "connected");

    (void)state;
    assert_first(whole, part, LANE_DTLS);
}

/* That people talk longer is none. */
static void that_a_call_goes_on_is_no_difference(void **state)
{
    const GPtrArray *whole = events_of("echo-websocket/01");
    g_autoptr(GPtrArray) part = silent_from(whole, "event.name", "destroyed");

    (void)state;
    assert_true(is_the_same(whole, part));
}

static void a_word_that_is_missing_in_a_journal_that_goes_on_is_told(void **state)
{
    const GPtrArray *whole = events_of("echo-websocket/01");
    g_autoptr(GPtrArray) without = event_list_copy(whole);

    (void)state;
    g_ptr_array_remove_index(without, find_event(without, "event.name", "detached", 0));
    g_ptr_array_set_size(without, (gint)without->len - 1); /* that the server stopped */
    go_on(without);
    assert_first(whole, without, LANE_HANDLE);
}

/* The journal tells of its server's start, so it did not begin in the middle of anything. */
static void a_lost_beginning_is_not_taken_for_one_that_was_before_the_journal(void **state)
{
    const GPtrArray *whole = events_of("echo-websocket/01");
    g_autoptr(GPtrArray) without = event_list_copy(whole);

    (void)state;
    g_ptr_array_remove_index(without, find_event(without, "event.name", "created", 0));
    struct diff_result *result = compare_events(whole, without);

    assert_int_equal(result->first->lane, LANE_SESSION);
    assert_int_equal(result->limits->len, 0);
    diff_free(result);
}

/* The journal begins behind the session's first event, and before she joins: it knows of whom that is told. */
static void a_word_without_handle_is_missed_where_the_join_was_seen(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_copy(events_of("room/01"));
    const guint attached = find_event(whole, "event.name", "attached", 0);
    const guint leaving = find_event(whole, "event.data.event", "leaving", 0);
    json_t *kicked =
        json_deep_copy(event_of(whole, find_event(whole, "event.data.event", "leaving", 1)));

    (void)state;
    g_autoptr(GPtrArray) part = part_of(whole, attached, whole->len);

    json_object_set_new(value_at(kicked, "event.data"), "event", json_string("kicked"));
    json_object_set_new(kicked, "timestamp", json_integer(time_of(whole, leaving)));
    g_ptr_array_insert(whole, (gint)leaving, kicked);
    assert_first(whole, part, LANE_PLUGIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_journal_that_ends_in_mid_call_is_the_same_as_far_as_it_goes),
        cmocka_unit_test(a_journal_that_begins_in_mid_call_is_the_same_from_there_on),
        cmocka_unit_test(a_part_of_a_call_is_the_same_as_far_as_it_goes),
        cmocka_unit_test(what_differs_before_the_journal_ends_is_found),
        cmocka_unit_test(what_differs_after_the_journal_begins_is_found),
        cmocka_unit_test(a_failure_that_did_not_come_is_told_though_the_call_is_still_open),
        cmocka_unit_test(a_call_that_never_came_up_is_told_though_the_other_was_left_soon),
        cmocka_unit_test(that_a_call_goes_on_is_no_difference),
        cmocka_unit_test(a_word_that_is_missing_in_a_journal_that_goes_on_is_told),
        cmocka_unit_test(a_lost_beginning_is_not_taken_for_one_that_was_before_the_journal),
        cmocka_unit_test(a_word_without_handle_is_missed_where_the_join_was_seen),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

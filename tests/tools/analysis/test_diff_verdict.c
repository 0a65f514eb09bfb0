/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is first among several differences, and what means less than it could: changes of one sample
 * each. Single changes of all kinds are planted by test_mutations.c. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

static json_t *event_at(const GPtrArray *events, guint index)
{
    return g_ptr_array_index(events, index);
}

static void set_string(GPtrArray *events, guint index, const char *object, const char *key,
                       const char *value)
{
    json_t *changed = value_at(event_at(events, index), object);

    assert_int_equal(json_object_set_new(changed, key, json_string(value)), 0);
}

static void remove_event(GPtrArray *events, const char *path, const char *value)
{
    g_ptr_array_remove_index(events, find_event(events, path, value, 0));
}

/* ---- first ---- */

static void remove_pair(GPtrArray *events)
{
    for (guint i = events->len; i-- > 0;) {
        if (value_at(event_at(events, i), "event.selected-pair") != NULL)
            g_ptr_array_remove_index(events, i);
    }
}

static void time_out_session(GPtrArray *events)
{
    set_string(events, find_event(events, "event.name", "destroyed", 0), "event", "name",
               "timeout");
}

/* Janus tells the pair a moment before the state, but the state is the cause to look at. */
static void among_what_happens_at_once_the_cause_comes_first(void **state)
{
    g_autoptr(GPtrArray) original = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    (void)state;
    remove_pair(changed);
    remove_event(changed, "event.ice", "ready");
    remove_event(changed, "event.ice", "connected");
    remove_event(changed, "event.ice", "connected");
    struct diff_result *result = compare_events(original, changed);

    assert_non_null(find_difference(result, DIFF_OUTCOME, "pair"));
    assert_int_equal(result->first->lane, LANE_ICE);
    diff_free(result);
}

/* A client that gives up at once takes the session down while ICE is still failing. */
static void what_fails_comes_before_the_end_that_follows(void **state)
{
    g_autoptr(GPtrArray) original = event_list_load("echo2");
    const guint ready = find_event(original, "event.ice", "ready", 0);
    const guint destroyed = find_event(original, "event.name", "destroyed", 0);
    const json_t *last = value_at(event_at(original, ready), "timestamp");

    (void)state;
    json_integer_set(value_at(event_at(original, destroyed), "timestamp"),
                     json_integer_value(last) + 10000);
    g_ptr_array_remove_range(original, destroyed + 1, original->len - destroyed - 1);
    g_ptr_array_remove_range(original, ready + 1, destroyed - ready - 1);
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    remove_event(changed, "event.ice", "ready");
    remove_event(changed, "event.ice", "connected");
    time_out_session(changed);
    struct diff_result *result = compare_events(original, changed);

    assert_non_null(find_difference(result, DIFF_OUTCOME, "session"));
    assert_int_equal(result->first->lane, LANE_ICE);
    diff_free(result);
}

/* ---- less than it could be ---- */

/* Replace text in an SDP. */
static void edit_sdp(GPtrArray *events, const char *type, const char *from, const char *to)
{
    const guint index = find_event(events, "event.jsep.type", type, 0);
    const char *sdp = json_string_value(value_at(event_at(events, index), "event.jsep.sdp"));
    g_auto(GStrv) parts = g_strsplit(sdp, from, -1);
    g_autofree char *edited = g_strjoinv(to, parts);

    assert_true(g_strv_length(parts) > 1);
    set_string(events, index, "event.jsep", "sdp", edited);
}

static void lose_vp8(GPtrArray *events)
{
    edit_sdp(events, "offer", "a=rtpmap:96 VP8/90000\r\n", "");
    edit_sdp(events, "offer", "SAVPF 96 97 ", "SAVPF ");
}

static void a_missing_codec_is_told_once(void **state)
{
    g_autoptr(GPtrArray) original = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    (void)state;
    lose_vp8(changed);
    struct diff_result *result = compare_events(original, changed);
    const struct difference *one = find_difference(result, DIFF_NEGOTIATION, "signalling");

    for (guint i = 0; i < one->changes->len; i++) {
        const struct change *change = g_ptr_array_index(one->changes, i);

        assert_false(g_str_has_suffix(change->path, "codec-order"));
    }
    diff_free(result);
}

/* carol leaves while she still answers: Janus may or may not hear of it. */
static void lose_the_last_answer(GPtrArray *events)
{
    guint last = 0;

    for (guint i = 0; i < events->len; i++) {
        const char *owner = json_string_value(value_at(event_at(events, i), "event.owner"));

        if (owner != NULL && strcmp(owner, "remote") == 0)
            last = i;
    }
    assert_int_equal(json_integer_value(value_at(event_at(events, last), "handle_id")),
                     5209200476002809);
    g_ptr_array_remove_index(events, last);
}

static void lose_the_last_hangup(GPtrArray *events)
{
    remove_event(events, "event.connection", "hangup");
}

static struct diff_result *compare_changed(const char *sample, void (*change)(GPtrArray *events))
{
    g_autoptr(GPtrArray) original = event_list_load(sample);
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    change(changed);
    return compare_events(original, changed);
}

static void what_is_lost_at_the_end_of_a_good_call_is_a_note(void **state)
{
    struct diff_result *answer = compare_changed("room1", lose_the_last_answer);
    struct diff_result *hangup = compare_changed("mute", lose_the_last_hangup);

    (void)state;
    assert_non_null(find_difference(answer, DIFF_NOTE, "signalling"));
    assert_int_equal(answer->verdict, DIFF_SAME);
    assert_non_null(find_difference(hangup, DIFF_NOTE, "pc"));
    assert_int_equal(hangup->verdict, DIFF_SAME);
    diff_free(answer);
    diff_free(hangup);
}

static void the_hangup_of_a_failed_call_is_no_end_of_a_good_one(void **state)
{
    struct diff_result *result = compare_changed("dtlsfail", lose_the_last_hangup);

    (void)state;
    assert_non_null(find_difference(result, DIFF_OUTCOME, "pc"));
    diff_free(result);
}

/* carol's two subscribers attach, and ask, in the other order. */
static void swap_subscribers(GPtrArray *events)
{
    static const json_int_t handles[] = {5209200476002809, 5792910804925425};
    guint attached[2] = {0, 0};

    for (guint i = events->len; i-- > 0;) {
        const json_int_t id = json_integer_value(value_at(event_at(events, i), "handle_id"));

        for (int k = 0; k < 2; k++)
            attached[k] = id == handles[k] ? i : attached[k];
    }
    gpointer first = events->pdata[attached[0]];

    events->pdata[attached[0]] = events->pdata[attached[1]];
    events->pdata[attached[1]] = first;
}

/* A subscriber's first media is known by its statistics only: one of them later is no slower call.
 */
static void lose_the_first_statistics(GPtrArray *events)
{
    int lost = 0;

    for (guint i = 0; i < events->len && lost < 2;) {
        const json_t *event = event_at(events, i);
        const json_int_t handle = json_integer_value(value_at(event, "handle_id"));

        if (handle == 4759491398610743 && value_at(event, "event.packets-sent") != NULL) {
            g_ptr_array_remove_index(events, i);
            lost++;
        } else {
            i++;
        }
    }
    assert_int_equal(lost, 2);
}

static void who_is_who_does_not_depend_on_who_came_first(void **state)
{
    struct diff_result *result = compare_changed("room1", swap_subscribers);

    (void)state;
    assert_int_equal(result->verdict, DIFF_IDENTICAL);
    diff_free(result);
}

static void media_that_are_known_by_statistics_are_not_judged_by_their_time(void **state)
{
    struct diff_result *result = compare_changed("room1", lose_the_first_statistics);

    (void)state;
    assert_int_equal(result->verdict, DIFF_IDENTICAL);
    diff_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(among_what_happens_at_once_the_cause_comes_first),
        cmocka_unit_test(what_fails_comes_before_the_end_that_follows),
        cmocka_unit_test(a_missing_codec_is_told_once),
        cmocka_unit_test(what_is_lost_at_the_end_of_a_good_call_is_a_note),
        cmocka_unit_test(the_hangup_of_a_failed_call_is_no_end_of_a_good_one),
        cmocka_unit_test(who_is_who_does_not_depend_on_who_came_first),
        cmocka_unit_test(media_that_are_known_by_statistics_are_not_judged_by_their_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

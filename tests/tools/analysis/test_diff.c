/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail", "room1"};

/* The first of what the comparison could not see. */
static const char *limit_of(const struct diff_result *result)
{
    return ((struct diff_limit *)g_ptr_array_index(result->limits, 0))->text;
}

static void any_sample_with_itself_is_identical(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        struct diff_result *result = compare_samples(samples[i], samples[i]);

        assert_int_equal(result->verdict, DIFF_IDENTICAL);
        assert_int_equal(result->differences->len, 0);
        assert_int_equal(result->limits->len, 0);
        assert_int_equal(result->ignored, 0);
        assert_null(result->first);
        diff_free(result);
    }
}

/* The same call over HTTP and over WebSocket, with other ids and candidates. */
static void two_good_calls_differ_by_a_transport_note_only(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo1", "echo2");

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_int_equal(result->differences->len, 1);
    assert_non_null(find_difference(result, DIFF_NOTE, "transport"));
    assert_null(result->first);
    assert_true(result->ignored > 0);
    diff_free(result);
}

static void a_failed_dtls_is_the_first_divergence(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo2", "dtlsfail");

    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    assert_int_equal(result->first->lane, LANE_DTLS);
    assert_int_equal(result->first->class, DIFF_OUTCOME);
    assert_string_equal(result->first->a.key, "connected");
    assert_string_equal(result->first->b.key, "failed");
    assert_true(result->context_a->len > 0);
    assert_true(result->context_b->len > 0);
    diff_free(result);
}

/* Both call "alice" and "dtlsfail" what the page named itself: an id, not a difference. */
static void another_opaque_id_is_no_difference(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo2", "dtlsfail");

    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        assert_int_not_equal(one->class, DIFF_IDENTITY);
        assert_int_not_equal(one->lane, LANE_HANDLE);
    }
    diff_free(result);
}

static void a_muted_call_differs_where_it_was_muted(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo2", "mute");

    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    assert_int_equal(result->first->lane, LANE_PLUGIN);
    assert_null(result->first->a.key);
    assert_non_null(strstr(result->first->b.detail, "audio_active=false"));
    assert_string_equal(find_difference(result, DIFF_STRUCTURE, "media 0 audio")->b.key, "stopped");
    assert_string_equal(find_difference(result, DIFF_STRUCTURE, "media 1 video")->b.key, "stopped");
    assert_non_null(find_difference(result, DIFF_QUALITY, "stats 1 video"));
    assert_null(find_difference(result, DIFF_NEGOTIATION, "signalling"));
    assert_int_equal(result->counts[DIFF_OUTCOME], 0);
    diff_free(result);
}

/* Statistics are no step of a lane, yet they are what is pointed at; the other side shows what it
 * did at that time. */
static void statistics_have_a_row_of_their_own_at_the_first_divergence(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) without = event_list_copy(whole);

    (void)state;
    for (guint i = without->len; i-- > 0;) {
        if (value_at(g_ptr_array_index(without, i), "event.packets-sent") != NULL)
            g_ptr_array_remove_index(without, i);
    }
    struct diff_result *result = compare_events(whole, without);
    unsigned marked = 0;

    assert_string_equal(result->first->lane_name, "stats 0 audio");
    for (guint i = 0; i < result->context_a->len; i++) {
        const struct diff_context *line = g_ptr_array_index(result->context_a, i);

        assert_true(!line->here || g_str_equal(line->lane_name, "stats 0 audio"));
        marked += line->here;
    }
    assert_int_equal(marked, 1);
    for (guint i = 0; i < result->context_b->len; i++) {
        const struct diff_context *line = g_ptr_array_index(result->context_b, i);

        assert_false(line->here);
        assert_string_not_equal(line->key, "created");
    }
    assert_true(result->context_b->len > 0);
    diff_free(result);
}

static void the_other_way_round_is_the_mirror(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(samples); k++) {
            struct diff_result *there = compare_samples(samples[i], samples[k]);
            struct diff_result *back = compare_samples(samples[k], samples[i]);
            g_autofree char *told_there = describe_result(there, false);
            g_autofree char *told_back = describe_result(back, true);

            assert_string_equal(told_there, told_back);
            diff_free(there);
            diff_free(back);
        }
    }
}

static void differences_come_heaviest_first(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("dtlsfail", "mute");

    for (guint i = 1; i < result->differences->len; i++) {
        const struct difference *before = g_ptr_array_index(result->differences, i - 1);
        const struct difference *one = g_ptr_array_index(result->differences, i);

        assert_true(before->class <= one->class);
    }
    diff_free(result);
}

/* echo1 has one session, room1 three of another plugin: four lines, not hundreds. */
static void sessions_without_counterpart_are_listed_not_exploded(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo1", "room1");

    assert_int_equal(result->sessions->len, 0);
    assert_int_equal(result->differences->len, 4);
    assert_int_equal(result->counts[DIFF_STRUCTURE], 4);
    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    diff_free(result);
}

static void sessions_that_are_named_are_compared_whatever_they_are(void **state)
{
    (void)state;
    struct model *echo = model_of_sample("echo1"), *room = model_of_sample("room1");
    struct rules *rules = rules_new();
    struct diff_result *result = diff_models(echo, g_ptr_array_index(model_sessions(echo), 0), room,
                                             g_ptr_array_index(model_sessions(room), 0), rules);

    assert_int_equal(result->sessions->len, 1);
    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    assert_non_null(find_difference(result, DIFF_STRUCTURE, "handle"));
    diff_free(result);
    rules_free(rules);
    model_free(echo);
    model_free(room);
}

/* Who gives two journals of one call each wants these compared. */
static void two_single_sessions_are_compared_whatever_they_are(void **state)
{
    g_autoptr(GPtrArray) a = event_list_load("echo2");
    g_autoptr(GPtrArray) b = event_list_copy(a);
    const guint attached = find_event(b, "event.name", "attached", 0);

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(b, attached), "event"), "plugin",
                        json_string("janus.plugin.other"));
    struct diff_result *result = compare_events(a, b);

    assert_int_equal(result->sessions->len, 1);
    assert_int_equal(result->counts[DIFF_STRUCTURE], 2); /* a handle of each side */
    diff_free(result);
}

static void milestones_count_from_the_start_of_the_session(void **state)
{
    (void)state;
    struct diff_result *result = compare_samples("echo1", "echo2");
    const struct diff_session *session = g_ptr_array_index(result->sessions, 0);
    const struct diff_handle *handle = g_ptr_array_index(session->handles, 0);
    const struct diff_epoch *epoch = g_ptr_array_index(handle->epochs, 0);

    assert_int_equal(epoch->milestones[MILESTONE_CREATED].a.time_us, 0);
    assert_int_equal(epoch->milestones[MILESTONE_CREATED].b.time_us, 0);
    assert_in_range(epoch->milestones[MILESTONE_FIRST_MEDIA].b.time_us, 170000, 172000);
    assert_false(epoch->milestones[MILESTONE_HANGUP].a.seen);
    assert_true(epoch->milestones[MILESTONE_DESTROYED].a.seen);
    diff_free(result);
}

/* What the journal stops before is not missing from the call. */
static void a_journal_that_ends_early_is_compared_as_far_as_it_goes(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) cut = event_list_copy(whole);

    (void)state;
    g_ptr_array_set_size(cut, 40);
    struct diff_result *result = compare_events(whole, cut);

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_int_equal(result->limits->len, 1);
    assert_non_null(strstr(limit_of(result), "B: session"));
    diff_free(result);
}

/* The first statistics of echo2 come at +1.5 s. */
static void statistics_behind_the_end_of_a_journal_are_not_missing(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) cut = event_list_copy(whole);
    const guint statistics = find_event(cut, "event.media", "audio", 1);

    (void)state;
    assert_non_null(value_at(g_ptr_array_index(cut, statistics), "event.packets-sent"));
    g_ptr_array_set_size(cut, (gint)statistics);
    struct diff_result *result = compare_events(whole, cut);
    const struct difference *audio = find_difference(result, DIFF_NOTE, "stats 0 audio");

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_non_null(audio);
    assert_string_equal(audio->remark, "the other journal ends before");
    diff_free(result);
}

static struct diff_result *compare_filtered(struct model *a, struct model *b)
{
    struct rules *rules = rules_new();

    model_set_scope(a, MODEL_FILTERED);
    model_set_scope(b, MODEL_FILTERED);
    struct diff_result *result = diff_models(a, NULL, b, NULL, rules);

    rules_free(rules);
    model_free(a);
    model_free(b);
    return result;
}

/* That neither side tells of the end of the session does not mean that it stops early. */
static void of_selected_events_it_is_only_said_that_they_were_selected(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) jsep = event_list_copy(whole);

    (void)state;
    for (guint i = jsep->len; i-- > 0;) {
        if (value_at(g_ptr_array_index(jsep, i), "event.jsep") == NULL)
            g_ptr_array_remove_index(jsep, i);
    }
    g_autoptr(GPtrArray) offer = event_list_copy(jsep);

    g_ptr_array_set_size(offer, (gint)jsep->len - 1);
    struct diff_result *same = compare_filtered(model_of(jsep), model_of(jsep));
    struct diff_result *less = compare_filtered(model_of(jsep), model_of(offer));

    assert_int_equal(same->limits->len, 1);
    assert_non_null(strstr(limit_of(same), "Not all events were selected"));
    assert_null(find_difference(less, DIFF_NOTE, "signalling"));
    assert_int_equal(less->verdict, DIFF_DIFFERENT);
    diff_free(same);
    diff_free(less);
}

static void a_journal_that_starts_late_is_compared_as_far_as_it_goes(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) cut = event_list_copy(whole);
    const guint attached = find_event(cut, "event.name", "attached", 0);

    (void)state;
    g_ptr_array_remove_range(cut, 0, attached + 1);
    struct diff_result *result = compare_events(whole, cut);

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_int_equal(result->limits->len, 1);
    diff_free(result);
}

/* What came before the journal began is no news, what came behind it is. */
static void
a_journal_that_starts_in_mid_call_lacks_nothing_but_what_came_behind_its_start(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");
    g_autoptr(GPtrArray) cut = event_list_copy(whole);

    (void)state;
    g_ptr_array_remove_range(cut, 0, find_event(cut, "event.dtls", "connected", 0));
    struct diff_result *same = compare_events(whole, cut);
    const struct difference *offer = find_difference(same, DIFF_NOTE, "signalling");

    assert_int_equal(same->verdict, DIFF_SAME);
    assert_non_null(offer);
    assert_string_equal(offer->remark, "the other journal starts later");
    assert_null(find_difference(same, DIFF_NEGOTIATION, "candidates"));
    assert_false(((struct diff_handle *)g_ptr_array_index(
                      ((struct diff_session *)g_ptr_array_index(same->sessions, 0))->handles, 0))
                     ->evaluated[DIFF_NEGOTIATION]);

    g_ptr_array_remove_index(cut, find_event(cut, "event.connection", "webrtcup", 0));
    struct diff_result *less = compare_events(whole, cut);

    assert_int_equal(less->verdict, DIFF_DIFFERENT);
    assert_non_null(find_difference(less, DIFF_OUTCOME, "pc"));
    diff_free(same);
    diff_free(less);
}

/* The sample and what is left of it from each event on, up to the one that has this value. */
static void assert_same_from_anywhere(const char *name, const char *path, const char *value)
{
    g_autoptr(GPtrArray) whole = event_list_load(name);
    const guint last = find_event(whole, path, value, 0);

    for (guint start = 1; start <= last; start++) {
        g_autoptr(GPtrArray) cut = event_list_copy(whole);

        g_ptr_array_remove_range(cut, 0, start);
        struct diff_result *result = compare_events(whole, cut);

        if (result->verdict == DIFF_DIFFERENT)
            fail_msg("%s from event %u on: %s", name, start, result->first->lane_name);
        diff_free(result);
    }
}

static void wherever_in_the_setup_a_journal_starts_the_call_is_the_same(void **state)
{
    (void)state;
    assert_same_from_anywhere("echo2", "event.connection", "webrtcup");
    assert_same_from_anywhere("dtlsfail", "event.dtls", "trying");
}

/* Then nothing can have been under way before: what is missing was not told. */
static void in_a_journal_of_a_whole_server_the_start_of_a_session_is_missing(void **state)
{
    g_autoptr(GPtrArray) whole = event_list_load("echo2");

    (void)state;
    g_ptr_array_insert(whole, 0,
                       event_list_parse("{\"type\":256,\"subtype\":1,\"timestamp\":1,"
                                        "\"event\":{\"status\":\"started\"}}"));
    g_autoptr(GPtrArray) cut = event_list_copy(whole);

    g_ptr_array_remove_index(cut, find_event(cut, "event.name", "created", 0));
    struct diff_result *result = compare_events(whole, cut);

    assert_non_null(find_difference(result, DIFF_STRUCTURE, "session"));
    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    diff_free(result);
}

/* All events from here on come that much later. */
static void delay_from(const GPtrArray *events, guint index, int64_t by_us)
{
    for (guint i = index; i < events->len; i++) {
        json_t *timestamp = value_at(g_ptr_array_index(events, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + by_us);
    }
}

/* One is heard no more, and times out; the other had been hung up by then, which is no reason to
 * blame it. */
static void how_long_a_call_lasts_does_not_decide_where_two_part(void **state)
{
    g_autoptr(GPtrArray) brief = event_list_load("echo2");
    g_autoptr(GPtrArray) failing = event_list_copy(brief);
    const guint destroyed = find_event(failing, "event.name", "destroyed", 0);
    json_t *stopped =
        json_deep_copy(g_ptr_array_index(failing, find_event(failing, "event.media", "audio", 0)));

    (void)state;
    json_object_set_new(value_at(stopped, "event"), "receiving", json_false());
    json_object_set_new(value_at(g_ptr_array_index(failing, destroyed), "event"), "name",
                        json_string("timeout"));
    delay_from(failing, destroyed, 1000000);
    json_object_set_new(stopped, "timestamp",
                        json_copy(value_at(g_ptr_array_index(failing, destroyed), "timestamp")));
    delay_from(failing, destroyed, 4000000);
    g_ptr_array_insert(failing, (gint)destroyed, stopped);
    struct diff_result *result = compare_events(brief, failing);

    assert_non_null(find_difference(result, DIFF_OUTCOME, "session"));
    assert_int_equal(result->first->lane, LANE_MEDIA);
    diff_free(result);
}

static void a_gap_in_the_journal_is_named(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    struct model *a = model_of(events), *b = model_of(events);
    const struct model_session *session = g_ptr_array_index(model_sessions(b), 0);
    const struct evj_record gap = {.kind = EVJ_RECORD_GAP,
                                   .has_seq = true,
                                   .seq = 100,
                                   .mono_us = session->first_us + 1000000,
                                   .gap = {.events = 7, .until_us = session->first_us + 1200000}};
    struct rules *rules = rules_new();

    (void)state;
    model_add(b, &gap);
    struct diff_result *result = diff_models(a, NULL, b, NULL, rules);

    assert_int_equal(result->limits->len, 1);
    assert_non_null(strstr(limit_of(result), "B: 7 events were lost at +1.000"));
    diff_free(result);
    rules_free(rules);
    model_free(a);
    model_free(b);
}

/* What tears itself down at random is a table of few things: nothing else is excused by being late. */
static void what_happens_in_the_last_second_weighs_all_the_same(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) kicked = event_list_copy(events);
    const guint detached = find_event(kicked, "event.name", "detached", 0);
    json_t *event = json_deep_copy(g_ptr_array_index(kicked, detached));

    (void)state;
    json_object_set_new(event, "type", json_integer(64));
    json_object_set_new(
        event, "event",
        json_pack("{s:s,s:{s:s}}", "plugin", "janus.plugin.echotest", "data", "event", "kicked"));
    g_ptr_array_insert(kicked, (gint)detached, event);
    struct diff_result *result = compare_events(events, kicked);
    const struct difference *one = find_difference(result, DIFF_STRUCTURE, "plugin");

    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    assert_non_null(one);
    assert_string_equal(one->b.key, "echotest kicked");
    assert_null(one->remark);
    diff_free(result);
}

/* It may be that DTLS did connect. */
static void what_a_gap_could_explain_says_so(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) holed = event_list_copy(events);
    const guint connected = find_event(holed, "event.dtls", "connected", 0);
    const json_t *when = value_at(g_ptr_array_index(holed, connected), "timestamp");
    const int64_t lost_us = json_integer_value(when);

    (void)state;
    g_ptr_array_remove_index(holed, connected);
    struct model *a = model_of(events), *b = model_of(holed);
    const struct evj_record gap = {.kind = EVJ_RECORD_GAP,
                                   .has_seq = true,
                                   .mono_us = lost_us,
                                   .gap = {.events = 7, .until_us = lost_us}};
    struct rules *rules = rules_new();

    model_add(b, &gap);
    struct diff_result *result = diff_models(a, NULL, b, NULL, rules);
    const struct difference *one = find_difference(result, DIFF_OUTCOME, "dtls");

    assert_string_equal(one->remark, "7 events of B were lost about here");
    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    diff_free(result);
    rules_free(rules);
    model_free(a);
    model_free(b);
}

/* In every statistics event, so told once. */
static void an_unknown_field_of_statistics_is_compared_once(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) other = event_list_copy(events);

    (void)state;
    for (guint i = 0; i < other->len; i++) {
        json_t *body = value_at(g_ptr_array_index(other, i), "event");

        if (json_object_get(body, "packets-sent") == NULL)
            continue;
        json_object_set_new(body, "mood", json_string("gloomy"));
        json_object_set_new(body, "ticks", json_integer(i));
    }
    struct diff_result *result = compare_events(events, other);
    struct diff_result *same = compare_events(other, other);
    const struct difference *one = find_difference(result, DIFF_STRUCTURE, "stats 0 audio");

    assert_int_equal(one->changes->len, 2);
    assert_string_equal(((struct change *)g_ptr_array_index(one->changes, 0))->path, "media.mood");
    assert_null(((struct change *)g_ptr_array_index(one->changes, 0))->a);
    assert_string_equal(((struct change *)g_ptr_array_index(one->changes, 0))->b, "\"gloomy\"");
    assert_string_equal(((struct change *)g_ptr_array_index(one->changes, 1))->b, "number");
    assert_int_equal(result->differences->len, 3);
    assert_int_equal(same->verdict, DIFF_IDENTICAL);
    diff_free(result);
    diff_free(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_sample_with_itself_is_identical),
        cmocka_unit_test(two_good_calls_differ_by_a_transport_note_only),
        cmocka_unit_test(a_failed_dtls_is_the_first_divergence),
        cmocka_unit_test(another_opaque_id_is_no_difference),
        cmocka_unit_test(a_muted_call_differs_where_it_was_muted),
        cmocka_unit_test(statistics_have_a_row_of_their_own_at_the_first_divergence),
        cmocka_unit_test(the_other_way_round_is_the_mirror),
        cmocka_unit_test(differences_come_heaviest_first),
        cmocka_unit_test(sessions_without_counterpart_are_listed_not_exploded),
        cmocka_unit_test(sessions_that_are_named_are_compared_whatever_they_are),
        cmocka_unit_test(two_single_sessions_are_compared_whatever_they_are),
        cmocka_unit_test(milestones_count_from_the_start_of_the_session),
        cmocka_unit_test(a_journal_that_ends_early_is_compared_as_far_as_it_goes),
        cmocka_unit_test(statistics_behind_the_end_of_a_journal_are_not_missing),
        cmocka_unit_test(of_selected_events_it_is_only_said_that_they_were_selected),
        cmocka_unit_test(a_journal_that_starts_late_is_compared_as_far_as_it_goes),
        cmocka_unit_test(wherever_in_the_setup_a_journal_starts_the_call_is_the_same),
        cmocka_unit_test(
            a_journal_that_starts_in_mid_call_lacks_nothing_but_what_came_behind_its_start),
        cmocka_unit_test(in_a_journal_of_a_whole_server_the_start_of_a_session_is_missing),
        cmocka_unit_test(how_long_a_call_lasts_does_not_decide_where_two_part),
        cmocka_unit_test(a_gap_in_the_journal_is_named),
        cmocka_unit_test(what_happens_in_the_last_second_weighs_all_the_same),
        cmocka_unit_test(what_a_gap_could_explain_says_so),
        cmocka_unit_test(an_unknown_field_of_statistics_is_compared_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

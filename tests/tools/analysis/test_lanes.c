/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

struct fixture {
    struct rules *rules;
    struct model *model;
    const struct model_handle *handle;
    GPtrArray *lanes; /* of its first PeerConnection */
};

static void open_events(struct fixture *fixture, const GPtrArray *events)
{
    fixture->rules = rules_new();
    fixture->model = model_of(events);
    const struct model_session *session = g_ptr_array_index(model_sessions(fixture->model), 0);

    fixture->handle = g_ptr_array_index(session->handles, 0);
    fixture->lanes = lanes_of_epoch(g_ptr_array_index(fixture->handle->epochs, 0), fixture->rules);
}

static void open_sample(struct fixture *fixture, const char *name)
{
    g_autoptr(GPtrArray) events = event_list_load(name);

    open_events(fixture, events);
}

static void close_sample(struct fixture *fixture)
{
    g_ptr_array_unref(fixture->lanes);
    model_free(fixture->model);
    rules_free(fixture->rules);
}

/* "gathering connecting usable" */
static char *keys_of(const struct fixture *fixture, enum lane_kind kind, const char *name)
{
    const struct lane *lane = lanes_find(fixture->lanes, kind, name);
    GString *keys = g_string_new(NULL);

    assert_non_null(lane);
    for (guint i = 0; i < lane->steps->len; i++) {
        const struct step *step = g_ptr_array_index(lane->steps, i);

        g_string_append_printf(keys, "%s%s", i > 0 ? ", " : "", step->key);
    }
    return g_string_free(keys, FALSE);
}

static void assert_lane(const struct fixture *fixture, enum lane_kind kind, const char *name,
                        const char *expected)
{
    g_autofree char *keys = keys_of(fixture, kind, name);

    assert_string_equal(keys, expected);
}

static void each_state_machine_has_its_lane(void **state)
{
    struct fixture fixture;

    (void)state;
    open_sample(&fixture, "echo2");
    assert_lane(&fixture, LANE_SIGNALLING, "signalling", "remote offer, local answer");
    assert_lane(&fixture, LANE_PAIR, "pair", "selected");
    assert_lane(&fixture, LANE_DTLS, "dtls", "trying, connected");
    assert_lane(&fixture, LANE_PC, "pc", "webrtcup");
    assert_lane(&fixture, LANE_MEDIA, "media 0 audio", "receiving");
    assert_lane(&fixture, LANE_MEDIA, "media 1 video", "receiving");
    assert_int_equal(fixture.lanes->len, 7);
    close_sample(&fixture);
}

/* echo1 says connected once; echo2 connected, ready, connected. Both mean: media can flow. */
static void connected_and_ready_are_one_state(void **state)
{
    static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail"};
    struct fixture fixture;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        open_sample(&fixture, samples[i]);
        assert_lane(&fixture, LANE_ICE, "ice", "gathering, connecting, usable");
        close_sample(&fixture);
    }
}

/* What goes wrong between two good states is not swallowed by them. */
static void failed_and_disconnected_stay(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    const guint ready = find_event(events, "event.ice", "ready", 0);
    struct fixture fixture;

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(events, ready), "event"), "ice",
                        json_string("disconnected"));
    open_events(&fixture, events);
    assert_lane(&fixture, LANE_ICE, "ice", "gathering, connecting, usable, disconnected, usable");
    close_sample(&fixture);
}

static void a_repeated_state_keeps_its_greatest_number(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    const guint trying = find_event(events, "event.dtls", "trying", 0);
    struct fixture fixture;

    (void)state;
    for (int i = 3; i >= 1; i--) {
        json_t *again = json_deep_copy(g_ptr_array_index(events, trying));

        json_object_set_new(value_at(again, "event"), "retransmissions", json_integer(i));
        g_ptr_array_insert(events, (gint)trying + 1, again);
    }
    json_t *last = json_deep_copy(g_ptr_array_index(events, trying));

    g_ptr_array_insert(events, (gint)trying + 4, last);
    open_events(&fixture, events);
    assert_lane(&fixture, LANE_DTLS, "dtls", "trying, connected");
    const struct step *step =
        g_ptr_array_index(lanes_find(fixture.lanes, LANE_DTLS, "dtls")->steps, 0);

    assert_int_equal(step->count, 5);
    assert_string_equal(attributes_get(step->attributes, "webrtc.retransmissions"), "3");
    close_sample(&fixture);
}

static void set_text(const GPtrArray *events, guint index, const char *key, const char *value)
{
    json_object_set_new(value_at(g_ptr_array_index(events, index), "event"), key,
                        json_string(value));
}

static const char *said_by_first_step(const struct fixture *fixture, enum lane_kind kind,
                                      const char *name, const char *path)
{
    const struct step *step = g_ptr_array_index(lanes_find(fixture->lanes, kind, name)->steps, 0);

    return attributes_get(step->attributes, path);
}

/* "trying" is told twice here, once with a word that nobody knows. */
static void what_a_state_said_once_is_not_lost_when_it_is_repeated(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    const guint trying = find_event(events, "event.dtls", "trying", 0);
    struct fixture fixture;

    (void)state;
    g_ptr_array_insert(events, (gint)trying, json_deep_copy(g_ptr_array_index(events, trying)));
    set_text(events, trying, "cipher", "none");
    open_events(&fixture, events);
    assert_string_equal(said_by_first_step(&fixture, LANE_DTLS, "dtls", "webrtc.cipher"), "none");
    close_sample(&fixture);
}

static void a_plugin_event_is_told_beside_its_data_too(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("room1");
    const guint joined = find_event(events, "event.data.event", "joined", 0);
    struct fixture fixture;

    (void)state;
    set_text(events, joined, "dialect", "none");
    open_events(&fixture, events);
    g_ptr_array_unref(fixture.lanes);
    fixture.lanes = lanes_of_handle(fixture.handle, fixture.rules);
    assert_string_equal(said_by_first_step(&fixture, LANE_PLUGIN, "plugin", "plugins.dialect"),
                        "none");
    close_sample(&fixture);
}

static void new_ice_credentials_are_told_as_a_restart(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    const guint offer = find_event(events, "event.jsep.type", "offer", 0);
    const guint up = find_event(events, "event.connection", "webrtcup", 0);
    json_t *again = json_deep_copy(g_ptr_array_index(events, offer));
    const char *sdp = json_string_value(value_at(again, "event.jsep.sdp"));
    g_auto(GStrv) parts = g_strsplit(sdp, "a=ice-ufrag:wwQq", -1);
    g_autofree char *restarted = g_strjoinv("a=ice-ufrag:zzzz", parts);
    struct fixture fixture;

    (void)state;
    json_object_set_new(value_at(again, "event.jsep"), "sdp", json_string(restarted));
    g_ptr_array_insert(events, (gint)up + 1, again);
    open_events(&fixture, events);
    const GPtrArray *steps = lanes_find(fixture.lanes, LANE_SIGNALLING, "signalling")->steps;
    const struct step *first = g_ptr_array_index(steps, 0), *second = g_ptr_array_index(steps, 2);

    assert_null(attributes_get(first->attributes, "sdp.ice-restart"));
    assert_string_equal(attributes_get(second->attributes, "sdp.ice-restart"), "yes");
    close_sample(&fixture);
}

static void steps_of_the_handle_are_told_apart_by_what_the_plugin_says(void **state)
{
    struct fixture fixture;

    (void)state;
    open_sample(&fixture, "room1");
    g_ptr_array_unref(fixture.lanes);
    fixture.lanes = lanes_of_handle(fixture.handle, fixture.rules);
    assert_lane(&fixture, LANE_HANDLE, "handle", "attached, detached");
    assert_lane(&fixture, LANE_PLUGIN, "plugin",
                "videoroom joined, videoroom configured, videoroom published, "
                "videoroom unpublished, videoroom leaving");
    close_sample(&fixture);
}

static void an_event_of_an_unknown_kind_has_a_lane_too(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    const guint trying = find_event(events, "event.dtls", "trying", 0);
    json_t *event = g_ptr_array_index(events, trying);
    struct fixture fixture;

    (void)state;
    json_object_set_new(event, "subtype", json_integer(7));
    json_object_clear(value_at(event, "event"));
    json_object_set_new(value_at(event, "event"), "quantum", json_string("entangled"));
    open_events(&fixture, events);
    assert_lane(&fixture, LANE_OTHER, "other", "event 16/7");
    close_sample(&fixture);
}

static void a_missing_step_weighs_by_what_it_is(void **state)
{
    (void)state;
    assert_int_equal(lane_missing_class(LANE_DTLS, "connected"), DIFF_OUTCOME);
    assert_int_equal(lane_missing_class(LANE_DTLS, "trying"), DIFF_STRUCTURE);
    assert_int_equal(lane_missing_class(LANE_ICE, "failed"), DIFF_OUTCOME);
    assert_int_equal(lane_missing_class(LANE_SESSION, "timeout"), DIFF_OUTCOME);
    assert_int_equal(lane_missing_class(LANE_TRANSPORT, "connected"), DIFF_NOTE);
    assert_int_equal(lane_missing_class(LANE_PLUGIN, "audiobridge stopped-talking"), DIFF_QUALITY);
    assert_int_equal(lane_missing_class(LANE_OTHER, "anything"), DIFF_STRUCTURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_machine_has_its_lane),
        cmocka_unit_test(connected_and_ready_are_one_state),
        cmocka_unit_test(failed_and_disconnected_stay),
        cmocka_unit_test(a_repeated_state_keeps_its_greatest_number),
        cmocka_unit_test(what_a_state_said_once_is_not_lost_when_it_is_repeated),
        cmocka_unit_test(a_plugin_event_is_told_beside_its_data_too),
        cmocka_unit_test(new_ice_credentials_are_told_as_a_restart),
        cmocka_unit_test(steps_of_the_handle_are_told_apart_by_what_the_plugin_says),
        cmocka_unit_test(an_event_of_an_unknown_kind_has_a_lane_too),
        cmocka_unit_test(a_missing_step_weighs_by_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

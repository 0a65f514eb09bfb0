/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

static const struct model_session *session_at(const struct model *model, guint index)
{
    assert_true(index < model_sessions(model)->len);
    return g_ptr_array_index(model_sessions(model), index);
}

static const struct model_handle *handle_at(const struct model *model, guint session, guint index)
{
    const GPtrArray *handles = session_at(model, session)->handles;

    assert_true(index < handles->len);
    return g_ptr_array_index(handles, index);
}

static const struct model_epoch *epoch_at(const struct model_handle *handle, guint index)
{
    assert_true(index < handle->epochs->len);
    return g_ptr_array_index(handle->epochs, index);
}

static void a_call_is_a_session_a_handle_and_a_peer_connection(void **state)
{
    struct model *model = model_of_sample("echo2");
    const struct model_session *session = session_at(model, 0);
    const struct model_handle *handle = handle_at(model, 0, 0);
    const struct model_epoch *epoch = epoch_at(handle, 0);

    (void)state;
    assert_int_equal(model_sessions(model)->len, 1);
    assert_int_equal(session->id, 4733726685551743);
    assert_string_equal(session->transport_package, "janus.transport.websockets");
    assert_int_equal(session->how_ended, SESSION_DESTROYED);
    assert_int_equal(handle->id, 8034344803319226);
    assert_string_equal(handle->plugin, "janus.plugin.echotest");
    assert_string_equal(handle->opaque_id, "alice");
    assert_int_equal(handle->epochs->len, 1);
    assert_int_equal(epoch->media->list->len, 3);
    assert_string_equal(epoch->offer_owner, "remote");
    assert_int_equal(epoch->remote_candidates, 4);
    assert_int_equal(model_reach(handle), REACH_MEDIA);
    model_free(model);
}

static void add_record(const struct evj_record *record, void *model)
{
    model_add(model, record);
}

static void assert_same_milestones(const struct model_handle *a, const struct model_handle *b)
{
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->last_us, b->last_us);
    assert_int_equal(a->epochs->len, b->epochs->len);
    for (guint i = 0; i < a->epochs->len; i++) {
        for (unsigned k = 0; k < MILESTONES; k++) {
            const struct moment *one = &epoch_at(a, i)->moments[k];
            const struct moment *other = &epoch_at(b, i)->moments[k];

            assert_int_equal(one->seen, other->seen);
            assert_int_equal(one->seq, other->seq);
            assert_int_equal(one->coarse, other->coarse);
        }
    }
}

/* It passes by nine in ten events, for speed: not those that tell how far a call got. */
static void without_facts_a_model_knows_the_same_milestones(void **state)
{
    static const char *const samples[] = {"echo2", "dtlsfail", "room1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GPtrArray) events = event_list_load(samples[i]);
        struct model *with = model_of(events), *without = model_new(false);

        event_list_visit(events, add_record, without);
        assert_int_equal(model_sessions(with)->len, model_sessions(without)->len);
        for (guint k = 0; k < model_sessions(with)->len; k++) {
            assert_int_equal(session_at(with, k)->handles->len,
                             session_at(without, k)->handles->len);
            for (guint h = 0; h < session_at(with, k)->handles->len; h++)
                assert_same_milestones(handle_at(with, k, h), handle_at(without, k, h));
        }
        model_free(with);
        model_free(without);
    }
}

static void a_failed_call_got_as_far_as_it_got(void **state)
{
    struct model *model = model_of_sample("dtlsfail");
    const struct model_epoch *epoch = epoch_at(handle_at(model, 0, 0), 0);

    (void)state;
    assert_int_equal(model_reach(handle_at(model, 0, 0)), REACH_ICE);
    assert_string_equal(epoch->hangup_reason, "DTLS alert");
    /* The flush of statistics at the hangup counts a few packets that nobody heard. */
    assert_false(epoch->moments[MILESTONE_FIRST_MEDIA].seen);
    model_free(model);
}

static void a_room_has_its_sessions_and_handles_apart(void **state)
{
    struct model *model = model_of_sample("room1");

    (void)state;
    assert_int_equal(model_sessions(model)->len, 3);
    for (guint i = 0; i < 3; i++) {
        assert_int_equal(session_at(model, i)->handles->len, 3);
        for (guint k = 0; k < 3; k++)
            assert_int_equal(model_reach(handle_at(model, i, k)), REACH_MEDIA);
    }
    /* Janus 1.1.2 says nothing when a browser is killed and its connection is lost. */
    assert_int_equal(session_at(model, 1)->how_ended, SESSION_CONNECTION_LOST);
    model_free(model);
}

static bool has_plugin_event(const struct model_handle *handle, const char *what)
{
    for (guint i = 0; i < handle->facts->len; i++) {
        const struct fact *fact = &g_array_index(handle->facts, struct fact, i);
        g_autofree char *body = g_strndup(fact->body, fact->body_len);

        if (fact->type == 64 && strstr(body, what) != NULL)
            return true;
    }
    return false;
}

/* Videoroom tells who left without a handle; bob's publisher is his session's first. */
static void plugin_events_without_handle_are_adopted(void **state)
{
    struct model *model = model_of_sample("room1");

    (void)state;
    for (guint i = 0; i < 3; i++) {
        assert_true(has_plugin_event(handle_at(model, i, 0), "\"leaving\""));
        assert_true(has_plugin_event(handle_at(model, i, 0), "\"unpublished\""));
        assert_false(has_plugin_event(handle_at(model, i, 1), "\"leaving\""));
    }
    model_free(model);
}

static void connections_are_tied_to_their_sessions(void **state)
{
    struct model *model = model_of_sample("room1");

    (void)state;
    for (guint i = 0; i < 3; i++)
        assert_int_equal(session_at(model, i)->transport_facts->len, 2);
    model_free(model);
}

static void http_requests_are_only_counted(void **state)
{
    struct model *model = model_of_sample("echo1");

    (void)state;
    assert_true(model_requests(model) > 10);
    assert_null(session_at(model, 0)->transport_facts);
    model_free(model);
}

/* The text of events of one handle, to be put behind one another. */
#define EVENT(time, type, rest) \
    "{\"type\":" #type ",\"timestamp\":" #time ",\"session_id\":1,\"handle_id\":2," rest "}"
#define OFFER "\"event\":{\"owner\":\"remote\",\"jsep\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}"
#define HANGUP "\"event\":{\"connection\":\"hangup\",\"reason\":\"ICE failed\"}"

static struct model *model_of_texts(const char *const *texts, size_t count)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);

    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(events, event_list_parse(texts[i]));
    return model_of(events);
}

static void a_hangup_ends_an_epoch_and_the_next_offer_begins_one(void **state)
{
    static const char *const texts[] = {
        EVENT(1, 8, OFFER),
        EVENT(2, 16, HANGUP),
        /* Other threads may have something to say about the old one still. */
        EVENT(3, 16, "\"event\":{\"ice\":\"failed\"}"),
        EVENT(4, 8, OFFER),
        EVENT(5, 16, "\"event\":{\"connection\":\"webrtcup\"}"),
    };
    struct model *model = model_of_texts(texts, G_N_ELEMENTS(texts));
    const struct model_handle *handle = handle_at(model, 0, 0);

    (void)state;
    assert_int_equal(handle->epochs->len, 2);
    assert_string_equal(epoch_at(handle, 0)->hangup_reason, "ICE failed");
    assert_false(epoch_at(handle, 0)->moments[MILESTONE_WEBRTCUP].seen);
    assert_true(epoch_at(handle, 1)->moments[MILESTONE_WEBRTCUP].seen);
    assert_int_equal(epoch_at(handle, 0)->facts->len, 3);
    assert_int_equal(epoch_at(handle, 1)->facts->len, 2);
    assert_int_equal(model_reach(handle), REACH_UP);
    model_free(model);
}

static void an_id_that_comes_again_is_another_session(void **state)
{
    static const char *const texts[] = {
        "{\"type\":1,\"timestamp\":1,\"session_id\":9,\"event\":{\"name\":\"created\"}}",
        "{\"type\":1,\"timestamp\":2,\"session_id\":9,\"event\":{\"name\":\"destroyed\"}}",
        "{\"type\":1,\"timestamp\":3,\"session_id\":9,\"event\":{\"name\":\"created\"}}",
    };
    struct model *model = model_of_texts(texts, G_N_ELEMENTS(texts));

    (void)state;
    assert_int_equal(model_sessions(model)->len, 2);
    assert_int_equal(session_at(model, 0)->how_ended, SESSION_DESTROYED);
    assert_int_equal(session_at(model, 1)->how_ended, SESSION_OPEN);
    assert_ptr_equal(model_find_session(model, 9), session_at(model, 1));
    model_free(model);
}

/* One event of one of several recordings, with a time of its own. */
static void add_of(struct model *model, unsigned recording, const char *text)
{
    static uint64_t seq;
    g_autofree char *line = g_strdup_printf("{\"seq\":%" G_GUINT64_FORMAT
                                            ",\"mono\":%" G_GUINT64_FORMAT ",\"event\":%s}",
                                            seq, seq, text);
    struct evj_record record;

    seq++;
    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    record.recording = recording;
    record.wall_us = record.mono_us;
    model_add(model, &record);
}

#define SESSION_SAYS(name) "{\"type\":1,\"session_id\":9,\"event\":{\"name\":\"" name "\"}}"
#define CONNECTED_AS(id)                                                          \
    "{\"type\":1,\"session_id\":9,\"event\":{\"name\":\"created\",\"transport\":" \
    "{\"transport\":\"janus.transport.websockets\",\"id\":\"" id "\"}}}"
#define CONNECTION_LOST(id)                                                              \
    "{\"type\":128,\"event\":{\"transport\":\"janus.transport.websockets\",\"id\":\"" id \
    "\",\"data\":{\"event\":\"disconnected\"}}}"

/* Two servers may give the same id; and a journal may be merged with a replay of itself. */
static void equal_ids_of_two_recordings_are_two_sessions(void **state)
{
    struct model *model = model_new(true);

    (void)state;
    add_of(model, 0, SESSION_SAYS("created"));
    add_of(model, 1, SESSION_SAYS("created"));
    add_of(model, 0, "{\"type\":8,\"session_id\":9,\"handle_id\":2," OFFER "}");
    add_of(model, 1, SESSION_SAYS("destroyed"));
    assert_int_equal(model_sessions(model)->len, 2);
    assert_int_equal(session_at(model, 0)->recording, 0);
    assert_int_equal(session_at(model, 0)->how_ended, SESSION_OPEN);
    assert_int_equal(session_at(model, 1)->recording, 1);
    assert_int_equal(session_at(model, 1)->how_ended, SESSION_DESTROYED);
    assert_int_equal(session_at(model, 1)->handles->len, 0);
    assert_ptr_equal(model_find_session(model, 9), session_at(model, 1));
    model_free(model);
}

static void a_server_that_stops_ends_only_its_own_sessions(void **state)
{
    struct model *model = model_new(true);

    (void)state;
    add_of(model, 0, SESSION_SAYS("created"));
    add_of(model, 1, SESSION_SAYS("created"));
    add_of(model, 1, "{\"type\":256,\"subtype\":2,\"event\":{\"status\":\"shutdown\"}}");
    assert_int_equal(session_at(model, 0)->how_ended, SESSION_OPEN);
    assert_int_equal(session_at(model, 1)->how_ended, SESSION_SERVER_STOPPED);
    model_free(model);
}

static void equal_connections_of_two_recordings_are_two(void **state)
{
    struct model *model = model_new(true);

    (void)state;
    add_of(model, 0, CONNECTED_AS("7"));
    add_of(model, 1, CONNECTED_AS("7"));
    add_of(model, 1, CONNECTION_LOST("7"));
    assert_false(session_at(model, 0)->disconnected.seen);
    assert_true(session_at(model, 1)->disconnected.seen);
    model_free(model);
}

#define JOINED                                                                             \
    "{\"type\":64,\"session_id\":9,\"handle_id\":5,\"event\":{\"plugin\":\"p\",\"data\":{" \
    "\"room\":1,"                                                                          \
    "\"id\":2}}}"
#define LEFT "{\"type\":64,\"event\":{\"plugin\":\"p\",\"data\":{\"room\":1,\"id\":2}}}"

static void an_event_without_handle_is_adopted_within_its_recording(void **state)
{
    struct model *model = model_new(true);

    (void)state;
    add_of(model, 0, JOINED);
    add_of(model, 1, JOINED);
    add_of(model, 0, LEFT);
    assert_int_equal(handle_at(model, 0, 0)->facts->len, 2);
    assert_int_equal(handle_at(model, 1, 0)->facts->len, 1);
    model_free(model);
}

#define OF_EMITTER(name) \
    "{\"emitter\":\"" name "\",\"type\":1,\"session_id\":9,\"event\":{\"name\":\"created\"}}"

static void a_model_tells_whether_several_servers_are_in_it(void **state)
{
    struct model *model = model_new(false);

    (void)state;
    assert_false(model_is_mixed(model));
    add_of(model, 0, OF_EMITTER("gw-alpha"));
    add_of(model, 0, SESSION_SAYS("destroyed"));
    add_of(model, 0, OF_EMITTER("gw-alpha"));
    assert_false(model_is_mixed(model));
    assert_string_equal(session_at(model, 0)->emitter, "gw-alpha");
    add_of(model, 1, OF_EMITTER("gw-alpha"));
    assert_true(model_is_mixed(model));
    model_free(model);

    model = model_new(false);
    add_of(model, 0, OF_EMITTER("gw-alpha"));
    add_of(model, 0, SESSION_SAYS("destroyed"));
    add_of(model, 0, OF_EMITTER("gw-beta"));
    assert_true(model_is_mixed(model));
    model_free(model);
}

/* Janus says "destroyed" after "timeout" as well: the first is why. */
static void a_time_out_stays_a_time_out(void **state)
{
    static const char *const texts[] = {
        "{\"type\":1,\"timestamp\":2,\"session_id\":9,\"event\":{\"name\":\"timeout\"}}",
        "{\"type\":1,\"timestamp\":3,\"session_id\":9,\"event\":{\"name\":\"destroyed\"}}",
    };
    struct model *model = model_of_texts(texts, G_N_ELEMENTS(texts));

    (void)state;
    assert_int_equal(session_at(model, 0)->how_ended, SESSION_TIMEOUT);
    model_free(model);
}

#define CONNECTED_SESSION                                                           \
    "{\"type\":1,\"timestamp\":1,\"session_id\":9,\"event\":{\"name\":\"created\"," \
    "\"transport\":{\"transport\":\"janus.transport.websockets\",\"id\":\"7\"}}}",  \
        "{\"type\":2,\"timestamp\":2,\"session_id\":9,\"handle_id\":5,"             \
        "\"event\":{\"name\":\"attached\",\"plugin\":\"p\"}}",                      \
        "{\"type\":128,\"timestamp\":3,\"event\":{\"transport\":"                   \
        "\"janus.transport.websockets\",\"id\":\"7\",\"data\":{\"event\":\"disconnected\"}}}"
#define DETACHED(at)                                                     \
    "{\"type\":2,\"timestamp\":" at ",\"session_id\":9,\"handle_id\":5," \
    "\"event\":{\"name\":\"detached\",\"plugin\":\"p\"}}"

static enum session_end end_of_texts(const char *const *texts, size_t count)
{
    struct model *model = model_of_texts(texts, count);
    enum session_end end = session_at(model, 0)->how_ended;

    model_free(model);
    return end;
}

/* A session may be claimed over another connection: it lives as long as one of its handles. */
static void a_lost_connection_ends_a_session_only_with_its_handles(void **state)
{
    static const char *const claimed[] = {CONNECTED_SESSION};
    static const char *const lost[] = {CONNECTED_SESSION, DETACHED("1000003")};
    static const char *const later[] = {CONNECTED_SESSION, DETACHED("9000003")};

    (void)state;
    assert_int_equal(end_of_texts(claimed, G_N_ELEMENTS(claimed)), SESSION_OPEN);
    assert_int_equal(end_of_texts(lost, G_N_ELEMENTS(lost)), SESSION_CONNECTION_LOST);
    assert_int_equal(end_of_texts(later, G_N_ELEMENTS(later)), SESSION_OPEN);
}

/* Since 1.3.2 Janus says "destroyed" itself, after the handles. */
static void what_janus_says_of_the_end_goes_before_what_we_conclude(void **state)
{
    static const char *const destroyed[] = {
        CONNECTED_SESSION, DETACHED("4"),
        "{\"type\":1,\"timestamp\":5,\"session_id\":9,\"event\":{\"name\":\"destroyed\"}}"};
    static const char *const stopped[] = {
        CONNECTED_SESSION, DETACHED("4"),
        "{\"type\":256,\"subtype\":2,\"timestamp\":5,\"event\":{\"status\":\"shutdown\"}}"};

    (void)state;
    assert_int_equal(end_of_texts(destroyed, G_N_ELEMENTS(destroyed)), SESSION_DESTROYED);
    assert_int_equal(end_of_texts(stopped, G_N_ELEMENTS(stopped)), SESSION_CONNECTION_LOST);
}

/* As Janus before 0.9.1 and 1.0 wrote them: no subtype, no mid. */
static void old_events_are_understood(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");

    (void)state;
    for (guint i = 0; i < events->len; i++) {
        json_t *event = g_ptr_array_index(events, i);

        json_object_del(event, "subtype");
        json_object_del(json_object_get(event, "event"), "mid");
        json_object_del(json_object_get(event, "event"), "mindex");
    }
    struct model *model = model_of(events);

    assert_int_equal(model_reach(handle_at(model, 0, 0)), REACH_MEDIA);
    assert_int_equal(epoch_at(handle_at(model, 0, 0), 0)->media->list->len, 3);
    model_free(model);

    struct diff_result *result = compare_events(events, events);

    assert_int_equal(result->verdict, DIFF_IDENTICAL);
    diff_free(result);
}

static void bodies_that_make_no_sense_are_survived(void **state)
{
    static const char *const texts[] = {
        EVENT(1, 1, "\"event\":[]"),
        EVENT(1, 1, "\"event\":{\"name\":1}"),
        EVENT(1, 2, "\"event\":{}"),
        EVENT(1, 8, "\"event\":{\"jsep\":7}"),
        EVENT(1, 16, "\"event\":{}"),
        EVENT(1, 16, "\"event\":{\"selected-pair\":[]}"),
        EVENT(1, 32, "\"event\":[[],{}]"),
        EVENT(1, 32, "\"event\":{\"receiving\":{}}"),
        EVENT(1, 64, "\"event\":{\"data\":3}"),
        EVENT(1, 512, "\"event\":{\"a\":{\"b\":[null]}}"),
        "{\"type\":64,\"timestamp\":1,\"event\":{\"plugin\":1,\"data\":{\"room\":{},\"id\":[]}}}",
        "{\"type\":128,\"timestamp\":1,\"event\":{\"id\":5,\"data\":\"x\"}}",
        "{\"type\":256,\"timestamp\":1,\"event\":{\"status\":false}}",
    };
    struct model *a = model_of_texts(texts, G_N_ELEMENTS(texts));
    struct model *b = model_of_sample("echo2");
    struct rules *rules = rules_new();

    (void)state;
    diff_free(diff_models(a, NULL, a, NULL, rules));
    diff_free(diff_models(a, session_at(a, 0), b, session_at(b, 0), rules));
    rules_free(rules);
    model_free(a);
    model_free(b);
}

/* ---- sessions that are let go of ---- */

/* An event at a time of its own, in seconds, into a model that lets go. */
static void add_at(struct model *model, int64_t time_s, const char *text)
{
    g_autofree char *line =
        g_strdup_printf("{\"seq\":%d,\"mono\":%d,\"event\":%s}", (int)time_s, (int)time_s, text);
    struct evj_record record;

    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    record.wall_us = time_s * G_USEC_PER_SEC;
    model_add(model, &record);
}

#define SESSION(id, name) "{\"type\":1,\"session_id\":" #id ",\"event\":{\"name\":\"" name "\"}}"
#define HANDLE(id, name) \
    "{\"type\":2,\"session_id\":" #id ",\"handle_id\":5,\"event\":{\"name\":\"" name "\"}}"

static void take_over(struct model_session *session, void *list)
{
    g_ptr_array_add(list, session);
}

static void free_session(gpointer session)
{
    model_session_free(session);
}

/* A model that lets go of its sessions into a list. */
static struct model *model_that_lets_go(GPtrArray **ret_list)
{
    struct model *model = model_new(true);

    *ret_list = g_ptr_array_new_with_free_func(free_session);
    model_set_over(model, take_over, *ret_list);
    return model;
}

static const struct model_session *over_at(const GPtrArray *list, guint index)
{
    assert_true(index < list->len);
    return g_ptr_array_index(list, index);
}

/* Its handles are detached after it is destroyed: that belongs to it still. */
static void a_session_is_held_a_while_after_its_end(void **state)
{
    GPtrArray *list;
    struct model *model = model_that_lets_go(&list);

    (void)state;
    add_at(model, 1, SESSION(1, "created"));
    add_at(model, 2, HANDLE(1, "attached"));
    add_at(model, 3, SESSION(1, "destroyed"));
    add_at(model, 5, HANDLE(1, "detached"));
    add_at(model, 12, SESSION(2, "created"));
    assert_int_equal(list->len, 0);
    add_at(model, 14, SESSION(3, "created"));
    assert_int_equal(list->len, 1);
    assert_int_equal(over_at(list, 0)->id, 1);
    assert_int_equal(over_at(list, 0)->events, 4);
    assert_int_equal(model_sessions(model)->len, 0);
    model_free(model);
    g_ptr_array_unref(list);
}

static void what_comes_later_still_is_counted_and_opens_no_session(void **state)
{
    GPtrArray *list;
    struct model *model = model_that_lets_go(&list);

    (void)state;
    add_at(model, 1, SESSION(1, "created"));
    add_at(model, 2, SESSION(1, "destroyed"));
    add_at(model, 20, HANDLE(1, "detached"));
    assert_int_equal(model_late_events(model), 1);
    add_at(model, 21, SESSION(1, "created"));
    add_at(model, 22, HANDLE(1, "attached"));
    model_finish(model);
    assert_int_equal(model_late_events(model), 1);
    assert_int_equal(list->len, 2);
    assert_int_equal(over_at(list, 1)->id, 1);
    assert_int_equal(over_at(list, 1)->events, 2);
    model_free(model);
    g_ptr_array_unref(list);
}

static void what_lives_at_the_end_goes_by_first_appearance(void **state)
{
    GPtrArray *list;
    struct model *model = model_that_lets_go(&list);

    (void)state;
    add_at(model, 1, SESSION(1, "created"));
    add_at(model, 2, SESSION(2, "created"));
    add_at(model, 3, SESSION(3, "created"));
    add_at(model, 4, SESSION(2, "destroyed"));
    add_at(model, 20, SESSION(4, "created"));
    model_finish(model);
    assert_int_equal(list->len, 4);
    assert_int_equal(over_at(list, 0)->id, 2);
    assert_int_equal(over_at(list, 0)->ordinal, 1);
    assert_int_equal(over_at(list, 1)->id, 1);
    assert_int_equal(over_at(list, 2)->id, 3);
    assert_int_equal(over_at(list, 3)->id, 4);
    assert_int_equal(over_at(list, 3)->ordinal, 3);
    model_free(model);
    g_ptr_array_unref(list);
}

/* Nobody adopts for a session that went, and its connection does not look for it. */
static void nothing_leads_to_a_session_that_went(void **state)
{
    GPtrArray *list;
    struct model *model = model_that_lets_go(&list);

    (void)state;
    add_at(model, 1, CONNECTED_AS("7"));
    add_at(model, 2, JOINED);
    add_at(model, 3, SESSION_SAYS("destroyed"));
    add_at(model, 20, LEFT);
    assert_int_equal(list->len, 1);
    g_ptr_array_set_size(list, 0);
    add_at(model, 21, LEFT);
    add_at(model, 22, CONNECTION_LOST("7"));
    model_free(model);
    g_ptr_array_unref(list);
}

/* All that a session is compared by goes with it. */
static void a_session_that_went_is_whole(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("room1");
    struct model *kept = model_of(events);
    GPtrArray *list;
    struct model *model = model_that_lets_go(&list);

    (void)state;
    event_list_visit(events, add_record, model);
    model_finish(model);
    model_free(model);
    assert_int_equal(list->len, model_sessions(kept)->len);
    for (guint i = 0; i < list->len; i++) {
        const struct model_session *session = over_at(list, i);
        const struct model_session *like = session_at(kept, (guint)session->ordinal);

        assert_int_equal(session->id, like->id);
        assert_int_equal(session->how_ended, like->how_ended);
        assert_int_equal(session->transport_facts->len, like->transport_facts->len);
        for (guint k = 0; k < session->handles->len; k++)
            assert_same_milestones(g_ptr_array_index(session->handles, k),
                                   g_ptr_array_index(like->handles, k));
    }
    model_free(kept);
    g_ptr_array_unref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_a_session_a_handle_and_a_peer_connection),
        cmocka_unit_test(without_facts_a_model_knows_the_same_milestones),
        cmocka_unit_test(a_failed_call_got_as_far_as_it_got),
        cmocka_unit_test(a_room_has_its_sessions_and_handles_apart),
        cmocka_unit_test(a_lost_connection_ends_a_session_only_with_its_handles),
        cmocka_unit_test(what_janus_says_of_the_end_goes_before_what_we_conclude),
        cmocka_unit_test(plugin_events_without_handle_are_adopted),
        cmocka_unit_test(connections_are_tied_to_their_sessions),
        cmocka_unit_test(http_requests_are_only_counted),
        cmocka_unit_test(a_hangup_ends_an_epoch_and_the_next_offer_begins_one),
        cmocka_unit_test(an_id_that_comes_again_is_another_session),
        cmocka_unit_test(equal_ids_of_two_recordings_are_two_sessions),
        cmocka_unit_test(a_server_that_stops_ends_only_its_own_sessions),
        cmocka_unit_test(equal_connections_of_two_recordings_are_two),
        cmocka_unit_test(an_event_without_handle_is_adopted_within_its_recording),
        cmocka_unit_test(a_model_tells_whether_several_servers_are_in_it),
        cmocka_unit_test(a_time_out_stays_a_time_out),
        cmocka_unit_test(old_events_are_understood),
        cmocka_unit_test(bodies_that_make_no_sense_are_survived),
        cmocka_unit_test(a_session_is_held_a_while_after_its_end),
        cmocka_unit_test(what_comes_later_still_is_counted_and_opens_no_session),
        cmocka_unit_test(what_lives_at_the_end_goes_by_first_appearance),
        cmocka_unit_test(nothing_leads_to_a_session_that_went),
        cmocka_unit_test(a_session_that_went_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/state.h"

#include "evj/event_type.h"
#include "evj/reader.h"
#include "tests/support/event_list.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"
#include "tools/analysis/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLENTY (4u * 1024 * 1024)

/* ---- what a model tells ---- */

static gint by_id(gconstpointer a, gconstpointer b)
{
    const struct model_session *const *x = a, *const *y = b;

    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

static gint by_handle_id(gconstpointer a, gconstpointer b)
{
    const struct model_handle *const *x = a, *const *y = b;

    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

static void tell_moment(GString *text, const char *name, const struct moment *moment)
{
    if (moment->seen)
        g_string_append_printf(text, " %s %" PRIu64, name, moment->seq);
}

/* Of the first media only what a media event told: statistics are no state. */
static void tell_epoch(GString *text, const struct model_epoch *epoch)
{
    const struct moment *moments = epoch->moments, *media = &moments[MILESTONE_FIRST_MEDIA];

    g_string_append_printf(text, " | offer %d by %s, answer %d, ice %d, pair %s",
                           moments[MILESTONE_OFFER].seen, epoch->offer_owner,
                           moments[MILESTONE_ANSWER].seen, moments[MILESTONE_ICE_CONNECTED].seen,
                           epoch->pair);
    tell_moment(text, "dtls", &moments[MILESTONE_DTLS_CONNECTED]);
    tell_moment(text, "up", &moments[MILESTONE_WEBRTCUP]);
    if (!media->coarse)
        tell_moment(text, "media", media);
}

static const struct model_epoch *live_epoch(const struct model_handle *handle)
{
    const struct model_epoch *last =
        handle->epochs->len > 0 ? handle->epochs->pdata[handle->epochs->len - 1] : NULL;

    return last != NULL && !last->closed ? last : NULL;
}

/* All that is alive: sessions, handles, whose they are, and how far each got. */
static char *tell_living(const struct model *model)
{
    g_autoptr(GPtrArray) sessions =
        g_ptr_array_copy((GPtrArray *)model_sessions(model), NULL, NULL);
    GString *text = g_string_new(NULL);

    g_ptr_array_set_free_func(sessions, NULL);
    g_ptr_array_sort(sessions, by_id);
    for (guint i = 0; i < sessions->len; i++) {
        const struct model_session *session = sessions->pdata[i];
        if (session->ended.seen)
            continue;
        g_string_append_printf(text, "session %" PRIu64 " of %s over %s", session->id,
                               session->emitter, session->transport_package);
        tell_moment(text, "created", &session->created);
        tell_moment(text, "disconnected", &session->disconnected);
        g_ptr_array_sort(session->handles, by_handle_id);
        for (guint j = 0; j < session->handles->len; j++) {
            const struct model_handle *handle = session->handles->pdata[j];
            if (handle->detached.seen)
                continue;
            g_string_append_printf(text, "\n  handle %" PRIu64 " %s %s %s", handle->id,
                                   handle->plugin, handle->opaque_id, handle->display);
            tell_moment(text, "attached", &handle->attached);
            if (live_epoch(handle) != NULL)
                tell_epoch(text, live_epoch(handle));
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static void tell_handle_end(GString *text, const struct model_handle *handle, uint64_t from_seq)
{
    if (handle->detached.seen && handle->detached.seq < from_seq)
        return;
    g_string_append_printf(text, "\n  handle %" PRIu64 " %s", handle->id, handle->plugin);
    tell_moment(text, "detached", &handle->detached);
    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = handle->epochs->pdata[i];
        const struct moment *hangup = &epoch->moments[MILESTONE_HANGUP];
        if (!hangup->seen || hangup->seq < from_seq)
            continue;
        tell_moment(text, "hangup", hangup);
        g_string_append_printf(text, " '%s'", epoch->hangup_reason);
        tell_epoch(text, epoch);
    }
}

/* What became of all that was alive at `from_seq` or came later. */
static char *tell_ends(const struct model *model, uint64_t from_seq)
{
    g_autoptr(GPtrArray) sessions =
        g_ptr_array_copy((GPtrArray *)model_sessions(model), NULL, NULL);
    GString *text = g_string_new(NULL);

    g_ptr_array_set_free_func(sessions, NULL);
    g_ptr_array_sort(sessions, by_id);
    for (guint i = 0; i < sessions->len; i++) {
        const struct model_session *session = sessions->pdata[i];
        /* A lost connection ends a session in retrospect. */
        if (session->ended.seen && session->last_seq < from_seq)
            continue;
        g_string_append_printf(text, "session %" PRIu64 " %s", session->id,
                               session_end_name(session->how_ended));
        tell_moment(text, "ended", &session->ended);
        g_ptr_array_sort(session->handles, by_handle_id);
        for (guint j = 0; j < session->handles->len; j++)
            tell_handle_end(text, session->handles->pdata[j], from_seq);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* ---- a state, on its way through a file ---- */

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = temp_folder_new();
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temp_folder_free(folder);
    return 0;
}

static const char *put_into_file(const struct evj_state *state)
{
    static char path[512];
    static unsigned number;
    struct evj_header header;
    EVJ_AUTO(writer) *writer = NULL;
    const struct evj_writer_options options = {.level = 1};

    snprintf(path, sizeof(path), "%s/%u.evj.gz", folder, number++);
    journal_header(&header);
    snprintf(header.previous, sizeof(header.previous), "before.evj.gz");
    assert_int_equal(evj_writer_open(path, &header, &options, &writer, NULL), 0);
    assert_int_equal(evj_state_put(state, writer, NULL), 0);
    assert_int_equal(evj_writer_totals(writer)->events, 0);
    assert_int_equal(evj_writer_flush(writer, NULL), 0);
    return path;
}

/* The state's records, as a reader gives them. */
static struct reading read_state(const struct evj_state *state)
{
    const char *path = put_into_file(state);
    struct reading reading = reading_of(path);

    unlink(path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_STATE), reading.count);
    return reading;
}

static void add_reading(struct model *model, const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        struct evj_record record;
        const char *line = reading->lines[i];
        assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
        /* The tests' clock, as event_list_visit() has it. */
        record.wall_us = record.mono_us;
        model_add(model, &record);
    }
}

/* ---- every cut of every real stream ---- */

/* The first line that differs: cmocka cuts long texts. */
static void assert_same_lines(const char *told, const char *expected, uint64_t cut)
{
    g_auto(GStrv) x = g_strsplit(told, "\n", -1), y = g_strsplit(expected, "\n", -1);

    for (guint i = 0; x[i] != NULL || y[i] != NULL; i++)
        if (g_strcmp0(x[i], y[i]) != 0)
            fail_msg("cut at %" PRIu64 ":\n%s\ninstead of\n%s", cut, x[i], y[i]);
}

struct cut {
    uint64_t at, seen;
    struct evj_state *state;
    struct model *before, *whole, *parts; /* parts: the state, and then the rest */
};

static void visit_cut(const struct evj_record *record, void *context)
{
    struct cut *cut = context;

    if (cut->seen == cut->at) {
        struct reading reading = read_state(cut->state);
        add_reading(cut->parts, &reading);
        reading_done(&reading);
        g_autofree char *expected = tell_living(cut->before);
        g_autofree char *told = tell_living(cut->parts);
        assert_same_lines(told, expected, cut->at);
    }
    if (cut->seen < cut->at) {
        evj_state_add(cut->state, record);
        model_add(cut->before, record);
    } else {
        model_add(cut->parts, record);
    }
    model_add(cut->whole, record);
    cut->seen++;
}

static void check_cut(const GPtrArray *events, uint64_t at)
{
    struct cut cut = {.at = at,
                      .state = evj_state_new(EVJ_STATE_FULL, PLENTY),
                      .before = model_new(true),
                      .whole = model_new(true),
                      .parts = model_new(true)};

    event_list_visit(events, visit_cut, &cut);
    g_autofree char *expected = tell_ends(cut.whole, at);
    g_autofree char *told = tell_ends(cut.parts, at);
    assert_same_lines(told, expected, at);
    assert_int_equal(evj_state_left_out(cut.state), 0);
    evj_state_free(cut.state);
    model_free(cut.before);
    model_free(cut.whole);
    model_free(cut.parts);
}

/* A file that begins anywhere tells the same of what is alive as all files together. */
static void the_state_at_any_cut_tells_what_the_events_before_it_told(void **state)
{
    static const char *const names[] = {"dtlsfail", "echo1", "echo2", "mute", "room1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GPtrArray) events = event_list_load(names[i]);
        for (guint at = 0; at < events->len; at++)
            check_cut(events, at);
    }
}

/* ---- single events ---- */

static uint64_t next_seq;

static void add_event(struct evj_state *state, const char *event)
{
    struct evj_record record;
    g_autofree char *line =
        g_strdup_printf("{\"seq\":%" PRIu64 ",\"mono\":%" PRIu64 ",\"event\":%s}", next_seq,
                        1000000 + next_seq * 1000, event);

    next_seq++;
    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    evj_state_add(state, &record);
}

static void add_created(struct evj_state *state, unsigned session)
{
    g_autofree char *event = g_strdup_printf(
        "{\"type\":1,\"session_id\":%u,\"event\":{\"name\":\"created\",\"transport\":{"
        "\"transport\":\"ws\",\"id\":\"%u\"}}}",
        session, session);

    add_event(state, event);
}

static void add_named(struct evj_state *state, unsigned type, unsigned session, unsigned handle,
                      const char *body)
{
    g_autofree char *event =
        g_strdup_printf("{\"type\":%u,\"session_id\":%u,\"handle_id\":%u,\"event\":%s}", type,
                        session, handle, body);

    add_event(state, event);
}

static void add_jsep(struct evj_state *state, unsigned session, unsigned handle, const char *owner,
                     size_t size)
{
    g_autofree char *sdp = g_strnfill(size, 'x');
    g_autofree char *body = g_strdup_printf(
        "{\"owner\":\"%s\",\"jsep\":{\"type\":\"offer\",\"sdp\":\"%s\"}}", owner, sdp);

    add_named(state, EVJ_TYPE_JSEP, session, handle, body);
}

#define ATTACHED "{\"name\":\"attached\",\"plugin\":\"p\"}"
#define DETACHED "{\"name\":\"detached\",\"plugin\":\"p\"}"

/* Session 1 with handle 2 that is up. */
static struct evj_state *state_of_a_call(enum evj_state_kind kind, size_t limit)
{
    struct evj_state *state = evj_state_new(kind, limit);

    next_seq = 0;
    add_created(state, 1);
    add_named(state, EVJ_TYPE_HANDLE, 1, 2, ATTACHED);
    add_jsep(state, 1, 2, "remote", 3000);
    add_jsep(state, 1, 2, "local", 2000);
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"ice\":\"connecting\",\"stream_id\":1}");
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"ice\":\"ready\",\"stream_id\":1}");
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"connection\":\"webrtcup\"}");
    return state;
}

static void assert_seqs(const struct evj_state *state, const char *expected)
{
    struct reading reading = read_state(state);
    g_autoptr(GString) seqs = g_string_new(NULL);

    for (size_t i = 0; i < reading.count; i++)
        g_string_append_printf(seqs, "%s%" PRIu64, i > 0 ? " " : "", reading.records[i].seq);
    assert_string_equal(seqs->str, expected);
    reading_done(&reading);
}

static void events_keep_their_bytes_their_seq_and_their_mono(void **unused)
{
    struct evj_state *state = evj_state_new(EVJ_STATE_FULL, PLENTY);
    const char *event = "{\"type\":1,\"x\":[1.50,\"\\u0001\xc3\xa9\"],\"session_id\":7,"
                        "\"event\":{\"name\":\"created\"}}";
    g_autofree char *line = g_strdup_printf("{\"seq\":41,\"mono\":1041000,\"state\":%s}", event);

    (void)unused;
    next_seq = 41;
    add_event(state, event);
    struct reading reading = read_state(state);
    assert_int_equal(reading.count, 1);
    assert_string_equal(reading.lines[0], line);
    reading_done(&reading);
    evj_state_free(state);
}

/* In the same order and with the same bytes as a file gets them. */
static void the_list_is_what_a_file_gets(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);
    struct reading reading = read_state(state);
    struct evj_record *records = NULL;
    size_t count = 0;

    (void)unused;
    assert_int_equal(evj_state_list(state, &records, &count, NULL), 0);
    assert_int_equal(count, reading.count);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *line = g_strdup_printf(
            "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"state\":%.*s}", records[i].seq,
            records[i].mono_us, (int)records[i].body.len, records[i].body.text);
        assert_string_equal(line, reading.lines[i]);
        assert_int_equal(records[i].kind, EVJ_RECORD_STATE);
        assert_int_equal(records[i].event.session_id, 1);
    }
    assert_int_equal(records[0].event.type, EVJ_TYPE_SESSION);
    free(records);
    reading_done(&reading);
    evj_state_free(state);
}

/* So a file that stands alone can be read from its middle. */
static void state_records_are_as_good_as_the_events(void **unused)
{
    struct evj_state *first = state_of_a_call(EVJ_STATE_FULL, PLENTY);
    struct evj_state *second = evj_state_new(EVJ_STATE_FULL, PLENTY);
    struct evj_record *records = NULL;
    size_t count = 0;

    (void)unused;
    assert_int_equal(evj_state_list(first, &records, &count, NULL), 0);
    for (size_t i = 0; i < count; i++)
        evj_state_add(second, &records[i]);
    assert_seqs(second, "0 1 2 3 5 6");
    add_named(second, EVJ_TYPE_HANDLE, 1, 2, DETACHED);
    assert_seqs(second, "0");
    free(records);
    evj_state_free(first);
    evj_state_free(second);
}

static void only_the_latest_of_its_kind_is_kept(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    assert_seqs(state, "0 1 2 3 5 6");
    add_jsep(state, 1, 2, "remote", 10);
    assert_seqs(state, "0 1 3 5 6 7");
    evj_state_free(state);
}

static void a_hangup_ends_the_peer_connection_and_what_straggles_behind_it(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"connection\":\"hangup\",\"reason\":\"Close PC\"}");
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"dtls\":\"failed\"}");
    add_named(state, EVJ_TYPE_MEDIA, 1, 2, "{\"media\":\"audio\",\"receiving\":false}");
    assert_seqs(state, "0 1");
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"ice\":\"gathering\"}");
    assert_seqs(state, "0 1 10");
    evj_state_free(state);
}

static void what_comes_behind_the_end_brings_nothing_back(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    add_named(state, EVJ_TYPE_HANDLE, 1, 2, DETACHED);
    add_jsep(state, 1, 2, "local", 10);
    assert_seqs(state, "0");
    add_event(state, "{\"type\":1,\"session_id\":1,\"event\":{\"name\":\"destroyed\"}}");
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"ice\":\"gathering\"}");
    assert_seqs(state, "");
    assert_int_equal(evj_state_bytes(state), 0);
    evj_state_free(state);
}

/* Janus destroys a session first and detaches its handles then. */
static void a_session_that_is_over_stays_until_its_handles_are_gone(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_SESSIONS, PLENTY);

    (void)unused;
    assert_seqs(state, "0 1");
    add_event(state, "{\"type\":1,\"session_id\":1,\"event\":{\"name\":\"timeout\"}}");
    add_event(state, "{\"type\":1,\"session_id\":1,\"event\":{\"name\":\"destroyed\"}}");
    assert_seqs(state, "0 1 7");
    add_named(state, EVJ_TYPE_HANDLE, 1, 2, DETACHED);
    assert_int_equal(evj_state_bytes(state), 0);
    evj_state_free(state);
}

/* Before 1.3.2 that is all that Janus says. */
static void a_session_whose_connection_was_lost_ends_with_its_last_handle(void **unused)
{
    struct evj_state *state = evj_state_new(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    next_seq = 0;
    add_event(state, "{\"type\":128,\"event\":{\"transport\":\"ws\",\"id\":\"1\",\"data\":{"
                     "\"event\":\"connected\",\"ip\":\"::1\"}}}");
    add_created(state, 1);
    add_named(state, EVJ_TYPE_HANDLE, 1, 2, ATTACHED);
    add_event(state, "{\"type\":128,\"event\":{\"transport\":\"ws\",\"id\":\"1\",\"data\":{"
                     "\"event\":\"disconnected\"}}}");
    assert_seqs(state, "0 1 2 3");
    add_named(state, EVJ_TYPE_HANDLE, 1, 2, DETACHED);
    assert_int_equal(evj_state_bytes(state), 0);
    evj_state_free(state);
}

static void the_servers_start_is_kept_and_its_shutdown_ends_all(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    add_event(state, "{\"type\":256,\"subtype\":1,\"event\":{\"status\":\"started\"}}");
    add_event(state, "{\"type\":256,\"subtype\":1,\"event\":{\"status\":\"update\"}}");
    assert_seqs(state, "0 1 2 3 5 6 7");
    add_event(state, "{\"type\":256,\"subtype\":2,\"event\":{\"status\":\"shutdown\"}}");
    assert_int_equal(evj_state_bytes(state), 0);
    evj_state_free(state);
}

static void an_unpublishing_without_handle_is_its_participants(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    add_named(state, EVJ_TYPE_PLUGIN, 1, 2,
              "{\"plugin\":\"p\",\"data\":{\"event\":\"joined\",\"room\":5,\"id\":6}}");
    add_named(state, EVJ_TYPE_PLUGIN, 1, 2,
              "{\"plugin\":\"p\",\"data\":{\"event\":\"published\",\"room\":5,\"id\":6}}");
    assert_seqs(state, "0 1 2 3 5 6 7 8");
    add_event(state, "{\"type\":64,\"event\":{\"plugin\":\"p\",\"data\":{"
                     "\"event\":\"unpublished\",\"room\":5,\"id\":6}}}");
    assert_seqs(state, "0 1 2 3 5 6 7");
    evj_state_free(state);
}

static void sessions_alone_are_sessions_and_handles(void **unused)
{
    struct evj_state *state = state_of_a_call(EVJ_STATE_SESSIONS, PLENTY);
    struct evj_state *none = state_of_a_call(EVJ_STATE_NONE, PLENTY);

    (void)unused;
    assert_seqs(state, "0 1");
    assert_seqs(none, "");
    evj_state_free(state);
    evj_state_free(none);
}

/* ---- the limit ---- */

/* The larger offer goes, then the smaller answer; never the small events for a large one. */
static void what_does_not_fit_is_left_out_the_largest_first(void **unused)
{
    size_t whole;
    struct evj_state *state = state_of_a_call(EVJ_STATE_FULL, PLENTY);

    (void)unused;
    whole = evj_state_bytes(state);
    evj_state_free(state);
    state = state_of_a_call(EVJ_STATE_FULL, whole);
    assert_seqs(state, "0 1 2 3 5 6");
    evj_state_free(state);
    state = state_of_a_call(EVJ_STATE_FULL, whole - 1000);
    assert_seqs(state, "0 1 3 5 6");
    assert_int_equal(evj_state_left_out(state), 1);
    assert_true(evj_state_bytes(state) <= whole - 1000);
    add_jsep(state, 1, 2, "remote", 100);
    assert_seqs(state, "0 1 3 5 6 7");
    assert_int_equal(evj_state_left_out(state), 0);
    add_named(state, EVJ_TYPE_WEBRTC, 1, 2, "{\"connection\":\"hangup\"}");
    assert_int_equal(evj_state_left_out(state), 0);
    evj_state_free(state);
}

static void memory_never_exceeds_the_limit(void **unused)
{
    const size_t limit = 20000;
    struct evj_state *state = evj_state_new(EVJ_STATE_FULL, limit);

    (void)unused;
    next_seq = 0;
    for (unsigned i = 1; i <= 500; i++) {
        add_created(state, i);
        add_named(state, EVJ_TYPE_HANDLE, i, i, ATTACHED);
        add_jsep(state, i, i, "remote", 50 + i * 7 % 4000);
        assert_true(evj_state_bytes(state) <= limit);
        assert_true(evj_state_events(state) > 0);
    }
    assert_true(evj_state_left_out(state) > 0);
    for (unsigned i = 1; i <= 500; i++)
        add_named(state, EVJ_TYPE_HANDLE, i, i, DETACHED);
    for (unsigned i = 1; i <= 500; i++) {
        g_autofree char *event =
            g_strdup_printf("{\"type\":1,\"session_id\":%u,\"event\":{\"name\":\"destroyed\"}}", i);
        add_event(state, event);
    }
    assert_int_equal(evj_state_bytes(state), 0);
    assert_int_equal(evj_state_events(state), 0);
    evj_state_free(state);
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_state_at_any_cut_tells_what_the_events_before_it_told),
        TEST(events_keep_their_bytes_their_seq_and_their_mono),
        TEST(the_list_is_what_a_file_gets),
        TEST(state_records_are_as_good_as_the_events),
        TEST(only_the_latest_of_its_kind_is_kept),
        TEST(a_hangup_ends_the_peer_connection_and_what_straggles_behind_it),
        TEST(what_comes_behind_the_end_brings_nothing_back),
        TEST(a_session_that_is_over_stays_until_its_handles_are_gone),
        TEST(a_session_whose_connection_was_lost_ends_with_its_last_handle),
        TEST(the_servers_start_is_kept_and_its_shutdown_ends_all),
        TEST(an_unpublishing_without_handle_is_its_participants),
        TEST(sessions_alone_are_sessions_and_handles),
        TEST(what_does_not_fit_is_left_out_the_largest_first),
        TEST(memory_never_exceeds_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

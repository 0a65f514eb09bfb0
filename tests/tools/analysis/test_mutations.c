/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One change is planted into a real recording: it must be found and weighed right, or pass as
 * harmless. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

typedef void plant(GPtrArray *events);

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

/* ---- what must be found ---- */

static void remove_dtls_connected(GPtrArray *events)
{
    remove_event(events, "event.dtls", "connected");
}

static void remove_webrtcup(GPtrArray *events)
{
    remove_event(events, "event.connection", "webrtcup");
}

static void remove_answer(GPtrArray *events)
{
    remove_event(events, "event.jsep.type", "answer");
}

static void remove_pair(GPtrArray *events)
{
    for (guint i = events->len; i-- > 0;) {
        if (value_at(event_at(events, i), "event.selected-pair") != NULL)
            g_ptr_array_remove_index(events, i);
    }
}

static void remove_detached(GPtrArray *events)
{
    remove_event(events, "event.name", "detached");
}

static void remove_audio_media(GPtrArray *events)
{
    const guint index = find_event(events, "event.media", "audio", 0);

    assert_true(json_is_true(value_at(event_at(events, index), "event.receiving")));
    g_ptr_array_remove_index(events, index);
}

static void fail_dtls(GPtrArray *events)
{
    set_string(events, find_event(events, "event.dtls", "connected", 0), "event", "dtls", "failed");
}

static void fail_ice_at_the_end(GPtrArray *events)
{
    set_string(events, find_event(events, "event.ice", "connected", 1), "event", "ice", "failed");
}

static void time_out_session(GPtrArray *events)
{
    set_string(events, find_event(events, "event.name", "destroyed", 0), "event", "name",
               "timeout");
}

static void change_hangup_reason(GPtrArray *events)
{
    set_string(events, find_event(events, "event.connection", "hangup", 0), "event", "reason",
               "ICE failed");
}

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

static void answer_with_another_codec(GPtrArray *events)
{
    edit_sdp(events, "answer", "VP8/90000", "VP9/90000");
}

static void turn_video_off(GPtrArray *events)
{
    edit_sdp(events, "answer", "a=sendrecv\r\na=mid:1", "a=inactive\r\na=mid:1");
}

static void reject_video(GPtrArray *events)
{
    edit_sdp(events, "answer", "m=video 9", "m=video 0");
}

static void lose_data_section(GPtrArray *events)
{
    edit_sdp(events, "offer", "m=application", "x=");
}

static void lose_ipv4_candidates(GPtrArray *events)
{
    for (guint i = events->len; i-- > 0;) {
        const char *candidate =
            json_string_value(value_at(event_at(events, i), "event.remote-candidate"));

        if (candidate != NULL && strstr(candidate, "::") == NULL)
            g_ptr_array_remove_index(events, i);
    }
}

static void lose_one_candidate(GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        if (value_at(event_at(events, i), "event.remote-candidate") == NULL)
            continue;
        g_ptr_array_remove_index(events, i);
        return;
    }
}

static void relay_the_pair(GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        if (value_at(event_at(events, i), "event.selected-pair") != NULL)
            set_string(events, i, "event", "selected-pair",
                       "192.0.2.2:52511 [host,udp] <-> 192.0.2.9:54445 [relay,udp]");
    }
}

static void change_bitrate(GPtrArray *events)
{
    /* The first one with this plugin is the handle's "attached". */
    const guint index = find_event(events, "event.plugin", "janus.plugin.echotest", 1);
    json_t *data = value_at(event_at(events, index), "event.data");

    assert_int_equal(json_object_set_new(data, "bitrate", json_integer(64000)), 0);
}

static void add_unknown_field(GPtrArray *events)
{
    set_string(events, find_event(events, "event.dtls", "connected", 0), "event", "cipher", "none");
}

/* Everything from here on comes `delay_us` later. */
static void delay_from(GPtrArray *events, guint index, int64_t delay_us)
{
    for (guint i = index; i < events->len; i++) {
        json_t *timestamp = value_at(event_at(events, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + delay_us);
    }
}

static void slow_dtls(GPtrArray *events)
{
    delay_from(events, find_event(events, "event.dtls", "connected", 0), 2000000);
}

static void retry_dtls(GPtrArray *events)
{
    const guint index = find_event(events, "event.dtls", "trying", 0);
    json_t *again = json_deep_copy(event_at(events, index));

    json_object_set_new(value_at(again, "event"), "retransmissions", json_integer(4));
    g_ptr_array_insert(events, (gint)index + 1, again);
}

static void stop_inbound_video(GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        json_t *body = value_at(event_at(events, i), "event");
        const char *media = json_string_value(json_object_get(body, "media"));

        if (media != NULL && strcmp(media, "video") == 0 &&
            json_object_get(body, "packets-received") != NULL)
            json_object_set_new(body, "packets-received", json_integer(0));
    }
}

static void lose_packets(GPtrArray *events)
{
    json_int_t lost = 0;

    for (guint i = 0; i < events->len; i++) {
        json_t *body = value_at(event_at(events, i), "event");

        if (json_object_get(body, "lost") != NULL)
            json_object_set_new(body, "lost", json_integer(lost += 10));
    }
}

/* The subscriber that asks for bob's streams gets alice's. */
static void swap_feed(GPtrArray *events)
{
    const guint index = find_event(events, "event.data.event", "subscribing", 3);
    json_t *streams = value_at(event_at(events, index), "event.data.streams");
    json_t *stream;
    size_t i;

    assert_int_equal(json_integer_value(json_object_get(json_array_get(streams, 0), "feed_id")),
                     4165824101520429);
    json_array_foreach(streams, i, stream)
        json_object_set_new(stream, "feed_id", json_integer(327123220388559));
}

static void rename_bob(GPtrArray *events)
{
    const guint index = find_event(events, "event.data.display", "bob", 0);

    set_string(events, index, "event.data", "display", "mallory");
}

/* The subscriber's session is left without its third handle. */
static void lose_handle(GPtrArray *events)
{
    for (guint i = events->len; i-- > 0;) {
        if (json_integer_value(value_at(event_at(events, i), "handle_id")) == 5792910804925425)
            g_ptr_array_remove_index(events, i);
    }
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

static const struct planted {
    const char *what, *sample;
    plant *plant;
    enum diff_class class;
    const char *lane;
} planted[] = {
    {"DTLS connected removed", "echo2", remove_dtls_connected, DIFF_OUTCOME, "dtls"},
    {"webrtcup removed", "echo2", remove_webrtcup, DIFF_OUTCOME, "pc"},
    {"answer removed", "echo2", remove_answer, DIFF_STRUCTURE, "signalling"},
    {"selected pair removed", "echo2", remove_pair, DIFF_OUTCOME, "pair"},
    {"detached removed", "echo2", remove_detached, DIFF_STRUCTURE, "handle"},
    {"audio media removed", "echo2", remove_audio_media, DIFF_STRUCTURE, "media 0 audio"},
    {"DTLS failed instead", "echo2", fail_dtls, DIFF_OUTCOME, "dtls"},
    {"ICE failed at the end", "echo2", fail_ice_at_the_end, DIFF_OUTCOME, "ice"},
    {"session timed out", "echo2", time_out_session, DIFF_OUTCOME, "session"},
    {"other hangup reason", "dtlsfail", change_hangup_reason, DIFF_OUTCOME, "pc"},
    {"VP8 not offered", "echo2", lose_vp8, DIFF_NEGOTIATION, "signalling"},
    {"VP9 answered", "echo2", answer_with_another_codec, DIFF_NEGOTIATION, "signalling"},
    {"video inactive", "echo2", turn_video_off, DIFF_NEGOTIATION, "signalling"},
    {"video rejected", "echo2", reject_video, DIFF_NEGOTIATION, "signalling"},
    {"no data section", "echo2", lose_data_section, DIFF_NEGOTIATION, "signalling"},
    {"no IPv4 candidates", "echo2", lose_ipv4_candidates, DIFF_NEGOTIATION, "candidates"},
    {"one candidate less", "echo2", lose_one_candidate, DIFF_NOTE, "candidates"},
    {"relayed", "echo2", relay_the_pair, DIFF_NEGOTIATION, "pair"},
    {"bitrate capped", "echo2", change_bitrate, DIFF_STRUCTURE, "plugin"},
    {"unknown field", "echo2", add_unknown_field, DIFF_STRUCTURE, "dtls"},
    {"slow DTLS", "echo2", slow_dtls, DIFF_TIMING, "dtls"},
    {"DTLS retries", "echo2", retry_dtls, DIFF_QUALITY, "dtls"},
    {"no video in", "echo2", stop_inbound_video, DIFF_OUTCOME, "stats 1 video"},
    {"loss", "echo2", lose_packets, DIFF_QUALITY, "stats 0 audio"},
    {"feed swapped", "room1", swap_feed, DIFF_IDENTITY, "plugin"},
    {"other name", "room1", rename_bob, DIFF_IDENTITY, "plugin"},
    {"answer lost at the end", "room1", lose_the_last_answer, DIFF_NOTE, "signalling"},
    {"hangup lost at the end", "mute", lose_the_last_hangup, DIFF_NOTE, "pc"},
    {"hangup of a failed call lost", "dtlsfail", lose_the_last_hangup, DIFF_OUTCOME, "pc"},
    {"handle missing", "room1", lose_handle, DIFF_STRUCTURE, "handle"},
};

static void check_planted(const struct planted *one)
{
    g_autoptr(GPtrArray) original = event_list_load(one->sample);
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    one->plant(changed);
    struct diff_result *result = compare_events(original, changed);

    if (find_difference(result, one->class, one->lane) == NULL) {
        g_autofree char *told = describe_result(result, false);

        fail_msg("%s: not found as %s in %s:\n%s", one->what, diff_class_name(one->class),
                 one->lane, told);
    }
    assert_int_equal(result->verdict, one->class <= DIFF_NEGOTIATION ? DIFF_DIFFERENT : DIFF_SAME);
    if (one->class <= DIFF_NEGOTIATION)
        assert_string_equal(result->first->lane_name, one->lane);
    diff_free(result);
}

static void every_planted_change_is_found_and_weighed_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(planted); i++)
        check_planted(&planted[i]);
}

/* One slow step moves all that follow: it alone is blamed. */
static void a_slow_step_is_blamed_once(void **state)
{
    g_autoptr(GPtrArray) original = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(original);

    (void)state;
    slow_dtls(changed);
    struct diff_result *result = compare_events(original, changed);

    assert_int_equal(result->differences->len, 1);
    diff_free(result);
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

/* ---- what must pass ---- */

static void do_nothing(GPtrArray *events)
{
    (void)events;
}

/* Add to every id, so that equal stays equal; strings of digits as well. */
static void renumber(json_t *value, const char *key)
{
    static const char *const ids[] = {"session_id", "handle_id", "id",        "room",
                                      "feed_id",    "feed",      "private_id"};

    for (size_t i = 0; key != NULL && i < G_N_ELEMENTS(ids); i++) {
        if (strcmp(key, ids[i]) != 0)
            continue;
        if (json_is_integer(value))
            json_integer_set(value, json_integer_value(value) + 1000003);
        else if (json_is_string(value)) {
            g_autofree char *other = g_strconcat("7", json_string_value(value), NULL);

            json_string_set(value, other);
        }
    }
    if (key != NULL && strcmp(key, "opaque_id") == 0) {
        g_autofree char *other = g_strconcat("other-", json_string_value(value), NULL);

        json_string_set(value, other);
    }
}

static void renumber_tree(json_t *value, const char *key)
{
    const char *member;
    json_t *below;
    size_t i;

    renumber(value, key);
    if (json_is_object(value)) {
        json_object_foreach(value, member, below) renumber_tree(below, member);
    }
    if (json_is_array(value)) {
        json_array_foreach(value, i, below) renumber_tree(below, NULL);
    }
}

static void renumber_all(GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++)
        renumber_tree(event_at(events, i), NULL);
}

static void swap_bodies(GPtrArray *events, guint a, guint b)
{
    json_t *left = json_deep_copy(value_at(event_at(events, a), "event"));
    json_t *right = json_deep_copy(value_at(event_at(events, b), "event"));

    json_object_set_new(event_at(events, a), "event", right);
    json_object_set_new(event_at(events, b), "event", left);
}

static void reorder_candidates(GPtrArray *events)
{
    guint last = 0;

    for (guint i = 0; i < events->len; i++) {
        if (value_at(event_at(events, i), "event.remote-candidate") == NULL)
            continue;
        if (last > 0)
            swap_bodies(events, last, i);
        last = i;
    }
    assert_true(last > 0);
}

static void jitter(json_t *body, GRand *random)
{
    const char *key;
    json_t *value;

    json_object_foreach(body, key, value)
    {
        const double factor = g_rand_double_range(random, 0.95, 1.05);

        if (json_is_integer(value) && strcmp(key, "mindex") != 0 && strcmp(key, "base") != 0)
            json_integer_set(value, (json_int_t)((double)json_integer_value(value) * factor));
    }
}

static void jitter_statistics(GPtrArray *events)
{
    GRand *random = g_rand_new_with_seed(20261122);

    for (guint i = 0; i < events->len; i++) {
        json_t *body = value_at(event_at(events, i), "event");

        if (json_object_get(body, "packets-received") != NULL)
            jitter(body, random);
    }
    g_rand_free(random);
}

/* What a lane is for this purpose: events of different ones may change places. */
static char *lane_of(const json_t *event)
{
    const json_int_t type = json_integer_value(value_at(event, "type"));
    const json_int_t subtype = json_integer_value(value_at(event, "subtype"));
    const char *mid = json_string_value(value_at(event, "event.mid"));

    if (type != 8 && type != 16 && type != 32)
        return NULL;
    return g_strdup_printf("%d %d %s", (int)type, (int)subtype, mid != NULL ? mid : "");
}

/* The first events of a PeerConnection open it, and its statistics follow webrtcup: these stay. */
static void interleave_otherwise(GPtrArray *events)
{
    GRand *random = g_rand_new_with_seed(4711);
    const guint from = find_event(events, "event.ice", "connecting", 0);
    const guint to = find_event(events, "event.connection", "webrtcup", 0);

    for (int n = 0; n < 500; n++) {
        const guint i = (guint)g_rand_int_range(random, (gint32)from, (gint32)to - 1);
        g_autofree char *one = lane_of(event_at(events, i));
        g_autofree char *next = lane_of(event_at(events, i + 1));

        if (one != NULL && next != NULL && strcmp(one, next) != 0) {
            gpointer moved = event_at(events, i);

            events->pdata[i] = events->pdata[i + 1];
            events->pdata[i + 1] = moved;
        }
    }
    g_rand_free(random);
}

static void flap_ready(GPtrArray *events)
{
    const guint index = find_event(events, "event.ice", "ready", 0);
    json_t *again = json_deep_copy(event_at(events, index));

    g_ptr_array_remove_index(events, index);
    g_ptr_array_insert(events, (gint)find_event(events, "event.connection", "webrtcup", 0) + 1,
                       again);
}

static void repeat_dtls_trying(GPtrArray *events)
{
    const guint index = find_event(events, "event.dtls", "trying", 0);

    g_ptr_array_insert(events, (gint)index, json_deep_copy(event_at(events, index)));
}

static void renumber_payload_types(GPtrArray *events)
{
    edit_sdp(events, "offer", "SAVPF 96 97 ", "SAVPF 35 36 ");
    edit_sdp(events, "offer", ":96 ", ":35 ");
    edit_sdp(events, "offer", ":97 ", ":36 ");
    edit_sdp(events, "offer", "apt=96", "apt=35");
}

static void renew_credentials(GPtrArray *events)
{
    edit_sdp(events, "offer", "a=ice-ufrag:wwQq", "a=ice-ufrag:abcd");
    edit_sdp(events, "offer", "a=fingerprint:sha-256 7E", "a=fingerprint:sha-256 00");
    edit_sdp(events, "offer", "a=extmap:3 ", "a=extmap:9 ");
}

/* `combine_media_stats`: one event with an array for what came at the same time. */
static void combine_statistics(GPtrArray *events)
{
    json_t *combined = NULL;
    json_int_t since = 0;

    for (guint i = 0; i < events->len;) {
        json_t *event = event_at(events, i);
        json_t *body = value_at(event, "event");
        const json_int_t timestamp = json_integer_value(value_at(event, "timestamp"));

        if (json_object_get(body, "packets-received") == NULL) {
            combined = NULL;
            i++;
        } else if (combined == NULL || timestamp - since > G_USEC_PER_SEC / 2) {
            json_t *array = json_pack("[O]", body);

            since = timestamp;
            combined = array;
            json_object_set_new(event, "event", array);
            i++;
        } else {
            json_array_append(combined, body);
            g_ptr_array_remove_index(events, i);
        }
    }
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

static const struct harmless {
    const char *what, *sample;
    plant *plant;
} harmless[] = {
    {"nothing", "echo2", do_nothing},
    {"ids renumbered", "echo2", renumber_all},
    {"ids renumbered in a room", "room1", renumber_all},
    {"candidates reordered", "echo2", reorder_candidates},
    {"statistics jittered", "echo2", jitter_statistics},
    {"lanes interleaved otherwise", "echo2", interleave_otherwise},
    {"ICE ready at another moment", "echo2", flap_ready},
    {"DTLS trying told twice", "echo2", repeat_dtls_trying},
    {"payload types renumbered", "echo2", renumber_payload_types},
    {"credentials renewed", "echo2", renew_credentials},
    {"statistics combined", "echo2", combine_statistics},
    {"subscribers attached in another order", "room1", swap_subscribers},
    {"first statistics missed", "room1", lose_the_first_statistics},
};

static void every_harmless_change_passes(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
        g_autoptr(GPtrArray) original = event_list_load(harmless[i].sample);
        g_autoptr(GPtrArray) changed = event_list_copy(original);

        harmless[i].plant(changed);
        struct diff_result *result = compare_events(original, changed);

        if (result->verdict != DIFF_IDENTICAL) {
            g_autofree char *told = describe_result(result, false);

            fail_msg("%s: reported\n%s", harmless[i].what, told);
        }
        diff_free(result);
    }
}

/* A comparison with renumbered ids tells the same differences, number for number. */
static void renumbered_ids_change_nothing_in_a_comparison(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_load("dtlsfail");

    (void)state;
    struct diff_result *before = compare_events(good, bad);

    renumber_all(bad);
    struct diff_result *after = compare_events(good, bad);
    g_autofree char *told_before = describe_result(before, false);
    g_autofree char *told_after = describe_result(after, false);

    assert_string_equal(told_before, told_after);
    diff_free(before);
    diff_free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_change_is_found_and_weighed_right),
        cmocka_unit_test(a_slow_step_is_blamed_once),
        cmocka_unit_test(among_what_happens_at_once_the_cause_comes_first),
        cmocka_unit_test(what_fails_comes_before_the_end_that_follows),
        cmocka_unit_test(a_missing_codec_is_told_once),
        cmocka_unit_test(every_harmless_change_passes),
        cmocka_unit_test(renumbered_ids_change_nothing_in_a_comparison),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

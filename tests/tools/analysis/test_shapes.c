/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of events that no recording at hand has: older servers, string ids, other plugins. Made after
 * Janus's sources. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

/* Events as texts, one after the other in time; "%1" and "%2" stand for ids that each call draws. */
static GPtrArray *call_of(const char *const *texts, size_t count, const char *one, const char *two)
{
    GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);

    for (size_t i = 0; i < count; i++) {
        g_auto(GStrv) first = g_strsplit(texts[i], "%1", -1);
        g_autofree char *half = g_strjoinv(one, first);
        g_auto(GStrv) second = g_strsplit(half, "%2", -1);
        g_autofree char *text = g_strjoinv(two, second);
        json_t *event = event_list_parse(text);

        json_object_set_new(event, "timestamp", json_integer((json_int_t)i * 100000));
        g_ptr_array_add(events, event);
    }
    return events;
}

#define CALL(texts, one, two) call_of((texts), G_N_ELEMENTS(texts), (one), (two))

static void assert_identical(const GPtrArray *a, const GPtrArray *b)
{
    struct diff_result *result = compare_events(a, b);

    if (result->verdict != DIFF_IDENTICAL) {
        g_autofree char *told = describe_result(result, false);

        fail_msg("%s", told);
    }
    diff_free(result);
}

/* The first divergence must be of this class and lane, and name this path (or step). */
static void assert_parts(const GPtrArray *a, const GPtrArray *b, enum diff_class class,
                         const char *lane, const char *path)
{
    struct diff_result *result = compare_events(a, b);
    const struct difference *found = find_difference(result, class, lane);
    g_autofree char *told = describe_result(result, false);

    if (found == NULL || strstr(told, path) == NULL)
        fail_msg("no %s of %s with %s:\n%s", diff_class_name(class), lane, path, told);
    diff_free(result);
}

#define SESSION(name) "{\"type\":1,\"session_id\":1%1,\"event\":{\"name\":\"" name "\"}}"
#define OF_HANDLE(type, rest) \
    "{\"type\":" #type ",\"session_id\":1%1,\"handle_id\":2%1,\"event\":" rest "}"
#define ATTACHED(plugin) \
    OF_HANDLE(2, "{\"name\":\"attached\",\"plugin\":\"janus.plugin." plugin "\"}")
#define PLUGIN(plugin, data) \
    OF_HANDLE(64, "{\"plugin\":\"janus.plugin." plugin "\",\"data\":" data "}")

/* ---- servers before 1.0 ---- */

#define OLD_STATS(codec, received)                                           \
    OF_HANDLE(32,                                                            \
              "{\"media\":\"audio\",\"base\":48000,\"audio-codec\":\"" codec \
              "\",\"lost\":0,\"packets-received\":" #received ",\"packets-sent\":" #received "}")

/* No mid, no subtype, and ids of streams and components instead. */
#define OLD_CALL(codec, received)                                                                 \
    {                                                                                             \
        SESSION("created"), ATTACHED("echotest"),                                                 \
            OF_HANDLE(8, "{\"owner\":\"remote\",\"jsep\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}"), \
            OF_HANDLE(8, "{\"owner\":\"local\",\"jsep\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}"), \
            OF_HANDLE(16, "{\"ice\":\"connecting\",\"stream_id\":1,\"component_id\":1}"),         \
            OF_HANDLE(16, "{\"ice\":\"connected\",\"stream_id\":%1,\"component_id\":1}"),         \
            OF_HANDLE(16, "{\"selected-pair\":\"192.0.2.1:1%1 [host,udp] <-> 192.0.2.9:1%2 "      \
                          "[srflx,udp]\",\"stream_id\":1,\"component_id\":1}"),                   \
            OF_HANDLE(16, "{\"dtls\":\"connected\",\"stream_id\":1,\"component_id\":1}"),         \
            OF_HANDLE(16, "{\"connection\":\"webrtcup\"}"),                                       \
            OF_HANDLE(32, "{\"media\":\"audio\",\"receiving\":true}"), OLD_STATS(codec, 10),      \
            OLD_STATS(codec, received), SESSION("destroyed"),                                     \
    }

static void calls_of_an_old_server_are_compared(void **state)
{
    static const char *const good[] = OLD_CALL("opus", 20);
    static const char *const other[] = OLD_CALL("pcmu", 20);
    g_autoptr(GPtrArray) a = CALL(good, "3", "4"), b = CALL(good, "5", "6"),
                         c = CALL(other, "5", "6");

    (void)state;
    assert_identical(a, b);
    assert_parts(a, c, DIFF_NEGOTIATION, "stats audio", "codec opus pcmu");
}

static void states_of_an_old_server_are_told_apart_without_subtypes(void **state)
{
    static const char *const good[] = OLD_CALL("opus", 20);
    g_autoptr(GPtrArray) a = CALL(good, "3", "4"), b = CALL(good, "5", "6");
    const guint dtls = find_event(b, "event.dtls", "connected", 0);

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(b, dtls), "event"), "dtls",
                        json_string("failed"));
    assert_parts(a, b, DIFF_OUTCOME, "dtls", "failed");
}

/* Before 0.10.6 a connection's id was a pointer. */
static void the_id_of_a_connection_may_be_any_text(void **state)
{
    static const char *const texts[] = {
        "{\"type\":128,\"event\":{\"transport\":\"janus.transport.websockets\",\"id\":\"0x%1f0\","
        "\"data\":{\"event\":\"connected\",\"admin_api\":false,\"ip\":\"192.0.2.%1\"}}}",
        "{\"type\":1,\"session_id\":1%1,\"event\":{\"name\":\"created\",\"transport\":{"
        "\"transport\":\"janus.transport.websockets\",\"id\":\"0x%1f0\"}}}",
        SESSION("destroyed"),
        "{\"type\":128,\"event\":{\"transport\":\"janus.transport.websockets\",\"id\":\"0x%1f0\","
        "\"data\":{\"event\":\"disconnected\"}}}",
    };
    g_autoptr(GPtrArray) a = CALL(texts, "3", ""), b = CALL(texts, "5", "");

    (void)state;
    assert_identical(a, b);
    g_ptr_array_set_size(b, 3);
    assert_parts(a, b, DIFF_NOTE, "transport", "disconnected");
}

/* ---- ids that are strings ---- */

#define STRING_ROOM(feed)                                                                          \
    {                                                                                              \
        SESSION("created"), ATTACHED("videoroom"),                                                 \
            PLUGIN("videoroom", "{\"event\":\"joined\",\"room\":\"r%1\",\"id\":\"alice-%1\","      \
                                "\"private_id\":%1,\"display\":\"alice\"}"),                       \
            "{\"type\":1,\"session_id\":7%1,\"event\":{\"name\":\"created\"}}",                    \
            "{\"type\":2,\"session_id\":7%1,\"handle_id\":8%1,\"event\":{\"name\":\"attached\","   \
            "\"plugin\":\"janus.plugin.videoroom\"}}",                                             \
            "{\"type\":64,\"session_id\":7%1,\"handle_id\":8%1,\"event\":{\"plugin\":"             \
            "\"janus.plugin.videoroom\",\"data\":{\"event\":\"subscribing\",\"room\":\"r%1\","     \
            "\"streams\":[{\"mindex\":0,\"feed_id\":\"" feed "\",\"feed_display\":\"alice\"}]}}}", \
            "{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.videoroom\",\"data\":{\"event\":"   \
            "\"leaving\",\"room\":\"r%1\",\"id\":\"alice-%1\",\"display\":\"alice\"}}}",           \
            SESSION("destroyed"),                                                                  \
    }

static void string_ids_stand_for_each_other_like_numbers(void **state)
{
    static const char *const room[] = STRING_ROOM("alice-%1");
    static const char *const wrong[] = STRING_ROOM("bob-%1");
    g_autoptr(GPtrArray) a = CALL(room, "3", ""), b = CALL(room, "5", ""), c = CALL(wrong, "5", "");

    (void)state;
    assert_identical(a, b);
    assert_parts(a, c, DIFF_IDENTITY, "plugin", "feed_id alice-3 bob-5");
}

/* Who left has no handle in the event: it belongs to the one that joined by that name. */
static void an_event_without_handle_is_adopted_by_a_string_id(void **state)
{
    static const char *const room[] = STRING_ROOM("alice-%1");
    g_autoptr(GPtrArray) a = CALL(room, "3", ""), b = CALL(room, "5", "");

    (void)state;
    g_ptr_array_remove_index(b, find_event(b, "event.data.event", "leaving", 0));
    assert_parts(a, b, DIFF_STRUCTURE, "plugin", "videoroom leaving");
}

/* ---- other plugins ---- */

static void a_kicked_participant_is_told_of_without_a_handle(void **state)
{
    static const char *const bridge[] = {
        SESSION("created"),
        ATTACHED("audiobridge"),
        PLUGIN("audiobridge", "{\"event\":\"joined\",\"room\":%1,\"id\":%2,\"display\":\"eve\"}"),
        "{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.audiobridge\",\"data\":{\"event\":"
        "\"kicked\",\"room\":%1,\"id\":%2}}}",
        SESSION("destroyed"),
    };
    g_autoptr(GPtrArray) a = CALL(bridge, "3", "4"), b = CALL(bridge, "5", "6");

    (void)state;
    assert_identical(a, b);
    g_ptr_array_remove_index(b, 3);
    assert_parts(a, b, DIFF_STRUCTURE, "plugin", "audiobridge kicked");
}

/* "id" is not a participant there. */
static void mountpoints_and_recordings_are_ids_of_their_own(void **state)
{
    static const char *const texts[] = {
        SESSION("created"),
        ATTACHED("streaming"),
        PLUGIN("streaming", "{\"status\":\"starting\",\"id\":%1}"),
        PLUGIN("streaming", "{\"status\":\"started\",\"id\":%1}"),
        PLUGIN("streaming", "{\"status\":\"switching\",\"id\":%2}"),
        SESSION("destroyed"),
    };
    g_autoptr(GPtrArray) a = CALL(texts, "3", "4"), b = CALL(texts, "5", "6");
    g_autoptr(GPtrArray) c = CALL(texts, "5", "5");

    (void)state;
    assert_identical(a, b);
    assert_parts(a, c, DIFF_IDENTITY, "plugin", "plugins.streaming.data.id 4 5");
}

#define SIP(sent) \
    "{\"event\":\"sip-in\",\"sip\":\"" sent "\\r\\nVia: SIP/2.0/UDP h;branch=%1\\r\\n\"}"

#define SIP_CALL(answer, codec)                                                                    \
    {                                                                                              \
        SESSION("created"), ATTACHED("sip"),                                                       \
            PLUGIN("sip", "{\"event\":\"calling\",\"callee\":\"sip:bob@example.net\",\"call-id\":" \
                          "\"c%1\",\"sdp\":\"v=0\\r\\no=- %1 1 IN IP4 192.0.2.%2\\r\\n"            \
                          "m=audio 4%1 RTP/SAVP 0\\r\\na=rtpmap:0 " codec "\\r\\n"                 \
                          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%1\\r\\n\"}"),                \
            PLUGIN("sip", SIP(answer)), SESSION("destroyed"),                                      \
    }

/* Whole SIP messages differ in every call, but not in what they are. */
static void sip_messages_are_compared_by_method_or_status(void **state)
{
    static const char *const good[] = SIP_CALL("SIP/2.0 200 OK", "PCMU/8000");
    static const char *const busy[] = SIP_CALL("SIP/2.0 486 Busy Here", "PCMU/8000");
    static const char *const bye[] = SIP_CALL("BYE sip:a@h%1 SIP/2.0", "PCMU/8000");
    g_autoptr(GPtrArray) a = CALL(good, "3", "4"), b = CALL(good, "5", "6"),
                         c = CALL(busy, "5", "6"), d = CALL(bye, "5", "6");

    (void)state;
    assert_identical(a, b);
    assert_parts(a, c, DIFF_STRUCTURE, "sip", "486");
    assert_parts(a, d, DIFF_STRUCTURE, "sip", "BYE");
}

static void an_sdp_in_a_plugins_event_is_compared_by_meaning(void **state)
{
    static const char *const good[] = SIP_CALL("SIP/2.0 200 OK", "PCMU/8000");
    static const char *const other[] = SIP_CALL("SIP/2.0 200 OK", "PCMA/8000");
    g_autoptr(GPtrArray) a = CALL(good, "3", "4"), b = CALL(good, "5", "6"),
                         c = CALL(other, "5", "6");
    json_t *data = value_at(g_ptr_array_index(b, 2), "event.data");
    g_auto(GStrv) parts =
        g_strsplit(json_string_value(json_object_get(data, "sdp")), "AES_CM_128", 2);
    g_autofree char *weaker = g_strjoinv("F8_128", parts);

    (void)state;
    assert_parts(a, c, DIFF_NEGOTIATION, "plugin", "sdp.#0.codec.PCMA/8000");
    json_object_set_new(data, "sdp", json_string(weaker));
    assert_parts(a, b, DIFF_NEGOTIATION, "plugin", "sdp.#0.crypto AES_CM_128");
}

/* A script's plugin has any name, and says anything. */
static void a_script_may_say_anything(void **state)
{
    static const char *const texts[] = {
        SESSION("created"),
        ATTACHED("lua"),
        OF_HANDLE(
            64, "{\"plugin\":\"janus.plugin.echolua\",\"data\":[1,{\"deep\":[true,null]},\"x\"]}"),
        OF_HANDLE(64, "{\"plugin\":\"janus.plugin.echolua\",\"data\":\"only a word\"}"),
        SESSION("destroyed"),
    };
    g_autoptr(GPtrArray) a = CALL(texts, "3", ""), b = CALL(texts, "5", "");

    (void)state;
    assert_identical(a, b);
    json_object_set_new(value_at(g_ptr_array_index(b, 3), "event"), "data", json_string("another"));
    assert_parts(a, b, DIFF_STRUCTURE, "plugin", "another");
}

/* ---- statistics ---- */

#define STAT(mid, media, received) \
    "{\"mid\":\"" mid "\",\"media\":\"" media "\",\"packets-received\":" #received "}"

/* With combine_media_stats, and without, it is the same call. */
static void combined_statistics_are_the_same_as_single_ones(void **state)
{
    static const char *const single[] = {
        SESSION("created"),
        ATTACHED("echotest"),
        OF_HANDLE(16, "{\"connection\":\"webrtcup\"}"),
        OF_HANDLE(32, STAT("0", "audio", 5)),
        OF_HANDLE(32, STAT("1", "video-sim1", 5)),
        SESSION("destroyed"),
    };
    static const char *const combined[] = {
        SESSION("created"),
        ATTACHED("echotest"),
        OF_HANDLE(16, "{\"connection\":\"webrtcup\"}"),
        OF_HANDLE(32, "[" STAT("0", "audio", 5) "," STAT("1", "video-sim1", 5) "]"),
        SESSION("destroyed"),
    };
    g_autoptr(GPtrArray) a = CALL(single, "3", ""), b = CALL(combined, "5", "");

    (void)state;
    assert_identical(a, b);
}

/* The layers of a simulcast are media of their own. */
static void a_layer_that_stops_is_told_by_its_number(void **state)
{
    static const char *const texts[] = {
        SESSION("created"),
        ATTACHED("echotest"),
        OF_HANDLE(16, "{\"connection\":\"webrtcup\"}"),
        OF_HANDLE(32, "{\"mid\":\"1\",\"media\":\"video\",\"substream\":0,\"receiving\":true}"),
        OF_HANDLE(32, "{\"mid\":\"1\",\"media\":\"video\",\"substream\":2,\"receiving\":true}"),
        OF_HANDLE(32, "{\"mid\":\"1\",\"media\":\"video\",\"substream\":2,\"receiving\":false,"
                      "\"seconds\":1}"),
        OF_HANDLE(16, "{\"connection\":\"hangup\",\"reason\":\"Close PC\"}"),
    };
    g_autoptr(GPtrArray) a = CALL(texts, "3", ""), b = CALL(texts, "5", "");

    (void)state;
    assert_identical(a, b);
    g_ptr_array_remove_index(b, 5);
    assert_parts(a, b, DIFF_STRUCTURE, "media 1 video sim2", "stopped");
}

/* ---- before and after mids ---- */

#define OLD_VIDEO(received)                                    \
    OF_HANDLE(32, "{\"media\":\"video\",\"receiving\":true}"), \
        OF_HANDLE(32, "{\"media\":\"video\",\"packets-received\":" #received "}")
#define NEW_VIDEO(mid, received)                                                   \
    OF_HANDLE(32, "{\"mid\":\"" mid "\",\"media\":\"video\",\"receiving\":true}"), \
        OF_HANDLE(32, STAT(mid, "video", received))
#define CALL_WITH(...)                                                                            \
    {                                                                                             \
        SESSION("created"), ATTACHED("echotest"), OF_HANDLE(16, "{\"connection\":\"webrtcup\"}"), \
            __VA_ARGS__, SESSION("destroyed")                                                     \
    }

static void assert_limits(const GPtrArray *a, const GPtrArray *b, enum diff_which side)
{
    struct diff_result *result = compare_events(a, b);
    const struct diff_limit *limit = NULL;

    assert_int_equal(result->verdict, DIFF_DIFFERENT);
    assert_int_equal(result->limits->len, 1);
    limit = g_ptr_array_index(result->limits, 0);
    assert_int_equal(limit->kind, DIFF_LIMIT_MIDS);
    assert_int_equal(limit->side, side);
    assert_non_null(strstr(limit->text, "video"));
    assert_non_null(find_difference(result, DIFF_STRUCTURE, "media 1 video"));
    assert_non_null(find_difference(result, DIFF_STRUCTURE, "media video"));
    diff_free(result);
}

static void one_medium_of_a_kind_needs_no_mid_to_be_found(void **state)
{
    static const char *const old[] = CALL_WITH(OLD_VIDEO(5));
    static const char *const new[] = CALL_WITH(NEW_VIDEO("1", 5));
    g_autoptr(GPtrArray) a = CALL(old, "3", ""), b = CALL(new, "5", "");

    (void)state;
    assert_identical(a, b);
    assert_identical(b, a);
}

static void of_several_media_of_a_kind_it_is_said_that_mids_are_missing(void **state)
{
    static const char *const old[] = CALL_WITH(OLD_VIDEO(5));
    static const char *const new[] = CALL_WITH(NEW_VIDEO("1", 5), NEW_VIDEO("2", 5));
    g_autoptr(GPtrArray) a = CALL(old, "3", ""), b = CALL(new, "5", "");

    (void)state;
    assert_limits(a, b, DIFF_A);
    assert_limits(b, a, DIFF_B);
}

/* The layers of a simulcast have the mid of their medium. */
static void layers_need_no_mid_to_be_found(void **state)
{
    static const char *const old[] = CALL_WITH(
        OLD_VIDEO(5), OF_HANDLE(32, "{\"media\":\"video\",\"substream\":1,\"receiving\":true}"),
        OF_HANDLE(32, "{\"media\":\"video-sim1\",\"packets-received\":5}"));
    static const char *const new[] = CALL_WITH(
        NEW_VIDEO("1", 5),
        OF_HANDLE(32, "{\"mid\":\"1\",\"media\":\"video\",\"substream\":1,\"receiving\":true}"),
        OF_HANDLE(32, STAT("1", "video-sim1", 5)));
    g_autoptr(GPtrArray) a = CALL(old, "3", ""), b = CALL(new, "5", "");

    (void)state;
    assert_identical(a, b);
    assert_identical(b, a);
    g_ptr_array_remove_index(b, find_event(b, "event.media", "video-sim1", 0) - 1);
    assert_parts(a, b, DIFF_STRUCTURE, "media video sim1", "receiving");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_an_old_server_are_compared),
        cmocka_unit_test(states_of_an_old_server_are_told_apart_without_subtypes),
        cmocka_unit_test(the_id_of_a_connection_may_be_any_text),
        cmocka_unit_test(string_ids_stand_for_each_other_like_numbers),
        cmocka_unit_test(an_event_without_handle_is_adopted_by_a_string_id),
        cmocka_unit_test(a_kicked_participant_is_told_of_without_a_handle),
        cmocka_unit_test(mountpoints_and_recordings_are_ids_of_their_own),
        cmocka_unit_test(sip_messages_are_compared_by_method_or_status),
        cmocka_unit_test(an_sdp_in_a_plugins_event_is_compared_by_meaning),
        cmocka_unit_test(a_script_may_say_anything),
        cmocka_unit_test(combined_statistics_are_the_same_as_single_ones),
        cmocka_unit_test(a_layer_that_stops_is_told_by_its_number),
        cmocka_unit_test(one_medium_of_a_kind_needs_no_mid_to_be_found),
        cmocka_unit_test(of_several_media_of_a_kind_it_is_said_that_mids_are_missing),
        cmocka_unit_test(layers_need_no_mid_to_be_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/describe.h"

#include <string.h>

/* An event of this type, subtype and body must be told as `want`. */
static void assert_told(const char *type, const char *body, const char *want, enum tone tone)
{
    g_autofree char *line =
        g_strdup_printf("{\"seq\":1,\"mono\":1,\"event\":{%s,\"event\":%s}}", type, body);
    g_autoptr(GString) out = g_string_new(NULL);
    struct evj_record record;

    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    assert_int_equal(describe_record(&record, 200, out), tone);
    assert_string_equal(out->str, want);
}

#define SESSION "\"type\":1"
#define HANDLE "\"type\":2"
#define JSEP "\"type\":8"
#define WEBRTC(subtype) "\"type\":16,\"subtype\":" #subtype
#define MEDIA(subtype) "\"type\":32,\"subtype\":" #subtype
#define PLUGIN "\"type\":64"
#define TRANSPORT "\"type\":128"
#define CORE "\"type\":256"

static void sessions_and_handles_are_told_by_name(void **state)
{
    (void)state;
    assert_told(SESSION,
                "{\"name\":\"created\",\"transport\":{\"transport\":\"janus.transport.http\","
                "\"id\":\"1\"}}",
                "session created (http)", TONE_PLAIN);
    assert_told(SESSION, "{\"name\":\"timeout\"}", "session timeout", TONE_BAD);
    assert_told(HANDLE,
                "{\"name\":\"attached\",\"plugin\":\"janus.plugin.echotest\","
                "\"opaque_id\":\"alice\",\"token\":\"secret\"}",
                "attached echotest as alice", TONE_PLAIN);
    assert_told(HANDLE,
                "{\"name\":\"detached\",\"plugin\":\"someone.elses\",\"opaque_id\":\"alice\"}",
                "detached someone.elses", TONE_PLAIN);
}

static void a_session_description_is_told_by_its_media(void **state)
{
    (void)state;
    assert_told(JSEP,
                "{\"owner\":\"remote\",\"jsep\":{\"type\":\"offer\",\"sdp\":"
                "\"v=0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 111\\r\\na=x\\r\\nm=video 9 X 96\\r\\n"
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\\r\\n\"}}",
                "jsep remote offer audio video data", TONE_PLAIN);
    assert_told(JSEP,
                "{\"owner\":\"local\",\"jsep\":{\"type\":\"answer\",\"sdp\":"
                "\"m=video 9 X 96\\nm=audio 0 X 0\\nm=video 0 X 96\\nm=video 9 X 96\"}}",
                "jsep local answer video×3 (1 off) audio (1 off)", TONE_PLAIN);
    assert_told(JSEP, "{\"owner\":\"local\",\"jsep\":{\"type\":\"rollback\"}}",
                "jsep local rollback", TONE_PLAIN);
}

static void the_way_to_a_connection_is_told_by_its_states(void **state)
{
    (void)state;
    assert_told(WEBRTC(1), "{\"ice\":\"connected\"}", "ice connected", TONE_GOOD);
    assert_told(WEBRTC(1), "{\"ice\":\"failed\"}", "ice failed", TONE_BAD);
    assert_told(WEBRTC(2), "{\"local-candidate\":\"1 1 udp 2015363327 192.0.2.2 42718 typ host\"}",
                "local candidate host udp 192.0.2.2:42718", TONE_QUIET);
    assert_told(WEBRTC(3),
                "{\"remote-candidate\":\"remote1 1 udp 1 192.0.2.9 4 typ prflx raddr 192.0.2.2 "
                "rport 5\\r\\n\"}",
                "remote candidate prflx udp 192.0.2.9:4", TONE_QUIET);
    assert_told(WEBRTC(3), "{\"remote-candidate\":\"short\"}", "remote candidate short",
                TONE_QUIET);
    assert_told(WEBRTC(4),
                "{\"selected-pair\":\"x\",\"candidates\":{\"local\":{\"address\":\"192.0.2.2\","
                "\"port\":1,\"type\":\"host\"},\"remote\":{\"address\":\"192.0.2.3\",\"port\":2,"
                "\"type\":\"srflx\"}}}",
                "pair 192.0.2.2:1 host <-> 192.0.2.3:2 srflx", TONE_PLAIN);
    assert_told(WEBRTC(4), "{\"selected-pair\":\"a <-> b\"}", "pair a <-> b", TONE_PLAIN);
    assert_told(WEBRTC(5), "{\"dtls\":\"failed\",\"retransmissions\":0}", "dtls failed", TONE_BAD);
    assert_told(WEBRTC(5), "{\"dtls\":\"connected\",\"retransmissions\":2}",
                "dtls connected, 2 retransmissions", TONE_GOOD);
    assert_told(WEBRTC(6), "{\"connection\":\"webrtcup\"}", "webrtc up", TONE_GOOD);
    assert_told(WEBRTC(6), "{\"connection\":\"hangup\",\"reason\":\"DTLS alert\"}",
                "hangup: DTLS alert", TONE_BAD);
    assert_told(WEBRTC(6), "{\"connection\":\"hangup\",\"reason\":\"Close PC\"}",
                "hangup: Close PC", TONE_PLAIN);
}

static void media_are_told_by_what_arrives(void **state)
{
    (void)state;
    assert_told(MEDIA(1), "{\"media\":\"video\",\"mid\":\"1\",\"receiving\":true}",
                "media 1 video receiving", TONE_GOOD);
    assert_told(MEDIA(1), "{\"media\":\"audio\",\"receiving\":false,\"seconds\":1}",
                "media audio not receiving for 1 s", TONE_BAD);
    assert_told(MEDIA(2), "{\"media\":\"video\",\"slow_link\":\"uplink\",\"lost_lastsec\":42}",
                "slow link video uplink, lost 42", TONE_BAD);
    assert_told(MEDIA(3),
                "{\"media\":\"video\",\"lost\":0,\"rtt\":3,\"packets-received\":251,"
                "\"packets-sent\":250}",
                "stats video lost 0 rtt 3 ms in 251 out 250 pkts", TONE_QUIET);
    assert_told(MEDIA(3), "[{\"media\":\"audio\",\"lost\":1},{\"media\":\"data\"}]",
                "stats audio lost 1, data", TONE_QUIET);
}

/* No list of plug-ins is complete: what a plug-in says is told by the keys that it uses. */
static void any_plugins_event_is_told(void **state)
{
    (void)state;
    assert_told(PLUGIN,
                "{\"plugin\":\"janus.plugin.videoroom\",\"data\":{\"event\":\"joined\","
                "\"streams\":[{}],\"room\":1234,\"private_id\":5,\"display\":\"a b\"}}",
                "videoroom joined room=1234 display=a b streams=[…]", TONE_PLAIN);
    assert_told(PLUGIN,
                "{\"plugin\":\"janus.plugin.videoroom\",\"data\":{\"videoroom\":\"talking\","
                "\"room\":1}}",
                "videoroom talking room=1", TONE_PLAIN);
    assert_told(PLUGIN, "{\"plugin\":\"janus.plugin.echotest\",\"data\":{\"audio_active\":true}}",
                "echotest audio_active=true", TONE_PLAIN);
}

static void transports_and_the_core_are_told(void **state)
{
    (void)state;
    assert_told(TRANSPORT,
                "{\"transport\":\"janus.transport.http\",\"id\":\"1\",\"data\":{\"event\":"
                "\"request\",\"admin_api\":true,\"ip\":\"192.0.2.1\",\"port\":5}}",
                "transport http request 192.0.2.1:5 (admin)", TONE_QUIET);
    assert_told(CORE, "{\"status\":\"shutdown\",\"signum\":15}", "janus shutdown, signal 15",
                TONE_PLAIN);
    assert_told("\"type\":1024", "{\"a\":1}", "type 1024, subtype 0: a=1", TONE_PLAIN);
    assert_told(MEDIA(9), "{\"a\":1}", "media, subtype 9: a=1", TONE_PLAIN);
}

/* Journals come from strangers: a body of any shape is told without trouble. */
static void bodies_of_any_shape_do_no_harm(void **state)
{
    static const char *const bodies[] = {"{}",
                                         "[]",
                                         "null",
                                         "1",
                                         "\"\"",
                                         "{\"jsep\":1}",
                                         "[[[]]]",
                                         "{\"data\":[],\"plugin\":{},\"candidates\":3}",
                                         "[1,null,{\"media\":5,\"lost\":\"x\"}]"};
    g_autoptr(GString) out = g_string_new(NULL);

    (void)state;
    for (unsigned type = 1; type <= 512; type *= 2) {
        for (unsigned i = 0; i < G_N_ELEMENTS(bodies) * 7; i++) {
            g_autofree char *line = g_strdup_printf(
                "{\"seq\":1,\"mono\":1,\"event\":{\"type\":%u,\"subtype\":%u,\"event\":%s}}", type,
                i / (unsigned)G_N_ELEMENTS(bodies), bodies[i % G_N_ELEMENTS(bodies)]);
            struct evj_record record;

            assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
            g_string_truncate(out, 0);
            describe_record(&record, 40, out);
            assert_in_range(out->len, 0, 43);
        }
    }
}

/* A line of "evj cat" is never without a word on what it was. */
static void a_body_that_says_nothing_is_told_by_its_type(void **state)
{
    (void)state;
    assert_told("\"type\":1", "{}", "sessions", TONE_PLAIN);
    assert_told("\"type\":64", "3", "plugins", TONE_PLAIN);
}

static void long_texts_are_cut_at_a_whole_character(void **state)
{
    static const char line[] = "{\"seq\":1,\"mono\":1,\"mark\":{\"text\":\"éééé\"}}";
    g_autoptr(GString) out = g_string_new("before ");
    struct evj_record record;

    (void)state;
    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    describe_record(&record, strlen("mark: ") + 3, out);
    assert_string_equal(out->str, "before mark: é…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_and_handles_are_told_by_name),
        cmocka_unit_test(a_session_description_is_told_by_its_media),
        cmocka_unit_test(the_way_to_a_connection_is_told_by_its_states),
        cmocka_unit_test(media_are_told_by_what_arrives),
        cmocka_unit_test(any_plugins_event_is_told),
        cmocka_unit_test(transports_and_the_core_are_told),
        cmocka_unit_test(bodies_of_any_shape_do_no_harm),
        cmocka_unit_test(long_texts_are_cut_at_a_whole_character),
        cmocka_unit_test(a_body_that_says_nothing_is_told_by_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

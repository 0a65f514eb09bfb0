/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/redact_internal.h"

#include "evj/error.h"
#include "recorder/serialise.h"
#include "tests/support/event_list.h"

#include <stdlib.h>
#include <string.h>

#define ALL REDACT_ALL
#define CANARY 64u

static const char *const streams[] = {"dtlsfail", "echo1", "echo2", "mute", "room1"};

/* With a key that is the same in every run, so that chance plays no part. */
static struct redact redact_of(unsigned classes)
{
    struct redact redact;

    assert_int_equal(redact_init(&redact, classes), 0);
    redact.key[0] = 1;
    redact.key[1] = 2;
    return redact;
}

/* Print into exactly the needed room; behind it stands a canary. To be freed. */
static char *print_with(const struct redact *redact, json_t *event)
{
    size_t need = 0, len = 0;

    assert_int_equal(redact_event(redact, event, NULL, 0, &need), 0);
    char *text = g_malloc(need + CANARY);
    memset(text, 0x5A, need + CANARY);
    assert_int_equal(redact_event(redact, event, text, need, &len), 0);
    assert_int_equal(len, need);
    for (size_t i = 0; i < CANARY; i++)
        assert_int_equal(text[need + i], 0x5A);
    text[need] = '\0';
    return text;
}

static char *print(unsigned classes, json_t *event)
{
    struct redact redact = redact_of(classes);

    return print_with(&redact, event);
}

static void for_each_real_event(void (*check)(json_t *event))
{
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        g_autoptr(GPtrArray) events = event_list_load(streams[i]);
        for (guint j = 0; j < events->len; j++)
            check(events->pdata[j]);
    }
}

/* ---- secrets, found by what they look like ---- */

/* Each has the secret as its first group. */
static const char *const looks[] = {
    "(?<![\\w.])(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})(?![\\w.])",
    "([\\w-]+\\.local)\\b",
    "a=ice-ufrag:(\\S+)",
    "a=ice-pwd:(\\S+)",
    "a=fingerprint:\\S+ (\\S+)",
    "\\bufrag (\\S+)",
    "cname:(\\S+)",
    "a=msid:(\\S+)",
    "(?m)^s=([^-\\r\\n][^\\r\\n]*)",
};

static const char *const secret_keys[] = {"token",    "display", "feed_display", "opaque_id",
                                          "username", "ip",      "address",      "local-ip",
                                          "metadata", "caller",  "callee",       "selected-pair"};

static void find_by_looks(const char *text, GPtrArray *secrets)
{
    for (size_t i = 0; i < G_N_ELEMENTS(looks); i++) {
        g_autoptr(GRegex) regex = g_regex_new(looks[i], 0, 0, NULL);
        g_autoptr(GMatchInfo) match = NULL;
        assert_non_null(regex);
        for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
             g_match_info_next(match, NULL))
            g_ptr_array_add(secrets, g_match_info_fetch(match, 1));
    }
}

static void find_secrets(const char *key, json_t *value, GPtrArray *secrets)
{
    const char *member_key;
    json_t *member;
    size_t i;

    json_object_foreach(value, member_key, member) find_secrets(member_key, member, secrets);
    json_array_foreach(value, i, member) find_secrets(key, member, secrets);
    if (!json_is_string(value))
        return;
    find_by_looks(json_string_value(value), secrets);
    for (i = 0; i < G_N_ELEMENTS(secret_keys); i++)
        if (strcmp(key, secret_keys[i]) == 0)
            g_ptr_array_add(secrets, g_strdup(json_string_value(value)));
}

static unsigned secrets_found;

static void check_no_secret_is_left(json_t *event)
{
    g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = print(ALL, event);

    find_secrets("", event, secrets);
    for (guint i = 0; i < secrets->len; i++)
        if (strstr(text, secrets->pdata[i]))
            fail_msg("'%s' is left in %s", (char *)secrets->pdata[i], text);
    secrets_found += secrets->len;
}

static void no_secret_of_any_real_event_is_left(void **state)
{
    (void)state;
    secrets_found = 0;
    for_each_real_event(check_no_secret_is_left);
    assert_true(secrets_found > 1000);
}

/* ---- structure ---- */

static bool may_change(const char *key)
{
    return strcmp(key, "port") == 0 || strcmp(key, "private_id") == 0;
}

static void assert_same_structure(const char *key, json_t *redacted, json_t *original)
{
    json_t *member;
    size_t i;

    assert_int_equal(json_typeof(redacted), json_typeof(original));
    if (json_is_object(original)) {
        void *a = json_object_iter(redacted), *b = json_object_iter(original);
        assert_int_equal(json_object_size(redacted), json_object_size(original));
        for (; b; a = json_object_iter_next(redacted, a), b = json_object_iter_next(original, b)) {
            assert_string_equal(json_object_iter_key(a), json_object_iter_key(b));
            assert_same_structure(json_object_iter_key(b), json_object_iter_value(a),
                                  json_object_iter_value(b));
        }
    } else if (json_is_array(original)) {
        assert_int_equal(json_array_size(redacted), json_array_size(original));
        json_array_foreach(original, i, member)
            assert_same_structure(key, json_array_get(redacted, i), member);
    } else if (!json_is_string(original) && !may_change(key)) {
        assert_true(json_equal(redacted, original));
    }
}

static void check_structure(json_t *event)
{
    g_autofree char *text = print(ALL, event);
    json_auto_t *redacted = json_loads(text, 0, NULL);

    assert_non_null(redacted);
    assert_same_structure("", redacted, event);
}

static void types_keys_and_numbers_stay(void **state)
{
    (void)state;
    for_each_real_event(check_structure);
}

static void check_unredacted(json_t *event)
{
    g_autofree char *text = print(0, event);
    char *expected = json_dumps(event, JSON_COMPACT);

    assert_string_equal(text, expected);
    free(expected);
}

static void without_classes_every_byte_stays(void **state)
{
    (void)state;
    for_each_real_event(check_unredacted);
}

static void assert_same_but_for_its_port(const char *before, const char *after)
{
    g_auto(GStrv) x = g_strsplit(before, " ", -1), y = g_strsplit(after, " ", -1);

    assert_int_equal(g_strv_length(x), g_strv_length(y));
    for (guint i = 0; x[i]; i++)
        assert_string_equal(y[i], i == 1 && strcmp(x[i], "0") != 0 ? "9" : x[i]);
}

/* The lines of an SDP stay what they are: only values are replaced. */
static void check_sdp(json_t *event)
{
    json_t *jsep = json_object_get(json_object_get(event, "event"), "jsep");

    if (!jsep)
        return;
    g_autofree char *text = print(ALL, event);
    json_auto_t *redacted = json_loads(text, 0, NULL);
    jsep = json_object_get(jsep, "sdp");
    json_t *sdp =
        json_object_get(json_object_get(json_object_get(redacted, "event"), "jsep"), "sdp");
    g_auto(GStrv) before = g_strsplit(json_string_value(jsep), "\r\n", -1);
    g_auto(GStrv) after = g_strsplit(json_string_value(sdp), "\r\n", -1);
    assert_int_equal(g_strv_length(before), g_strv_length(after));
    for (guint i = 0; before[i]; i++) {
        assert_int_equal(strcspn(before[i], ":="), strcspn(after[i], ":="));
        assert_memory_equal(before[i], after[i], strcspn(before[i], ":="));
        if (g_str_has_prefix(before[i], "a=rtpmap") || g_str_has_prefix(before[i], "a=mid") ||
            g_str_has_prefix(before[i], "a=extmap"))
            assert_string_equal(before[i], after[i]);
        else if (g_str_has_prefix(before[i], "m="))
            assert_same_but_for_its_port(before[i], after[i]);
    }
}

static void an_sdp_stays_an_sdp(void **state)
{
    (void)state;
    for_each_real_event(check_sdp);
}

/* ---- single values ---- */

/* Each placeholder's hash becomes #. */
static void assert_redacted(unsigned classes, const char *event, const char *expected)
{
    json_auto_t *tree = json_loads(event, 0, NULL);
    g_autoptr(GRegex) hash = g_regex_new("(?<=[a-z0-9]-)[0-9a-f]{10}\\b", 0, 0, NULL);

    assert_non_null(tree);
    g_autofree char *text = print(classes, tree);
    g_autofree char *told = g_regex_replace_literal(hash, text, -1, 0, "#", 0, NULL);
    assert_string_equal(told, expected);
}

static void addresses_are_found_in_any_text(void **state)
{
    static const char *const cases[][2] = {
        {"192.0.2.2:45813 [host,udp] <-> 10.1.2.3:5 [relay,tcp]",
         "ip-#:9 [host,udp] <-> ip-#:9 [relay,tcp]"},
        {"turn:192.0.2.1:3478?transport=udp", "turn:ip-#:9?transport=udp"},
        {"[2001:db8::1]:443 or fe80::1%eth0.", "[ip6-#]:9 or ip6-#%eth0."},
        {"2001:db8::1:50000 [host,udp] <-> 2001:db8:1:2:3:4:5:6:443 [host,udp]",
         "ip6-#:9 [host,udp] <-> ip6-#:9 [host,udp]"},
        {"[2001:db8::1] 443, [x]:443, 1:2:3:4", "[ip6-#] 443, [x]:443, 1:2:3:4"},
        {"::1, ::ffff:192.0.2.1 and 2001:db8::", "ip6-#, ip6-# and ip6-#"},
        {"from 192.168.001.007: refused", "from ip-#: refused"},
        {"sip:bob@192.0.2.1;tag=1", "sip:bob@ip-#;tag=1"},
        {"Thu Jan 19 08:09:02 UTC 2023", "Thu Jan 19 08:09:02 UTC 2023"},
        {"libnice 0.1.21, Janus 1.1.2, v1.2.3.4", "libnice 0.1.21, Janus 1.1.2, v1.2.3.4"},
        {"9B:2B:89:B1:93:50:7E:28:3D:B8:7C:D6", "9B:2B:89:B1:93:50:7E:28:3D:B8:7C:D6"},
        {"f0e1d2c3-0001-4a5b-8c7d-001122334455.local", "ip-#"},
        {"a.b:c ... :: - %", "a.b:c ... ip6-# - %"},
        {"caf\xc3\xa9 1.2.3.4\xe2\x82\xac \"1.2.3.4\"",
         "caf\xc3\xa9 ip-#\xe2\x82\xac \\\"ip-#\\\""},
        {"http://x/?ip%3D192.0.2.1&h=%5B2001:db8::1%5D", "http://x/?ip%3Dip-#&h=%5Bip6-#%5D"},
        {"100% 1.2.3.4 %", "100% ip-# %"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *event = json_pack("{s:s}", "reason", cases[i][0]);
        g_autofree char *text = json_dumps(event, JSON_COMPACT);
        g_autofree char *expected = g_strdup_printf("{\"reason\":\"%s\"}", cases[i][1]);
        assert_redacted(REDACT_IPS, text, expected);
    }
}

#define CANDIDATE                                                                                  \
    "{\"remote-candidate\":\"2353401625 1 udp 2122194687 10.0.0.1 38589 typ srflx raddr 10.0.0.2 " \
    "rport 5000 generation 0 ufrag pV+J network-id 3\"}"

static void a_candidate_keeps_what_diff_compares(void **state)
{
    (void)state;
    struct redact redact = redact_of(ALL);
    json_auto_t *event = json_loads(CANDIDATE, 0, NULL);
    g_autofree char *text = print_with(&redact, event);

    assert_null(strstr(text, "2353401625"));
    assert_redacted(REDACT_TOKENS | REDACT_NAMES, CANDIDATE, CANDIDATE);
    assert_non_null(strstr(text, " 1 udp 2122194687 ip-"));
    assert_non_null(strstr(text, " 9 typ srflx raddr ip-"));
    assert_non_null(strstr(text, " rport 9 generation 0 ufrag ufrag-"));
    assert_non_null(strstr(text, " network-id 3\"}"));
}

/* By their place: no resolver is asked, and none must be. */
static void a_host_name_in_a_candidate_is_an_address(void **state)
{
    (void)state;
    assert_redacted(
        REDACT_IPS,
        "{\"local-candidate\":\"candidate:0 1 TCP 9 turn.example 443 typ relay raddr me.example "
        "rport 0 tcptype passive\"}",
        "{\"local-candidate\":\"candidate:903770159 1 TCP 9 ip-# 9 typ relay raddr ip-# "
        "rport 0 tcptype passive\"}");
}

#define SDP_EVENT(lines) "{\"jsep\":{\"type\":\"offer\",\"sdp\":\"" lines "\"}}"
#define SDP_LINES                                                                                  \
    "v=0\\r\\no=bob 12 2 IN IP4 10.0.0.1\\r\\ns=Bob's call\\r\\nc=IN IP6 2001:db8::7\\r\\n"        \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\\r\\na=ice-ufrag:abcd\\r\\na=ice-pwd:efgh\\r\\n"              \
    "a=fingerprint:sha-256 9B:2B\\r\\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xyz|2^20\\r\\n"    \
    "a=msid:stream track\\r\\na=msid:- track\\r\\na=ssrc:7 cname:who\\r\\na=ssrc:7 msid:s t\\r\\n" \
    "a=rtcp:9 IN IP4 0.0.0.0\\r\\na=fmtp:111 useinbandfec=1\\r\\n"

static void an_sdp_loses_keys_names_and_addresses(void **state)
{
    (void)state;
    assert_redacted(
        REDACT_SDP, SDP_EVENT(SDP_LINES),
        SDP_EVENT(
            "v=0\\r\\no=name-# 12 2 IN IP4 ip-#\\r\\ns=name-#\\r\\nc=IN IP6 ip6-#\\r\\n"
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\\r\\na=ice-ufrag:ufrag-#\\r\\n"
            "a=ice-pwd:pwd-#\\r\\na=fingerprint:sha-256 fp-#\\r\\n"
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 key-#\\r\\na=msid:name-# name-#\\r\\n"
            "a=msid:- name-#\\r\\na=ssrc:7 cname:name-#\\r\\na=ssrc:7 msid:name-# name-#\\r\\n"
            "a=rtcp:9 IN IP4 ip-#\\r\\na=fmtp:111 useinbandfec=1\\r\\n"));
    assert_redacted(REDACT_IPS, SDP_EVENT("o=bob 12 2 IN IP4 10.0.0.1\\r\\na=ice-ufrag:abcd\\r\\n"),
                    SDP_EVENT("o=bob 12 2 IN IP4 ip-#\\r\\na=ice-ufrag:abcd\\r\\n"));
    assert_redacted(REDACT_NAMES,
                    SDP_EVENT("o=bob 12 2 IN IP4 10.0.0.1\\r\\na=ice-ufrag:abcd\\r\\n"),
                    SDP_EVENT("o=name-# 12 2 IN IP4 10.0.0.1\\r\\na=ice-ufrag:abcd\\r\\n"));
    assert_redacted(REDACT_TOKENS, SDP_EVENT(SDP_LINES), SDP_EVENT(SDP_LINES));
}

/* What a gateway without ICE says there, or a browser that has gathered before. 0 is a refusal. */
static void ports_and_host_names_in_an_sdp_are_no_others(void **state)
{
    (void)state;
    for (unsigned classes = REDACT_IPS; classes <= REDACT_SDP; classes <<= 1)
        assert_redacted(
            classes,
            SDP_EVENT("o=- 1 2 IN IP4 pc.example\\r\\nc=IN IP4 233.252.0.1/127\\r\\n"
                      "m=audio 42453 RTP/AVP 0\\r\\nc=IN IP6 pc.example\\r\\na=rtcp:42454\\r\\n"
                      "m=video 0 RTP/AVP 96\\r\\nm=audio 5000/2 RTP/AVP 0\\r\\n"
                      "a=rtcp:53020 IN IP4 pc.example\\r\\n"),
            SDP_EVENT("o=- 1 2 IN IP4 ip-#\\r\\nc=IN IP4 ip-#/127\\r\\n"
                      "m=audio 9 RTP/AVP 0\\r\\nc=IN IP6 ip-#\\r\\na=rtcp:9\\r\\n"
                      "m=video 0 RTP/AVP 96\\r\\nm=audio 9/2 RTP/AVP 0\\r\\n"
                      "a=rtcp:9 IN IP4 ip-#\\r\\n"));
}

/* Each row of the table that only real plug-ins which are not in the streams send. */
static void fields_are_known_by_their_keys(void **state)
{
    (void)state;
    assert_redacted(
        REDACT_TOKENS, "{\"token\":\"t\",\"tokens\":1,\"x\":{\"pin\":[\"a\",{\"b\":\"c\"},3]}}",
        "{\"token\":\"token-#\",\"tokens\":1,\"x\":{\"pin\":[\"token-#\",{\"b\":\"token-#\"},3]}}");
    assert_redacted(REDACT_IPS, "{\"host\":\"sfu.example\",\"port\":5004,\"rtcp_port\":0}",
                    "{\"host\":\"ip-#\",\"port\":9,\"rtcp_port\":0}");
    assert_redacted(REDACT_NAMES,
                    "{\"type\":64,\"event\":{\"data\":{\"id\":\"bob\",\"room\":1234}}}",
                    "{\"type\":64,\"event\":{\"data\":{\"id\":\"name-#\",\"room\":1234}}}");
    assert_redacted(REDACT_NAMES, "{\"type\":1,\"event\":{\"transport\":{\"id\":\"77\"}}}",
                    "{\"type\":1,\"event\":{\"transport\":{\"id\":\"77\"}}}");
    assert_redacted(REDACT_NAMES,
                    "{\"type\":4,\"event\":{\"schema\":\"s\",\"data\":{\"who\":\"bob\"}}}",
                    "{\"type\":4,\"event\":{\"schema\":\"s\",\"data\":{\"who\":\"name-#\"}}}");
    for (unsigned class = REDACT_TOKENS; class <= REDACT_NAMES; class <<= 1)
        assert_redacted(class, "{\"sip\":\"INVITE sip:bob@10.0.0.1\",\"display\":\"\"}",
                        "{\"sip\":\"sip-#\",\"display\":\"\"}");
}

static void a_private_id_becomes_another_number(void **state)
{
    json_auto_t *event = json_pack("{s:I}", "private_id", (json_int_t)971130084);
    g_autofree char *text = print(REDACT_TOKENS, event);
    json_auto_t *redacted = json_loads(text, 0, NULL);

    (void)state;
    assert_true(json_is_integer(json_object_get(redacted, "private_id")));
    assert_int_not_equal(json_integer_value(json_object_get(redacted, "private_id")), 971130084);
}

/* Nobody knows what its numbers are: a customer's, a place's … */
static void an_applications_numbers_become_others_of_their_kind(void **state)
{
    json_auto_t *event = json_loads(
        "{\"type\":4,\"event\":{\"data\":{\"customer\":4711,\"at\":[52.5,0,true,null]}}}", 0, NULL);
    g_autofree char *text = print(REDACT_NAMES, event);
    json_auto_t *redacted = json_loads(text, 0, NULL);
    json_t *data = json_object_get(json_object_get(redacted, "event"), "data");
    json_t *at = json_object_get(data, "at");

    (void)state;
    assert_true(json_is_integer(json_object_get(data, "customer")));
    assert_int_not_equal(json_integer_value(json_object_get(data, "customer")), 4711);
    assert_true(json_is_real(json_array_get(at, 0)));
    assert_true(json_real_value(json_array_get(at, 0)) != 52.5);
    assert_int_equal(json_integer_value(json_array_get(at, 1)), 0);
    assert_true(json_is_true(json_array_get(at, 2)) && json_is_null(json_array_get(at, 3)));
}

/* Of SIP; what Janus itself says of a hangup is no secret, and what diff compares. */
static void the_reason_of_a_plugin_is_the_peers_words(void **state)
{
    (void)state;
    assert_redacted(REDACT_NAMES,
                    "{\"type\":64,\"event\":{\"data\":{\"code\":486,\"reason\":\"Bob is out\"}}}",
                    "{\"type\":64,\"event\":{\"data\":{\"code\":486,\"reason\":\"name-#\"}}}");
    assert_redacted(REDACT_NAMES, "{\"type\":16,\"event\":{\"reason\":\"DTLS alert\"}}",
                    "{\"type\":16,\"event\":{\"reason\":\"DTLS alert\"}}");
}

/* Who is who can still be told; in the next recording it is told otherwise. */
static void equal_values_stay_equal_and_no_others_become_so(void **state)
{
    struct redact one = redact_of(ALL), other;
    json_auto_t *event =
        json_pack("{s:s, s:s, s:s}", "opaque_id", "alice", "display", "alice", "username", "alicf");
    g_autofree char *text = print_with(&one, event);
    json_auto_t *redacted = json_loads(text, 0, NULL);
    const char *a = json_string_value(json_object_get(redacted, "opaque_id"));

    (void)state;
    assert_string_equal(a, json_string_value(json_object_get(redacted, "display")));
    assert_string_not_equal(a, json_string_value(json_object_get(redacted, "username")));
    assert_int_equal(redact_init(&other, ALL), 0);
    g_autofree char *again = print_with(&other, event);
    assert_string_not_equal(text, again);
}

/* The vector of the reference implementation: key 00 … 0f, message 00 … 0e. */
static void the_hash_is_siphash(void **state)
{
    struct redact redact = {.key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    char message[15];

    (void)state;
    for (size_t i = 0; i < sizeof(message); i++)
        message[i] = (char)i;
    assert_true(redact_hash(&redact, message, sizeof(message)) == UINT64_C(0xa129ca6149be45e5));
}

/* ---- limits ---- */

static void too_little_room_is_never_exceeded_and_the_need_is_exact(void **state)
{
    struct redact redact = redact_of(ALL);
    json_auto_t *event = json_loads(SDP_EVENT(SDP_LINES), 0, NULL);
    size_t need = 0, len;
    char text[4096];

    (void)state;
    assert_int_equal(redact_event(&redact, event, NULL, 0, &need), 0);
    for (size_t room = 0; room <= need; room++) {
        memset(text, 0x5A, sizeof(text));
        assert_int_equal(redact_event(&redact, event, text, room, &len), 0);
        assert_int_equal(len, need);
        for (size_t i = room; i < room + CANARY; i++)
            assert_int_equal(text[i], 0x5A);
    }
}

static void nesting_is_limited_as_without_redaction(void **state)
{
    struct redact redact = redact_of(ALL);
    size_t len;

    (void)state;
    for (unsigned depth = SERIALISE_DEPTH_MAX - 4; depth <= SERIALISE_DEPTH_MAX + 2; depth++) {
        json_t *value = json_string("x");
        for (unsigned i = 1; i < depth; i++)
            value = json_pack("{s:o}", "a", value);
        assert_int_equal(redact_event(&redact, value, NULL, 0, &len),
                         serialise_event(value, NULL, 0, &len));
        json_decref(value);
    }
    json_auto_t *array = json_array();
    assert_int_equal(redact_event(&redact, array, NULL, 0, &len), EVJ_ERR_INVALID);
}

/* Whatever a text is made of, what comes out is JSON, and the same length is told in advance. */
static void no_text_is_too_odd(void **state)
{
    static const char *const pieces[] = {
        "1",         "10.0.0.1", ".",     ":",  "::",    "db8", " ",     "\r\n",    "a=candidate:",
        "a=ssrc:",   "o=",       "s=",    "-",  "%",     "%3",  "ufrag", " rport",  "\"",
        "m=",        "a=rtcp:",  " IP4 ", "c=", "]:",    "/",   "raddr", "m=a 5 x", "\xc3\xa9",
        "a=crypto:", "cname:",   "x",     "[",  "local",
    };
    static const char *const keys[] = {"reason", "sdp", "local-candidate", "token"};
    g_autoptr(GRand) random = g_rand_new_with_seed(4);

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 12); n > 0; n--)
            g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        json_auto_t *event = json_pack("{s:s}", keys[i % G_N_ELEMENTS(keys)], text->str);
        g_autofree char *printed = print(1 + i % ALL, event);
        json_auto_t *redacted = json_loads(printed, 0, NULL);
        assert_non_null(redacted);
    }
}

/* ---- what is asked for ---- */

static void classes_are_a_list_of_words(void **state)
{
    unsigned classes = 77;

    (void)state;
    assert_true(redact_parse("tokens,ips,sdp,names", &classes));
    assert_int_equal(classes, ALL);
    assert_true(redact_parse(" IPS,  sdp ,", &classes));
    assert_int_equal(classes, REDACT_IPS | REDACT_SDP);
    assert_true(redact_parse("", &classes));
    assert_int_equal(classes, 0);
    assert_true(redact_parse("all", &classes));
    assert_int_equal(classes, ALL);
    assert_true(redact_parse("none", &classes));
    assert_int_equal(classes, 0);
}

static void a_word_that_is_not_known_is_refused(void **state)
{
    unsigned classes = 77;

    (void)state;
    assert_false(redact_parse("ips,name", &classes));
    assert_false(redact_parse("ips;sdp", &classes));
    assert_int_equal(classes, 77);
}

/* "sdp, names" */
static char *class_words(unsigned classes)
{
    static const char *const words[] = {"tokens", "ips", "sdp", "names"};
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        if (classes & 1u << i)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", words[i]);
    return g_string_free(text, FALSE);
}

/* docs/redaction.md is what an administrator relies on. */
static void the_documented_table_is_the_real_one(void **state)
{
    g_autofree char *page = NULL;
    unsigned classes = 0;
    size_t count = 0, rows = 0;

    (void)state;
    assert_true(g_file_get_contents(REDACTION_PAGE, &page, NULL, NULL));
    for (const char *field; (field = redact_field(count, &classes)); count++) {
        g_autofree char *class_text = class_words(classes);
        g_autofree char *row = g_strdup_printf("\n| `%s` | %s |", field, class_text);
        if (!strstr(page, row))
            fail_msg("docs/redaction.md has no row%s", row);
    }
    for (const char *at = page; (at = strstr(at, "\n| `")); at++)
        rows++;
    assert_int_equal(rows, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_of_any_real_event_is_left),
        cmocka_unit_test(types_keys_and_numbers_stay),
        cmocka_unit_test(without_classes_every_byte_stays),
        cmocka_unit_test(an_sdp_stays_an_sdp),
        cmocka_unit_test(addresses_are_found_in_any_text),
        cmocka_unit_test(a_candidate_keeps_what_diff_compares),
        cmocka_unit_test(an_sdp_loses_keys_names_and_addresses),
        cmocka_unit_test(a_host_name_in_a_candidate_is_an_address),
        cmocka_unit_test(ports_and_host_names_in_an_sdp_are_no_others),
        cmocka_unit_test(fields_are_known_by_their_keys),
        cmocka_unit_test(a_private_id_becomes_another_number),
        cmocka_unit_test(an_applications_numbers_become_others_of_their_kind),
        cmocka_unit_test(the_reason_of_a_plugin_is_the_peers_words),
        cmocka_unit_test(equal_values_stay_equal_and_no_others_become_so),
        cmocka_unit_test(the_hash_is_siphash),
        cmocka_unit_test(too_little_room_is_never_exceeded_and_the_need_is_exact),
        cmocka_unit_test(nesting_is_limited_as_without_redaction),
        cmocka_unit_test(no_text_is_too_odd),
        cmocka_unit_test(classes_are_a_list_of_words),
        cmocka_unit_test(a_word_that_is_not_known_is_refused),
        cmocka_unit_test(the_documented_table_is_the_real_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

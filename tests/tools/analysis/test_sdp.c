/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/sdp.h"

#include <glib.h>
#include <string.h>

#define HEAD "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
#define AUDIO                                                                            \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:0\r\na=sendrecv\r\na=setup:actpass\r\n" \
    "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1;minptime=10\r\n"             \
    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
#define VIDEO                                                                        \
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102\r\nb=AS:300\r\na=mid:1\r\na=recvonly\r\n" \
    "a=extmap:4/sendonly urn:3gpp:video-orientation\r\n"                             \
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 ccm fir\r\n"     \
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"                                  \
    "a=rtpmap:102 H264/90000\r\na=fmtp:102 profile-level-id=42001f;packetization-mode=1\r\n"

static void remember(const char *path, const char *value, void *said)
{
    g_hash_table_insert(said, g_strdup(path), g_strdup(value));
}

static GHashTable *describe(const char *sdp)
{
    GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    sdp_describe(sdp, remember, said);
    return said;
}

static void assert_says(GHashTable *said, const char *path, const char *value)
{
    const char *found = g_hash_table_lookup(said, path);

    if (found == NULL)
        fail_msg("nothing is said at %s", path);
    assert_string_equal(found, value);
}

static void sections_go_by_their_mid(void **state)
{
    g_autoptr(GHashTable) said = describe(HEAD AUDIO VIDEO);

    (void)state;
    assert_says(said, "sdp.group.BUNDLE", "0 1");
    assert_says(said, "sdp.mid:0", "audio");
    assert_says(said, "sdp.mid:0.direction", "sendrecv");
    assert_says(said, "sdp.mid:0.setup", "actpass");
    assert_says(said, "sdp.mid:1", "video");
    assert_says(said, "sdp.mid:1.direction", "recvonly");
    assert_says(said, "sdp.mid:1.extmap.urn:3gpp:video-orientation", "sendonly");
    assert_says(said, "sdp.mid:1.b", "AS:300");
}

static void sections_without_mid_go_by_their_place(void **state)
{
    g_autoptr(GHashTable) said =
        describe("v=0\nm=audio 9 RTP/AVP 0\nm=video 0 RTP/AVP 34\na=inactive\n");

    (void)state;
    assert_says(said, "sdp.#0", "audio");
    assert_says(said, "sdp.#1.direction", "inactive");
    assert_says(said, "sdp.#1.rejected", "yes");
    assert_null(g_hash_table_lookup(said, "sdp.#0.rejected"));
    assert_says(said, "sdp.#0.codec.PCMU/8000", "");
}

static void codecs_go_by_their_name_and_what_makes_them_distinct(void **state)
{
    g_autoptr(GHashTable) said = describe(HEAD AUDIO VIDEO);

    (void)state;
    assert_says(said, "sdp.mid:0.codec.opus/48000/2", "minptime=10;useinbandfec=1");
    assert_says(said, "sdp.mid:0.codec.red/48000/2", "opus/48000/2+opus/48000/2");
    assert_says(said, "sdp.mid:1.codec.VP8/90000.rtcp-fb", "ccm fir, nack pli");
    assert_says(said, "sdp.mid:1.codec.rtx/90000(apt=VP8/90000)", "");
    assert_says(said, "sdp.mid:1.codec.H264/90000(packetization-mode=1;profile-level-id=42001f)",
                "");
    assert_says(said, "sdp.mid:0.codec-order", "opus/48000/2 red/48000/2");
}

/* RFC 8843: port 0 with bundle-only is an offer to bundle, no rejection. */
static void bundle_only_is_no_rejection(void **state)
{
    g_autoptr(GHashTable) said =
        describe("v=0\nm=audio 0 UDP/TLS/RTP/SAVPF 0\na=mid:a\na=bundle-only\n");

    (void)state;
    assert_null(g_hash_table_lookup(said, "sdp.mid:a.rejected"));
}

static void an_unknown_attribute_is_told_as_it_is(void **state)
{
    g_autoptr(GHashTable) said = describe(HEAD AUDIO "a=x-new:1 2\r\na=x-flag\r\n");

    (void)state;
    assert_says(said, "sdp.mid:0.x-new", "1 2");
    assert_says(said, "sdp.mid:0.x-flag", "");
}

static void the_ufrag_is_the_first(void **state)
{
    g_autofree char *ufrag =
        sdp_ufrag(HEAD "a=ice-ufrag:abcd\r\nm=audio 9 X 0\r\na=ice-ufrag:ef\r\n");

    (void)state;
    assert_string_equal(ufrag, "abcd");
    assert_null(sdp_ufrag(HEAD));
}

static void count(const char *candidate, void *context)
{
    assert_true(g_str_has_suffix(candidate, "typ host"));
    (*(int *)context)++;
}

static void candidates_are_found_in_every_section(void **state)
{
    int found = 0;

    (void)state;
    sdp_candidates(HEAD "m=audio 9 X 0\r\na=candidate:1 1 udp 1 192.0.2.2 1 typ host\r\n"
                        "m=video 9 X 0\r\na=candidate:1 1 udp 1 192.0.2.2 1 typ host\r\n",
                   count, &found);
    assert_int_equal(found, 2);
}

/* An SDP comes from a stranger: whatever it is, it is only read. */
static void nonsense_is_survived(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n\n",
        "m=",
        "m=\nm=\nm=",
        "a=",
        "m= 9",
        "a=rtpmap:",
        "a=fmtp:1",
        "m=a 9 p 1 1 1 \na=rtpmap:1 ",
        "=x",
        "a=extmap:1",
        "a=:\na= :",
        "m=a 9 p 1\na=fmtp:1 apt=1\na=rtpmap:1 x",
        "a=group:",
        "a=rtcp-fb:* nack",
        "m=a 1 p 9\na=mid:\na=fmtp:9 ;;=;\n",
        "a=ice-ufrag:",
        "m=audio 9 p 0\na=fmtp:0 ////",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_hash_table_unref(describe(texts[i]));
        g_free(sdp_ufrag(texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_go_by_their_mid),
        cmocka_unit_test(sections_without_mid_go_by_their_place),
        cmocka_unit_test(codecs_go_by_their_name_and_what_makes_them_distinct),
        cmocka_unit_test(bundle_only_is_no_rejection),
        cmocka_unit_test(an_unknown_attribute_is_told_as_it_is),
        cmocka_unit_test(the_ufrag_is_the_first),
        cmocka_unit_test(candidates_are_found_in_every_section),
        cmocka_unit_test(nonsense_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

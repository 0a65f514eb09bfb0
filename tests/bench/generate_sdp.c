/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_sdp.h"

#include <stdio.h>
#include <string.h>

#define RTP_EXTENSION "urn:ietf:params:rtp-hdrext:"
#define GOOGLE_EXTENSION "http://www.webrtc.org/experiments/rtp-hdrext/"
#define CONGESTION_CONTROL \
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

/* One payload type: its rtpmap and fmtp. Video codecs bring all their feedback and an rtx. */
struct payload {
    int number;
    const char *map, *format;
    int rtx;
};

static const struct payload offered_audio[] = {
    {111, "opus/48000/2", "minptime=10;useinbandfec=1", 0},
    {63, "red/48000/2", "111/111", 0},
    {9, "G722/8000", NULL, 0},
    {0, "PCMU/8000", NULL, 0},
    {8, "PCMA/8000", NULL, 0},
    {13, "CN/8000", NULL, 0},
    {110, "telephone-event/48000", NULL, 0},
    {126, "telephone-event/8000", NULL, 0},
};

#define H264(mode, profile) \
    "level-asymmetry-allowed=1;packetization-mode=" mode ";profile-level-id=" profile

static const struct payload offered_video[] = {
    {96, "VP8/90000", NULL, 97},
    {102, "H264/90000", H264("1", "42001f"), 103},
    {104, "H264/90000", H264("0", "42001f"), 107},
    {108, "H264/90000", H264("1", "42e01f"), 109},
    {114, "H264/90000", H264("0", "42e01f"), 115},
    {116, "H264/90000", H264("1", "4d001f"), 117},
    {39, "H264/90000", H264("0", "4d001f"), 40},
    {45, "AV1/90000", "level-idx=5;profile=0;tier=0", 46},
    {98, "VP9/90000", "profile-id=0", 99},
    {100, "VP9/90000", "profile-id=2", 101},
    {118, "red/90000", NULL, 119},
};

static const struct payload chosen_audio = {111, "opus/48000/2", "useinbandfec=1", 0};
static const struct payload chosen_video = {96, "VP8/90000", NULL, 97};

struct extension {
    int number;
    const char *uri;
};

static const struct extension audio_extensions[] = {
    {1, RTP_EXTENSION "ssrc-audio-level"},
    {2, GOOGLE_EXTENSION "abs-send-time"},
    {3, CONGESTION_CONTROL},
    {4, RTP_EXTENSION "sdes:mid"},
};

static const struct extension video_extensions[] = {
    {14, RTP_EXTENSION "toffset"},
    {2, GOOGLE_EXTENSION "abs-send-time"},
    {13, "urn:3gpp:video-orientation"},
    {3, CONGESTION_CONTROL},
    {5, GOOGLE_EXTENSION "playout-delay"},
    {6, GOOGLE_EXTENSION "video-content-type"},
    {7, GOOGLE_EXTENSION "video-timing"},
    {8, GOOGLE_EXTENSION "color-space"},
    {4, RTP_EXTENSION "sdes:mid"},
    {10, RTP_EXTENSION "sdes:rtp-stream-id"},
    {11, RTP_EXTENSION "sdes:repaired-rtp-stream-id"},
};

static const char *const video_feedback[] = {
    "goog-remb", "transport-cc", "ccm fir", "nack", "nack pli",
};

void sdp_peer_init(struct sdp_peer *peer, struct random *random, const char *ip, uint16_t port)
{
    *peer = (struct sdp_peer){.ip = ip, .port = port, .origin = random_next(random) >> 1};
    random_ice_text(random, peer->ufrag, sizeof(peer->ufrag) - 1);
    random_ice_text(random, peer->pwd, sizeof(peer->pwd) - 1);
    random_ice_text(random, peer->cname, sizeof(peer->cname) - 1);
    random_fingerprint(random, peer->fingerprint);
    random_uuid(random, peer->stream);
    for (size_t i = 0; i < G_N_ELEMENTS(peer->track); i++)
        random_uuid(random, peer->track[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(peer->ssrc); i++)
        peer->ssrc[i] = (uint32_t)random_next(random);
}

static void add_extensions(GString *sdp, const struct extension *extension, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(sdp, "a=extmap:%d %s\r\n", extension[i].number, extension[i].uri);
}

static void add_map(GString *sdp, int number, const char *map, const char *format)
{
    g_string_append_printf(sdp, "a=rtpmap:%d %s\r\n", number, map);
    if (format)
        g_string_append_printf(sdp, "a=fmtp:%d %s\r\n", number, format);
}

static void add_audio_payload(GString *sdp, const struct payload *payload)
{
    g_string_append_printf(sdp, "a=rtpmap:%d %s\r\n", payload->number, payload->map);
    if (payload->number == chosen_audio.number)
        g_string_append_printf(sdp, "a=rtcp-fb:%d transport-cc\r\n", payload->number);
    if (payload->format)
        g_string_append_printf(sdp, "a=fmtp:%d %s\r\n", payload->number, payload->format);
}

static void add_video_payload(GString *sdp, const struct payload *payload)
{
    char apt[16];

    g_string_append_printf(sdp, "a=rtpmap:%d %s\r\n", payload->number, payload->map);
    if (strncmp(payload->map, "red", 3) != 0)
        for (size_t i = 0; i < G_N_ELEMENTS(video_feedback); i++)
            g_string_append_printf(sdp, "a=rtcp-fb:%d %s\r\n", payload->number, video_feedback[i]);
    if (payload->format)
        g_string_append_printf(sdp, "a=fmtp:%d %s\r\n", payload->number, payload->format);
    snprintf(apt, sizeof(apt), "apt=%d", payload->number);
    add_map(sdp, payload->rtx, "rtx/90000", apt);
}

static void add_media_line(GString *sdp, const char *kind, const struct payload *payload,
                           size_t count)
{
    g_string_append_printf(sdp, "m=%s 9 UDP/TLS/RTP/SAVPF", kind);
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(sdp, " %d", payload[i].number);
        if (payload[i].rtx)
            g_string_append_printf(sdp, " %d", payload[i].rtx);
    }
    g_string_append(sdp, "\r\n");
}

/* ---- a browser's ---- */

static GString *browser_begin(const struct sdp_peer *peer, bool data, bool sends)
{
    GString *sdp = g_string_sized_new(8192);

    g_string_append_printf(sdp,
                           "v=0\r\no=- %" G_GUINT64_FORMAT " 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                           "a=group:BUNDLE 0 1%s\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS",
                           peer->origin, data ? " 2" : "");
    if (sends)
        g_string_append_printf(sdp, " %s", peer->stream);
    g_string_append(sdp, "\r\n");
    return sdp;
}

static void browser_transport(GString *sdp, const struct sdp_peer *peer, const char *setup, int mid)
{
    g_string_append_printf(sdp,
                           "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=ice-options:trickle\r\n"
                           "a=fingerprint:sha-256 %s\r\na=setup:%s\r\na=mid:%d\r\n",
                           peer->ufrag, peer->pwd, peer->fingerprint, setup, mid);
}

static void browser_connection(GString *sdp)
{
    g_string_append(sdp, "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n");
}

static void browser_source(GString *sdp, const struct sdp_peer *peer, uint32_t ssrc, int track)
{
    g_string_append_printf(sdp, "a=ssrc:%u cname:%s\r\na=ssrc:%u msid:%s %s\r\n", ssrc, peer->cname,
                           ssrc, peer->stream, peer->track[track]);
}

static void browser_direction(GString *sdp, const struct sdp_peer *peer, const char *direction,
                              int track)
{
    g_string_append_printf(sdp, "a=%s\r\n", direction);
    if (track >= 0)
        g_string_append_printf(sdp, "a=msid:%s %s\r\n", peer->stream, peer->track[track]);
    g_string_append(sdp, "a=rtcp-mux\r\na=rtcp-rsize\r\n");
}

static void browser_data(GString *sdp, const struct sdp_peer *peer, const char *setup)
{
    g_string_append(sdp,
                    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n");
    browser_transport(sdp, peer, setup, 2);
    g_string_append(sdp, "a=sctp-port:5000\r\na=max-message-size:262144\r\n");
}

GString *sdp_browser_offer(const struct sdp_peer *browser, const char *direction, bool data)
{
    GString *sdp = browser_begin(browser, data, true);

    add_media_line(sdp, "audio", offered_audio, G_N_ELEMENTS(offered_audio));
    browser_connection(sdp);
    browser_transport(sdp, browser, "actpass", 0);
    add_extensions(sdp, audio_extensions, G_N_ELEMENTS(audio_extensions));
    browser_direction(sdp, browser, direction, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(offered_audio); i++)
        add_audio_payload(sdp, &offered_audio[i]);
    browser_source(sdp, browser, browser->ssrc[0], 0);

    add_media_line(sdp, "video", offered_video, G_N_ELEMENTS(offered_video));
    browser_connection(sdp);
    browser_transport(sdp, browser, "actpass", 1);
    add_extensions(sdp, video_extensions, G_N_ELEMENTS(video_extensions));
    browser_direction(sdp, browser, direction, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(offered_video); i++)
        add_video_payload(sdp, &offered_video[i]);
    g_string_append_printf(sdp, "a=ssrc-group:FID %u %u\r\n", browser->ssrc[1], browser->ssrc[2]);
    browser_source(sdp, browser, browser->ssrc[1], 1);
    browser_source(sdp, browser, browser->ssrc[2], 1);
    if (data)
        browser_data(sdp, browser, "actpass");
    return sdp;
}

GString *sdp_browser_answer(const struct sdp_peer *browser, const char *direction)
{
    GString *sdp = browser_begin(browser, false, false);

    add_media_line(sdp, "audio", offered_audio, 1);
    browser_connection(sdp);
    browser_transport(sdp, browser, "active", 0);
    add_extensions(sdp, audio_extensions, G_N_ELEMENTS(audio_extensions));
    browser_direction(sdp, browser, direction, -1);
    add_audio_payload(sdp, &offered_audio[0]);

    add_media_line(sdp, "video", offered_video, 1);
    browser_connection(sdp);
    browser_transport(sdp, browser, "active", 1);
    add_extensions(sdp, video_extensions + 1, 4);
    browser_direction(sdp, browser, direction, -1);
    add_video_payload(sdp, &offered_video[0]);
    return sdp;
}

/* ---- Janus's ---- */

static void janus_transport(GString *sdp, const struct sdp_peer *peer, const char *direction,
                            const char *setup, int mid)
{
    g_string_append_printf(sdp,
                           "c=IN IP4 %s\r\na=%s\r\na=mid:%d\r\na=rtcp-mux\r\na=ice-ufrag:%s\r\n"
                           "a=ice-pwd:%.22s\r\na=ice-options:trickle\r\na=setup:%s\r\n",
                           peer->ip, direction, mid, peer->ufrag, peer->pwd, setup);
}

static void janus_source(GString *sdp, const struct sdp_peer *peer, int track)
{
    g_string_append_printf(
        sdp,
        "a=msid:janus janus%d\r\na=ssrc:%u cname:janus\r\n"
        "a=candidate:1 1 udp 2015363327 %s %u typ host\r\na=end-of-candidates\r\n",
        track, peer->ssrc[track], peer->ip, peer->port);
}

static void janus_data(GString *sdp, const struct sdp_peer *peer, const char *setup)
{
    g_string_append(sdp, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n");
    janus_transport(sdp, peer, "sendrecv", setup, 2);
    g_string_append_printf(sdp,
                           "a=sctp-port:5000\r\na=candidate:1 1 udp 2015363327 %s %u typ host\r\n"
                           "a=end-of-candidates\r\n",
                           peer->ip, peer->port);
}

GString *sdp_janus(const struct sdp_peer *janus, const char *name, const char *direction,
                   const char *setup, bool data)
{
    GString *sdp = g_string_sized_new(3072);

    g_string_append_printf(sdp,
                           "v=0\r\no=- %" G_GUINT64_FORMAT " 2 IN IP4 %s\r\ns=%s\r\nt=0 0\r\n"
                           "a=group:BUNDLE 0 1%s\r\na=ice-options:trickle\r\n"
                           "a=fingerprint:sha-256 %s\r\na=extmap-allow-mixed\r\n"
                           "a=msid-semantic: WMS *\r\n",
                           janus->origin, janus->ip, name, data ? " 2" : "", janus->fingerprint);
    add_media_line(sdp, "audio", &chosen_audio, 1);
    janus_transport(sdp, janus, direction, setup, 0);
    add_map(sdp, chosen_audio.number, chosen_audio.map, chosen_audio.format);
    add_extensions(sdp, audio_extensions, G_N_ELEMENTS(audio_extensions));
    janus_source(sdp, janus, 0);
    add_media_line(sdp, "video", &chosen_video, 1);
    janus_transport(sdp, janus, direction, setup, 1);
    add_video_payload(sdp, &chosen_video);
    add_extensions(sdp, video_extensions + 1, 4);
    janus_source(sdp, janus, 1);
    if (data)
        janus_data(sdp, janus, setup);
    return sdp;
}

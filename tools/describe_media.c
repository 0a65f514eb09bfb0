/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What session descriptions, candidates, media states and statistics say. */
#include "evj/json.h"
#include "tools/analysis/text.h"
#include "tools/describe_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- session descriptions ---- */

#define KINDS_MAX 8

/* The media of a session description, in the order in which their kinds first appear. */
struct sdp_media {
    struct {
        char name[16];
        unsigned count, off;
    } kinds[KINDS_MAX];
    size_t count;
};

/* `line` is what follows "m=": "audio 9 UDP/TLS/RTP/SAVPF 111". Port 0 switches a medium off. */
static void add_media(struct sdp_media *media, const char *line)
{
    size_t name_len = strcspn(line, " \r\n");
    const char *name = line;
    size_t i = 0;

    if (name_len == strlen("application") && strncmp(line, "application", name_len) == 0) {
        name = "data";
        name_len = strlen(name);
    }
    name_len = MIN(name_len, sizeof(media->kinds[0].name) - 1);
    while (i < media->count && (strncmp(media->kinds[i].name, name, name_len) != 0 ||
                                media->kinds[i].name[name_len] != '\0'))
        i++;
    if (i == KINDS_MAX)
        return;
    if (i == media->count) {
        memcpy(media->kinds[i].name, name, name_len);
        media->count++;
    }
    media->kinds[i].count++;
    if (strtol(line + strcspn(line, " \r\n"), NULL, 10) == 0)
        media->kinds[i].off++;
}

/* " audio video×3 (1 off) data" */
static void append_media(GString *out, const char *sdp)
{
    struct sdp_media media = {0};

    for (const char *line = sdp; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "m=", 2) == 0)
            add_media(&media, line + 2);
    }
    for (size_t i = 0; i < media.count; i++) {
        g_string_append_printf(out, " %s", media.kinds[i].name);
        if (media.kinds[i].count > 1)
            g_string_append_printf(out, "×%u", media.kinds[i].count);
        if (media.kinds[i].off > 0)
            g_string_append_printf(out, " (%u off)", media.kinds[i].off);
    }
}

enum tone describe_jsep(struct evj_slice body, GString *out)
{
    struct evj_slice jsep = evj_json_member(body, "jsep");
    g_autoptr(GString) sdp = g_string_new(NULL);

    describe_append_member(out, "jsep ", body, "owner");
    describe_append_member(out, " ", jsep, "type");
    describe_append_text(sdp, evj_json_member(jsep, "sdp"));
    append_media(out, sdp->str);
    return TONE_PLAIN;
}

/* ---- candidates ---- */

/* "1 1 udp 2015363327 192.0.2.2 42718 typ host …" → "host udp 192.0.2.2:42718" */
static void append_candidate(GString *out, const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \r\n", 9);

    if (g_strv_length(words) < 8)
        g_string_append(out, text);
    else
        g_string_append_printf(out, "%s %s %s:%s", words[7], words[2], words[4], words[5]);
}

enum tone describe_candidate(struct evj_slice body, GString *out)
{
    struct evj_slice remote = evj_json_member(body, "remote-candidate");
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append(out, remote.len > 0 ? "remote candidate " : "local candidate ");
    describe_append_text(text, remote.len > 0 ? remote : evj_json_member(body, "local-candidate"));
    append_candidate(out, text->str);
    return TONE_QUIET;
}

/* ---- media ---- */

/* "1 video"; Janus before 1.0 knows no mid */
static void append_medium(GString *out, struct evj_slice body)
{
    describe_append_member(out, " ", body, "mid");
    describe_append_member(out, " ", body, "media");
    describe_append_member(out, " substream ", body, "substream");
}

enum tone describe_media_state(struct evj_slice body, GString *out)
{
    bool receiving = evj_slice_is(evj_json_member(body, "receiving"), "true");

    g_string_append(out, "media");
    append_medium(out, body);
    g_string_append(out, receiving ? " receiving" : " not receiving");
    if (describe_append_member(out, " for ", body, "seconds"))
        g_string_append(out, " s");
    return receiving ? TONE_GOOD : TONE_BAD;
}

enum tone describe_slow_link(struct evj_slice body, GString *out)
{
    g_string_append(out, "slow link");
    append_medium(out, body);
    describe_append_member(out, " ", body, "slow_link");
    describe_append_member(out, ", lost ", body, "lost_lastsec");
    return TONE_BAD;
}

/* "video lost 0 rtt 3 ms in 251 out 250 pkts"; data channels have neither lost nor rtt */
static void append_stats(GString *out, struct evj_slice stats)
{
    describe_append_member(out, " ", stats, "media");
    describe_append_member(out, " lost ", stats, "lost");
    if (describe_append_member(out, " rtt ", stats, "rtt"))
        g_string_append(out, " ms");
    describe_append_member(out, " in ", stats, "packets-received");
    describe_append_member(out, " out ", stats, "packets-sent");
    g_string_append(out, " pkts");
}

/* Of so many media one line tells: far more than a PeerConnection has. */
#define COMBINED_MAX 1024

/* With combine_media_stats, one event has all media of a PeerConnection: " audio lost 0, video lost
 * 2". */
static void append_combined_stats(GString *out, struct evj_slice body)
{
    struct evj_slice stats, rest = body;

    for (unsigned i = 0; text_next_element(&rest, &stats); i++) {
        const char *before = i > 0 ? ", " : " ";

        if (i == COMBINED_MAX) {
            g_string_append(out, ", …");
            return;
        }
        if (!describe_append_member(out, before, stats, "media"))
            g_string_append_printf(out, "%s?", before);
        describe_append_member(out, " lost ", stats, "lost");
    }
}

enum tone describe_stats(struct evj_slice body, GString *out)
{
    g_string_append(out, "stats");
    if (body.len > 0 && *body.text == '[')
        append_combined_stats(out, body);
    else
        append_stats(out, body);
    return TONE_QUIET;
}

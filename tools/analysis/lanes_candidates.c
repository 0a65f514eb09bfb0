/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The candidates of a PeerConnection: those of its events, and those inside its SDPs. */
#include "evj/event_type.h"
#include "tools/analysis/lanes.h"
#include "tools/analysis/sdp.h"
#include "tools/analysis/text.h"

struct from_sdp {
    struct candidates *candidates;
    const char *side;
};

static void add_from_sdp(const char *candidate, void *context)
{
    struct from_sdp *from = context;

    candidates_add(from->candidates, from->side, candidate);
}

static void add_from_event(struct candidates *candidates, struct evj_slice body, const char *side,
                           const char *member)
{
    g_autofree char *text = text_of_string(evj_json_member(body, member));

    candidates_add(candidates, side, text);
}

static void add_from_jsep(struct candidates *candidates, struct evj_slice body)
{
    g_autofree char *owner = text_of_string(evj_json_member(body, "owner"));
    g_autofree char *sdp = text_of_string(evj_json_member(evj_json_member(body, "jsep"), "sdp"));

    sdp_candidates(sdp, add_from_sdp, &(struct from_sdp){.candidates = candidates, .side = owner});
}

static void add_fact(struct candidates *candidates, const struct fact *fact)
{
    const struct evj_slice body = {.text = fact->body, .len = fact->body_len};

    if (fact->type == EVJ_TYPE_JSEP)
        add_from_jsep(candidates, body);
    else if (fact->type == EVJ_TYPE_WEBRTC && fact->subtype == EVJ_WEBRTC_LOCAL_CANDIDATE)
        add_from_event(candidates, body, "local", "local-candidate");
    else if (fact->type == EVJ_TYPE_WEBRTC && fact->subtype == EVJ_WEBRTC_REMOTE_CANDIDATE)
        add_from_event(candidates, body, "remote", "remote-candidate");
}

struct candidates *lanes_candidates(const struct model_epoch *epoch)
{
    struct candidates *candidates = candidates_new();

    for (guint i = 0; epoch->facts != NULL && i < epoch->facts->len; i++)
        add_fact(candidates, &g_array_index(epoch->facts, struct fact, i));
    return candidates;
}

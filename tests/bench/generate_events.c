/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_events.h"

#include "evj/event_type.h"
#include "tests/bench/generate_envelope.h"

#include <stdio.h>

#define WEBSOCKETS "janus.transport.websockets"

static const char *plugin_of(const struct handle *handle)
{
    return handle->role == ROLE_ECHO ? "janus.plugin.echotest" : "janus.plugin.videoroom";
}

/* ---- the transport, the session, the handle ---- */

static json_t *transport_event(struct handle *handle, int64_t now_us, json_t *data)
{
    json_t *body = json_pack("{s:s, s:s, s:o}", "transport", WEBSOCKETS, "id",
                             handle->call->transport_id, "data", data);

    return envelope_of_server(EVJ_TYPE_TRANSPORT, 0, now_us, body);
}

json_t *event_connected(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return transport_event(handle, now_us,
                           json_pack("{s:s, s:b, s:s}", "event", "connected", "admin_api", 0, "ip",
                                     handle->browser.ip));
}

json_t *event_disconnected(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return transport_event(handle, now_us, json_pack("{s:s}", "event", "disconnected"));
}

json_t *event_created(struct handle *handle, int64_t now_us, int arg)
{
    json_t *body = json_pack("{s:s, s:{s:s, s:s}}", "name", "created", "transport", "transport",
                             WEBSOCKETS, "id", handle->call->transport_id);

    (void)arg;
    return envelope_of_session(handle->call, EVJ_TYPE_SESSION, now_us, body);
}

json_t *event_destroyed(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return envelope_of_session(handle->call, EVJ_TYPE_SESSION, now_us,
                               json_pack("{s:s}", "name", "destroyed"));
}

static json_t *handle_event(struct handle *handle, int64_t now_us, const char *name)
{
    json_t *body = json_pack("{s:s, s:s, s:s}", "name", name, "plugin", plugin_of(handle),
                             "opaque_id", handle->call->opaque_id);

    return envelope_of_handle(handle, EVJ_TYPE_HANDLE, 0, now_us, body);
}

json_t *event_attached(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return handle_event(handle, now_us, "attached");
}

json_t *event_detached(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return handle_event(handle, now_us, "detached");
}

/* ---- JSEP ---- */

static json_t *jsep_event(const struct handle *handle, int64_t now_us, const char *owner,
                          const char *type, GString *sdp)
{
    json_t *body =
        json_pack("{s:s, s:{s:s, s:s}}", "owner", owner, "jsep", "type", type, "sdp", sdp->str);

    g_string_free(sdp, TRUE);
    return envelope_of_handle(handle, EVJ_TYPE_JSEP, 0, now_us, body);
}

static GString *janus_sdp(const struct handle *handle, const char *direction, const char *setup)
{
    char name[32] = "-";

    if (handle->role != ROLE_ECHO)
        snprintf(name, sizeof(name), "VideoRoom %u", handle->call->room);
    return sdp_janus(&handle->janus, name, direction, setup, handle->media_count > 2);
}

/* To a subscriber it is Janus that makes the offer. */
json_t *event_offer(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    if (handle->role == ROLE_SUBSCRIBER)
        return jsep_event(handle, now_us, "local", "offer",
                          janus_sdp(handle, "sendonly", "actpass"));
    return jsep_event(handle, now_us, "remote", "offer",
                      sdp_browser_offer(&handle->browser, "sendrecv", handle->media_count > 2));
}

json_t *event_answer(struct handle *handle, int64_t now_us, int arg)
{
    const char *direction = handle->role == ROLE_ECHO ? "sendrecv" : "recvonly";

    (void)arg;
    if (handle->role == ROLE_SUBSCRIBER)
        return jsep_event(handle, now_us, "remote", "answer",
                          sdp_browser_answer(&handle->browser, direction));
    return jsep_event(handle, now_us, "local", "answer", janus_sdp(handle, direction, "active"));
}

/* ---- WebRTC ---- */

/* ICE and DTLS events all end in the two ids that 1.x keeps constant. */
static json_t *webrtc_event(const struct handle *handle, int subtype, int64_t now_us, json_t *body,
                            int component)
{
    json_object_set_new(body, "stream_id", json_integer(1));
    json_object_set_new(body, "component_id", json_integer(component));
    return envelope_of_handle(handle, EVJ_TYPE_WEBRTC, subtype, now_us, body);
}

json_t *event_ice(struct handle *handle, int64_t now_us, int arg)
{
    static const char *const states[] = {
        [ICE_GATHERING] = "gathering",
        [ICE_CONNECTING] = "connecting",
        [ICE_CONNECTED] = "connected",
        [ICE_READY] = "ready",
    };

    return webrtc_event(handle, EVJ_WEBRTC_ICE, now_us, json_pack("{s:s}", "ice", states[arg]), 1);
}

json_t *event_local_candidate(struct handle *handle, int64_t now_us, int arg)
{
    char text[96];

    snprintf(text, sizeof(text), "%d 1 udp 2015363327 %s %u typ host", arg + 1, handle->janus.ip,
             handle->janus.port);
    return webrtc_event(handle, EVJ_WEBRTC_LOCAL_CANDIDATE, now_us,
                        json_pack("{s:s}", "local-candidate", text), 0);
}

/* The first is what ICE learnt from the browser's check; the others the browser tells itself. */
json_t *event_remote_candidate(struct handle *handle, int64_t now_us, int arg)
{
    static const char *const addresses[] = {"198.51.100.7", "10.0.0.17", "2001:db8::17", "fd00::2"};
    struct random *random = handle->call->random;
    const char *ip = addresses[arg];
    char text[192];

    if (arg == 0)
        snprintf(text, sizeof(text),
                 "remote1 1 udp 1853628159 %s %u typ prflx raddr %s rport %u\r\n", ip,
                 handle->browser.port, ip, handle->browser.port);
    else
        snprintf(text, sizeof(text),
                 "%u 1 udp %u %s %u typ host generation 0 ufrag %s network-id %d",
                 (unsigned)(random_next(random) >> 32), 2122000000u + (unsigned)arg * 65536u, ip,
                 (unsigned)random_between(random, 30000, 60000), handle->browser.ufrag, arg);
    return webrtc_event(handle, EVJ_WEBRTC_REMOTE_CANDIDATE, now_us,
                        json_pack("{s:s}", "remote-candidate", text), 1);
}

static json_t *candidate(const struct sdp_peer *peer, const char *type)
{
    return json_pack("{s:s, s:i, s:s, s:s, s:i}", "address", peer->ip, "port", (int)peer->port,
                     "type", type, "transport", "udp", "family", 4);
}

json_t *event_selected_pair(struct handle *handle, int64_t now_us, int arg)
{
    const struct sdp_peer *local = &handle->janus, *remote = &handle->browser;
    char text[128];

    (void)arg;
    snprintf(text, sizeof(text), "%s:%u [host,udp] <-> %s:%u [%s,udp]", local->ip, local->port,
             remote->ip, remote->port, handle->network);
    return webrtc_event(handle, EVJ_WEBRTC_SELECTED_PAIR, now_us,
                        json_pack("{s:s, s:{s:o, s:o}}", "selected-pair", text, "candidates",
                                  "local", candidate(local, "host"), "remote",
                                  candidate(remote, handle->network)),
                        1);
}

json_t *event_dtls(struct handle *handle, int64_t now_us, int arg)
{
    static const char *const states[] = {[DTLS_TRYING] = "trying", [DTLS_CONNECTED] = "connected"};
    json_t *event =
        webrtc_event(handle, EVJ_WEBRTC_DTLS, now_us, json_pack("{s:s}", "dtls", states[arg]), 1);

    json_object_set_new(json_object_get(event, "event"), "retransmissions", json_integer(0));
    return event;
}

json_t *event_webrtc_up(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return envelope_of_handle(handle, EVJ_TYPE_WEBRTC, EVJ_WEBRTC_STATE, now_us,
                              json_pack("{s:s}", "connection", "webrtcup"));
}

json_t *event_hangup(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return envelope_of_handle(
        handle, EVJ_TYPE_WEBRTC, EVJ_WEBRTC_STATE, now_us,
        json_pack("{s:s, s:s}", "connection", "hangup", "reason", "DTLS alert"));
}

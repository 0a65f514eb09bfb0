/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/event_type.h"
#include "tests/bench/generate_envelope.h"
#include "tests/bench/generate_events.h"

static json_t *plugin_body(const char *plugin, json_t *data)
{
    return json_pack("{s:s, s:o}", "plugin", plugin, "data", data);
}

json_t *event_echotest(struct handle *handle, int64_t now_us, int arg)
{
    json_t *data = json_pack("{s:b, s:b, s:i}", "audio_active", 1, "video_active", 1, "bitrate", 0);

    (void)arg;
    return envelope_of_handle(handle, EVJ_TYPE_PLUGIN, 0, now_us,
                              plugin_body("janus.plugin.echotest", data));
}

static json_t *room_event(const struct handle *handle, int64_t now_us, json_t *data)
{
    return envelope_of_handle(handle, EVJ_TYPE_PLUGIN, 0, now_us,
                              plugin_body("janus.plugin.videoroom", data));
}

json_t *event_joined(struct handle *handle, int64_t now_us, int arg)
{
    const struct call *call = handle->call;

    (void)arg;
    return room_event(handle, now_us,
                      json_pack("{s:s, s:i, s:I, s:I, s:s}", "event", "joined", "room",
                                (int)call->room, "id", (json_int_t)call->participant_id,
                                "private_id", (json_int_t)call->private_id, "display",
                                call->display));
}

json_t *event_configured(struct handle *handle, int64_t now_us, int arg)
{
    const struct call *call = handle->call;

    (void)arg;
    return room_event(handle, now_us,
                      json_pack("{s:s, s:i, s:I, s:i}", "event", "configured", "room",
                                (int)call->room, "id", (json_int_t)call->participant_id, "bitrate",
                                128000));
}

static json_t *published_stream(const char *type, int index, const char *mid, const char *codec)
{
    return json_pack("{s:s, s:i, s:s, s:s}", "type", type, "mindex", index, "mid", mid, "codec",
                     codec);
}

json_t *event_published(struct handle *handle, int64_t now_us, int arg)
{
    const struct call *call = handle->call;

    (void)arg;
    return room_event(handle, now_us,
                      json_pack("{s:s, s:i, s:I, s:s, s:[o, o]}", "event", "published", "room",
                                (int)call->room, "id", (json_int_t)call->participant_id, "display",
                                call->display, "streams", published_stream("audio", 0, "0", "opus"),
                                published_stream("video", 1, "1", "vp8")));
}

static json_t *subscribed_stream(const struct call *call, const char *type, int index,
                                 const char *mid, const char *codec)
{
    return json_pack("{s:s, s:b, s:i, s:s, s:b, s:b, s:I, s:s, s:s, s:s}", "type", type, "active",
                     1, "mindex", index, "mid", mid, "ready", 0, "send", 1, "feed_id",
                     (json_int_t)call->feed_id, "feed_display", call->feed_display, "feed_mid", mid,
                     "codec", codec);
}

json_t *event_subscribing(struct handle *handle, int64_t now_us, int arg)
{
    const struct call *call = handle->call;

    (void)arg;
    return room_event(handle, now_us,
                      json_pack("{s:s, s:i, s:[o, o], s:I}", "event", "subscribing", "room",
                                (int)call->room, "streams",
                                subscribed_stream(call, "audio", 0, "0", "opus"),
                                subscribed_stream(call, "video", 1, "1", "vp8"), "private_id",
                                (json_int_t)call->private_id));
}

json_t *event_subscribed(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return room_event(
        handle, now_us,
        json_pack("{s:s, s:i}", "event", "subscribed", "room", (int)handle->call->room));
}

/* These two come when the handle is gone already: without its ids, as Janus 1.1.2 sends them. */
static json_t *departure(const struct call *call, int64_t now_us, const char *name)
{
    json_t *data = json_pack("{s:s, s:i, s:I}", "event", name, "room", (int)call->room, "id",
                             (json_int_t)call->participant_id);

    return envelope_of_server(EVJ_TYPE_PLUGIN, 0, now_us,
                              plugin_body("janus.plugin.videoroom", data));
}

json_t *event_unpublished(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return departure(handle->call, now_us, "unpublished");
}

json_t *event_leaving(struct handle *handle, int64_t now_us, int arg)
{
    (void)arg;
    return departure(handle->call, now_us, "leaving");
}

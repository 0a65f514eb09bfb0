/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/event_type.h"
#include "tests/bench/generate_envelope.h"
#include "tests/bench/generate_events.h"

#include <stdio.h>

static json_t *mid_of(size_t index)
{
    char mid[12];

    snprintf(mid, sizeof(mid), "%zu", index);
    return json_string(mid);
}

json_t *event_receiving(struct handle *handle, int64_t now_us, int arg)
{
    json_t *body = json_pack("{s:s, s:o, s:b}", "media", handle->media[arg].kind, "mid",
                             mid_of((size_t)arg), "receiving", 1);

    return envelope_of_handle(handle, EVJ_TYPE_MEDIA, EVJ_MEDIA_STATE, now_us, body);
}

/* One number of a statistics event: its key, and where its value stands in a struct medium. */
struct counter {
    const char *key;
    size_t offset;
};

#define COUNTER(key, member)                 \
    {                                        \
        key, offsetof(struct medium, member) \
    }

static const struct counter reception[] = {
    COUNTER("rtt", rtt_ms),
    COUNTER("lost", lost),
    COUNTER("lost-by-remote", lost_by_remote),
    COUNTER("jitter-local", jitter_in_ms),
    COUNTER("jitter-remote", jitter_out_ms),
};

static const struct counter amounts[] = {
    COUNTER("packets-received", in.packets),
    COUNTER("packets-sent", out.packets),
    COUNTER("bytes-received", in.bytes),
    COUNTER("bytes-sent", out.bytes),
};

static const struct counter rates[] = {
    COUNTER("bytes-received-lastsec", in.bytes_lastsec),
    COUNTER("bytes-sent-lastsec", out.bytes_lastsec),
    COUNTER("nacks-received", nacks_in),
    COUNTER("nacks-sent", nacks_out),
    COUNTER("retransmissions-received", retransmissions),
};

static void set_counters(json_t *body, const struct medium *medium, const struct counter *counter,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)medium + counter[i].offset;
        json_object_set_new(body, counter[i].key, json_integer(*(const int64_t *)(const void *)at));
    }
}

static void set_qualities(json_t *body, const struct medium *medium)
{
    int in = medium->in.active ? 100 - (int)(medium->lost % 4 == 3) : 0;
    int out = medium->out.active ? 100 - (int)(medium->lost_by_remote % 4 == 3) : 0;

    json_object_set_new(body, "in-link-quality", json_integer(in));
    json_object_set_new(body, "in-media-link-quality", json_integer(in));
    json_object_set_new(body, "out-link-quality", json_integer(out));
    json_object_set_new(body, "out-media-link-quality", json_integer(out));
}

json_t *event_statistics(struct handle *handle, int64_t now_us, int arg)
{
    struct medium *medium = &handle->media[handle->medium];
    json_t *body = json_object();

    (void)arg;
    medium_tick(medium, handle->call->random);
    json_object_set_new(body, "mid", mid_of(handle->medium));
    json_object_set_new(body, "mindex", json_integer((json_int_t)handle->medium));
    json_object_set_new(body, "media", json_string(medium->kind));
    if (medium->codec) {
        json_object_set_new(body, "codec", json_string(medium->codec));
        json_object_set_new(body, "base", json_integer(medium->base_hz));
        set_counters(body, medium, reception, sizeof(reception) / sizeof(reception[0]));
        set_qualities(body, medium);
    }
    set_counters(body, medium, amounts, sizeof(amounts) / sizeof(amounts[0]));
    if (medium->codec)
        set_counters(body, medium, rates, sizeof(rates) / sizeof(rates[0]));
    return envelope_of_handle(handle, EVJ_TYPE_MEDIA, EVJ_MEDIA_STATS, now_us, body);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/medium.h"

#include "tools/analysis/text.h"

#include <string.h>

/* The members of a statistics object that are cumulative, and where they are summed. */
static const struct {
    const char *key;
    size_t offset;
} counters[] = {
    {"packets-received", offsetof(struct medium, packets_received)},
    {"packets-sent", offsetof(struct medium, packets_sent)},
    {"bytes-received", offsetof(struct medium, bytes_received)},
    {"bytes-sent", offsetof(struct medium, bytes_sent)},
    {"lost", offsetof(struct medium, lost)},
    {"lost-by-remote", offsetof(struct medium, lost_by_remote)},
    {"nacks-received", offsetof(struct medium, nacks_received)},
    {"nacks-sent", offsetof(struct medium, nacks_sent)},
};

/* Before 1.0.4 the key told the kind as well. */
static const char *const codec_keys[] = {"codec", "audio-codec", "video-codec"};

static void counter_add(struct counter *counter, uint64_t value)
{
    counter->total += value >= counter->last ? value - counter->last : value;
    counter->last = value;
}

void medium_free(gpointer pointer)
{
    struct medium *medium = pointer;

    g_free(medium->mid);
    g_free(medium->media);
    g_free(medium->codec);
    g_free(medium);
}

struct medium *medium_of(GPtrArray *media, struct evj_slice mid, struct evj_slice kind)
{
    g_autofree char *mid_text = text_of_string(mid);
    g_autofree char *kind_text = text_of_string(kind);

    for (guint i = 0; i < media->len; i++) {
        struct medium *medium = g_ptr_array_index(media, i);

        if (strcmp(medium->media, kind_text) == 0 && strcmp(medium->mid, mid_text) == 0)
            return medium;
    }
    struct medium *medium = g_new0(struct medium, 1);

    medium->mid = g_steal_pointer(&mid_text);
    medium->media = g_steal_pointer(&kind_text);
    g_ptr_array_add(media, medium);
    return medium;
}

static void add_number(struct medium *medium, struct evj_slice key, uint64_t value)
{
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        if (evj_slice_is(key, counters[i].key)) {
            counter_add((struct counter *)(void *)((char *)medium + counters[i].offset), value);
            return;
        }
    }
    if (evj_slice_is(key, "rtt") && value > 0) {
        medium->rtt_sum_ms += value;
        medium->rtt_samples++;
    }
}

static void add_codec(struct medium *medium, struct evj_slice key, struct evj_slice value)
{
    for (size_t i = 0; i < G_N_ELEMENTS(codec_keys); i++) {
        if (medium->codec == NULL && evj_slice_is(key, codec_keys[i]))
            medium->codec = text_of_string(value);
    }
}

/* Statistics name their medium and count something. */
static bool is_statistics(struct evj_slice object)
{
    return evj_json_member(object, "media").text != NULL &&
           (evj_json_member(object, "packets-received").text != NULL ||
            evj_json_member(object, "bytes-received").text != NULL);
}

bool medium_add_stats(GPtrArray *media, struct evj_slice stats, uint64_t seq, int64_t time_us)
{
    struct evj_json_members members;
    struct evj_slice key, value;
    uint64_t number = 0;

    if (!is_statistics(stats) || evj_json_members_init(&members, stats.text, stats.len) != 0)
        return false;
    struct medium *medium =
        medium_of(media, evj_json_member(stats, "mid"), evj_json_member(stats, "media"));

    moment_note(&medium->first, seq, time_us);
    medium->last = (struct moment){.seen = true, .seq = seq, .time_us = time_us};
    medium->samples++;
    while (evj_json_members_next(&members, &key, &value) == 0) {
        if (evj_json_to_u64(value, &number))
            add_number(medium, key, number);
        else
            add_codec(medium, key, value);
    }
    return true;
}

bool medium_add_event(GPtrArray *media, struct evj_slice body, uint64_t seq, int64_t time_us)
{
    struct evj_slice element, rest = body;
    bool any = false;

    if (body.len == 0 || body.text[0] != '[')
        return medium_add_stats(media, body, seq, time_us);
    while (text_next_element(&rest, &element))
        any |= medium_add_stats(media, element, seq, time_us);
    return any;
}

bool medium_any_flow(const GPtrArray *media)
{
    for (guint i = 0; i < media->len; i++) {
        const struct medium *medium = g_ptr_array_index(media, i);

        if (medium->packets_received.total > 0 || medium->packets_sent.total > 0)
            return true;
    }
    return false;
}

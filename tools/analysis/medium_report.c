/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one statistics object. Nine in ten events are of this kind, so it is walked only once. */
#include "tools/analysis/medium.h"

#include <string.h>

enum field_kind { FIELD_COUNTER, FIELD_LEVEL, FIELD_TEXT, FIELD_PASSED_BY };

#define COUNTER(key, counter)                                                    \
    {                                                                            \
        key, sizeof(key) - 1, FIELD_COUNTER, .index = (unsigned)MEDIUM_##counter \
    }
#define LEVEL(key, level)                                                    \
    {                                                                        \
        key, sizeof(key) - 1, FIELD_LEVEL, .index = (unsigned)MEDIUM_##level \
    }
#define TEXT(key, member)                                                                  \
    {                                                                                      \
        key, sizeof(key) - 1, FIELD_TEXT, .offset = offsetof(struct medium_report, member) \
    }

#define PASSED_BY(key)                         \
    {                                          \
        key, sizeof(key) - 1, FIELD_PASSED_BY, \
        {                                      \
            0                                  \
        }                                      \
    }

static const struct field {
    const char *key;
    size_t len;
    enum field_kind kind;
    union {
        unsigned index;
        size_t offset;
    };
} fields[] = {
    TEXT("mid", mid),
    TEXT("media", media),
    TEXT("codec", codec),
    /* Before 1.0.4 the key told the kind as well. */
    TEXT("audio-codec", codec),
    TEXT("video-codec", codec),
    COUNTER("packets-received", PACKETS_RECEIVED),
    COUNTER("packets-sent", PACKETS_SENT),
    COUNTER("bytes-received", BYTES_RECEIVED),
    COUNTER("bytes-sent", BYTES_SENT),
    COUNTER("lost", LOST),
    COUNTER("lost-by-remote", LOST_BY_REMOTE),
    COUNTER("nacks-received", NACKS_RECEIVED),
    COUNTER("nacks-sent", NACKS_SENT),
    LEVEL("rtt", RTT),
    LEVEL("jitter-local", JITTER_IN),
    LEVEL("jitter-remote", JITTER_OUT),
    /* These follow from the others, or from the moment. */
    PASSED_BY("mindex"),
    PASSED_BY("base"),
    PASSED_BY("rtt-values"),
    PASSED_BY("in-link-quality"),
    PASSED_BY("in-media-link-quality"),
    PASSED_BY("out-link-quality"),
    PASSED_BY("out-media-link-quality"),
    PASSED_BY("bytes-received-lastsec"),
    PASSED_BY("bytes-sent-lastsec"),
    PASSED_BY("retransmissions-received"),
    PASSED_BY("remb-bitrate"),
};

static const struct field *find_field(struct evj_slice key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].len == key.len && memcmp(fields[i].key, key.text, key.len) == 0)
            return &fields[i];
    }
    return NULL;
}

static void take_counter(struct medium_report *report, unsigned index, struct evj_slice value)
{
    report->told[index] = evj_json_to_u64(value, &report->values[index]);
    report->counts |= index == MEDIUM_PACKETS_RECEIVED || index == MEDIUM_BYTES_RECEIVED;
}

/* No round-trip time yet is told as 0. */
static void take_level(struct medium_report *report, unsigned index, struct evj_slice value)
{
    int64_t level;

    if (evj_json_to_i64(value, &level) && level >= (index == MEDIUM_RTT ? 1 : 0))
        report->levels[index] = level;
}

static void take_unknown(struct medium_report *report, struct evj_slice key, struct evj_slice value)
{
    if (report->unknown_count == MEDIUM_UNKNOWN_MAX)
        return;
    report->unknown[report->unknown_count].key = key;
    report->unknown[report->unknown_count++].value = value;
}

static void take(struct medium_report *report, struct evj_slice key, struct evj_slice value)
{
    const struct field *field = find_field(key);

    if (field == NULL)
        take_unknown(report, key, value);
    else if (field->kind == FIELD_COUNTER)
        take_counter(report, field->index, value);
    else if (field->kind == FIELD_LEVEL)
        take_level(report, field->index, value);
    else if (field->kind == FIELD_TEXT)
        *(struct evj_slice *)(void *)((char *)report + field->offset) = value;
}

bool medium_report_read(struct medium_report *report, struct evj_slice object)
{
    struct evj_json_members members;
    struct evj_slice key, value;

    /* The slices of unknown fields need no clearing: there are none yet. */
    memset(report, 0, offsetof(struct medium_report, unknown));
    memset(report->told, 0, sizeof(report->told));
    for (unsigned i = 0; i < MEDIUM_LEVELS; i++)
        report->levels[i] = -1;
    report->unknown_count = 0;
    if (evj_json_members_init(&members, object.text, object.len) != 0)
        return false;
    while (evj_json_members_next(&members, &key, &value) == 0)
        take(report, key, value);
    /* Statistics name their medium and count something. */
    return report->media.text != NULL && report->counts;
}

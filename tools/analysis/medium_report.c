/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one statistics object. Nine in ten events are of this kind, so it is walked only once. */
#include "tools/analysis/medium.h"

enum field_kind { FIELD_COUNTER, FIELD_LEVEL, FIELD_TEXT };

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

static void take(struct medium_report *report, struct evj_slice key, struct evj_slice value)
{
    const struct field *field = find_field(key);

    if (field == NULL)
        return;
    if (field->kind == FIELD_COUNTER)
        take_counter(report, field->index, value);
    else if (field->kind == FIELD_LEVEL)
        take_level(report, field->index, value);
    else
        *(struct evj_slice *)(void *)((char *)report + field->offset) = value;
}

bool medium_report_read(struct medium_report *report, struct evj_slice object)
{
    struct evj_json_members members;
    struct evj_slice key, value;

    *report = (struct medium_report){.levels = {-1, -1, -1}};
    if (evj_json_members_init(&members, object.text, object.len) != 0)
        return false;
    while (evj_json_members_next(&members, &key, &value) == 0)
        take(report, key, value);
    /* Statistics name their medium and count something. */
    return report->media.text != NULL && report->counts;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/header.h"

#include "evj_config.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static int random_uuid(char ret[37], struct evj_error *err)
{
    unsigned char b[16];

    if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
        return evj_fail_errno(err, 0, "no random numbers for the journal's id");
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* RFC 4122: version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80); /* variant 1 */
    snprintf(ret, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
    return EVJ_OK;
}

int evj_header_init(struct evj_header *header, struct evj_error *err)
{
    *header = (struct evj_header){
        .version = EVJ_FORMAT_MAJOR,
        .recorder = "evj " EVJ_VERSION,
        .clock = EVJ_CLOCK_MONOTONIC,
        .started_wall_us = evj_clock_wall_us(),
        .started_mono_us = evj_clock_mono_us(),
    };
    gethostname(header->host, sizeof(header->host) - 1);
    evj_boot_id(header->boot_id);
    return random_uuid(header->id, err);
}

/* The texts of the first line, in the order in which they are written. */
static const struct {
    const char *key;
    size_t offset, size;
} texts[] = {
#define TEXT(field)                                                                         \
    {                                                                                       \
#field, offsetof(struct evj_header, field), sizeof(((struct evj_header *)0)->field) \
    }
    TEXT(id),    TEXT(recorder), TEXT(emitter),  TEXT(host),  TEXT(boot_id),
    TEXT(clock), TEXT(events),   TEXT(previous), TEXT(spool),
#undef TEXT
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static bool read_started(struct evj_slice started, struct evj_header *header)
{
    return evj_json_to_i64(evj_json_member(started, "wall"), &header->started_wall_us) &&
           evj_json_to_i64(evj_json_member(started, "mono"), &header->started_mono_us);
}

int evj_header_parse(const struct evj_record *record, struct evj_header *ret_header,
                     struct evj_error *err)
{
    struct evj_header header = {0};
    uint64_t version;

    if (record->kind != EVJ_RECORD_JOURNAL)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0,
                        "not a journal: its first line does not begin with {\"journal\":");
    if (!evj_json_to_u64(evj_json_member(record->body, "version"), &version))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the first line names no format version");
    if (version != EVJ_FORMAT_MAJOR)
        return evj_fail(err, EVJ_ERR_VERSION, 0,
                        "a journal of format version %" PRIu64 "; this evj reads version %d: "
                        "read it with a later evj",
                        version, EVJ_FORMAT_MAJOR);
    if (evj_json_string(evj_json_member(record->body, "id")).len == 0)
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the first line names no recording");
    if (!read_started(evj_json_member(record->body, "started"), &header))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the first line does not say when it started");

    header.version = (unsigned)version;
    for (size_t i = 0; i < TEXTS; i++)
        evj_json_string_decode(evj_json_member(record->body, texts[i].key),
                               (char *)&header + texts[i].offset, texts[i].size);
    *ret_header = header;
    return EVJ_OK;
}

/* No text of a header is longer. */
#define TEXT_MAX 256u

/*
 * `,"key":"text"`, or nothing for an empty text. A text may be cut inside a character, or never have
 * been UTF-8 (a folder's name, say): decoding what was encoded replaces such bytes.
 */
static size_t put_text(char *out, size_t room, const char *key, const char *text)
{
    char encoded[6 * TEXT_MAX + 2], valid[3 * TEXT_MAX + 1];

    if (text[0] == '\0')
        return 0;
    size_t len = evj_json_string_encode(text, strlen(text), encoded, sizeof(encoded));
    len = evj_json_string_decode((struct evj_slice){encoded, len}, valid, sizeof(valid));
    size_t at = (size_t)snprintf(out, room, ",\"%s\":", key);
    return at + evj_json_string_encode(valid, len, out + at, room - at);
}

size_t evj_header_put(const struct evj_header *header, char *out)
{
    size_t at =
        (size_t)snprintf(out, EVJ_HEADER_LINE_MAX, "{\"journal\":{\"version\":%u", header->version);

    for (size_t i = 0; i < TEXTS; i++)
        at += put_text(out + at, EVJ_HEADER_LINE_MAX - at, texts[i].key,
                       (const char *)header + texts[i].offset);
    return at + (size_t)snprintf(out + at, EVJ_HEADER_LINE_MAX - at,
                                 ",\"started\":{\"wall\":%" PRId64 ",\"mono\":%" PRId64 "}}}",
                                 header->started_wall_us, header->started_mono_us);
}

int64_t evj_header_wall_us(const struct evj_header *header, int64_t mono_us)
{
    __int128 wall_us = (__int128)header->started_wall_us - header->started_mono_us + mono_us;

    if (wall_us > INT64_MAX)
        return INT64_MAX;
    return wall_us < INT64_MIN ? INT64_MIN : (int64_t)wall_us;
}

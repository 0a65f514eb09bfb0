/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/header.h"

#include "evj_config.h"
#include "format/json_skip_internal.h"

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
    bool of_source; /* a merged file tells it of each of its sources, too */
} texts[] = {
#define TEXT(field, of_source)                                                               \
    {                                                                                        \
#field, offsetof(struct evj_header, field), sizeof(((struct evj_header *)0)->field), \
            of_source                                                                        \
    }
    TEXT(id, true),        TEXT(recorder, false), TEXT(emitter, true), TEXT(instance, false),
    TEXT(host, true),      TEXT(boot_id, false),  TEXT(clock, true),   TEXT(events, false),
    TEXT(previous, false), TEXT(spool, false),    TEXT(cut, true),
#undef TEXT
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static bool read_started(struct evj_slice started, struct evj_header *header)
{
    return evj_json_to_i64(evj_json_member(started, "wall"), &header->started_wall_us) &&
           evj_json_to_i64(evj_json_member(started, "mono"), &header->started_mono_us);
}

/* ---- the sources of a merged file ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bracket or comma that must stand before an element, and blanks around it. */
static const char *skip_to_element(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    if (at == end || (*at != '[' && *at != ','))
        return end;
    for (at++; at < end && is_blank(*at);)
        at++;
    return at;
}

bool evj_header_next_source(struct evj_slice *rest, struct evj_slice *ret_source)
{
    if (!rest->text)
        return false;
    const char *end = rest->text + rest->len, *after;
    const char *at = skip_to_element(rest->text, end);

    if (at == end || *at != '{' || evj_json_skip_nested(at, end, &after) < 0)
        return false;
    *ret_source = (struct evj_slice){at, (size_t)(after - at)};
    *rest = (struct evj_slice){after, (size_t)(end - after)};
    return true;
}

static unsigned count_sources(struct evj_slice list)
{
    struct evj_slice source;
    unsigned count = 0;

    while (evj_header_next_source(&list, &source))
        count++;
    return count;
}

/* ---- reading and writing ---- */

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
    header.sources = count_sources(evj_json_member(record->body, "sources"));
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

/* `"started":{…}}`: the end of a first line's object, and of a source's. */
static size_t put_started(const struct evj_header *header, char *out, size_t room)
{
    return (size_t)snprintf(out, room, ",\"started\":{\"wall\":%" PRId64 ",\"mono\":%" PRId64 "}}",
                            header->started_wall_us, header->started_mono_us);
}

size_t evj_header_put(const struct evj_header *header, char *out)
{
    size_t at =
        (size_t)snprintf(out, EVJ_HEADER_LINE_MAX, "{\"journal\":{\"version\":%u", header->version);

    for (size_t i = 0; i < TEXTS; i++)
        at += put_text(out + at, EVJ_HEADER_LINE_MAX - at, texts[i].key,
                       (const char *)header + texts[i].offset);
    at += put_started(header, out + at, EVJ_HEADER_LINE_MAX - at);
    out[at++] = '}';
    return at;
}

size_t evj_header_put_source(const struct evj_header *header, char *out)
{
    size_t at = 0;

    for (size_t i = 0; i < TEXTS; i++)
        if (texts[i].of_source)
            at += put_text(out + at, EVJ_SOURCE_MAX - at, texts[i].key,
                           (const char *)header + texts[i].offset);
    at += put_started(header, out + at, EVJ_SOURCE_MAX - at);
    out[0] = '{'; /* in place of the first comma */
    return at;
}

int64_t evj_header_wall_us(const struct evj_header *header, int64_t mono_us)
{
    __int128 wall_us = (__int128)header->started_wall_us - header->started_mono_us + mono_us;

    if (wall_us > INT64_MAX)
        return INT64_MAX;
    return wall_us < INT64_MIN ? INT64_MIN : (int64_t)wall_us;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/describe.h"

#include "evj/event_type.h"
#include "evj/json.h"
#include "tools/describe_internal.h"

#include <inttypes.h>
#include <string.h>

/* ---- pieces ---- */

void describe_append_text(GString *out, struct evj_slice value)
{
    gsize before = out->len;
    size_t len;

    g_string_set_size(out, before + value.len + 1);
    len = evj_json_string_decode(value, out->str + before, value.len + 1);
    g_string_truncate(out, before + len);
}

void describe_append_value(GString *out, struct evj_slice value)
{
    if (value.len > 0 && *value.text == '"')
        describe_append_text(out, value);
    else if (value.len > 0 && *value.text == '{')
        g_string_append(out, "{…}");
    else if (value.len > 0 && *value.text == '[')
        g_string_append(out, "[…]");
    else
        g_string_append_len(out, value.text, (gssize)value.len);
}

bool describe_append_member(GString *out, const char *before, struct evj_slice object,
                            const char *key)
{
    struct evj_slice value = evj_json_member(object, key);

    if (value.len == 0)
        return false;
    g_string_append(out, before);
    describe_append_value(out, value);
    return true;
}

/* "janus.plugin.echotest" → "echotest" */
static void append_short_name(GString *out, const char *before, struct evj_slice object,
                              const char *key)
{
    static const char *const prefixes[] = {"janus.plugin.", "janus.transport."};
    g_autoptr(GString) name = g_string_new(NULL);
    const char *at;

    describe_append_text(name, evj_json_member(object, key));
    at = name->str;
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(at, prefixes[i]))
            at += strlen(prefixes[i]);
    }
    if (*at != '\0')
        g_string_append_printf(out, "%s%s", before, at);
}

static bool member_is(struct evj_slice object, const char *key, const char *text)
{
    return evj_json_string_is(evj_json_member(object, key), text);
}

static bool is_one_of(struct evj_slice key, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (evj_slice_is(key, *names))
            return true;
    }
    return false;
}

/* " key=value" for the scalar members (or " key=[…]" for the others) whose key is not in `known`.
 */
static void append_members(GString *out, struct evj_slice object, const char *const *known,
                           bool scalars)
{
    struct evj_json_members it;
    struct evj_slice key, value;

    if (evj_json_members_init(&it, object.text, object.len) != 0)
        return;
    while (evj_json_members_next(&it, &key, &value) == 0) {
        bool scalar = *value.text != '{' && *value.text != '[';

        if (scalar != scalars || is_one_of(key, known))
            continue;
        g_string_append_printf(out, " %.*s=", (int)MIN(key.len, 64), key.text);
        describe_append_value(out, value);
    }
}

/* Scalars first: they say more, and the line may have to be cut. */
static void append_others(GString *out, struct evj_slice object, const char *const *known)
{
    append_members(out, object, known, true);
    append_members(out, object, known, false);
}

/* ---- one function a kind of event ---- */

static enum tone describe_session(struct evj_slice body, GString *out)
{
    struct evj_slice transport = evj_json_member(body, "transport");

    describe_append_member(out, "session ", body, "name");
    if (transport.len > 0) {
        append_short_name(out, " (", transport, "transport");
        g_string_append_c(out, ')');
    }
    return member_is(body, "name", "timeout") ? TONE_BAD : TONE_PLAIN;
}

static enum tone describe_handle(struct evj_slice body, GString *out)
{
    describe_append_member(out, "", body, "name");
    append_short_name(out, " ", body, "plugin");
    if (member_is(body, "name", "attached"))
        describe_append_member(out, " as ", body, "opaque_id");
    return TONE_PLAIN;
}

static enum tone describe_external(struct evj_slice body, GString *out)
{
    g_string_append(out, "external");
    describe_append_member(out, " ", body, "schema");
    append_others(out, evj_json_member(body, "data"), (const char *const[]){NULL});
    return TONE_PLAIN;
}

static enum tone describe_ice(struct evj_slice body, GString *out)
{
    describe_append_member(out, "ice ", body, "ice");
    if (member_is(body, "ice", "failed"))
        return TONE_BAD;
    return member_is(body, "ice", "connected") ? TONE_GOOD : TONE_PLAIN;
}

static void append_endpoint(GString *out, const char *before, struct evj_slice candidate)
{
    describe_append_member(out, before, candidate, "address");
    describe_append_member(out, ":", candidate, "port");
    describe_append_member(out, " ", candidate, "type");
}

static enum tone describe_pair(struct evj_slice body, GString *out)
{
    struct evj_slice both = evj_json_member(body, "candidates");

    if (both.len == 0) {
        describe_append_member(out, "pair ", body, "selected-pair");
        return TONE_PLAIN;
    }
    append_endpoint(out, "pair ", evj_json_member(both, "local"));
    append_endpoint(out, " <-> ", evj_json_member(both, "remote"));
    return TONE_PLAIN;
}

static enum tone describe_dtls(struct evj_slice body, GString *out)
{
    uint64_t again = 0;

    describe_append_member(out, "dtls ", body, "dtls");
    if (evj_json_to_u64(evj_json_member(body, "retransmissions"), &again) && again > 0)
        g_string_append_printf(out, ", %" PRIu64 " retransmissions", again);
    if (member_is(body, "dtls", "failed"))
        return TONE_BAD;
    return member_is(body, "dtls", "connected") ? TONE_GOOD : TONE_PLAIN;
}

static enum tone describe_connection(struct evj_slice body, GString *out)
{
    if (member_is(body, "connection", "webrtcup")) {
        g_string_append(out, "webrtc up");
        return TONE_GOOD;
    }
    if (!member_is(body, "connection", "hangup")) {
        describe_append_member(out, "connection ", body, "connection");
        return TONE_PLAIN;
    }
    g_string_append(out, "hangup");
    describe_append_member(out, ": ", body, "reason");
    return member_is(body, "reason", "Close PC") ? TONE_PLAIN : TONE_BAD;
}

static enum tone describe_transport(struct evj_slice body, GString *out)
{
    struct evj_slice data = evj_json_member(body, "data");

    g_string_append(out, "transport");
    append_short_name(out, " ", body, "transport");
    describe_append_member(out, " ", data, "event");
    describe_append_member(out, " ", data, "ip");
    describe_append_member(out, ":", data, "port");
    append_others(out, data, (const char *const[]){"event", "ip", "port", "admin_api", NULL});
    if (evj_slice_is(evj_json_member(data, "admin_api"), "true"))
        g_string_append(out, " (admin)");
    return TONE_QUIET;
}

/* Each plug-in names what happened in a member of its own choice; echotest in none. */
static enum tone describe_plugin(struct evj_slice body, GString *out)
{
    struct evj_slice data = evj_json_member(body, "data");
    gsize start = out->len;
    g_autofree char *plugin = NULL;

    append_short_name(out, "", body, "plugin");
    plugin = g_strdup(out->str + start);
    if (!describe_append_member(out, " ", data, "event") &&
        !describe_append_member(out, " ", data, plugin))
        describe_append_member(out, " ", data, "status");
    append_others(out, data, (const char *const[]){"event", plugin, "status", "private_id", NULL});
    return TONE_PLAIN;
}

static enum tone describe_core(struct evj_slice body, GString *out)
{
    struct evj_slice info = evj_json_member(body, "info");

    describe_append_member(out, "janus ", body, "status");
    describe_append_member(out, ", version ", info, "version_string");
    describe_append_member(out, ", ", info, "server-name");
    describe_append_member(out, ", sessions ", info, "sessions");
    describe_append_member(out, ", handles ", info, "handles");
    describe_append_member(out, ", peerconnections ", info, "peerconnections");
    describe_append_member(out, ", signal ", body, "signum");
    return TONE_PLAIN;
}

static enum tone describe_other(struct evj_slice body, GString *out)
{
    append_others(out, body, (const char *const[]){NULL});
    return TONE_PLAIN;
}

/* subtype 0: any */
static const struct {
    uint32_t type, subtype;
    enum tone (*describe)(struct evj_slice body, GString *out);
} describers[] = {
    {EVJ_TYPE_SESSION, 0, describe_session},
    {EVJ_TYPE_HANDLE, 0, describe_handle},
    {EVJ_TYPE_EXTERNAL, 0, describe_external},
    {EVJ_TYPE_JSEP, 0, describe_jsep},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_ICE, describe_ice},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_LOCAL_CANDIDATE, describe_candidate},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_REMOTE_CANDIDATE, describe_candidate},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_SELECTED_PAIR, describe_pair},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_DTLS, describe_dtls},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_STATE, describe_connection},
    {EVJ_TYPE_MEDIA, EVJ_MEDIA_STATE, describe_media_state},
    {EVJ_TYPE_MEDIA, EVJ_MEDIA_SLOW_LINK, describe_slow_link},
    {EVJ_TYPE_MEDIA, EVJ_MEDIA_STATS, describe_stats},
    {EVJ_TYPE_PLUGIN, 0, describe_plugin},
    {EVJ_TYPE_TRANSPORT, 0, describe_transport},
    {EVJ_TYPE_CORE, 0, describe_core},
};

static void append_type(const struct evj_event *event, GString *out)
{
    const char *label = evj_event_type_label(event->type);

    if (label != NULL)
        g_string_append(out, label);
    else
        g_string_append_printf(out, "type %u", event->type);
}

static enum tone describe_body(const struct evj_event *event, GString *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(describers); i++) {
        if (describers[i].type == event->type &&
            (describers[i].subtype == 0 || describers[i].subtype == event->subtype))
            return describers[i].describe(event->body, out);
    }
    append_type(event, out);
    g_string_append_printf(out, ", subtype %u:", event->subtype);
    return describe_other(event->body, out);
}

/* Of a body that cannot be understood there is at least its type. */
static enum tone describe_event(const struct evj_event *event, GString *out)
{
    gsize start = out->len;
    enum tone tone = describe_body(event, out);

    if (out->len == start)
        append_type(event, out);
    return tone;
}

/* ---- records ---- */

static enum tone describe_gap(const struct evj_gap *gap, GString *out)
{
    g_string_append_printf(out, "gap: %" PRIu64 " event%s lost", gap->events,
                           gap->events == 1 ? "" : "s");
    if (gap->reason.len > 0) {
        g_string_append(out, " (");
        describe_append_text(out, gap->reason);
        g_string_append_c(out, ')');
    }
    return TONE_BAD;
}

static enum tone describe_kind(const struct evj_record *record, GString *out)
{
    switch (record->kind) {
    case EVJ_RECORD_STATE:
        g_string_append(out, "earlier: ");
        return describe_event(&record->event, out);
    case EVJ_RECORD_EVENT:
        return describe_event(&record->event, out);
    case EVJ_RECORD_GAP:
        return describe_gap(&record->gap, out);
    case EVJ_RECORD_MARK:
        describe_append_member(out, "mark: ", record->body, "text");
        describe_append_member(out, ", by ", record->body, "source");
        return TONE_PLAIN;
    case EVJ_RECORD_END:
        describe_append_member(out, "end: ", record->body, "reason");
        return TONE_QUIET;
    case EVJ_RECORD_JOURNAL:
    case EVJ_RECORD_UNKNOWN:
        break;
    }
    g_string_append(out, "a record of a kind that this version does not know");
    return TONE_QUIET;
}

/* At a whole character, with an ellipsis in its place. */
static void cut(GString *out, gsize limit)
{
    if (out->len <= limit)
        return;
    while (limit > 0 && ((unsigned char)out->str[limit] & 0xc0) == 0x80)
        limit--;
    g_string_truncate(out, limit);
    g_string_append(out, "…");
}

enum tone describe_record(const struct evj_record *record, size_t width, GString *out)
{
    gsize start = out->len;
    enum tone tone = describe_kind(record, out);

    cut(out, start + width);
    return tone;
}

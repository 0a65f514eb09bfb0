/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/select.h"

#include "evj/event_type.h"
#include "evj/moment.h"
#include "format/id_set_internal.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Owned texts: globs, or plug-in names without their prefix. */
struct texts {
    char **items;
    size_t count;
};

struct evj_select {
    struct evj_id_set sessions, handles;
    struct texts opaques, plugins;
    uint32_t types; /* 0: all */
    struct evj_moment from, to;
    struct evj_id_set plugin_handles; /* handles seen to be attached to a wanted plug-in */
};

struct evj_select *evj_select_new(void)
{
    return calloc(1, sizeof(struct evj_select));
}

static void texts_done(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
}

void evj_select_free(struct evj_select *select)
{
    if (!select)
        return;
    evj_id_set_done(&select->sessions);
    evj_id_set_done(&select->handles);
    evj_id_set_done(&select->plugin_handles);
    texts_done(&select->opaques);
    texts_done(&select->plugins);
    free(select);
}

/* ---- options ---- */

static int no_memory(struct evj_error *err)
{
    return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the selection");
}

static int add_id(struct evj_id_set *set, const char *what, const char *text, struct evj_error *err)
{
    uint64_t id;

    if (!evj_json_to_u64((struct evj_slice){text, strlen(text)}, &id) || id == 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "\"%.60s\" is no %s id: a decimal number", text,
                        what);
    return evj_id_set_add(set, id) ? EVJ_OK : no_memory(err);
}

static int add_text(struct texts *texts, const char *text, struct evj_error *err)
{
    char **items = realloc(texts->items, (texts->count + 1) * sizeof(*items));

    if (!items)
        return no_memory(err);
    texts->items = items;
    items[texts->count] = strdup(text);
    if (!items[texts->count])
        return no_memory(err);
    texts->count++;
    return EVJ_OK;
}

int evj_select_add_session(struct evj_select *select, const char *text, struct evj_error *err)
{
    return add_id(&select->sessions, "session", text, err);
}

int evj_select_add_handle(struct evj_select *select, const char *text, struct evj_error *err)
{
    return add_id(&select->handles, "handle", text, err);
}

int evj_select_add_opaque(struct evj_select *select, const char *text, struct evj_error *err)
{
    return add_text(&select->opaques, text, err);
}

static const char *without_prefix(const char *plugin)
{
    static const char prefix[] = "janus.plugin.";

    return strncmp(plugin, prefix, sizeof(prefix) - 1) == 0 ? plugin + sizeof(prefix) - 1 : plugin;
}

int evj_select_add_plugin(struct evj_select *select, const char *text, struct evj_error *err)
{
    return add_text(&select->plugins, without_prefix(text), err);
}

int evj_select_add_types(struct evj_select *select, const char *text, struct evj_error *err)
{
    char label[32];

    for (const char *at = text;; at++) {
        size_t len = strcspn(at, ",");
        snprintf(label, sizeof(label), "%.*s", (int)(len < 31 ? len : 31), at);
        uint32_t type = evj_event_type_from_label(label);
        if (type == 0)
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "\"%s\" is no type of events: sessions, handles, external, jsep, "
                            "webrtc, media, plugins, transports, core",
                            label);
        select->types |= type;
        at += len;
        if (*at == '\0')
            return EVJ_OK;
    }
}

int evj_select_set_from(struct evj_select *select, const char *text, struct evj_error *err)
{
    return evj_moment_parse(text, &select->from, err);
}

int evj_select_set_to(struct evj_select *select, const char *text, struct evj_error *err)
{
    return evj_moment_parse(text, &select->to, err);
}

bool evj_select_looks_into_events(const struct evj_select *select)
{
    return select->sessions.count > 0 || select->handles.count > 0 || select->opaques.count > 0 ||
           select->plugins.count > 0 || select->types != 0;
}

bool evj_select_is_tail(const struct evj_select *select)
{
    return !evj_select_looks_into_events(select) && select->to.kind == EVJ_MOMENT_NONE;
}

bool evj_select_is_all(const struct evj_select *select)
{
    return evj_select_is_tail(select) && select->from.kind == EVJ_MOMENT_NONE;
}

enum evj_select_scope evj_select_scope(const struct evj_select *select)
{
    if (select->handles.count > 0 || select->opaques.count > 0 || select->plugins.count > 0 ||
        select->types != 0)
        return EVJ_SCOPE_SOME;
    return select->from.kind != EVJ_MOMENT_NONE || select->to.kind != EVJ_MOMENT_NONE
               ? EVJ_SCOPE_SPAN
               : EVJ_SCOPE_WHOLE;
}

void evj_select_anchor(struct evj_select *select, const struct evj_header *header)
{
    evj_moment_anchor(&select->from, header);
    evj_moment_anchor(&select->to, header);
}

bool evj_select_is_backwards(const struct evj_select *select)
{
    const struct evj_moment *from = &select->from, *to = &select->to;

    if (from->kind != to->kind)
        return false;
    return from->kind == EVJ_MOMENT_SEQ ? from->seq > to->seq : from->us > to->us;
}

/* ---- matching ---- */

static bool is_wanted_plugin(const struct evj_select *select, struct evj_slice value)
{
    char name[128];

    if (evj_json_string_decode(value, name, sizeof(name)) == 0)
        return false;
    for (size_t i = 0; i < select->plugins.count; i++)
        if (strcmp(without_prefix(name), select->plugins.items[i]) == 0)
            return true;
    return false;
}

/* Keeps the memory of attached handles, so it must see every event. */
static bool matches_plugin(struct evj_select *select, const struct evj_event *event)
{
    if (select->plugins.count == 0)
        return true;
    bool names_plugin = event->type == EVJ_TYPE_HANDLE || event->type == EVJ_TYPE_PLUGIN;
    if (names_plugin && is_wanted_plugin(select, evj_json_member(event->body, "plugin"))) {
        if (event->type == EVJ_TYPE_HANDLE)
            evj_id_set_add(&select->plugin_handles, event->handle_id);
        return true;
    }
    return evj_id_set_has(&select->plugin_handles, event->handle_id);
}

static bool matches_opaque(const struct evj_select *select, const struct evj_event *event)
{
    char opaque_id[512];

    if (select->opaques.count == 0)
        return true;
    if (!event->opaque_id.text)
        return false;
    evj_json_string_decode(event->opaque_id, opaque_id, sizeof(opaque_id));
    for (size_t i = 0; i < select->opaques.count; i++)
        if (fnmatch(select->opaques.items[i], opaque_id, 0) == 0)
            return true;
    return false;
}

static bool matches_id(const struct evj_id_set *wanted, uint64_t id)
{
    return wanted->count == 0 || evj_id_set_has(wanted, id);
}

/* When the record's last event was: a gap reaches from its first lost one to its last. */
static int64_t last_wall_us(const struct evj_record *record)
{
    int64_t last_us, reach_us;

    if (record->kind != EVJ_RECORD_GAP || record->gap.until_us <= record->mono_us)
        return record->wall_us;
    if (__builtin_sub_overflow(record->gap.until_us, record->mono_us, &reach_us) ||
        __builtin_add_overflow(record->wall_us, reach_us, &last_us))
        return INT64_MAX;
    return last_us;
}

static uint64_t last_seq(const struct evj_record *record)
{
    uint64_t span = evj_record_seq_span(record), last;

    if (span == 0)
        return record->seq;
    return __builtin_add_overflow(record->seq, span - 1, &last) ? UINT64_MAX : last;
}

bool evj_select_is_before(const struct evj_select *select, const struct evj_record *record)
{
    const struct evj_moment *from = &select->from;

    return record->has_seq && ((from->kind == EVJ_MOMENT_SEQ && last_seq(record) < from->seq) ||
                               (from->kind == EVJ_MOMENT_WALL && last_wall_us(record) < from->us));
}

static bool matches_time(const struct evj_select *select, const struct evj_record *record)
{
    const struct evj_moment *to = &select->to;

    if (!record->has_seq)
        return true;
    return !evj_select_is_before(select, record) &&
           !(to->kind == EVJ_MOMENT_SEQ && record->seq > to->seq) &&
           !(to->kind == EVJ_MOMENT_WALL && record->wall_us > to->us);
}

bool evj_select_matches_state(struct evj_select *select, const struct evj_record *record)
{
    const struct evj_event *event = &record->event;
    bool plugin = matches_plugin(select, event);

    return plugin && matches_id(&select->sessions, event->session_id) &&
           matches_id(&select->handles, event->handle_id) &&
           (select->types == 0 || (event->type & select->types) != 0) &&
           matches_opaque(select, event);
}

bool evj_select_matches(struct evj_select *select, const struct evj_record *record)
{
    if (record->kind == EVJ_RECORD_END)
        return false;
    if (record->kind != EVJ_RECORD_EVENT && record->kind != EVJ_RECORD_STATE)
        return matches_time(select, record);
    /* In this order: who is attached to what is remembered of events of any time. */
    return evj_select_matches_state(select, record) && matches_time(select, record);
}

/* ---- blocks ---- */

bool evj_select_has_sessions(const struct evj_select *select, const struct evj_block_info *info)
{
    if (select->sessions.count == 0)
        return true;
    for (size_t i = 0; i < select->sessions.slot_count; i++)
        if (select->sessions.slots[i] != 0 &&
            evj_block_may_have_session(info, select->sessions.slots[i]))
            return true;
    return false;
}

/* No block is passed by for coming before a seq: it tells its first, and a journal that was cut out
 * of another has holes behind that. */
static bool block_has_time(const struct evj_select *select, const struct evj_header *header,
                           const struct evj_block_info *info)
{
    const struct evj_moment *from = &select->from, *to = &select->to;
    int64_t first_us = evj_header_wall_us(header, info->first_mono_us);
    int64_t last_us = evj_header_wall_us(header, info->last_mono_us);

    return !(from->kind == EVJ_MOMENT_WALL && last_us < from->us) &&
           !(to->kind == EVJ_MOMENT_SEQ && info->first_seq > to->seq) &&
           !(to->kind == EVJ_MOMENT_WALL && first_us > to->us);
}

bool evj_select_wants_block(const struct evj_header *header, const struct evj_block_info *info,
                            void *context)
{
    const struct evj_select *select = context;

    if (!evj_select_has_sessions(select, info))
        return false;
    /* Which handles belong to a plug-in is told by earlier events, of other types and times. */
    if (select->plugins.count > 0)
        return true;
    return (select->types == 0 || (info->types & select->types) != 0) &&
           block_has_time(select, header, info);
}

/* Of a block's seqs only the first is known: it may go on beyond `from`. */
static bool begins_before(const struct evj_select *select, const struct evj_header *header,
                          const struct evj_block_info *info)
{
    const struct evj_moment *from = &select->from;

    return (from->kind == EVJ_MOMENT_SEQ && info->first_seq < from->seq) ||
           (from->kind == EVJ_MOMENT_WALL &&
            evj_header_wall_us(header, info->first_mono_us) < from->us);
}

bool evj_select_wants_block_or_state(const struct evj_header *header,
                                     const struct evj_block_info *info, void *context)
{
    const struct evj_select *select = context;

    return begins_before(select, header, info) ? evj_select_has_sessions(select, info)
                                               : evj_select_wants_block(header, info, context);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/lanes.h"

#include "evj/event_type.h"
#include "tools/analysis/lanes_internal.h"

#include <jansson.h>
#include <string.h>

static const char *const names[LANE_KINDS] = {
    [LANE_TRANSPORT] = "transport",
    [LANE_SESSION] = "session",
    [LANE_HANDLE] = "handle",
    [LANE_PLUGIN] = "plugin",
    [LANE_SIP] = "sip",
    [LANE_SIGNALLING] = "signalling",
    [LANE_CANDIDATES] = "candidates",
    [LANE_ICE] = "ice",
    [LANE_PAIR] = "pair",
    [LANE_DTLS] = "dtls",
    [LANE_PC] = "pc",
    [LANE_MEDIA] = "media",
    [LANE_STATS] = "stats",
    [LANE_OTHER] = "other",
};

/* Which lane an event belongs to. Candidates and statistics have none. */
static const struct {
    uint32_t type, subtype;
    enum lane_kind lane;
} event_lanes[] = {
    {EVJ_TYPE_TRANSPORT, 0, LANE_TRANSPORT},
    {EVJ_TYPE_SESSION, 0, LANE_SESSION},
    {EVJ_TYPE_HANDLE, 0, LANE_HANDLE},
    {EVJ_TYPE_PLUGIN, 0, LANE_PLUGIN},
    {EVJ_TYPE_JSEP, 0, LANE_SIGNALLING},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_ICE, LANE_ICE},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_SELECTED_PAIR, LANE_PAIR},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_DTLS, LANE_DTLS},
    {EVJ_TYPE_WEBRTC, EVJ_WEBRTC_STATE, LANE_PC},
    {EVJ_TYPE_MEDIA, EVJ_MEDIA_STATE, LANE_MEDIA},
};

/* The first row that fits decides; a pattern as in g_pattern_match_simple(). */
static const struct {
    enum lane_kind lane;
    const char *key;
    enum diff_class class;
} missing_classes[] = {
    {LANE_TRANSPORT, "*", DIFF_NOTE},
    {LANE_SESSION, "created", DIFF_STRUCTURE},
    {LANE_SESSION, "*", DIFF_OUTCOME},
    {LANE_PLUGIN, "*talking", DIFF_QUALITY}, /* who spoke when */
    {LANE_ICE, "usable", DIFF_OUTCOME},
    {LANE_ICE, "failed", DIFF_OUTCOME},
    {LANE_PAIR, "*", DIFF_OUTCOME},
    {LANE_DTLS, "connected", DIFF_OUTCOME},
    {LANE_DTLS, "failed", DIFF_OUTCOME},
    {LANE_PC, "*", DIFF_OUTCOME},
};

const char *lane_kind_name(enum lane_kind kind)
{
    return kind < LANE_KINDS ? names[kind] : "unknown";
}

enum diff_class lane_missing_class(enum lane_kind kind, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(missing_classes); i++) {
        if (missing_classes[i].lane == kind && g_pattern_match_simple(missing_classes[i].key, key))
            return missing_classes[i].class;
    }
    return DIFF_STRUCTURE;
}

static void step_free(gpointer pointer)
{
    struct step *step = pointer;

    g_free(step->key);
    g_ptr_array_unref(step->attributes);
    g_free(step);
}

static void lane_free(gpointer pointer)
{
    struct lane *lane = pointer;

    g_free(lane->name);
    g_free(lane->mid);
    g_free(lane->media);
    g_ptr_array_unref(lane->steps);
    g_free(lane);
}

struct lane *lanes_get(struct building *building, enum lane_kind kind, const char *name)
{
    struct lane *lane = (struct lane *)lanes_find(building->lanes, kind, name);

    if (lane == NULL) {
        lane = g_new0(struct lane, 1);
        lane->kind = kind;
        lane->name = g_strdup(name);
        lane->steps = g_ptr_array_new_with_free_func(step_free);
        g_ptr_array_add(building->lanes, lane);
    }
    return lane;
}

const struct lane *lanes_find(const GPtrArray *lanes, enum lane_kind kind, const char *name)
{
    for (guint i = 0; i < lanes->len; i++) {
        const struct lane *lane = g_ptr_array_index(lanes, i);

        if (lane->kind == kind && g_str_equal(lane->name, name))
            return lane;
    }
    return NULL;
}

static json_t *body_of(const struct fact *fact)
{
    json_t *body = json_loadb(fact->body, fact->body_len, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);

    /* A body that is no JSON is still something that happened. */
    return body != NULL ? body : json_pack("{s:s}", "unreadable", "body");
}

/* They are told by the thread that sends and receives them, states of the call by others. */
static bool is_sip_message(const json_t *body)
{
    return json_is_string(json_object_get(json_object_get(body, "data"), "sip"));
}

/* LANE_KINDS: none, since it is compared as a set. */
static enum lane_kind lane_of_fact(const struct fact *fact)
{
    for (size_t i = 0; i < G_N_ELEMENTS(event_lanes); i++) {
        if (event_lanes[i].type == fact->type && event_lanes[i].subtype == fact->subtype)
            return event_lanes[i].lane;
    }
    if (fact->type == EVJ_TYPE_WEBRTC && (fact->subtype == EVJ_WEBRTC_LOCAL_CANDIDATE ||
                                          fact->subtype == EVJ_WEBRTC_REMOTE_CANDIDATE))
        return LANE_KINDS;
    return LANE_OTHER;
}

static void add_fact(struct building *building, const struct fact *fact)
{
    const enum lane_kind kind = lane_of_fact(fact);

    if (kind == LANE_KINDS)
        return;
    json_t *body = body_of(fact);

    lanes_add_event(building, kind == LANE_PLUGIN && is_sip_message(body) ? LANE_SIP : kind, fact,
                    body);
    json_decref(body);
}

static gint by_kind_and_name(gconstpointer left, gconstpointer right)
{
    const struct lane *a = *(struct lane *const *)left;
    const struct lane *b = *(struct lane *const *)right;

    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

void lanes_sort(GPtrArray *lanes)
{
    g_ptr_array_sort(lanes, by_kind_and_name);
}

static struct building begin(struct rules *rules)
{
    return (struct building){
        .lanes = g_ptr_array_new_with_free_func(lane_free),
        .rules = rules,
        .ufrags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };
}

static GPtrArray *finish(struct building *building)
{
    g_hash_table_unref(building->ufrags);
    lanes_sort(building->lanes);
    return building->lanes;
}

static void add_facts(struct building *building, const GArray *facts)
{
    for (guint i = 0; facts != NULL && i < facts->len; i++)
        add_fact(building, &g_array_index(facts, struct fact, i));
}

GPtrArray *lanes_of_session(const struct model_session *session, struct rules *rules)
{
    struct building building = begin(rules);

    add_facts(&building, session->facts);
    add_facts(&building, session->transport_facts);
    return finish(&building);
}

GPtrArray *lanes_of_handle(const struct model_handle *handle, struct rules *rules)
{
    struct building building = begin(rules);

    add_facts(&building, handle->facts);
    return finish(&building);
}

GPtrArray *lanes_of_epoch(const struct model_epoch *epoch, struct rules *rules)
{
    struct building building = begin(rules);

    add_facts(&building, epoch->facts);
    return finish(&building);
}

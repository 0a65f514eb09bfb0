/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an event means beyond its plain fields: SDPs, selected pairs, SIP messages. */
#include "tools/analysis/lanes_internal.h"
#include "tools/analysis/sdp.h"

#include <string.h>

struct described {
    GPtrArray *attributes;
    struct rules *rules;
};

static void add_sdp_attribute(const char *path, const char *value, void *context)
{
    struct described *described = context;

    attributes_add(described->attributes, described->rules, path, value);
}

static void describe_sdp(struct building *building, GPtrArray *attributes, const char *sdp)
{
    sdp_describe(sdp, add_sdp_attribute,
                 &(struct described){.attributes = attributes, .rules = building->rules});
}

/* New ICE credentials after earlier ones of the same side: ICE starts again. */
static bool restarts_ice(struct building *building, const char *owner, const char *sdp)
{
    g_autofree char *ufrag = sdp_ufrag(sdp);

    if (ufrag == NULL || owner == NULL)
        return false;
    const char *before = g_hash_table_lookup(building->ufrags, owner);
    const bool restarts = before != NULL && !g_str_equal(before, ufrag);

    g_hash_table_replace(building->ufrags, g_strdup(owner), g_steal_pointer(&ufrag));
    return restarts;
}

static void add_jsep(struct building *building, GPtrArray *attributes, const json_t *body)
{
    const char *owner = json_string_value(json_object_get(body, "owner"));
    const char *sdp = json_string_value(json_object_get(json_object_get(body, "jsep"), "sdp"));

    if (sdp == NULL)
        return;
    describe_sdp(building, attributes, sdp);
    if (restarts_ice(building, owner, sdp))
        attributes_add(attributes, building->rules, "sdp.ice-restart", "yes");
}

static void add_pair(struct building *building, GPtrArray *attributes, const json_t *body)
{
    const char *pair = json_string_value(json_object_get(body, "selected-pair"));

    if (pair != NULL)
        pair_describe(pair, attributes, building->rules);
}

/* "INVITE sip:bob@example.net SIP/2.0" → "INVITE"; "SIP/2.0 486 Busy Here" → "486". */
static char *sip_start(const char *message)
{
    static const char version[] = "SIP/2.0 ";

    if (g_str_has_prefix(message, version))
        message += strlen(version);
    return g_strndup(message, strcspn(message, " \r\n"));
}

static void add_plugin(struct building *building, GPtrArray *attributes, const json_t *body)
{
    const char *sdp = json_string_value(json_object_get(json_object_get(body, "data"), "sdp"));

    if (sdp != NULL)
        describe_sdp(building, attributes, sdp);
}

static void add_sip(struct building *building, GPtrArray *attributes, const json_t *body)
{
    const char *sip = json_string_value(json_object_get(json_object_get(body, "data"), "sip"));
    g_autofree char *start = sip_start(sip);

    attributes_add(attributes, building->rules, "sip.start", start);
}

static void (*const meanings[LANE_KINDS])(struct building *building, GPtrArray *attributes,
                                          const json_t *body) = {
    [LANE_SIGNALLING] = add_jsep,
    [LANE_PAIR] = add_pair,
    [LANE_PLUGIN] = add_plugin,
    [LANE_SIP] = add_sip,
};

void lanes_add_meaning(struct building *building, enum lane_kind kind, GPtrArray *attributes,
                       const json_t *body)
{
    if (meanings[kind] != NULL)
        meanings[kind](building, attributes, body);
}

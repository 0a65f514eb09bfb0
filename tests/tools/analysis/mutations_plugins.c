/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison must find in what plugins tell. */
#include "tests/tools/analysis/mutations.h"

#include <string.h>

static bool lose(GPtrArray *events, const char *path, const char *value, GRand *random)
{
    guint index;

    if (!any_event_with(events, path, value, random, &index))
        return false;
    g_ptr_array_remove_index(events, index);
    return true;
}

static bool set_text(GPtrArray *events, const char *path, const char *text, GRand *random)
{
    guint index;

    if (!any_event_with(events, path, NULL, random, &index))
        return false;
    json_string_set(body_value(events, index, path), text);
    return true;
}

static bool set_number(GPtrArray *events, const char *path, json_int_t number, GRand *random)
{
    guint index;

    if (!any_event_with(events, path, NULL, random, &index))
        return false;
    json_integer_set(body_value(events, index, path), number);
    return true;
}

static bool is_sip_start(const GPtrArray *events, guint index, const char *start)
{
    const char *message = json_string_value(body_value(events, index, "data.sip"));

    return message != NULL && g_str_has_prefix(message, start);
}

/* The first SIP message that starts so. */
static bool find_sip(const GPtrArray *events, const char *start, guint *ret_index)
{
    for (guint i = 0; i < events->len; i++) {
        if (is_sip_start(events, i, start)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static bool lose_registration(GPtrArray *events, GRand *random)
{
    return lose(events, "data.event", "registered", random);
}

static bool lose_ringing(GPtrArray *events, GRand *random)
{
    guint index;

    (void)random;
    if (!find_sip(events, "SIP/2.0 180", &index))
        return false;
    g_ptr_array_remove_index(events, index);
    return true;
}

static bool ring_busy(GPtrArray *events, GRand *random)
{
    guint index;

    (void)random;
    if (!find_sip(events, "SIP/2.0 180", &index))
        return false;
    const char *message = json_string_value(body_value(events, index, "data.sip"));
    g_autofree char *busy = g_strconcat("SIP/2.0 486 Busy", strchr(message, '\r'), NULL);

    json_string_set(body_value(events, index, "data.sip"), busy);
    return true;
}

static bool answer_otherwise(GPtrArray *events, GRand *random)
{
    return set_number(events, "data.code", 500, random);
}

static bool call_somebody_else(GPtrArray *events, GRand *random)
{
    return set_text(events, "data.callee", "sip:eve@192.0.2.10", random);
}

static bool name_another_user(GPtrArray *events, GRand *random)
{
    return set_text(events, "data.username", "mallory", random);
}

/* Of a plain call: what is offered there. */
static bool offer_other_codec(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.sdp", NULL, random, &index))
        return false;
    const char *sdp = json_string_value(body_value(events, index, "data.sdp"));
    g_auto(GStrv) parts = g_strsplit(sdp, "PCMU/8000", 2);
    g_autofree char *other = g_strjoinv("PCMA/8000", parts);

    json_string_set(body_value(events, index, "data.sdp"), other);
    return parts[1] != NULL;
}

static bool lose_mute(GPtrArray *events, GRand *random)
{
    return lose(events, "data.event", "mute", random);
}

static bool lose_kick(GPtrArray *events, GRand *random)
{
    return lose(events, "data.event", "kicked", random);
}

/* The other one in the room. */
static bool mute_somebody_else(GPtrArray *events, GRand *random)
{
    guint muted, kicked;

    if (!any_event_with(events, "data.event", "mute", random, &muted) ||
        !any_event_with(events, "data.event", "kicked", random, &kicked))
        return false;
    json_object_set(body_value(events, muted, "data"), "id", body_value(events, kicked, "data.id"));
    return true;
}

static bool stay_muted(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "data.muted", NULL);

    (void)random;
    if (all->len == 0)
        return false;
    json_object_set_new(body_value(events, g_array_index(all, guint, all->len - 1), "data"),
                        "muted", json_true());
    return true;
}

static bool lose_status(GPtrArray *events, GRand *random)
{
    return lose(events, "data.status", NULL, random);
}

/* The viewer does not wait, but is switched. */
static bool switch_instead(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.status", "pausing", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "status", json_string("switching"));
    return true;
}

static bool watch_another(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.status", "starting", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "id", json_string("elsewhere"));
    return true;
}

static bool lose_room(GPtrArray *events, GRand *random)
{
    return lose(events, "data.event", "created", random);
}

static bool edit_another_room(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.event", "edited", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "room", json_string("elsewhere"));
    return true;
}

static bool hang_up_by_other(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.reason", "Explicit hangup", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "reason", json_string("Remote hangup"));
    return true;
}

static bool keep_video(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.video_active", NULL, random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "video_active", json_true());
    return true;
}

static bool record_privately(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.event", "recording", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "is_private", json_true());
    return true;
}

const struct mutation plugin_mutations[] = {
    {"SIP: registered lost", lose_registration, DIFF_STRUCTURE, LANE_PLUGIN},
    {"SIP: ringing lost", lose_ringing, DIFF_STRUCTURE, LANE_SIP},
    {"SIP: busy instead of ringing", ring_busy, DIFF_STRUCTURE, LANE_SIP},
    {"SIP: another code", answer_otherwise, DIFF_STRUCTURE, LANE_PLUGIN},
    {"SIP: somebody else called", call_somebody_else, DIFF_IDENTITY, LANE_PLUGIN},
    {"another user", name_another_user, DIFF_IDENTITY, LANE_PLUGIN},
    {"another codec in a plain call", offer_other_codec, DIFF_NEGOTIATION, LANE_PLUGIN},
    {"bridge: mute lost", lose_mute, DIFF_STRUCTURE, LANE_PLUGIN},
    {"bridge: kick lost", lose_kick, DIFF_STRUCTURE, LANE_PLUGIN},
    {"bridge: somebody else muted", mute_somebody_else, DIFF_IDENTITY, LANE_PLUGIN},
    {"bridge: still muted", stay_muted, DIFF_STRUCTURE, LANE_PLUGIN},
    {"status lost", lose_status, DIFF_STRUCTURE, LANE_PLUGIN},
    {"stream: switched instead of paused", switch_instead, DIFF_STRUCTURE, LANE_PLUGIN},
    {"stream: another watched", watch_another, DIFF_IDENTITY, LANE_PLUGIN},
    {"room or mountpoint not created", lose_room, DIFF_STRUCTURE, LANE_PLUGIN},
    {"another room edited", edit_another_room, DIFF_IDENTITY, LANE_PLUGIN},
    {"hung up by the other", hang_up_by_other, DIFF_STRUCTURE, LANE_PLUGIN},
    {"video kept", keep_video, DIFF_STRUCTURE, LANE_PLUGIN},
    {"recorded privately", record_privately, DIFF_STRUCTURE, LANE_PLUGIN},
};

const size_t plugin_mutation_count = G_N_ELEMENTS(plugin_mutations);

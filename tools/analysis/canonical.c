/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/canonical.h"

#include "tools/analysis/lanes.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A session on its way into the text. */
struct telling {
    struct rules *rules;
    struct names *names;
    GString *to;
};

static const char *name_of_number(const struct telling *telling, const char *kind, uint64_t id)
{
    g_autofree char *text = g_strdup_printf("%" PRIu64, id);

    return names_of(telling->names, kind, text);
}

static const char *without_prefix(const char *text, const char *prefix)
{
    return text != NULL && g_str_has_prefix(text, prefix) ? text + strlen(prefix) : text;
}

/* ---- fields ---- */

/* "plugins.videoroom.data.room" → "room", "webrtc.reason" → "reason" */
static const char *short_path(const char *path)
{
    const char *data = strstr(path, ".data.");
    const char *dot = strchr(path, '.');

    if (data != NULL)
        return data + strlen(".data.");
    return dot != NULL ? dot + 1 : path;
}

/* What may differ by less than a step is told in whole steps. */
static double in_steps(const struct attribute *attribute)
{
    const double step = attribute->rule->tolerance;
    const double value = g_ascii_strtod(attribute->value, NULL);

    return step > 0 ? floor(value / step) * step : value;
}

static bool is_told(const struct attribute *attribute)
{
    if (attribute->rule->class == RULE_TOLERANT)
        return in_steps(attribute) != 0;
    return attribute->rule->class != RULE_VOLATILE;
}

static void put_field_value(const struct telling *telling, const struct attribute *attribute)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (attribute->rule->class == RULE_CORRELATED)
        g_string_append(telling->to,
                        names_of(telling->names, attribute->rule->ids, attribute->value));
    else if (attribute->rule->class == RULE_TOLERANT)
        g_string_append(telling->to,
                        g_ascii_formatd(number, sizeof(number), "%g", in_steps(attribute)));
    else
        canonical_put_value(telling->to, attribute->value);
}

static void put_field(const struct telling *telling, const struct attribute *attribute)
{
    if (!is_told(attribute))
        return;
    g_string_append_c(telling->to, ' ');
    canonical_put_key(telling->to, short_path(attribute->path));
    g_string_append_c(telling->to, '=');
    put_field_value(telling, attribute);
}

/* "    mid:0.direction: sendrecv" */
static void put_sdp_line(const struct telling *telling, const struct attribute *attribute)
{
    if (!is_told(attribute) || attribute->rule->class == RULE_SEMANTIC)
        return;
    g_string_append(telling->to, "    ");
    canonical_put_text(telling->to, without_prefix(attribute->path, "sdp."));
    if (attribute->value[0] != '\0')
        g_string_append(telling->to, ": ");
    canonical_put_text(telling->to, attribute->value);
    g_string_append_c(telling->to, '\n');
}

static bool is_of_sdp(const struct attribute *attribute)
{
    return g_str_has_prefix(attribute->path, "sdp.");
}

/* ---- steps ---- */

static void put_step(const struct telling *telling, const struct lane *lane,
                     const struct step *step)
{
    g_string_append(telling->to, "  ");
    canonical_put_words(telling->to, lane->name);
    g_string_append(telling->to, ": ");
    canonical_put_words(telling->to, step->key);
    for (guint i = 0; i < step->attributes->len; i++) {
        if (!is_of_sdp(g_ptr_array_index(step->attributes, i)))
            put_field(telling, g_ptr_array_index(step->attributes, i));
    }
    g_string_append_c(telling->to, '\n');
    for (guint i = 0; i < step->attributes->len; i++) {
        if (is_of_sdp(g_ptr_array_index(step->attributes, i)))
            put_sdp_line(telling, g_ptr_array_index(step->attributes, i));
    }
}

/* Whether a PeerConnection that goes with its handle is told to hang up is a matter of who is faster. */
static bool goes_without_saying(const struct lane *lane, const struct step *step)
{
    return lane->kind == LANE_PC && g_str_equal(step->key, "hangup") &&
           g_strcmp0(attributes_get(step->attributes, "webrtc.reason"), "Detach") == 0;
}

static void put_lane(const struct telling *telling, const struct lane *lane)
{
    for (guint i = 0; i < lane->steps->len; i++) {
        const struct step *step = g_ptr_array_index(lane->steps, i);

        if (!goes_without_saying(lane, step))
            put_step(telling, lane, step);
    }
}

/* Those of these kinds. */
static void put_lanes(const struct telling *telling, const GPtrArray *lanes, enum lane_kind from,
                      enum lane_kind until)
{
    for (guint i = 0; i < lanes->len; i++) {
        const struct lane *lane = g_ptr_array_index(lanes, i);

        if (lane->kind >= from && lane->kind < until)
            put_lane(telling, lane);
    }
}

/* Which kinds there were: how many, depends on the machine; and prflx only tells that a packet was
 * faster than the candidate that announces its address. */
static void put_candidates(const struct telling *telling, const struct model_epoch *epoch)
{
    struct candidates *candidates = lanes_candidates(epoch);
    g_autoptr(GPtrArray) kinds = candidates_kinds(candidates, candidates);

    for (guint i = 0; i < kinds->len; i++) {
        const char *kind = g_ptr_array_index(kinds, i);

        if (strstr(kind, " prflx ") != NULL)
            continue;
        g_string_append(telling->to, "  candidates: ");
        canonical_put_words(telling->to, kind);
        g_string_append_c(telling->to, '\n');
    }
    candidates_free(candidates);
}

static void put_medium(const struct telling *telling, const struct medium *medium)
{
    g_autofree char *name =
        g_strconcat("stats ", medium->mid, medium->mid[0] != '\0' ? " " : "", medium->media, NULL);

    g_string_append(telling->to, "  ");
    canonical_put_words(telling->to, name);
    g_string_append_printf(telling->to, ": in=%s out=%s",
                           medium->totals[MEDIUM_PACKETS_RECEIVED] > 0 ? "true" : "false",
                           medium->totals[MEDIUM_PACKETS_SENT] > 0 ? "true" : "false");
    if (medium->codec != NULL) {
        g_string_append(telling->to, " codec=");
        canonical_put_value(telling->to, medium->codec);
    }
    g_string_append_c(telling->to, '\n');
}

/* Statistics are what a machine makes of a call: only whether anything flowed is told. */
static void put_media(const struct telling *telling, const struct model_epoch *epoch)
{
    if (!epoch->moments[MILESTONE_WEBRTCUP].seen)
        return;
    for (guint i = 0; i < epoch->media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(epoch->media->list, i);

        if (medium->samples > 0)
            put_medium(telling, medium);
    }
}

/* ---- entities ---- */

static void put_epoch(const struct telling *telling, const struct model_handle *handle,
                      const struct model_epoch *epoch)
{
    g_autoptr(GPtrArray) lanes = lanes_of_epoch(epoch, telling->rules);

    g_string_append_printf(telling->to, "%s pc %u\n", name_of_number(telling, "handle", handle->id),
                           epoch->number);
    put_lanes(telling, lanes, 0, LANE_CANDIDATES);
    put_candidates(telling, epoch);
    put_lanes(telling, lanes, LANE_CANDIDATES, LANE_KINDS);
    put_media(telling, epoch);
}

static void put_handle(const struct telling *telling, const struct model_handle *handle)
{
    g_autoptr(GPtrArray) lanes = lanes_of_handle(handle, telling->rules);

    g_string_append_printf(telling->to, "%s of ", name_of_number(telling, "handle", handle->id));
    g_string_append(telling->to, name_of_number(telling, "session", handle->session->id));
    if (handle->plugin != NULL) {
        g_string_append_c(telling->to, ' ');
        canonical_put_words(telling->to, without_prefix(handle->plugin, "janus.plugin."));
    }
    g_string_append_c(telling->to, '\n');
    put_lanes(telling, lanes, 0, LANE_KINDS);
    for (guint i = 0; i < handle->epochs->len; i++)
        put_epoch(telling, handle, g_ptr_array_index(handle->epochs, i));
}

void canonical_session(const struct model_session *session, struct rules *rules,
                       struct names *names, GString *to)
{
    const struct telling telling = {.rules = rules, .names = names, .to = to};
    g_autoptr(GPtrArray) lanes = lanes_of_session(session, rules);

    g_string_append_printf(to, "\n%s\n", name_of_number(&telling, "session", session->id));
    if (session->transport_package != NULL) {
        g_string_append(to, "  transport: ");
        canonical_put_words(to, without_prefix(session->transport_package, "janus.transport."));
        g_string_append_c(to, '\n');
    }
    put_lanes(&telling, lanes, 0, LANE_KINDS);
    for (guint i = 0; i < session->handles->len; i++)
        put_handle(&telling, g_ptr_array_index(session->handles, i));
}

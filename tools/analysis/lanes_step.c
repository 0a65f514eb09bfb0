/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event as a step of its lane: what it is called, what it says, whether it only repeats the
 * last. */
#include "evj/event_type.h"
#include "tools/analysis/lanes_internal.h"

#include <string.h>

/* What happens to a step that follows one of the same key in its lane. */
enum repeat {
    REPEAT_KEPT,  /* it is a step of its own */
    REPEAT_EQUAL, /* it is the same step if it says the same */
    REPEAT_STATE, /* the state just goes on; what it says last counts, and the greatest of its
                     numbers */
};

static const enum repeat repeats[LANE_KINDS] = {
    [LANE_TRANSPORT] = REPEAT_EQUAL, [LANE_SESSION] = REPEAT_EQUAL, [LANE_HANDLE] = REPEAT_EQUAL,
    [LANE_PLUGIN] = REPEAT_EQUAL,    [LANE_SIP] = REPEAT_EQUAL,     [LANE_ICE] = REPEAT_STATE,
    [LANE_PAIR] = REPEAT_STATE,      [LANE_DTLS] = REPEAT_STATE,    [LANE_PC] = REPEAT_EQUAL,
    [LANE_MEDIA] = REPEAT_STATE,     [LANE_OTHER] = REPEAT_EQUAL,
};

/*
 * States that are told apart by timing only. libnice says "connected" when a pair works and "ready"
 * once all checks are done, and goes back to "connected" when a late candidate starts new ones: two
 * good calls differ in that at random. In both states media flows.
 */
static const struct {
    enum lane_kind lane;
    const char *key, *instead;
} aliases[] = {
    {LANE_ICE, "connected", "usable"},
    {LANE_ICE, "ready", "usable"},
    {LANE_MEDIA, "true", "receiving"},
    {LANE_MEDIA, "false", "stopped"},
};

/* "janus.plugin.videoroom" → "videoroom" */
static const char *short_plugin(const char *package)
{
    return g_str_has_prefix(package, "janus.plugin.") ? package + strlen("janus.plugin.") : package;
}

/* Paths of plugin events carry the plugin's name, since "id" is something else in each of them. */
static void add_plugin_body(GPtrArray *attributes, struct rules *rules, const char *plugin,
                            const json_t *body)
{
    g_autofree char *data_path = g_strconcat("plugins.", plugin, ".data", NULL);
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)body, key, value)
    {
        g_autofree char *path = g_strconcat("plugins.", key, NULL);

        if (g_str_equal(key, "plugin"))
            attributes_add(attributes, rules, path, plugin);
        else
            attributes_add_json(attributes, rules, g_str_equal(key, "data") ? data_path : path,
                                value);
    }
}

static void add_body(GPtrArray *attributes, struct rules *rules, const struct fact *fact,
                     const json_t *body)
{
    const char *plugin = json_string_value(json_object_get(body, "plugin"));
    const char *label = evj_event_type_label(fact->type);

    if (fact->type == EVJ_TYPE_PLUGIN && plugin != NULL)
        add_plugin_body(attributes, rules, short_plugin(plugin), body);
    else
        attributes_add_json(attributes, rules, label != NULL ? label : "event", body);
}

static const char *alias_of(enum lane_kind kind, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (aliases[i].lane == kind && g_str_equal(aliases[i].key, key))
            return aliases[i].instead;
    }
    return key;
}

/* Fields that tell which lane it is, not which step. */
static bool names_the_lane(const char *path)
{
    return g_str_equal(path, "media.mid") || g_str_equal(path, "media.media") ||
           g_str_equal(path, "media.substream");
}

/* Words come as their paths sort, but it is to read "remote offer", and "audiobridge joined". */
static bool comes_first(enum lane_kind kind, const char *path)
{
    return kind == LANE_SIGNALLING || g_str_equal(path, "plugins.plugin");
}

static void add_word(GString *key, enum lane_kind kind, const char *path, const char *word)
{
    if (comes_first(kind, path)) {
        g_string_prepend(key, key->len > 0 ? " " : "");
        g_string_prepend(key, word);
    } else {
        g_string_append_printf(key, "%s%s", key->len > 0 ? " " : "", word);
    }
}

/* Move the fields that say what happened into the step's key; drop what is compared elsewhere. */
static char *split_key(enum lane_kind kind, GPtrArray *attributes)
{
    GString *key = g_string_new(kind == LANE_PAIR ? "selected" : NULL);

    for (guint i = 0; i < attributes->len;) {
        const struct attribute *attribute = g_ptr_array_index(attributes, i);

        if (attribute->rule->class == RULE_IDENTITY && !names_the_lane(attribute->path))
            add_word(key, kind, attribute->path, alias_of(kind, attribute->value));
        if (attribute->rule->class == RULE_IDENTITY || attribute->rule->class == RULE_SEMANTIC)
            g_ptr_array_remove_index(attributes, i);
        else
            i++;
    }
    return g_string_free(key, FALSE);
}

/* "media 0 audio", "media video sim1", "media audio" where mids are not told. */
static char *media_lane_name(const char *mid, const char *media)
{
    return g_strconcat("media", mid[0] != '\0' ? " " : "", mid, media[0] != '\0' ? " " : "", media,
                       NULL);
}

/* "audio", "video sim1" */
static char *media_of(const json_t *body)
{
    const char *media = json_string_value(json_object_get(body, "media"));
    const json_int_t substream = json_integer_value(json_object_get(body, "substream"));

    if (media == NULL)
        media = "";
    return substream > 0 ? g_strdup_printf("%s sim%" JSON_INTEGER_FORMAT, media, substream)
                         : g_strdup(media);
}

static struct lane *media_lane(struct building *building, const json_t *body)
{
    const char *told = json_string_value(json_object_get(body, "mid"));
    const char *mid = told != NULL ? told : "";
    g_autofree char *media = media_of(body);
    g_autofree char *name = media_lane_name(mid, media);
    struct lane *lane = lanes_get(building, LANE_MEDIA, name);

    if (lane->mid == NULL) {
        lane->mid = g_strdup(mid);
        lane->media = g_steal_pointer(&media);
    }
    return lane;
}

void lanes_drop_mid(struct lane *lane)
{
    g_free(lane->name);
    lane->name = media_lane_name("", lane->media);
    g_free(lane->mid);
    lane->mid = g_strdup("");
}

static bool same_attributes(const GPtrArray *a, const GPtrArray *b)
{
    g_autoptr(GPtrArray) changes = changes_new();

    if (a->len != b->len)
        return false;
    for (guint i = 0; i < a->len; i++) {
        const struct attribute *left = g_ptr_array_index(a, i);
        const struct attribute *right = g_ptr_array_index(b, i);

        if (left->rule->class == RULE_CORRELATED && !g_str_equal(left->value, right->value))
            return false;
    }
    attributes_compare(a, b, NULL, changes, NULL);
    return changes->len == 0;
}

/* What a state said and does not say again still holds. */
static void keep_unrepeated(GPtrArray *before, GPtrArray *attributes)
{
    for (guint i = 0; i < before->len;) {
        const struct attribute *old = g_ptr_array_index(before, i);

        if (attributes_get(attributes, old->path) == NULL)
            g_ptr_array_add(attributes, g_ptr_array_steal_index(before, i));
        else
            i++;
    }
    attributes_sort(attributes);
}

/* The later words of a state replace the earlier, but numbers (retransmissions) keep their
 * greatest. */
static void go_on(struct step *state, GPtrArray *attributes)
{
    for (guint i = 0; i < attributes->len; i++) {
        struct attribute *now = g_ptr_array_index(attributes, i);
        const char *before = attributes_get(state->attributes, now->path);

        if (now->rule->class == RULE_TOLERANT && before != NULL &&
            g_ascii_strtod(before, NULL) > g_ascii_strtod(now->value, NULL)) {
            g_free(now->value);
            now->value = g_strdup(before);
        }
    }
    keep_unrepeated(state->attributes, attributes);
    g_ptr_array_unref(state->attributes);
    state->attributes = attributes;
}

/* Add a step, or let it go on from the one before. Takes `key` and `attributes`. */
static void add_step(struct lane *lane, const struct fact *fact, char *key, GPtrArray *attributes)
{
    struct step *last =
        lane->steps->len > 0 ? g_ptr_array_index(lane->steps, lane->steps->len - 1) : NULL;
    const enum repeat repeat = repeats[lane->kind];
    const bool same_key = last != NULL && g_str_equal(last->key, key);

    if (same_key && (repeat == REPEAT_STATE ||
                     (repeat == REPEAT_EQUAL && same_attributes(last->attributes, attributes)))) {
        last->count++;
        last->last_us = fact->time_us;
        go_on(last, attributes);
        g_free(key);
        return;
    }
    struct step *step = g_new0(struct step, 1);

    step->key = key;
    step->seq = fact->seq;
    step->time_us = fact->time_us;
    step->last_us = fact->time_us;
    step->count = 1;
    step->attributes = attributes;
    g_ptr_array_add(lane->steps, step);
}

void lanes_add_event(struct building *building, enum lane_kind kind, const struct fact *fact,
                     const json_t *body)
{
    struct lane *lane = kind == LANE_MEDIA ? media_lane(building, body)
                                           : lanes_get(building, kind, lane_kind_name(kind));
    GPtrArray *attributes = attributes_new();

    add_body(attributes, building->rules, fact, body);
    lanes_add_meaning(building, kind, attributes, body);
    attributes_sort(attributes);
    char *key = split_key(kind, attributes);

    if (key[0] == '\0') {
        g_free(key);
        key = g_strdup_printf("event %u/%u", fact->type, fact->subtype);
    }
    add_step(lane, fact, key, attributes);
}

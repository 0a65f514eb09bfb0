/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/id_slots.h"

#include "evj/event_type.h"
#include "replay/json_walk.h"

#include <stdbool.h>
#include <string.h>

#define PLUGIN_PREFIX "janus.plugin."

/* A longer string is no id, whatever the field. */
#define ID_TEXT_MAX 1024u

struct search {
    const char *text; /* of the whole event */
    struct id_slots *found;
};

static void add(struct search *search, struct evj_slice value, enum evj_id_kind kind)
{
    const struct id_slot slot = {(size_t)(value.text - search->text), value.len, kind};

    if (search->found->slots == NULL)
        search->found->slots = g_array_new(FALSE, FALSE, sizeof(slot));
    g_array_append_val(search->found->slots, slot);
    search->found->ids += kind != EVJ_ID_NONE;
}

static bool is_number(struct evj_slice value)
{
    uint64_t number;

    return evj_json_to_u64(value, &number) && number > 0;
}

static void look_at(const struct json_leaf *leaf, void *context)
{
    const enum evj_id_kind kind = evj_id_kind_of(leaf->path);
    const size_t len = evj_json_string(leaf->value).len;

    if (kind != EVJ_ID_NONE && ((len > 0 && len <= ID_TEXT_MAX) || is_number(leaf->value)))
        add(context, leaf->value, kind);
}

/* Below "data", the plug-in's name stands for the way there. */
static int search_plugin(struct search *search, struct evj_slice body)
{
    const struct evj_slice data = evj_json_member(body, "data");
    char plugin[JSON_PATH_MAX / 2];
    g_autofree char *path = NULL;

    evj_json_string_decode(evj_json_member(body, "plugin"), plugin, sizeof(plugin));
    path = g_strdup_printf("plugins.%s.data", g_str_has_prefix(plugin, PLUGIN_PREFIX)
                                                  ? plugin + strlen(PLUGIN_PREFIX)
                                                  : plugin);
    return data.text == NULL ? 0 : json_walk(data, path, look_at, search);
}

static int search_body(struct search *search, uint32_t type, struct evj_slice body)
{
    const char *label = evj_event_type_label(type);

    if (type == EVJ_TYPE_PLUGIN)
        return search_plugin(search, body);
    return label == NULL || !evj_id_may_be_below(label) ? 0
                                                        : json_walk(body, label, look_at, search);
}

static int search_member(struct search *search, uint32_t type, struct evj_slice key,
                         struct evj_slice value)
{
    char path[32];

    if (evj_slice_is(key, "event"))
        return search_body(search, type, value);
    if (evj_slice_is(key, "timestamp") && is_number(value))
        add(search, value, EVJ_ID_NONE);
    if (key.len >= sizeof(path))
        return 0;
    memcpy(path, key.text, key.len);
    path[key.len] = '\0';
    look_at(&(struct json_leaf){.path = path, .value = value}, search);
    return 0;
}

int id_slots_find(struct id_slots *ret_slots, const struct evj_record *record)
{
    struct search search = {.text = record->body.text, .found = ret_slots};
    struct evj_json_members it;
    struct evj_slice key, value;
    int status = evj_json_members_init(&it, record->body.text, record->body.len);

    *ret_slots = (struct id_slots){0};
    while (status == 0 && (status = evj_json_members_next(&it, &key, &value)) == 0)
        status = search_member(&search, record->event.type, key, value);
    return status < 0 ? status : 0;
}

void id_slots_done(struct id_slots *slots)
{
    g_clear_pointer(&slots->slots, g_array_unref);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/event_hash.h"

#include "replay/json_walk.h"
#include "replay/mix.h"

#include <glib.h>
#include <string.h>

bool event_path_is_ignored(const char *path, const char *const *ignored)
{
    for (; ignored != NULL && *ignored != NULL; ignored++) {
        const size_t len = strlen(*ignored);

        if (strncmp(path, *ignored, len) == 0 &&
            (path[len] == '\0' || path[len] == '.' || path[len] == '['))
            return true;
    }
    return false;
}

/* ---- values ---- */

/* 0.1 may be written in many ways, and 1e0 in some more; whole numbers but for 0 have one only. */
static uint64_t real_hash(struct evj_slice value)
{
    g_autofree char *text = g_strndup(value.text, value.len);
    const double real = g_ascii_strtod(text, NULL);
    uint64_t bits;

    memcpy(&bits, &real, sizeof(bits));
    return mix(bits);
}

static bool is_real(struct evj_slice value)
{
    return (g_ascii_isdigit(value.text[0]) || value.text[0] == '-') &&
           (memchr(value.text, '.', value.len) != NULL ||
            memchr(value.text, 'e', value.len) != NULL ||
            memchr(value.text, 'E', value.len) != NULL);
}

uint64_t event_value_hash(struct evj_slice value)
{
    if (evj_json_string(value).text != NULL)
        return mix(json_string_hash(value) + 1);
    if (is_real(value))
        return mix(real_hash(value) + 2);
    /* An empty object or array may have blanks in it. */
    if (value.text[0] == '{' || value.text[0] == '[')
        return mix((unsigned char)value.text[0]);
    if (evj_slice_is(value, "-0"))
        return mix_bytes("0", 1);
    return mix_bytes(value.text, value.len);
}

/* ---- events ---- */

struct hashing {
    const char *const *ignored;
    uint64_t sum;
};

/* The order in which members stand does not matter, so the leaves' hashes are added. */
static void add_leaf(const struct json_leaf *leaf, void *context)
{
    struct hashing *hashing = context;
    const uint64_t where = mix_bytes(leaf->path, strlen(leaf->path)) ^ leaf->place;

    if (!event_path_is_ignored(leaf->path, hashing->ignored))
        hashing->sum += mix(where + mix(event_value_hash(leaf->value)));
}

static uint64_t identity_of(const struct evj_event *event, const char *const *ignored)
{
    const struct {
        const char *path;
        uint64_t value;
    } parts[] = {
        {"timestamp", (uint64_t)event->timestamp_us},
        {"type", event->type},
        {"subtype", event->subtype},
        {"session_id", event->session_id},
        {"handle_id", event->handle_id},
    };
    uint64_t hash = 1;

    if (event->timestamp_us == 0)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (!event_path_is_ignored(parts[i].path, ignored))
            hash = mix(hash + mix(parts[i].value + i));
    return hash | 1;
}

struct event_hash event_hash(struct evj_slice text, const struct evj_event *event,
                             const char *const *ignored)
{
    struct hashing hashing = {.ignored = ignored};

    if (json_walk(text, "", add_leaf, &hashing) < 0)
        hashing.sum = mix_bytes(text.text, text.len);
    return (struct event_hash){.content = hashing.sum, .identity = identity_of(event, ignored)};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/json_walk.h"

#include "evj/limits.h"
#include "replay/mix.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct walk {
    char path[JSON_PATH_MAX];
    size_t len; /* of the path */
    uint64_t place;
    unsigned depth;
    json_leaf_function *visit;
    void *context;
};

static struct evj_slice with_quotes(struct evj_slice key)
{
    return (struct evj_slice){key.text - 1, key.len + 2};
}

uint64_t json_string_hash(struct evj_slice value)
{
    const struct evj_slice plain = evj_json_string(value);
    g_autofree char *decoded = NULL;

    if (memchr(plain.text, '\\', plain.len) == NULL)
        return mix_bytes(plain.text, plain.len);
    decoded = g_malloc(value.len);
    return mix_bytes(decoded, evj_json_string_decode(value, decoded, value.len));
}

/* Where the path was before a step down, to go back there. */
struct step {
    size_t len;
    uint64_t place;
};

static struct step here(const struct walk *walk)
{
    return (struct step){walk->len, walk->place};
}

static void go_back(struct walk *walk, struct step step)
{
    walk->len = step.len;
    walk->place = step.place;
    walk->path[walk->len] = '\0';
}

static bool add_to_path(struct walk *walk, const char *text, size_t len)
{
    if (len >= sizeof(walk->path) - walk->len)
        return false;
    memcpy(walk->path + walk->len, text, len);
    walk->len += len;
    walk->path[walk->len] = '\0';
    return true;
}

/* As it is behind its escapes: whole, or not at all. */
static bool add_key(struct walk *walk, struct evj_slice key)
{
    g_autofree char *decoded = NULL;

    if (walk->len > 0 && !add_to_path(walk, ".", 1))
        return false;
    if (memchr(key.text, '\\', key.len) == NULL)
        return add_to_path(walk, key.text, key.len);
    decoded = g_malloc(key.len + 1); /* decoded, a string is never longer */
    return add_to_path(walk, decoded,
                       evj_json_string_decode(with_quotes(key), decoded, key.len + 1));
}

static void go_to_key(struct walk *walk, struct evj_slice key)
{
    if (!add_key(walk, key))
        walk->place = mix(walk->place ^ json_string_hash(with_quotes(key)));
}

static void go_to_element(struct walk *walk, uint64_t index)
{
    add_to_path(walk, "[]", 2);
    walk->place = mix(walk->place + index + 1);
}

static void visit(struct walk *walk, struct evj_slice value)
{
    const struct json_leaf leaf = {walk->path, walk->place, value};

    walk->visit(&leaf, walk->context);
}

static int walk_value(struct walk *walk, struct evj_json_members *it);

static int walk_members(struct walk *walk, struct evj_json_members *it, struct evj_slice *ret_value)
{
    const struct step step = here(walk);
    struct evj_json_members inner;
    struct evj_slice key;
    int status = evj_json_members_enter(it, &inner);

    while (status == EVJ_OK && (status = evj_json_members_key(&inner, &key)) == EVJ_OK) {
        go_to_key(walk, key);
        status = walk_value(walk, &inner);
        go_back(walk, step);
    }
    if (status != EVJ_END)
        return status;
    evj_json_members_leave(it, &inner, ret_value);
    return inner.first ? EVJ_END : EVJ_OK;
}

static int walk_elements(struct walk *walk, struct evj_json_members *it,
                         struct evj_slice *ret_value)
{
    const struct step step = here(walk);
    struct evj_json_members inner;
    uint64_t index = 0;
    int status = evj_json_elements_enter(it, &inner);

    while (status == EVJ_OK && (status = evj_json_elements_step(&inner)) == EVJ_OK) {
        go_to_element(walk, index++);
        status = walk_value(walk, &inner);
        go_back(walk, step);
    }
    if (status != EVJ_END)
        return status;
    evj_json_members_leave(it, &inner, ret_value);
    return inner.first ? EVJ_END : EVJ_OK;
}

/* An object or array; an empty one is a leaf. */
static int walk_nested(struct walk *walk, struct evj_json_members *it, bool is_object)
{
    struct evj_slice value;
    int status;

    if (walk->depth == EVJ_DEPTH_MAX)
        return EVJ_ERR_LIMIT;
    walk->depth++;
    status = is_object ? walk_members(walk, it, &value) : walk_elements(walk, it, &value);
    walk->depth--;
    if (status == EVJ_END)
        visit(walk, value);
    return status < 0 ? status : EVJ_OK;
}

/* The value that `it` stands before. */
static int walk_value(struct walk *walk, struct evj_json_members *it)
{
    struct evj_slice value;
    int status;

    if (it->at < it->end && (*it->at == '{' || *it->at == '['))
        return walk_nested(walk, it, *it->at == '{');
    status = evj_json_members_value(it, &value);
    if (status == EVJ_OK)
        visit(walk, value);
    return status;
}

int json_walk(struct evj_slice value, const char *path, json_leaf_function *visit_leaf,
              void *context)
{
    struct walk walk = {.visit = visit_leaf, .context = context};
    struct evj_json_members it = {.at = value.text, .end = value.text + value.len};
    int status;

    add_to_path(&walk, path, strlen(path));
    status = walk_value(&walk, &it);
    return status == EVJ_OK && it.at != it.end ? EVJ_ERR_CORRUPT : status;
}

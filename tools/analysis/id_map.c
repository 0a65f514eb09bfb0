/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/id_map.h"

#include "evj/json.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

struct pair {
    uint64_t a, b;
};

struct id_map {
    GArray *pairs; /* struct pair */
};

struct id_map *id_map_new(void)
{
    struct id_map *map = g_new0(struct id_map, 1);

    map->pairs = g_array_new(FALSE, FALSE, sizeof(struct pair));
    return map;
}

void id_map_free(struct id_map *map)
{
    if (map == NULL)
        return;
    g_array_unref(map->pairs);
    g_free(map);
}

static bool parse(const char *text, struct pair *ret_pair)
{
    const char *equals = strchr(text, '=');

    return equals != NULL &&
           evj_json_to_u64((struct evj_slice){text, (size_t)(equals - text)}, &ret_pair->a) &&
           evj_json_to_u64((struct evj_slice){equals + 1, strlen(equals + 1)}, &ret_pair->b);
}

int id_map_add(struct id_map *map, const char *text, struct evj_error *err)
{
    struct pair pair;

    if (!parse(text, &pair))
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "\"%s\" is no pair of ids: write an id of A, \"=\", and one of B", text);
    for (guint i = 0; i < map->pairs->len; i++) {
        const struct pair *other = &g_array_index(map->pairs, struct pair, i);

        if ((other->a == pair.a) != (other->b == pair.b))
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "\"%s\" contradicts %" PRIu64 "=%" PRIu64 " before it", text, other->a,
                            other->b);
    }
    g_array_append_val(map->pairs, pair);
    return 0;
}

bool id_map_pair(const struct id_map *map, unsigned n, uint64_t *ret_a, uint64_t *ret_b)
{
    if (map == NULL || n >= map->pairs->len)
        return false;
    *ret_a = g_array_index(map->pairs, struct pair, n).a;
    *ret_b = g_array_index(map->pairs, struct pair, n).b;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/random_tree.h"

#include <stdbool.h>
#include <string.h>

uint64_t random_chance(uint64_t *random, uint64_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*random >> 33) % below;
}

static json_t *random_string(uint64_t *random)
{
    static const char *const pieces[] = {"a",
                                         "some plain text",
                                         "\"",
                                         "\\",
                                         "\n",
                                         "\r\n",
                                         "\x01",
                                         "\x1f",
                                         "\x7f",
                                         "/",
                                         "\t",
                                         "\b\f",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "0123456789"};
    char text[512] = "";

    for (uint64_t i = random_chance(random, 8); i > 0; i--)
        strcat(text, pieces[random_chance(random, sizeof(pieces) / sizeof(pieces[0]))]);
    return json_string(text);
}

static json_t *random_value(uint64_t *random, unsigned depth);

static json_t *random_container(uint64_t *random, unsigned depth, bool object)
{
    json_t *container = object ? json_object() : json_array();

    for (uint64_t i = random_chance(random, 6); i > 0; i--) {
        json_t *key = random_string(random), *value = random_value(random, depth + 1);
        if (object)
            json_object_set_new(container, json_string_value(key), value);
        else
            json_array_append_new(container, value);
        json_decref(key);
    }
    return container;
}

static json_t *random_value(uint64_t *random, unsigned depth)
{
    switch (random_chance(random, depth < 8 ? 9 : 6)) {
    case 0:
        return random_string(random);
    case 1:
        return json_integer(
            (json_int_t)(random_chance(random, 1 << 30) << random_chance(random, 34)));
    case 2:
        return json_integer(-(json_int_t)random_chance(random, 100000));
    case 3:
        return json_real((double)random_chance(random, 1000000) / 7 - 1000);
    case 4:
        return json_boolean(random_chance(random, 2));
    case 5:
        return json_null();
    default:
        return random_container(random, depth, random_chance(random, 2));
    }
}

json_t *random_object(uint64_t *random)
{
    return random_container(random, 0, true);
}

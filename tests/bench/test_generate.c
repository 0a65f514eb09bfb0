/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A measurement is worth as much as the events that it is made with. */
#include "tests/support/test.h"

#include "evj/event_type.h"
#include "tests/bench/generate.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS 20000u

/* Keys in their order, and the types of their values: `{type:2,event:{ice:3}}`. */
static void put_shape(GString *shape, json_t *value)
{
    const char *key;
    json_t *member;

    if (json_is_array(value) && json_array_size(value) > 0) {
        g_string_append_c(shape, '[');
        put_shape(shape, json_array_get(value, 0));
    }
    if (!json_is_object(value)) {
        g_string_append_c(shape,
                          (char)('0' + (json_is_false(value) ? JSON_TRUE : json_typeof(value))));
        return;
    }
    g_string_append_c(shape, '{');
    json_object_foreach(value, key, member)
    {
        g_string_append_printf(shape, "%s:", key);
        put_shape(shape, member);
        g_string_append_c(shape, ',');
    }
    g_string_append_c(shape, '}');
}

static char *shape_of(json_t *event)
{
    GString *shape = g_string_new(NULL);

    put_shape(shape, event);
    return g_string_free(shape, FALSE);
}

static void add_shapes_of_file(GHashTable *shapes, const char *path)
{
    g_autofree char *text = NULL;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line && **line; line++) {
        json_auto_t *event = json_loads(*line, 0, NULL);
        assert_non_null(event);
        g_hash_table_add(shapes, shape_of(event));
    }
}

/* Of everything that a real Janus sent to its handlers when real browsers called it. */
static GHashTable *real_shapes(void)
{
    GHashTable *shapes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *folder = g_build_filename(getenv("EVJ_TEST_DATA"), "events", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    assert_non_null(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".ndjson"))
            add_shapes_of_file(shapes, path);
    }
    return shapes;
}

static void every_event_has_the_keys_of_a_real_one_in_their_order(void **state)
{
    struct generator_options options = {.seed = 5, .sessions = 40, .talk_us = 20000000};
    struct generator *generator = generator_new(&options);
    GHashTable *shapes = real_shapes();

    (void)state;
    for (size_t i = 0; i < EVENTS; i++) {
        json_auto_t *event = generator_next(generator);
        g_autofree char *shape = shape_of(event);
        if (!g_hash_table_contains(shapes, shape))
            fail_msg("no real event has this shape: %s", shape);
    }
    g_hash_table_destroy(shapes);
    generator_free(generator);
}

static void the_same_seed_gives_the_same_events(void **state)
{
    struct generator_options options = {.seed = 9, .sessions = 7, .talk_us = 6000000};
    struct generator *one = generator_new(&options), *other = generator_new(&options);

    (void)state;
    for (size_t i = 0; i < EVENTS; i++) {
        json_auto_t *a = generator_next(one), *b = generator_next(other);
        assert_true(json_equal(a, b));
    }
    generator_free(one);
    generator_free(other);
}

static void time_never_goes_back(void **state)
{
    struct generator_options options = {.seed = 3, .sessions = 50, .talk_us = 8000000};
    struct generator *generator = generator_new(&options);
    json_int_t last_us = 0;

    (void)state;
    for (size_t i = 0; i < EVENTS; i++) {
        json_auto_t *event = generator_next(generator);
        json_int_t at_us = json_integer_value(json_object_get(event, "timestamp"));
        assert_true(at_us >= last_us);
        last_us = at_us;
    }
    generator_free(generator);
}

static void in_the_steady_state_nearly_all_are_statistics(void **state)
{
    struct generator_options options = {.seed = 1, .sessions = 200, .steady = true};
    struct generator *generator = generator_new(&options);
    size_t statistics = 0, bytes = 0;

    (void)state;
    for (size_t i = 0; i < 5 * EVENTS; i++) {
        json_auto_t *event = generator_next(generator);
        json_int_t type = json_integer_value(json_object_get(event, "type"));
        json_int_t subtype = json_integer_value(json_object_get(event, "subtype"));
        statistics += type == EVJ_TYPE_MEDIA && subtype == EVJ_MEDIA_STATS;
        bytes += json_dumpb(event, NULL, 0, JSON_COMPACT);
    }
    assert_in_range(statistics * 1000 / (5 * EVENTS), 960, 985);
    assert_in_range(bytes / (5 * EVENTS), 600, 680);
    generator_free(generator);
}

/* One who hangs up is replaced: over time there are many more sessions than at any one time. */
static void whoever_leaves_is_replaced(void **state)
{
    struct generator_options options = {.seed = 2, .sessions = 5, .talk_us = 5000000};
    struct generator *generator = generator_new(&options);
    size_t created = 0, destroyed = 0;

    (void)state;
    for (size_t i = 0; i < EVENTS; i++) {
        json_auto_t *event = generator_next(generator);
        const char *name =
            json_string_value(json_object_get(json_object_get(event, "event"), "name"));
        created += name && strcmp(name, "created") == 0;
        destroyed += name && strcmp(name, "destroyed") == 0;
    }
    assert_true(created > 50);
    assert_in_range(created - destroyed, 0, 5);
    generator_free(generator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_has_the_keys_of_a_real_one_in_their_order),
        cmocka_unit_test(the_same_seed_gives_the_same_events),
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(in_the_steady_state_nearly_all_are_statistics),
        cmocka_unit_test(whoever_leaves_is_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "replay/json_walk.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* "path=value" of each leaf, in order, a line each. */
static void note_leaf(const struct json_leaf *leaf, void *context)
{
    g_string_append_printf(context, "%s=%.*s\n", leaf->path, (int)leaf->value.len,
                           leaf->value.text);
}

static char *leaves_of(const char *text, int expected)
{
    GString *lines = g_string_new(NULL);

    assert_int_equal(json_walk((struct evj_slice){text, strlen(text)}, "", note_leaf, lines),
                     expected);
    return g_string_free(lines, FALSE);
}

static void assert_leaves(const char *text, const char *lines)
{
    char *found = leaves_of(text, 0);

    assert_string_equal(found, lines);
    g_free(found);
}

static void each_leaf_has_its_path_and_its_text(void **state)
{
    (void)state;
    assert_leaves(
        "{\"a\":1, \"b\":{\"c\":\"x,}\",\"d\":[true,{\"e\":-1.5}, null]} ,\"f\":\"\\\"\"}",
        "a=1\nb.c=\"x,}\"\nb.d[]=true\nb.d[].e=-1.5\nb.d[]=null\nf=\"\\\"\"\n");
}

static void a_value_alone_is_a_leaf_without_a_path(void **state)
{
    (void)state;
    assert_leaves("17", "=17\n");
    assert_leaves("[1,[2]]", "[]=1\n[][]=2\n");
}

static void empty_objects_and_arrays_are_leaves(void **state)
{
    (void)state;
    assert_leaves("{\"a\":{},\"b\":[ ],\"c\":[{}]}", "a={}\nb=[ ]\nc[]={}\n");
    assert_leaves("{}", "={}\n");
}

static void escapes_in_keys_are_decoded(void **state)
{
    (void)state;
    assert_leaves("{\"\\u0061\\\"b\":1}", "a\"b=1\n");
}

static void what_does_not_close_is_refused(void **state)
{
    static const char *const broken[] = {"", "{", "[", "{\"a\":1", "{\"a\":[1}", "{\"a\"}", "{}x"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_free(leaves_of(broken[i], EVJ_ERR_CORRUPT));
}

static char *nested(size_t depth)
{
    char *text = malloc(2 * depth + 2);

    memset(text, '[', depth);
    text[depth] = '1';
    memset(text + depth + 1, ']', depth);
    text[2 * depth + 1] = '\0';
    return text;
}

static void nesting_is_bounded(void **state)
{
    char *deep = nested(EVJ_DEPTH_MAX), *too_deep = nested(EVJ_DEPTH_MAX + 1);

    (void)state;
    g_free(leaves_of(deep, 0));
    g_free(leaves_of(too_deep, EVJ_ERR_LIMIT));
    free(deep);
    free(too_deep);
}

static void note_place(const struct json_leaf *leaf, void *context)
{
    g_array_append_val((GArray *)context, leaf->place);
}

static GArray *places_of(const char *text)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    assert_int_equal(json_walk((struct evj_slice){text, strlen(text)}, "", note_place, places), 0);
    return places;
}

static void assert_all_differ(const GArray *places)
{
    for (guint i = 0; i < places->len; i++)
        for (guint k = 0; k < i; k++)
            assert_true(g_array_index(places, uint64_t, i) != g_array_index(places, uint64_t, k));
}

static void elements_of_arrays_have_places_of_their_own(void **state)
{
    GArray *places = places_of("[[1,2],[3,4],5,[[6],7]]");

    (void)state;
    assert_int_equal(places->len, 7);
    assert_all_differ(places);
    g_array_unref(places);

    places = places_of("{\"a\":1,\"b\":{\"c\":2}}");
    assert_int_equal(g_array_index(places, uint64_t, 0), 0);
    assert_int_equal(g_array_index(places, uint64_t, 1), 0);
    g_array_unref(places);
}

/* Somebody's keys may be longer than any path that is kept. */
static void leaves_below_a_path_that_was_cut_are_told_apart(void **state)
{
    g_autofree char *key = g_strnfill(2 * JSON_PATH_MAX, 'k');
    g_autofree char *text =
        g_strdup_printf("{\"%sa\":1,\"%sb\":2,\"%sa\":{\"x\":3,\"y\":4}}", key, key, key);
    GArray *places = places_of(text);

    (void)state;
    assert_int_equal(places->len, 4);
    assert_true(g_array_index(places, uint64_t, 0) != g_array_index(places, uint64_t, 1));
    g_array_unref(places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_leaf_has_its_path_and_its_text),
        cmocka_unit_test(a_value_alone_is_a_leaf_without_a_path),
        cmocka_unit_test(empty_objects_and_arrays_are_leaves),
        cmocka_unit_test(escapes_in_keys_are_decoded),
        cmocka_unit_test(what_does_not_close_is_refused),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(elements_of_arrays_have_places_of_their_own),
        cmocka_unit_test(leaves_below_a_path_that_was_cut_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

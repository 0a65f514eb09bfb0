/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/diff_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static char *print(const struct diff_result *result)
{
    const struct diff_shown shown = {
        .result = result, .a = {.path = "a.evj.gz"}, .b = {.path = "b\xff.evj.gz", .damages = 3}};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    diff_json_print(&shown, out);
    fclose(out);
    return text;
}

static json_t *object_of(const struct diff_result *result)
{
    char *text = print(result);
    json_t *object = json_loads(text, 0, NULL);

    assert_non_null(object);
    free(text);
    return object;
}

static json_t *compare_as_json(const char *a, const char *b)
{
    struct diff_result *result = compare_samples(a, b);
    json_t *object = object_of(result);

    diff_free(result);
    return object;
}

/* "sessions.0.handles.1" */
static json_t *at(const json_t *value, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, ".", 0);

    for (guint i = 0; steps[i] != NULL; i++) {
        value = json_is_array(value) ? json_array_get(value, strtoul(steps[i], NULL, 10))
                                     : json_object_get(value, steps[i]);
        if (value == NULL)
            fail_msg("no %s in the result", path);
    }
    return (json_t *)value;
}

static const char *text_at(const json_t *value, const char *path)
{
    return json_string_value(at(value, path));
}

static void the_verdict_and_what_it_rests_on_come_first(void **state)
{
    json_auto_t *object = compare_as_json("echo2", "dtlsfail");

    (void)state;
    assert_string_equal(text_at(object, "schema"), "evj/diff/1");
    assert_string_equal(text_at(object, "verdict"), "different");
    assert_string_equal(text_at(object, "sentence"),
                        "Different: first, “dtls connected” in A, “dtls failed” in B.");
    assert_string_equal(text_at(object, "fail_on"), "negotiation");
    assert_int_equal(json_integer_value(at(object, "counts.outcome")), 2);
    assert_int_equal(json_integer_value(at(object, "counts.note")), 0);
    assert_int_equal(json_integer_value(at(object, "b.damages")), 3);
}

/* It is in the list, so it is not told twice. */
static void the_first_divergence_is_named_by_its_place(void **state)
{
    json_auto_t *object = compare_as_json("echo2", "mute");
    const size_t place = (size_t)json_integer_value(at(object, "first_divergence.difference"));
    const json_t *first = json_array_get(at(object, "differences"), place);

    (void)state;
    assert_string_equal(text_at(first, "how"), "only-b");
    assert_true(json_is_null(at(first, "a")));
    assert_false(json_is_null(at(first, "a_behind")));
    assert_string_equal(text_at(first, "b.news"), "audio_active=false");
    assert_true(json_is_true(at(first, "weighs")));
    assert_int_equal(json_array_size(at(object, "first_divergence.b")), 7);
}

static void both_timelines_refer_to_the_differences(void **state)
{
    json_auto_t *object = compare_as_json("echo2", "dtlsfail");
    const json_t *lanes = at(object, "sessions.0.handles.0.peer_connections.0.lanes");
    const json_t *lane = NULL, *each;
    size_t i;

    (void)state;
    json_array_foreach(lanes, i, each)
    {
        if (strcmp(text_at(each, "name"), "dtls") == 0)
            lane = each;
    }
    assert_non_null(lane);
    assert_int_equal(json_array_size(at(lane, "ops")), 2);
    assert_string_equal(text_at(lane, "ops.0.op"), "-");
    assert_string_equal(text_at(lane, "ops.1.op"), "+");
    assert_true(json_is_null(at(lane, "ops.0.b_seq")));
    assert_int_equal(json_integer_value(at(lane, "ops.0.difference")),
                     json_integer_value(at(lane, "ops.1.difference")));
}

static void what_did_not_happen_is_null(void **state)
{
    json_auto_t *object = compare_as_json("echo2", "dtlsfail");
    const json_t *milestones = at(object, "sessions.0.handles.0.peer_connections.0.milestones");
    const json_t *each;
    size_t i;

    (void)state;
    json_array_foreach(milestones, i, each)
    {
        const bool reached = json_is_integer(at(each, "a_us")) && json_is_integer(at(each, "b_us"));

        assert_int_equal(json_is_integer(at(each, "delta_us")), reached);
        if (strcmp(text_at(each, "name"), "DTLS connected") == 0)
            assert_string_equal(text_at(each, "flag"), "only-a");
    }
    assert_int_equal(i, 12);
}

/* A figure that is not told is no number of JSON. */
static void figures_that_are_not_told_are_null(void **state)
{
    json_auto_t *object = compare_as_json("echo1", "echo2");
    const json_t *phase = at(object, "sessions.0.handles.0.peer_connections.0.stats.0.phases.1");

    (void)state;
    assert_string_equal(text_at(phase, "phase"), "steady");
    assert_true(json_is_null(at(phase, "a")) || json_is_object(at(phase, "a.figures")));
    for (unsigned i = 0; i < DIFF_FIGURES && json_is_object(at(phase, "a")); i++) {
        const json_t *figure =
            json_object_get(at(phase, "a.figures"), diff_figure_name((enum diff_figure)i));

        assert_true(json_is_null(figure) || json_is_real(figure));
    }
}

/* More than jansson holds, and more than Janus draws. */
static void an_id_is_never_another_one(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    struct diff_result *result = compare_events(good, bad);
    struct diff_session *session = g_ptr_array_index(result->sessions, 0);

    (void)state;
    session->a.id = UINT64_MAX;
    session->b.id = INT64_MAX;
    json_auto_t *object = object_of(result);

    assert_string_equal(text_at(object, "sessions.0.a.id"), "18446744073709551615");
    assert_int_equal(json_integer_value(at(object, "sessions.0.b.id")), INT64_MAX);
    diff_free(result);
}

static void nothing_reaches_a_terminal_and_nothing_is_no_utf8(void **state)
{
    static const char evil[] = "\033[2J\xff\n\u202e\xc2\x9b";
    struct diff_result *result = compare_samples("echo2", "dtlsfail");
    struct difference *one = g_ptr_array_index(result->differences, 0);

    (void)state;
    g_free(one->a.key);
    one->a.key = g_strdup(evil);
    char *text = print(result);
    json_auto_t *object = json_loads(text, 0, NULL);

    assert_true(g_utf8_validate(text, -1, NULL));
    assert_null(strchr(text, '\033'));
    assert_null(strstr(text, "\u202e"));
    assert_null(strstr(text, "\xc2\x9b"));
    assert_string_equal(text_at(object, "differences.0.a.key"), "\033[2J\ufffd\n\u202e\xc2\x9b");
    assert_string_equal(text_at(object, "b.path"), "b\ufffd.evj.gz");
    free(text);
    diff_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_and_what_it_rests_on_come_first),
        cmocka_unit_test(the_first_divergence_is_named_by_its_place),
        cmocka_unit_test(both_timelines_refer_to_the_differences),
        cmocka_unit_test(what_did_not_happen_is_null),
        cmocka_unit_test(figures_that_are_not_told_are_null),
        cmocka_unit_test(an_id_is_never_another_one),
        cmocka_unit_test(nothing_reaches_a_terminal_and_nothing_is_no_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/attributes.h"

#include <string.h>

struct fixture {
    struct rules *rules;
    struct ids *ids;
    GPtrArray *changes;
    struct ignored *ignored;
};

static int start(void **state)
{
    struct fixture *fixture = g_new0(struct fixture, 1);

    fixture->rules = rules_new();
    fixture->ids = ids_new();
    fixture->ignored = ignored_new();
    fixture->changes = changes_new();
    *state = fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;

    g_ptr_array_unref(fixture->changes);
    ids_free(fixture->ids);
    ignored_free(fixture->ignored);
    rules_free(fixture->rules);
    g_free(fixture);
    return 0;
}

static GPtrArray *attributes_of(struct fixture *fixture, const char *path, const char *json)
{
    GPtrArray *attributes = attributes_new();
    json_t *value = json_loads(json, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);

    assert_non_null(value);
    attributes_add_json(attributes, fixture->rules, path, value);
    attributes_sort(attributes);
    json_decref(value);
    return attributes;
}

static void compare(struct fixture *fixture, const char *path, const char *a, const char *b)
{
    g_autoptr(GPtrArray) left = attributes_of(fixture, path, a);
    g_autoptr(GPtrArray) right = attributes_of(fixture, path, b);

    g_ptr_array_set_size(fixture->changes, 0);
    fixture->ignored->total = 0;
    attributes_compare(left, right, fixture->ids, fixture->changes, fixture->ignored);
}

static const struct change *only_change(const struct fixture *fixture)
{
    assert_int_equal(fixture->changes->len, 1);
    return g_ptr_array_index(fixture->changes, 0);
}

static void leaves_are_found_wherever_they_are(void **state)
{
    g_autoptr(GPtrArray) list = attributes_of(
        *state, "x", "{\"a\":{\"b\":[1,{\"c\":\"two\"}]},\"d\":null,\"e\":[],\"f\":{}}");

    assert_string_equal(attributes_get(list, "x.a.b[0]"), "1");
    assert_string_equal(attributes_get(list, "x.a.b[1].c"), "two");
    assert_string_equal(attributes_get(list, "x.d"), "null");
    assert_string_equal(attributes_get(list, "x.e"), "[]");
    assert_string_equal(attributes_get(list, "x.f"), "{}");
    assert_null(attributes_get(list, "x.g"));
}

/* Two texts that differ behind a NUL are different. */
static void nothing_hides_behind_a_nul(void **state)
{
    struct fixture *fixture = *state;

    compare(fixture, "x", "\"a\\u0000b\"", "\"a\\u0000c\"");
    assert_int_equal(fixture->changes->len, 1);
}

static void nesting_without_end_is_taken_as_one_text(void **state)
{
    g_autoptr(GString) deep = g_string_new(NULL);

    for (int i = 0; i < 1000; i++)
        g_string_append(deep, "[");
    for (int i = 0; i < 1000; i++)
        g_string_append(deep, "]");
    g_autoptr(GPtrArray) list = attributes_of(*state, "x", deep->str);

    assert_int_equal(list->len, 1);
}

static void a_changed_value_is_told_with_both(void **state)
{
    struct fixture *fixture = *state;

    compare(fixture, "webrtc", "{\"reason\":\"ICE failed\"}", "{\"reason\":\"DTLS alert\"}");
    assert_string_equal(only_change(fixture)->path, "webrtc.reason");
    assert_string_equal(only_change(fixture)->a, "ICE failed");
    assert_string_equal(only_change(fixture)->b, "DTLS alert");
    assert_int_equal(only_change(fixture)->weight, DIFF_OUTCOME);
    assert_int_equal(changes_worst(fixture->changes), DIFF_OUTCOME);
}

static void a_missing_field_is_told_once_with_all_below_it(void **state)
{
    struct fixture *fixture = *state;
    g_autoptr(GPtrArray) whole = attributes_new(), empty = attributes_new();

    attributes_add(whole, fixture->rules, "sdp.mid:0", "audio");
    attributes_add(whole, fixture->rules, "sdp.mid:0.direction", "sendrecv");
    attributes_add(whole, fixture->rules, "sdp.mid:0.codec.opus/48000/2", "");
    attributes_add(whole, fixture->rules, "sdp.mid:01", "video");
    attributes_sort(whole);
    attributes_compare(whole, empty, fixture->ids, fixture->changes, fixture->ignored);
    assert_int_equal(fixture->changes->len, 2);
    attributes_compare(empty, whole, fixture->ids, fixture->changes, fixture->ignored);
    assert_int_equal(fixture->changes->len, 4);
    assert_null(((struct change *)g_ptr_array_index(fixture->changes, 2))->a);
}

static void what_a_rule_ignores_is_counted(void **state)
{
    struct fixture *fixture = *state;

    compare(fixture, "webrtc", "{\"stream_id\":1,\"component_id\":1}",
            "{\"stream_id\":2,\"component_id\":1}");
    assert_int_equal(fixture->changes->len, 0);
    assert_int_equal(fixture->ignored->total, 1);
}

static void a_tolerant_number_may_differ_a_little(void **state)
{
    struct fixture *fixture = *state;

    compare(fixture, "webrtc", "{\"retransmissions\":0}", "{\"retransmissions\":1}");
    assert_int_equal(fixture->changes->len, 0);
    compare(fixture, "webrtc", "{\"retransmissions\":0}", "{\"retransmissions\":2}");
    assert_int_equal(only_change(fixture)->weight, DIFF_QUALITY);
    compare(fixture, "webrtc", "{\"retransmissions\":0}", "{\"retransmissions\":\"none\"}");
    assert_int_equal(fixture->changes->len, 1);
}

static void an_id_may_be_any_but_always_the_same(void **state)
{
    struct fixture *fixture = *state;

    compare(fixture, "plugins.videoroom.data", "{\"room\":1}", "{\"room\":\"one\"}");
    assert_int_equal(fixture->changes->len, 0);
    assert_int_equal(fixture->ignored->total, 1);
    compare(fixture, "plugins.videoroom.data", "{\"room\":1}", "{\"room\":\"two\"}");
    assert_int_equal(only_change(fixture)->weight, DIFF_IDENTITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(leaves_are_found_wherever_they_are, start, stop),
        cmocka_unit_test_setup_teardown(nothing_hides_behind_a_nul, start, stop),
        cmocka_unit_test_setup_teardown(nesting_without_end_is_taken_as_one_text, start, stop),
        cmocka_unit_test_setup_teardown(a_changed_value_is_told_with_both, start, stop),
        cmocka_unit_test_setup_teardown(a_missing_field_is_told_once_with_all_below_it, start,
                                        stop),
        cmocka_unit_test_setup_teardown(what_a_rule_ignores_is_counted, start, stop),
        cmocka_unit_test_setup_teardown(a_tolerant_number_may_differ_a_little, start, stop),
        cmocka_unit_test_setup_teardown(an_id_may_be_any_but_always_the_same, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/error.h"
#include "evj/json.h"
#include "evj/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy without a byte behind it, so that a step too far is seen by ASan. */
static struct evj_slice exact(const char *text, size_t len)
{
    char *copy = malloc(len ? len : 1);

    memcpy(copy, text, len);
    return (struct evj_slice){copy, len};
}

static void drop(struct evj_slice slice)
{
    free((char *)(uintptr_t)slice.text);
}

/* Walk all members; returns what ended the walk. */
static int walk(struct evj_slice text, unsigned *ret_members)
{
    struct evj_json_members it;
    struct evj_slice key, value;
    int status = evj_json_members_init(&it, text.text, text.len);

    *ret_members = 0;
    while (status == EVJ_OK) {
        status = evj_json_members_next(&it, &key, &value);
        *ret_members += status == EVJ_OK;
    }
    return status;
}

static int walk_text(const char *text, unsigned *ret_members)
{
    struct evj_slice copy = exact(text, strlen(text));
    int status = walk(copy, ret_members);

    drop(copy);
    return status;
}

static void assert_slice(struct evj_slice slice, const char *text)
{
    assert_int_equal(slice.len, strlen(text));
    assert_memory_equal(slice.text, text, slice.len);
}

static void members_come_in_their_order_with_keys_and_values_as_written(void **state)
{
    static const char text[] = " { \"a\" : 1 , \"b\\\"c\":\"x,}\\\\\",\n\t\"d\":[1,{\"e\":\"]\"}],"
                               "\"\":{ },\"n\":null , \"r\":-1.5e+3 } \r\n";
    static const char *const expected[][2] = {
        {"a", "1"},    {"b\\\"c", "\"x,}\\\\\""}, {"d", "[1,{\"e\":\"]\"}]"}, {"", "{ }"},
        {"n", "null"}, {"r", "-1.5e+3"},
    };
    struct evj_json_members it;
    struct evj_slice key, value;

    (void)state;
    assert_int_equal(evj_json_members_init(&it, text, sizeof(text) - 1), EVJ_OK);
    for (unsigned i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(evj_json_members_next(&it, &key, &value), EVJ_OK);
        assert_slice(key, expected[i][0]);
        assert_slice(value, expected[i][1]);
    }
    assert_int_equal(evj_json_members_next(&it, &key, &value), EVJ_END);
    assert_int_equal(evj_json_members_next(&it, &key, &value), EVJ_END);
}

static void an_empty_object_has_no_members(void **state)
{
    unsigned members;

    (void)state;
    assert_int_equal(walk_text("{}", &members), EVJ_END);
    assert_int_equal(members, 0);
    assert_int_equal(walk_text(" {\n} ", &members), EVJ_END);
    assert_int_equal(members, 0);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const odd[] = {
        "",           " ",           "[]",        "1",           "\"a\"",       "}",
        "{",          "{\"a\"",      "{\"a\":",   "{\"a\":}",    "{\"a\":1",    "{\"a\":1,",
        "{\"a\":1,}", "{,\"a\":1}",  "{a:1}",     "{\"a\" 1}",   "{\"a\":1 2}", "{\"a\":1}x",
        "{\"a\":1}{", "{\"a\":1,,}", "{\"a\":,}", "{\"a\"::1}",  "{\"a\":\"",   "{\"a\":\"\\\"}",
        "{\"a",       "{\"a\\",      "{\"a\":[",  "{\"a\":[\"]", "{\"a\":{}",   "{\"a\":1\"b\":2}",
    };
    unsigned members;

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        if (walk_text(odd[i], &members) != EVJ_ERR_CORRUPT)
            fail_msg("%s was walked", odd[i]);
    assert_int_equal(evj_json_members_init(&(struct evj_json_members){0}, NULL, 0),
                     EVJ_ERR_CORRUPT);
}

/* No prefix of a sound text is taken for a whole, or read beyond. */
static void every_prefix_is_refused(void **state)
{
    static const char text[] =
        "{\"a\":[1,{\"b\":\"\\\\\\\"\\u00e4\"}],\"c\":{\"d\":null},\"e\":-1}";
    unsigned members;

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        struct evj_slice copy = exact(text, len);
        assert_int_equal(walk(copy, &members), EVJ_ERR_CORRUPT);
        drop(copy);
    }
    assert_int_equal(walk_text(text, &members), EVJ_END);
    assert_int_equal(members, 3);
}

/* `open`, `depth` times, as the value of a member; with as many `close` behind. */
static struct evj_slice nested(size_t depth, char open, char close, bool closed)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    fputs("{\"a\":", out);
    for (size_t i = 0; i < depth; i++)
        fputc(open, out);
    for (size_t i = 0; closed && i < depth; i++)
        fputc(close, out);
    if (closed)
        fputc('}', out);
    fclose(out);
    return (struct evj_slice){text, len};
}

static int walk_nested(size_t depth, char open, char close, bool closed)
{
    unsigned members;
    struct evj_slice text = nested(depth, open, close, closed);
    int status = walk(text, &members);

    drop(text);
    return status;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(walk_nested(EVJ_DEPTH_MAX, '[', ']', true), EVJ_END);
    assert_int_equal(walk_nested(EVJ_DEPTH_MAX + 1, '[', ']', true), EVJ_ERR_LIMIT);
    assert_int_equal(walk_nested(100000, '[', ']', true), EVJ_ERR_LIMIT);
    assert_int_equal(walk_nested(100000, '{', '}', false), EVJ_ERR_LIMIT);
    assert_int_equal(walk_nested(100, '[', ']', false), EVJ_ERR_CORRUPT);
}

/* A quote is escaped by an odd number of backslashes; a megabyte of them takes no longer than that.
 */
static void backslashes_are_counted(void **state)
{
    enum { SLASHES = 1 << 20 };
    char *text = malloc(SLASHES + 16);
    unsigned members;

    (void)state;
    memcpy(text, "{\"a\":\"", 6);
    memset(text + 6, '\\', SLASHES);
    memcpy(text + 6 + SLASHES, "\"}", 2);
    assert_int_equal(walk((struct evj_slice){text, SLASHES + 8}, &members), EVJ_END);
    memcpy(text + 6 + SLASHES, "\\\"}", 3);
    assert_int_equal(walk((struct evj_slice){text, SLASHES + 9}, &members), EVJ_ERR_CORRUPT);
    free(text);
}

static void a_nul_byte_ends_nothing(void **state)
{
    static const char text[] = "{\"a\":\"x\0y\",\"b\0c\":1}";
    struct evj_slice whole = {text, sizeof(text) - 1};
    unsigned members;

    (void)state;
    assert_int_equal(walk(whole, &members), EVJ_END);
    assert_int_equal(members, 2);
    assert_int_equal(evj_json_member(whole, "a").len, 5);
    assert_null(evj_json_member(whole, "b").text);
}

static void a_member_is_found_by_its_whole_key(void **state)
{
    static const char text[] = "{\"ab\":1,\"a\":{\"b\":2},\"b\":3,\"a\":4}";
    struct evj_slice object = {text, sizeof(text) - 1};

    (void)state;
    assert_slice(evj_json_member(object, "a"), "{\"b\":2}");
    assert_slice(evj_json_member(object, "b"), "3");
    assert_slice(evj_json_member(evj_json_member(object, "a"), "b"), "2");
    assert_null(evj_json_member(object, "").text);
    assert_null(evj_json_member(object, "abc").text);
    assert_null(evj_json_member((struct evj_slice){"[1]", 3}, "a").text);
    assert_null(evj_json_member((struct evj_slice){NULL, 0}, "a").text);
}

static void strings_are_told_from_other_values(void **state)
{
    (void)state;
    assert_slice(evj_json_string((struct evj_slice){"\"x\"", 3}), "x");
    assert_slice(evj_json_string((struct evj_slice){"\"\"", 2}), "");
    assert_non_null(evj_json_string((struct evj_slice){"\"\"", 2}).text);
    assert_null(evj_json_string((struct evj_slice){"12", 2}).text);
    assert_null(evj_json_string((struct evj_slice){"\"", 1}).text);
    assert_null(evj_json_string((struct evj_slice){NULL, 0}).text);
    assert_true(evj_json_string_is((struct evj_slice){"\"x\"", 3}, "x"));
    assert_false(evj_json_string_is((struct evj_slice){"\"x\"", 3}, "xy"));
    assert_false(evj_json_string_is((struct evj_slice){"x", 1}, "x"));
    assert_false(evj_slice_is((struct evj_slice){NULL, 0}, ""));
}

static struct evj_slice slice_of(const char *text)
{
    return (struct evj_slice){text, strlen(text)};
}

static void integers_are_read_to_their_limits(void **state)
{
    uint64_t u = 7;
    int64_t i = 7;

    (void)state;
    assert_true(evj_json_to_u64(slice_of("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_true(evj_json_to_u64(slice_of("0"), &u) && u == 0);
    assert_true(evj_json_to_i64(slice_of("9223372036854775807"), &i) && i == INT64_MAX);
    assert_true(evj_json_to_i64(slice_of("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(evj_json_to_i64(slice_of("-0"), &i) && i == 0);
}

static void what_does_not_fit_an_integer_leaves_it_alone(void **state)
{
    static const char *const odd[] = {
        "",   "-",    "1.0",  "1e3",   "+1",   " 1",
        "1 ", "0x10", "null", "\"1\"", "--1",  "18446744073709551616",
        "[]", "1-",   "٣",    "true",  "-1.5", "99999999999999999999"};
    uint64_t u = 7;
    int64_t i = 7;

    (void)state;
    for (size_t n = 0; n < sizeof(odd) / sizeof(odd[0]); n++) {
        assert_false(evj_json_to_u64(slice_of(odd[n]), &u));
        assert_false(evj_json_to_i64(slice_of(odd[n]), &i));
    }
    assert_false(evj_json_to_u64(slice_of("-1"), &u));
    assert_false(evj_json_to_i64(slice_of("9223372036854775808"), &i));
    assert_false(evj_json_to_i64(slice_of("-9223372036854775809"), &i));
    assert_false(evj_json_to_u64((struct evj_slice){NULL, 0}, &u));
    assert_false(evj_json_to_i64((struct evj_slice){NULL, 0}, &i));
    assert_int_equal(u, 7);
    assert_int_equal(i, 7);
}

static int walk_array(const char *text, unsigned *ret_elements)
{
    struct evj_slice copy = exact(text, strlen(text));
    struct evj_json_members it;
    struct evj_slice value;
    int status = evj_json_elements_init(&it, copy.text, copy.len);

    *ret_elements = 0;
    while (status == EVJ_OK) {
        status = evj_json_elements_step(&it);
        if (status == EVJ_OK)
            status = evj_json_members_value(&it, &value);
        *ret_elements += status == EVJ_OK;
    }
    drop(copy);
    return status;
}

static void elements_are_counted_and_broken_arrays_refused(void **state)
{
    static const struct {
        const char *text;
        int status;
        unsigned elements;
    } arrays[] = {
        {"[]", EVJ_END, 0},           {" [ ] ", EVJ_END, 0},
        {"[1]", EVJ_END, 1},          {"[ \"a,]\" , {\"b\":[1,2]} ,[[]],null ]", EVJ_END, 4},
        {"[1,]", EVJ_ERR_CORRUPT, 1}, {"[1 2]", EVJ_ERR_CORRUPT, 1},
        {"[,1]", EVJ_ERR_CORRUPT, 0}, {"[1", EVJ_ERR_CORRUPT, 1},
        {"[1}", EVJ_ERR_CORRUPT, 1},  {"[1] x", EVJ_ERR_CORRUPT, 1},
        {"{}", EVJ_ERR_CORRUPT, 0},   {"", EVJ_ERR_CORRUPT, 0},
    };
    unsigned elements;

    (void)state;
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        assert_int_equal(walk_array(arrays[i].text, &elements), arrays[i].status);
        assert_int_equal(elements, arrays[i].elements);
    }
}

/* Objects in arrays in objects: each value is looked at once, and left where it ends. */
static void arrays_are_entered_and_left_as_objects_are(void **state)
{
    static const char text[] = "{\"a\":[{\"b\":1},2],\"c\":3}";
    struct evj_json_members outer, array, inner;
    struct evj_slice key, value;

    (void)state;
    assert_int_equal(evj_json_members_init(&outer, text, strlen(text)), EVJ_OK);
    assert_int_equal(evj_json_members_key(&outer, &key), EVJ_OK);
    assert_int_equal(evj_json_members_enter(&outer, &inner), EVJ_ERR_CORRUPT);
    assert_int_equal(evj_json_elements_enter(&outer, &array), EVJ_OK);
    assert_int_equal(evj_json_elements_step(&array), EVJ_OK);
    assert_int_equal(evj_json_elements_enter(&array, &inner), EVJ_ERR_CORRUPT);
    assert_int_equal(evj_json_members_enter(&array, &inner), EVJ_OK);
    assert_int_equal(evj_json_members_next(&inner, &key, &value), EVJ_OK);
    assert_slice(value, "1");
    assert_int_equal(evj_json_members_next(&inner, &key, &value), EVJ_END);
    evj_json_members_leave(&array, &inner, &value);
    assert_slice(value, "{\"b\":1}");
    assert_int_equal(evj_json_elements_step(&array), EVJ_OK);
    assert_int_equal(evj_json_members_value(&array, &value), EVJ_OK);
    assert_slice(value, "2");
    assert_int_equal(evj_json_elements_step(&array), EVJ_END);
    evj_json_members_leave(&outer, &array, &value);
    assert_slice(value, "[{\"b\":1},2]");
    assert_int_equal(evj_json_members_next(&outer, &key, &value), EVJ_OK);
    assert_slice(key, "c");
    assert_int_equal(evj_json_members_next(&outer, &key, &value), EVJ_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_in_their_order_with_keys_and_values_as_written),
        cmocka_unit_test(an_empty_object_has_no_members),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(backslashes_are_counted),
        cmocka_unit_test(elements_are_counted_and_broken_arrays_refused),
        cmocka_unit_test(arrays_are_entered_and_left_as_objects_are),
        cmocka_unit_test(a_nul_byte_ends_nothing),
        cmocka_unit_test(a_member_is_found_by_its_whole_key),
        cmocka_unit_test(strings_are_told_from_other_values),
        cmocka_unit_test(integers_are_read_to_their_limits),
        cmocka_unit_test(what_does_not_fit_an_integer_leaves_it_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

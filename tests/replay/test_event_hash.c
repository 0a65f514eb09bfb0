/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/event_hash.h"

#include <string.h>

static struct event_hash hash_without(const char *text, const char *const *ignored)
{
    const struct evj_slice slice = {text, strlen(text)};
    struct evj_event event;

    assert_int_equal(evj_event_peek(text, strlen(text), &event, NULL), 0);
    return event_hash(slice, &event, ignored);
}

static uint64_t content(const char *text)
{
    return hash_without(text, NULL).content;
}

static const char *const original =
    "{\"emitter\":\"gw\",\"type\":64,\"timestamp\":17,\"session_id\":1,\"handle_id\":2,\"event\":"
    "{\"plugin\":\"p\",\"data\":{\"a\":\"\u00e9\",\"r\":0.1,\"l\":[1,{\"x\":2}],\"e\":{},\"n\":"
    "null}}}";

static void the_way_it_is_written_does_not_matter(void **state)
{
    static const char *const same[] = {
        /* Other order, blanks, escapes, and another way to write 0.1. */
        "{\"type\":64,\"emitter\":\"gw\",\"timestamp\":17,\"handle_id\":2,\"session_id\":1,"
        "\"event\":"
        "{\"data\":{\"n\":null,\"e\":{},\"l\":[1,{\"x\":2}],\"r\":0.1,\"a\":\"\u00e9\"},\"plugin\":"
        "\"p\"}}",
        "{ \"emitter\" : \"gw\" , \"type\":64,\"timestamp\":17,\"session_id\":1,\"handle_id\":2,\n"
        "\"event\":{\"plugin\":\"p\",\"data\":{\"a\":\"\u00e9\",\"r\":0.1,\"l\":[ 1, {\"x\":2} "
        "],\"e\":{ }"
        ",\"n\":null}}}",
        "{\"emitter\":\"g\\u0077\",\"type\":64,\"timestamp\":17,\"session_id\":1,\"handle_id\":2,"
        "\"event\":"
        "{\"plug\\u0069n\":\"p\",\"data\":{\"a\":\"\\u00e9\",\"r\":1.0e-1,\"l\":[1,{\"x\":2}],"
        "\"e\":{},"
        "\"n\":null}}}",
        "{\"emitter\":\"gw\",\"type\":64,\"timestamp\":17,\"session_id\":1,\"handle_id\":2,"
        "\"event\":"
        "{\"plugin\":\"p\",\"data\":{\"a\":\"\u00e9\",\"r\":0.10000000000000001,\"l\":[1,{\"x\":2}]"
        ","
        "\"e\":{},\"n\":null}}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        if (content(same[i]) != content(original))
            fail_msg("%s is another event", same[i]);
}

static void what_it_says_does(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "[]",
        "null",
        "0",
        "false",
        "\"0\"",
        "0.0",
        "1",
        "1.0",
        "{\"a\":1}",
        "{\"b\":1}",
        "{\"a\":2}",
        "{\"a\":\"1\"}",
        "[1]",
        "[1,2]",
        "[2,1]",
        "[[1],2]",
        "[1,[2]]",
        "{\"a\":{}}",
        "{\"a\":[]}",
        "{\"a\":null}",
        "[{\"a\":1},{\"b\":2}]",
        "[{\"a\":1,\"b\":2}]",
        "[{\"b\":2},{\"a\":1}]",
        "{\"a\":1,\"b\":2}",
        "{\"a\":2,\"b\":1}",
        "{\"a\":{\"b\":1}}",
        "{\"a.b\":2}",
        "\"\"",
        "{\"a\":[1],\"b\":[2]}",
        "{\"a\":[2],\"b\":[1]}",
        "-1",
        "18446744073709551616",
        "18446744073709551617",
    };
    const size_t count = sizeof(bodies) / sizeof(bodies[0]);
    uint64_t hashes[64];
    char text[256];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        strcpy(text, "{\"type\":4,\"event\":");
        strcat(text, bodies[i]);
        strcat(text, "}");
        hashes[i] = content(text);
        for (size_t k = 0; k < i; k++)
            assert_true(hashes[i] != hashes[k]);
    }
}

static void what_is_ignored_counts_for_nothing(void **state)
{
    static const char *const ignored[] = {"eventtype", "event.data.l[].x", "event.more", NULL};

    (void)state;
    const uint64_t plain =
        hash_without("{\"type\":64,\"event\":{\"data\":{\"l\":[{\"y\":1}]}}}", ignored).content;

    assert_true(
        hash_without("{\"type\":64,\"eventtype\":\"plugins\",\"event\":{\"data\":{\"l\":[{\"y\":1,"
                     "\"x\":7}]},\"more\":{\"of\":[\"it\"]}}}",
                     ignored)
            .content == plain);
    assert_true(
        hash_without("{\"type\":64,\"eventtypes\":1,\"event\":{\"data\":{\"l\":[{\"y\":1}]}}}",
                     ignored)
            .content != plain);
}

static void an_event_is_itself_by_time_type_session_and_handle(void **state)
{
    static const char *const other[] = {
        "{\"type\":64,\"timestamp\":18,\"session_id\":1,\"handle_id\":2}",
        "{\"type\":32,\"timestamp\":17,\"session_id\":1,\"handle_id\":2}",
        "{\"type\":64,\"subtype\":1,\"timestamp\":17,\"session_id\":1,\"handle_id\":2}",
        "{\"type\":64,\"timestamp\":17,\"session_id\":2,\"handle_id\":1}",
        "{\"type\":64,\"timestamp\":17,\"session_id\":1}",
    };
    static const char *const no_time[] = {"timestamp", NULL};
    const struct event_hash hash = hash_without(original, NULL);
    const struct event_hash changed = hash_without(
        "{\"type\":64,\"timestamp\":17,\"session_id\":1,\"handle_id\":2,\"event\":7}", NULL);

    (void)state;
    assert_true(hash.identity == changed.identity && hash.content != changed.content);
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        assert_true(hash_without(other[i], NULL).identity != hash.identity);
    assert_true(hash_without(other[0], no_time).identity ==
                hash_without(original, no_time).identity);
}

/* One without a timestamp is like any other without one. */
static void without_a_time_there_is_no_identity(void **state)
{
    (void)state;
    assert_true(hash_without("{\"type\":64,\"session_id\":1}", NULL).identity == 0);
}

static void paths_are_ignored_with_all_below_them(void **state)
{
    static const char *const ignored[] = {"event.data", "a[]", NULL};

    (void)state;
    assert_true(event_path_is_ignored("event.data", ignored));
    assert_true(event_path_is_ignored("event.data.x", ignored));
    assert_true(event_path_is_ignored("event.data[]", ignored));
    assert_true(event_path_is_ignored("a[].b", ignored));
    assert_false(event_path_is_ignored("event.database", ignored));
    assert_false(event_path_is_ignored("event", ignored));
    assert_false(event_path_is_ignored("a", ignored));
    assert_false(event_path_is_ignored("a", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_it_is_written_does_not_matter),
        cmocka_unit_test(what_it_says_does),
        cmocka_unit_test(what_is_ignored_counts_for_nothing),
        cmocka_unit_test(an_event_is_itself_by_time_type_session_and_handle),
        cmocka_unit_test(without_a_time_there_is_no_identity),
        cmocka_unit_test(paths_are_ignored_with_all_below_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

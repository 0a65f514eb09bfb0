/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "replay/host/log.h"
#include "tests/replay/host/support.h"

static int set_up(void **state)
{
    struct lines *lines = lines_new();

    *state = lines;
    return host_log_open(lines_take, lines, NULL);
}

static int tear_down(void **state)
{
    host_log_close();
    lines_free(*state);
    return 0;
}

static void levels_are_read_from_janus_prefixes(void **state)
{
    janus_vprintf("%s[file.c:f:%d] %s\n", "[FATAL] ", 12, "sky falls");
    janus_vprintf("[ERR] broken\n");
    janus_vprintf("[WARN] %s\n", "careful");
    janus_vprintf("plain [ERR] text\n");
    assert_true(lines_have(*state, "1@- [file.c:f:12] sky falls"));
    assert_true(lines_have(*state, "2@- broken"));
    assert_true(lines_have(*state, "3@- careful"));
    assert_true(lines_have(*state, "0@- plain [ERR] text"));
}

static void colours_are_taken_off(void **state)
{
    janus_vprintf("\x1b[31m[ERR]\x1b[0m \x1b[1;32mgreen\x1b[m end\n");
    assert_true(lines_have(*state, "2@- green end"));
}

/* A handler may log what a stranger put into an event. */
static void control_characters_and_broken_utf8_do_not_get_through(void **state)
{
    janus_vprintf("a\tb\a\x7f \x1b]0;title %s\n", "\xff");
    assert_true(lines_have(*state, "0@- a b    ]0;title \xef\xbf\xbd"));
    janus_vprintf("cut \x1b[");
    assert_true(lines_have(*state, "0@- cut "));
}

static void a_message_of_several_lines_keeps_its_level(void **state)
{
    janus_vprintf("[WARN] one\ntwo\n\nthree");
    assert_true(lines_have(*state, "3@- one"));
    assert_true(lines_have(*state, "3@- two"));
    assert_true(lines_have(*state, "3@- three"));
    assert_int_equal(((struct lines *)*state)->texts->len, 3);
}

static void lines_belong_to_the_record_set_last(void **state)
{
    janus_vprintf("before\n");
    host_log_set_seq(7);
    janus_vprintf("during\n");
    assert_true(lines_have(*state, "0@- before"));
    assert_true(lines_have(*state, "0@7 during"));
}

static void the_last_complaint_is_kept(void **state)
{
    char text[64] = "x";

    (void)state;
    host_log_copy_complaint(text, sizeof(text));
    assert_string_equal(text, "");
    janus_vprintf("[ERR] first\n");
    janus_vprintf("[ERR] [file.c:f:12] second\n");
    janus_vprintf("chatter\n");
    host_log_copy_complaint(text, sizeof(text));
    assert_string_equal(text, "second");
    host_log_forget_complaint();
    host_log_copy_complaint(text, sizeof(text));
    assert_string_equal(text, "");
}

static void there_is_one_listener(void **state)
{
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(host_log_open(NULL, NULL, &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "one at a time"));
}

/* A thread that a handler left behind may log when nobody listens any more. */
static void nobody_listening_is_no_harm(void **state)
{
    struct lines *lines = *state;

    host_log_close();
    janus_vprintf("[ERR] to the wind\n");
    assert_int_equal(lines->texts->len, 0);
}

static void our_own_lines_keep_to_the_level(void **state)
{
    host_log(HOST_LOG_ERR, "error %d", 1);
    host_log(HOST_LOG_VERB, "detail");
    assert_true(lines_have(*state, "2@- error 1"));
    assert_int_equal(((struct lines *)*state)->texts->len, 1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(levels_are_read_from_janus_prefixes),
        CASE(colours_are_taken_off),
        CASE(control_characters_and_broken_utf8_do_not_get_through),
        CASE(a_message_of_several_lines_keeps_its_level),
        CASE(lines_belong_to_the_record_set_last),
        CASE(the_last_complaint_is_kept),
        CASE(there_is_one_listener),
        CASE(nobody_listening_is_no_harm),
        CASE(our_own_lines_keep_to_the_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

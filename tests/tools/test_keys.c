/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only what keys mean; that a terminal gives them is tests/replay/test_terminal.c's affair. */
#include "tests/support/test.h"

#include "tools/keys.h"

#include <string.h>

/* Type it; the meaning and the order are those of its last byte, and no other has one. */
static enum key_meaning type(struct key_decoder *decoder, const char *bytes,
                             struct replay_order *ret_order)
{
    for (; bytes[1] != '\0'; bytes++)
        assert_int_equal(key_decode(decoder, *bytes, ret_order), KEY_NONE);
    return key_decode(decoder, *bytes, ret_order);
}

static void each_key_is_an_order(void **state)
{
    static const struct {
        const char *bytes;
        enum replay_command command;
        int64_t by_us;
    } cases[] = {
        {" ", REPLAY_PAUSE, 0},
        {".", REPLAY_STEP, 0},
        {"+", REPLAY_FASTER, 0},
        {"-", REPLAY_SLOWER, 0},
        {"\033[C", REPLAY_SEEK, 10000000},
        {"\033[D", REPLAY_SEEK, -10000000},
        {"\033[A", REPLAY_SEEK, 60000000},
        {"\033[B", REPLAY_SEEK, -60000000},
        {"\033OC", REPLAY_SEEK, 10000000},
        {"\033OD", REPLAY_SEEK, -10000000},
        {"\033OA", REPLAY_SEEK, 60000000},
        {"\033OB", REPLAY_SEEK, -60000000},
    };
    struct key_decoder decoder = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct replay_order order = {0};

        assert_int_equal(type(&decoder, cases[i].bytes, &order), KEY_ORDER);
        assert_int_equal(order.command, cases[i].command);
        assert_int_equal(order.by_us, cases[i].by_us);
    }
}

static void q_is_the_end(void **state)
{
    struct key_decoder decoder = {0};
    struct replay_order order;

    (void)state;
    assert_int_equal(type(&decoder, "q", &order), KEY_QUIT);
}

/* Their letters are no keys of their own: F5 ends with ~, Ctrl-right with C, Alt-q is not q. */
static void what_else_can_be_typed_means_nothing(void **state)
{
    static const char *const typed[] = {"x",          "\n",        "\033[15~",     "\033[1;5C",
                                        "\033OP",     "\033q",     "\xc3\xa9",     "\033[200~",
                                        "\033[1;2;3", "\033\033q", "\033[<35;1;1M"};
    struct key_decoder decoder = {0};
    struct replay_order order;

    (void)state;
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        memset(&decoder, 0, sizeof(decoder));
        for (const char *byte = typed[i]; *byte != '\0' && *byte != ';'; byte++)
            assert_int_equal(key_decode(&decoder, *byte, &order), KEY_NONE);
    }
}

/* The escape key alone stands before whatever comes. */
static void a_key_behind_the_escape_key_counts(void **state)
{
    struct key_decoder decoder = {0};
    struct replay_order order;

    (void)state;
    assert_int_equal(key_decode(&decoder, '\033', &order), KEY_NONE);
    assert_int_equal(type(&decoder, "\033[C", &order), KEY_ORDER);
    assert_int_equal(order.by_us, 10000000);
}

static void no_bytes_are_too_many(void **state)
{
    struct key_decoder decoder = {0};
    struct replay_order order;

    (void)state;
    key_decode(&decoder, '\033', &order);
    key_decode(&decoder, '[', &order);
    for (int i = 0; i < 100; i++)
        key_decode(&decoder, '1', &order);
    memset(&decoder, 0, sizeof(decoder));
    assert_int_equal(type(&decoder, " ", &order), KEY_ORDER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_is_an_order),
        cmocka_unit_test(q_is_the_end),
        cmocka_unit_test(what_else_can_be_typed_means_nothing),
        cmocka_unit_test(a_key_behind_the_escape_key_counts),
        cmocka_unit_test(no_bytes_are_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

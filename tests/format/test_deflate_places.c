/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/deflate_places_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* places_portable.c */
struct places places_of_portable(const char *at, struct places_before *before);

typedef struct places places_fn(const char *at, struct places_before *before);

/* As a text of '^' and blanks: what the tests are written in. */
static void draw(uint64_t bits, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = bits >> i & 1 ? '^' : ' ';
    out[len] = '\0';
}

static void assert_places(const char *text, const char *ends, const char *starts)
{
    static places_fn *const functions[] = {places_of, places_of_portable};
    char stride[PLACES_STRIDE + 1] = {0}, drawn[PLACES_STRIDE + 1];

    memcpy(stride, text, strlen(text));
    for (size_t i = 0; i < 2; i++) {
        struct places_before before = {0};
        struct places places = functions[i](stride, &before);
        draw(places.ends, strlen(text), drawn);
        assert_string_equal(drawn, ends);
        draw(places.starts, strlen(text), drawn);
        assert_string_equal(drawn, starts);
    }
}

static void values_end_where_what_follows_is_the_same(void **state)
{
    (void)state;
    /* clang-format off */
    assert_places("{\"rtt\":39,\"mid\":\"a1\",\"up\":true}",
                  "         ^         ^          ^",
                  "^^^^^^^^ ^^^^^^^^^^^^^^^^^^^^^^");
    assert_places("a=ssrc:1234 cname:x\\r\\n",
                  "      ^    ^     ^ ^ ^ ",
                  "^^^^^^^^   ^^^^^^^^^^^^");
    /* clang-format on */
}

/* What a stride begins with depends on the byte before it, and what it ends with on the one behind. */
static void strides_know_of_each_other(void **state)
{
    static places_fn *const functions[] = {places_of, places_of_portable};
    char text[2 * PLACES_STRIDE + 1];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct places_before before = {0};
        memset(text, '7', sizeof(text));
        text[PLACES_STRIDE] = ',';
        text[2 * PLACES_STRIDE - 1] = '"';
        text[2 * PLACES_STRIDE] = ':';
        struct places first = functions[i](text, &before);
        struct places second = functions[i](text + PLACES_STRIDE, &before);
        assert_int_equal(first.ends, 0);
        assert_int_equal(first.starts, 1);
        assert_int_equal(second.ends, 1);
        assert_true((second.starts & 1) != 0);
    }
}

static void both_builds_find_the_same_in_any_bytes(void **state)
{
    struct places_before before = {0}, portable_before = {0};
    char text[PLACES_STRIDE + 1];
    unsigned seed = 7;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (char)(rand_r(&seed) % (round % 2 ? 256 : 128));
        struct places a = places_of(text, &before);
        struct places b = places_of_portable(text, &portable_before);
        assert_int_equal(a.ends, b.ends);
        assert_int_equal(a.starts, b.starts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_end_where_what_follows_is_the_same),
        cmocka_unit_test(strides_know_of_each_other),
        cmocka_unit_test(both_builds_find_the_same_in_any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

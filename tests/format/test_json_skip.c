/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/error.h"
#include "evj/limits.h"
#include "format/json_skip_internal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What is tested, said once more, a byte at a time. A quote behind a backslash is none, also where
 * no JSON has one. */
static int skip_slowly(const char *at, const char *end, const char **ret_after)
{
    bool in_string = false, behind_backslash = false;
    unsigned depth = 0;

    for (; at < end; at++) {
        if (*at == '"' && !behind_backslash)
            in_string = !in_string;
        behind_backslash = *at == '\\' && !behind_backslash;
        if (in_string)
            continue;
        if ((*at == '{' || *at == '[') && ++depth > EVJ_DEPTH_MAX)
            return EVJ_ERR_LIMIT;
        if ((*at == '}' || *at == ']') && --depth == 0) {
            *ret_after = at + 1;
            return EVJ_OK;
        }
    }
    return EVJ_ERR_CORRUPT;
}

/* In a copy without a byte behind it, so that a step too far is seen by ASan. */
static void assert_both_agree(const char *text, size_t len)
{
    char *copy = malloc(len);
    const char *expected = NULL, *after = NULL;

    memcpy(copy, text, len);
    int status = skip_slowly(copy, copy + len, &expected);
    assert_int_equal(evj_json_skip_nested(copy, copy + len, &after), status);
    assert_ptr_equal(after, expected);
    free(copy);
}

/* A text of what matters to the skipper, in any order: mostly no JSON, and that is the point. */
static size_t random_text(unsigned *seed, char *text, size_t most)
{
    static const char bytes[] = "\"\"\"\\\\{}[]{[a:, \xfb\xdb\x5b";
    size_t len = 1 + (size_t)rand_r(seed) % most;

    text[0] = rand_r(seed) % 2 ? '{' : '[';
    for (size_t i = 1; i < len; i++)
        text[i] = bytes[(unsigned)rand_r(seed) % (sizeof(bytes) - 1)];
    return len;
}

static void it_stops_where_a_bytewise_walk_stops(void **state)
{
    char text[400];
    unsigned seed = 1;

    (void)state;
    for (unsigned round = 0; round < 50000; round++)
        assert_both_agree(text, random_text(&seed, text, sizeof(text)));
}

/* Each seam between strides is crossed by each kind of trouble. */
static void escapes_and_strings_go_on_across_strides(void **state)
{
    static const char *const middles[] = {"\\\"", "\\\\", "\\\\\\\"", "\"}\"", "\"{\\\"}\"", "[]"};
    char text[300];

    (void)state;
    for (size_t pad = 0; pad < 140; pad++) {
        for (size_t i = 0; i < sizeof(middles) / sizeof(middles[0]); i++) {
            size_t len = 2;
            memcpy(text, "{\"", 2);
            memset(text + len, 'x', pad);
            len += pad;
            memcpy(text + len, middles[i], strlen(middles[i]));
            len += strlen(middles[i]);
            memcpy(text + len, "\"}}", 3);
            assert_both_agree(text, len + 3);
            assert_both_agree(text, len);
        }
    }
}

/* So many opening brackets and as many closing ones; malloc'ed. */
static char *nested(size_t depth)
{
    char *text = malloc(2 * depth);

    for (size_t i = 0; i < 2 * depth; i++)
        text[i] = i < depth ? '[' : ']';
    return text;
}

static void depth_has_its_limit_and_not_one_level_less(void **state)
{
    const size_t deepest = EVJ_DEPTH_MAX;
    char *fits = nested(deepest), *too_deep = nested(deepest + 1);
    const char *after = NULL;

    (void)state;
    assert_int_equal(evj_json_skip_nested(fits, fits + 2 * deepest, &after), EVJ_OK);
    assert_ptr_equal(after, fits + 2 * deepest);
    assert_int_equal(evj_json_skip_nested(too_deep, too_deep + 2 * deepest + 2, &after),
                     EVJ_ERR_LIMIT);
    free(fits);
    free(too_deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stops_where_a_bytewise_walk_stops),
        cmocka_unit_test(escapes_and_strings_go_on_across_strides),
        cmocka_unit_test(depth_has_its_limit_and_not_one_level_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

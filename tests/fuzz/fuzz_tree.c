/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree that handlers are given: jansson's, to the last digit, and refused where jansson refuses. The
 * quick way may leave to jansson what nests deep, and what has NUL bytes: jansson 2.14 passes one over
 * behind a number.
 */
#include "tests/fuzz/fuzz.h"

#include "replay/event_tree.h"

#include <stdlib.h>
#include <string.h>

static void check_same(json_t *tree, json_t *expected)
{
    char *told = json_dumps(tree, JSON_COMPACT), *wanted = json_dumps(expected, JSON_COMPACT);

    REQUIRE(told != NULL && wanted != NULL && strcmp(told, wanted) == 0);
    REQUIRE(json_equal(tree, expected));
    free(told);
    free(wanted);
}

/* At most so many brackets are open at once. */
static size_t brackets(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += text[i] == '[' || text[i] == '{';
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size);
    json_auto_t *expected = json_loadb(text, size, JSON_ALLOW_NUL, NULL);
    json_auto_t *tree = event_tree_parse(text, size, NULL);
    json_auto_t *quick = event_tree_parse_quickly(text, size);

    REQUIRE((tree != NULL) == (expected != NULL));
    if (tree != NULL)
        check_same(tree, expected);
    if (quick != NULL)
        REQUIRE(expected != NULL && json_equal(quick, expected));
    else if (expected != NULL)
        REQUIRE(brackets(text, size) > EVENT_TREE_DEPTH_MAX || memchr(text, '\0', size) != NULL);
    free(text);
    return 0;
}

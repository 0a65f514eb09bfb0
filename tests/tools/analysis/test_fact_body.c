/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/fact_body.h"

#include <glib.h>
#include <string.h>

/* "[1,1,…" of this length, the last character told; what is kept instead. */
static char *kept_instead(size_t len, const char *piece, char last)
{
    g_autoptr(GString) text = g_string_new("[");

    while (text->len < len)
        g_string_append(text, piece);
    g_string_truncate(text, len);
    text->str[len - 1] = last;
    return fact_body_instead((struct evj_slice){text->str, text->len});
}

static void what_can_be_looked_into_is_kept(void **state)
{
    (void)state;
    assert_null(kept_instead(2, "1", ']'));
    assert_null(kept_instead(FACT_VALUES_MAX, ",", ']'));
    assert_null(kept_instead(FACT_BODY_MAX, "xxxxxxxx", ']'));
}

static void what_is_too_long_or_of_too_many_values_is_not(void **state)
{
    g_autofree char *longer = kept_instead(FACT_BODY_MAX + 1, "xxxxxxxx", ']');
    g_autofree char *values = kept_instead(2 * FACT_VALUES_MAX + 2, "1,", ',');
    g_autofree char *arrays = kept_instead(FACT_VALUES_MAX + 1, "[", ']');

    (void)state;
    assert_non_null(longer);
    assert_non_null(values);
    assert_non_null(arrays);
    assert_true(evj_json_member((struct evj_slice){longer, strlen(longer)}, FACT_TOO_LARGE).len >
                0);
}

static void what_is_kept_instead_is_equal_if_the_bodies_are(void **state)
{
    g_autofree char *a = kept_instead(FACT_BODY_MAX + 1, "x", ']');
    g_autofree char *same = kept_instead(FACT_BODY_MAX + 1, "x", ']');
    g_autofree char *other = kept_instead(FACT_BODY_MAX + 1, "x", '}');

    (void)state;
    assert_string_equal(a, same);
    assert_string_not_equal(a, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_looked_into_is_kept),
        cmocka_unit_test(what_is_too_long_or_of_too_many_values_is_not),
        cmocka_unit_test(what_is_kept_instead_is_equal_if_the_bodies_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/markup.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* What a function writes; to be freed with free(). */
static char *written(void (*write)(struct markup *markup, const char *text), const char *text)
{
    char *result = NULL;
    size_t size;
    struct markup markup = {.out = open_memstream(&result, &size)};

    assert_non_null(markup.out);
    write(&markup, text);
    fclose(markup.out);
    return result;
}

static void write_all(struct markup *markup, const char *text)
{
    markup_open(markup, "a");
    markup_attribute(markup, "b", text);
    markup_format(markup, "c", "%d%s", 7, text);
    markup_line(markup, 1);
    markup_open(markup, "d");
    markup_end(markup);
    markup_text(markup, text);
    markup_open(markup, "e");
    markup_close(markup, "e");
    markup_close(markup, "a");
}

static void elements_are_nested_as_they_are_opened_and_closed(void **state)
{
    char *text = written(write_all, "x");

    (void)state;
    assert_string_equal(text, "<a b=\"x\" c=\"7x\">\n  <d/>x<e></e></a>");
    free(text);
}

/* Wherever it is put, it neither ends a tag or an attribute, nor begins one. */
static void text_stays_text(void **state)
{
    char *text = written(write_all, "\"><script>&amp;</a>");

    (void)state;
    assert_null(strstr(text, "<script"));
    assert_non_null(strstr(text, "b=\"&quot;&gt;&lt;script&gt;&amp;amp;&lt;/a&gt;\""));
    assert_non_null(strstr(text, "c=\"7&quot;&gt;"));
    free(text);
}

static void write_text(struct markup *markup, const char *text)
{
    markup_text(markup, text);
}

/* Control characters, what turns the direction, broken UTF-8, the two that are no characters. */
static void what_would_be_obeyed_or_is_no_text_is_replaced(void **state)
{
    static const char *const odd[] = {"\x01",   "\033",         "\x7f",         "\xc2\x9b",
                                      "\u202e", "\u2066",       "\u2028",       "\ufeff",
                                      "\xff",   "\xed\xa0\x80", "\xef\xbf\xbe", "\xef\xbf\xbf"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        char *text = written(write_text, odd[i]);

        assert_true(g_str_has_prefix(text, "\xef\xbf\xbd"));
        assert_null(strstr(text, odd[i]));
        free(text);
    }
}

static void other_text_is_as_it_was(void **state)
{
    static const char plain[] = "a é\tשלום\n日本 👩‍👧 'x'";
    char *text = written(write_text, plain);

    (void)state;
    assert_string_equal(text, plain);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_nested_as_they_are_opened_and_closed),
        cmocka_unit_test(text_stays_text),
        cmocka_unit_test(what_would_be_obeyed_or_is_no_text_is_replaced),
        cmocka_unit_test(other_text_is_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

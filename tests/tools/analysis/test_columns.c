/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/columns.h"

#include <glib.h>
#include <stdlib.h>

static void assert_fits(const char *text, unsigned width, const char *expected)
{
    g_autofree char *fitted = columns_fit(text, width);

    assert_string_equal(fitted, expected);
}

static void text_is_cut_at_whole_characters(void **state)
{
    (void)state;
    assert_fits("short", 5, "short");
    assert_fits("longer", 5, "long…");
    assert_fits("äöüß€", 5, "äöüß€");
    assert_fits("äöüß€x", 5, "äöüß…");
    assert_fits("", 5, "");
}

/* As a terminal counts: CJK and emoji are wide, a mark stands on the character before it. */
static void wide_characters_and_marks_are_counted_as_a_terminal_does(void **state)
{
    (void)state;
    assert_int_equal(columns_width("abc"), 3);
    assert_int_equal(columns_width("日本語"), 6);
    assert_int_equal(columns_width("e\u0301"), 1);
    assert_int_equal(columns_width("😀"), 2);
    assert_int_equal(columns_width("\033"), 4);
    assert_fits("日本語", 6, "日本語");
    assert_fits("日本語", 5, "日本…");
    assert_fits("日本語", 4, "日…");
    assert_fits("e\u0301e\u0301", 2, "e\u0301e\u0301");
}

/* Nobody can be made to read, or to scroll past, a line of marks. */
static void marks_cannot_pile_up_without_end(void **state)
{
    g_autoptr(GString) text = g_string_new("x");

    (void)state;
    for (int i = 0; i < 100000; i++)
        g_string_append(text, "\u0301");
    g_autofree char *fitted = columns_fit(text->str, 10);

    assert_in_range(g_utf8_strlen(fitted, -1), 2, 100);
}

/* What cannot be shown is counted as it is shown. */
static void what_a_terminal_obeys_is_shown_as_bytes(void **state)
{
    (void)state;
    assert_fits("a\033b", 20, "a\\x1Bb");
    assert_fits("\xff\xfe", 20, "\\xFF\\xFE");
    assert_fits("\033\033", 5, "\\x1B…");
}

static char *put(const char *text, unsigned width)
{
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);

    columns_put(out, text, width);
    fclose(out);
    return line;
}

static void a_column_has_its_width_whatever_is_in_it(void **state)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "äöü",
                                        "\033[2J",
                                        "much too long for it",
                                        "日本語",
                                        "日本語日本語",
                                        "x日本語日本語"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *line = put(texts[i], 8);

        assert_int_equal(columns_width(line), 8);
        free(line);
    }
}

static void assert_lasts(int64_t duration_us, const char *expected)
{
    g_autofree char *text = columns_duration(duration_us);

    assert_string_equal(text, expected);
}

static void durations_are_as_fine_as_they_are_short(void **state)
{
    (void)state;
    assert_lasts(0, "0.00 s");
    assert_lasts(8186000, "8.19 s");
    assert_lasts(INT64_C(200) * 1000000, "3 min 20 s");
    assert_lasts(INT64_C(7500) * 1000000, "2 h 05 min");
}

static void times_are_utc(void **state)
{
    g_autofree char *text = columns_utc(INT64_C(1795334477663000));

    (void)state;
    assert_string_equal(text, "2026-11-22 08:01:17");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_at_whole_characters),
        cmocka_unit_test(wide_characters_and_marks_are_counted_as_a_terminal_does),
        cmocka_unit_test(marks_cannot_pile_up_without_end),
        cmocka_unit_test(what_a_terminal_obeys_is_shown_as_bytes),
        cmocka_unit_test(a_column_has_its_width_whatever_is_in_it),
        cmocka_unit_test(durations_are_as_fine_as_they_are_short),
        cmocka_unit_test(times_are_utc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/sessions_list.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* A list that prints into memory. */
struct fixture {
    struct sessions_list *list;
    FILE *out;
    char *text;
    size_t len;
};

static void start(struct fixture *fixture, bool json)
{
    fixture->out = open_memstream(&fixture->text, &fixture->len);
    fixture->list = sessions_list_new(json, fixture->out);
}

/* Finish; what was printed is in `text`. */
static uint64_t finish(struct fixture *fixture)
{
    const uint64_t count = sessions_list_finish(fixture->list);

    sessions_list_free(fixture->list);
    assert_int_equal(fclose(fixture->out), 0);
    return count;
}

/* A session without handles. */
static void add(struct fixture *fixture, uint64_t ordinal, unsigned recording, const char *emitter)
{
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    const struct model_session session = {.id = ordinal + 1,
                                          .ordinal = ordinal,
                                          .recording = recording,
                                          .emitter = (char *)emitter,
                                          .first_us = (int64_t)ordinal,
                                          .handles = nobody};

    sessions_list_add(fixture->list, &session);
}

/* The ids at the beginning of lines, in order, and each EMITTER line as "E". */
static char *ids_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    GString *ids = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_ascii_isdigit(lines[i][0]))
            g_string_append_printf(ids, " %d", atoi(lines[i]));
        else if (g_str_has_prefix(lines[i], "EMITTER"))
            g_string_append(ids, " E");
    }
    return g_string_free(ids, FALSE);
}

/* Not by strstr(), which AddressSanitizer lets measure all of the rest each time. */
static size_t lines_in(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    return count;
}

static void sessions_are_listed_by_their_beginning_not_their_end(void **state)
{
    struct fixture fixture;

    (void)state;
    start(&fixture, false);
    add(&fixture, 1, 0, NULL);
    add(&fixture, 0, 0, NULL);
    add(&fixture, 2, 0, NULL);
    assert_int_equal(finish(&fixture), 3);
    g_autofree char *ids = ids_of(fixture.text);

    assert_string_equal(ids, " 1 2 3");
    free(fixture.text);
}

/* The server of the first session comes first. */
static void sessions_of_several_servers_stand_together(void **state)
{
    struct fixture fixture;

    (void)state;
    start(&fixture, false);
    add(&fixture, 1, 1, "b");
    add(&fixture, 3, 0, "a");
    add(&fixture, 0, 0, "a");
    add(&fixture, 2, 1, "b");
    finish(&fixture);
    g_autofree char *ids = ids_of(fixture.text);

    assert_string_equal(ids, " E 1 4 E 2 3");
    free(fixture.text);
}

static void no_session_is_no_table(void **state)
{
    struct fixture fixture;

    (void)state;
    start(&fixture, false);
    assert_int_equal(finish(&fixture), 0);
    assert_int_equal(fixture.len, 0);
    free(fixture.text);
}

/* Beyond what can be held back they are printed as they are over: each once, below one heading. */
static void a_list_of_any_length_is_whole(void **state)
{
    enum { SESSIONS = 250000 };
    struct fixture fixture;
    size_t held_back = 0;

    (void)state;
    start(&fixture, false);
    add(&fixture, SESSIONS, 0, NULL);
    for (uint64_t i = 0; i < SESSIONS; i++)
        add(&fixture, i, 0, NULL);
    fflush(fixture.out);
    held_back = fixture.len;
    assert_true(held_back > 0);
    assert_int_equal(finish(&fixture), SESSIONS + 1);
    assert_true(fixture.len > held_back);
    assert_int_equal(lines_in(fixture.text, fixture.len), SESSIONS + 1 + 2);
    g_auto(GStrv) lines = g_strsplit(fixture.text, "\n", 4);

    assert_true(g_str_has_prefix(lines[0], "SESSION"));
    assert_true(g_str_has_prefix(lines[2], "1 "));
    free(fixture.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_listed_by_their_beginning_not_their_end),
        cmocka_unit_test(sessions_of_several_servers_stand_together),
        cmocka_unit_test(no_session_is_no_table),
        cmocka_unit_test(a_list_of_any_length_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

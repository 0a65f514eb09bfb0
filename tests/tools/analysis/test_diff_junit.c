/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/diff_junit.h"

#include <stdlib.h>
#include <string.h>

static char *print(const struct diff_result *result, uint64_t damages)
{
    const struct diff_shown shown = {
        .result = result, .a = {.path = "a.evj.gz", .damages = damages}, .b.path = "b.evj.gz"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    diff_junit_print(&shown, out);
    fclose(out);
    return text;
}

static char *print_samples(const char *a, const char *b)
{
    struct diff_result *result = compare_samples(a, b);
    char *text = print(result, 0);

    diff_free(result);
    return text;
}

/* What stands in the case of this name, or how it ends; to be freed with g_free(). */
static char *case_of(const char *text, const char *name)
{
    g_autofree char *start = g_strdup_printf(" name=\"%s\"", name);
    const char *found = strstr(text, start);

    if (found == NULL)
        fail_msg("no case %s", name);
    found += strlen(start);
    if (g_str_has_prefix(found, "/>"))
        return g_strdup("passed");
    const char *end = strstr(found, "</testcase>");

    return g_strndup(found, (gsize)(end - found));
}

static void assert_case(const char *text, const char *name, const char *part)
{
    g_autofree char *found = case_of(text, name);

    if (strstr(found, part) == NULL)
        fail_msg("%s: not “%s”: %s", name, part, found);
}

#define HANDLE "session 1, handle 1 (echotest alice)"

static void a_class_that_weighs_fails_with_a_line_for_each_difference(void **state)
{
    char *text = print_samples("echo2", "dtlsfail");

    (void)state;
    assert_case(
        text, HANDLE ": outcome",
        "<failure message=\"dtls: A connected +0.161 s @20 | B failed +0.327 s @19\">dtls: A "
        "connected +0.161 s @20 | B failed +0.327 s @19\npc: A webrtcup");
    assert_case(text, HANDLE ": structure", "\nmedia 1 video: A receiving +0.216 s @23</failure>");
    assert_case(text, HANDLE ": negotiation", "passed");
    assert_case(text, "session 1: outcome", "passed");
    free(text);
}

static void what_could_not_be_seen_is_skipped(void **state)
{
    char *text = print_samples("echo2", "dtlsfail");

    (void)state;
    assert_case(text, HANDLE ": quality", "<skipped message=");
    assert_null(strstr(text, "\"session 1: quality\""));
    free(text);
}

/* Below --fail-on it is no failure, but not hidden either. */
static void what_differs_but_does_not_weigh_is_told(void **state)
{
    char *text = print_samples("echo1", "echo2");

    (void)state;
    assert_case(text, "session 1: note", "<system-out>transport: A client connection");
    assert_null(strstr(text, "<failure"));
    free(text);
}

/* A message is one line, and all that many a CI shows: it says what changed, of candidates, which are no step, too. */
static void a_message_says_in_what_two_steps_differ(void **state)
{
    struct diff_result *result = compare_samples("echo1", "echo2");
    struct difference *one = g_ptr_array_index(result->differences, 0);

    (void)state;
    one->class = DIFF_OUTCOME;
    changes_add(one->changes, "other", "1", "2", DIFF_OUTCOME);
    char *sides = print(result, 0);

    assert_case(sides, "session 1: outcome", ", differs in transport and 1 more\n");
    g_clear_pointer(&one->a.key, g_free);
    g_clear_pointer(&one->b.key, g_free);
    char *none = print(result, 0);

    assert_case(none, "session 1: outcome",
                "<failure message=\"transport, differs in transport and 1 more\">");
    free(sides);
    free(none);
    diff_free(result);
}

static void who_has_no_counterpart_fails(void **state)
{
    char *text = print_samples("echo1", "room1");

    (void)state;
    assert_case(text, "every session has a counterpart",
                "<failure message=\"session: B 4708019394928828 of janus.plugin.videoroom");
    free(text);
}

static void what_cannot_be_read_fails(void **state)
{
    struct diff_result *result = compare_samples("echo2", "echo2");
    char *text = print(result, 2);

    (void)state;
    assert_case(text, "A could be read", "a.evj.gz: 2 stretches could not be read");
    assert_case(text, "B could be read", "passed");
    diff_free(result);
    free(text);
}

/* XML 1.0 holds no control characters, and no text may end a tag. */
static void a_hostile_journal_stays_text(void **state)
{
    static const char evil[] = "\"/></testcase>&\033[2J\x01\xff\u202e";
    struct diff_result *result = compare_samples("echo2", "dtlsfail");
    struct difference *one = g_ptr_array_index(result->differences, 0);
    struct diff_session *session = g_ptr_array_index(result->sessions, 0);
    struct diff_handle *handle = g_ptr_array_index(session->handles, 0);

    (void)state;
    g_free(one->a.key);
    g_free(handle->a.opaque_id);
    one->a.key = g_strdup(evil);
    handle->a.opaque_id = g_strdup(evil);
    char *text = print(result, 0);

    for (const char *at = text; *at != '\0'; at++)
        assert_false(g_ascii_iscntrl(*at) && *at != '\n');
    assert_true(g_utf8_validate(text, -1, NULL));
    assert_null(strstr(text, "\u202e"));
    assert_null(strstr(text, evil));
    assert_non_null(strstr(text, "&quot;/&gt;&lt;/testcase&gt;&amp;\ufffd[2J\ufffd\ufffd\ufffd"));
    diff_free(result);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_that_weighs_fails_with_a_line_for_each_difference),
        cmocka_unit_test(what_could_not_be_seen_is_skipped),
        cmocka_unit_test(what_differs_but_does_not_weigh_is_told),
        cmocka_unit_test(a_message_says_in_what_two_steps_differ),
        cmocka_unit_test(who_has_no_counterpart_fails),
        cmocka_unit_test(what_cannot_be_read_fails),
        cmocka_unit_test(a_hostile_journal_stays_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/columns.h"
#include "tools/diff_text.h"

#include <stdlib.h>
#include <string.h>

static char *print_with(const struct diff_result *result, const struct diff_text_options *options)
{
    const struct diff_shown shown = {.result = result, .a.path = "a.evj.gz", .b.path = "b.evj.gz"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    diff_text_print(&shown, options, out);
    fclose(out);
    return text;
}

static char *print(const struct diff_result *result, bool colour)
{
    return print_with(result, &(struct diff_text_options){.colour = colour});
}

static char *print_side_by_side(const char *a, const char *b, unsigned width)
{
    struct diff_result *result = compare_timelines(a, b);
    char *text =
        print_with(result, &(struct diff_text_options){.side_by_side = true, .width = width});

    diff_free(result);
    return text;
}

static char *print_samples(const char *a, const char *b, bool colour)
{
    struct diff_result *result = compare_samples(a, b);
    char *text = print(result, colour);

    diff_free(result);
    return text;
}

static void assert_no_wider(const char *text, unsigned width)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    for (guint i = 0; lines[i] != NULL; i++) {
        assert_in_range(columns_width(lines[i]), 0, width);
        assert_false(g_str_has_suffix(lines[i], " "));
    }
}

static void no_line_is_wider_than_a_terminal(void **state)
{
    static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail", "room1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(samples); k++) {
            char *text = print_samples(samples[i], samples[k], false);
            char *both = print_side_by_side(samples[i], samples[k], 0);
            char *wide = print_side_by_side(samples[i], samples[k], 133);

            assert_no_wider(text, 80);
            assert_no_wider(both, 80);
            assert_no_wider(wide, 133);
            free(text);
            free(both);
            free(wide);
        }
    }
}

/* A stranger's name that needs two columns a character, where names stand beside something. */
static void wide_characters_do_not_make_lines_wider(void **state)
{
    static const char wide[] = "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語";
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    const guint dtls = find_event(bad, "event.dtls", "connected", 0);
    const guint attached = find_event(bad, "event.name", "attached", 0);

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(bad, dtls), "event"), "dtls", json_string(wide));
    json_object_set_new(g_ptr_array_index(bad, attached), "opaque_id", json_string(wide));
    struct diff_result *result = compare_events(good, bad);
    char *text = print(result, false);

    assert_non_null(strstr(text, "日本語"));
    assert_no_wider(text, 80);
    free(text);
    diff_free(result);
}

static void side_by_side_stands_what_each_did(void **state)
{
    char *text = print_side_by_side("echo2", "dtlsfail", 80);
    char *identical = print_side_by_side("mute", "mute", 80);

    (void)state;
    assert_non_null(
        strstr(text, "\n   +0.154 dtls trying                       +0.315 dtls trying\n"));
    assert_non_null(
        strstr(text, "\n   +0.161 dtls connected               |    +0.327 dtls failed\n"));
    assert_non_null(strstr(text, "\n   +0.171 media 0 audio receiving      <\n"));
    assert_non_null(strstr(identical, "\nSide by side\n"));
    free(text);
    free(identical);
}

static void the_first_line_is_the_verdict(void **state)
{
    char *same = print_samples("echo1", "echo2", false);
    char *different = print_samples("echo2", "dtlsfail", false);
    char *identical = print_samples("mute", "mute", false);

    (void)state;
    assert_true(g_str_has_prefix(same, "Same: "));
    assert_true(g_str_has_prefix(different,
                                 "Different: first, “dtls connected” in A, “dtls failed” in B.\n"));
    assert_non_null(strstr(different, "\nDifferences: 2 outcome, 2 structure\n"));
    assert_string_equal(identical,
                        "Identical: the two say the same.\n\n0 fields ignored by rules\n");
    free(same);
    free(different);
    free(identical);
}

static void the_number_of_ignored_fields_is_always_told(void **state)
{
    char *same = print_samples("echo1", "echo2", false);
    char *different = print_samples("echo2", "dtlsfail", false);

    (void)state;
    assert_non_null(strstr(same, "fields ignored by rules\n"));
    assert_non_null(strstr(different, "fields ignored by rules\n"));
    free(same);
    free(different);
}

static void colours_come_only_when_asked_for(void **state)
{
    char *plain = print_samples("echo2", "dtlsfail", false);
    char *coloured = print_samples("echo2", "dtlsfail", true);

    (void)state;
    assert_null(strchr(plain, '\033'));
    assert_non_null(strchr(coloured, '\033'));
    free(plain);
    free(coloured);
}

/* A "plugin echotest" event there is on both sides: the second one is meant, which mutes. */
static void what_only_one_side_has_is_told_from_what_looks_like_it(void **state)
{
    char *text = print_samples("echo2", "mute", false);

    (void)state;
    assert_true(g_str_has_prefix(
        text, "Different: first, only B has “plugin echotest audio_active=false”.\n"));
    assert_non_null(strstr(text, " audio_active=false\n"));
    assert_non_null(strstr(text, " bitrate=64000\n"));
    free(text);
}

static void a_changed_step_is_named_with_what_changed(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    const guint dtls = find_event(bad, "event.dtls", "connected", 0);

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(bad, dtls), "event"), "profile",
                        json_string("odd"));
    struct diff_result *result = compare_events(good, bad);
    char *text = print(result, false);

    assert_true(
        g_str_has_prefix(text, "Different: first, “dtls connected” differs in webrtc.profile.\n"));
    free(text);
    diff_free(result);
}

/* Candidates differ in a journal that begins behind the offer, and then at no moment. */
static void what_has_no_moment_is_named_all_the_same(void **state)
{
    struct diff_result *result = compare_samples("echo1", "echo2");
    struct difference *one = g_ptr_array_index(result->differences, 0);

    (void)state;
    g_clear_pointer(&one->a.key, g_free);
    g_clear_pointer(&one->b.key, g_free);
    changes_add(one->changes, "codec", "", NULL, DIFF_NOTE);
    char *text = print(result, false);

    assert_non_null(strstr(text, "\n  note\n    transport\n      transport: "));
    assert_non_null(strstr(text, "\n      codec: (present) | (absent)\n"));
    free(text);
    diff_free(result);
}

/* 0.253 and 0.121, which are 132.6 ms apart. */
static void the_distance_of_milestones_is_that_of_the_figures_shown(void **state)
{
    char *text = print_samples("echo1", "echo2", false);

    (void)state;
    assert_non_null(strstr(text, "  offer                  0.253       0.121      -0.132\n"));
    free(text);
}

/* A journal comes from a stranger: what it says may be shown, never obeyed. */
static void a_hostile_journal_does_not_reach_the_terminal(void **state)
{
    static const char evil[] = "\033[2J\033]0;owned\a\r\n\u202e\xc2\x9b\x33\x31m";
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    const guint offer = find_event(bad, "event.jsep.type", "offer", 0);
    const guint up = find_event(bad, "event.connection", "webrtcup", 0);
    const guint dtls = find_event(bad, "event.dtls", "connected", 0);
    const guint attached = find_event(bad, "event.name", "attached", 0);

    (void)state;
    json_object_set_new(value_at(g_ptr_array_index(bad, up), "event"), evil, json_string(evil));
    json_object_set_new(value_at(g_ptr_array_index(bad, dtls), "event"), "dtls", json_string(evil));
    json_object_set_new(g_ptr_array_index(bad, attached), "opaque_id", json_string(evil));
    json_object_set_new(value_at(g_ptr_array_index(bad, attached), "event"), "plugin",
                        json_string(evil));
    json_object_set_new(value_at(g_ptr_array_index(bad, offer), "event.jsep"), "sdp",
                        json_string("m=\033[2J 9 \033 \033\r\na=mid:\033[1m\r\na=\033:\033\r\n"));
    struct diff_result *result = compare_events(good, bad);
    char *text = print(result, false);

    for (const char *at = text; *at != '\0'; at++)
        assert_false(g_ascii_iscntrl(*at) && *at != '\n');
    assert_null(strstr(text, "\u202e"));
    assert_null(strstr(text, "\xc2\x9b"));
    free(text);
    diff_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_is_wider_than_a_terminal),
        cmocka_unit_test(wide_characters_do_not_make_lines_wider),
        cmocka_unit_test(side_by_side_stands_what_each_did),
        cmocka_unit_test(the_first_line_is_the_verdict),
        cmocka_unit_test(the_number_of_ignored_fields_is_always_told),
        cmocka_unit_test(what_only_one_side_has_is_told_from_what_looks_like_it),
        cmocka_unit_test(a_changed_step_is_named_with_what_changed),
        cmocka_unit_test(what_has_no_moment_is_named_all_the_same),
        cmocka_unit_test(the_distance_of_milestones_is_that_of_the_figures_shown),
        cmocka_unit_test(colours_come_only_when_asked_for),
        cmocka_unit_test(a_hostile_journal_does_not_reach_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tests/tools/analysis/mutations.h"
#include "tests/tools/analysis/recordings.h"
#include "tools/analysis/canonical.h"

#include <stdio.h>
#include <string.h>

static struct rules *rules;
static GPtrArray *recordings, *texts; /* a text of each */

static char *text_of_model(const struct model *model)
{
    const GPtrArray *sessions = model_sessions(model);
    struct names *names = names_new();
    GString *text = g_string_new(CANONICAL_FIRST_LINE "\n");

    for (guint i = 0; i < sessions->len; i++)
        canonical_session(g_ptr_array_index(sessions, i), rules, names, text);
    names_free(names);
    return g_string_free(text, FALSE);
}

static char *text_of_events(const GPtrArray *events)
{
    struct model *model = model_of(events);
    char *text = text_of_model(model);

    model_free(model);
    return text;
}

/* What comes of a text that is normalised. */
static char *again(const char *text)
{
    struct names *names = names_new();
    GString *result = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_string_append(result, i > 0 ? "\n" : "");
        canonical_line(lines[i], names, result);
    }
    names_free(names);
    return g_string_free(result, FALSE);
}

static int load(void **state)
{
    (void)state;
    rules = rules_new();
    recordings = recordings_load();
    texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < recordings->len; i++)
        g_ptr_array_add(
            texts, text_of_model(((struct recording *)g_ptr_array_index(recordings, i))->model));
    return 0;
}

static int unload(void **state)
{
    (void)state;
    g_ptr_array_unref(texts);
    g_ptr_array_unref(recordings);
    rules_free(rules);
    return 0;
}

/* ---- equal calls ---- */

/* Lines of `a` that `b` has not. */
static guint count_missing(const char *a, const char *b)
{
    g_auto(GStrv) lines = g_strsplit(a, "\n", 0), others = g_strsplit(b, "\n", 0);
    guint missing = 0;

    for (guint i = 0; lines[i] != NULL; i++)
        missing += !g_strv_contains((const char *const *)others, lines[i]);
    return missing;
}

/* A pair's candidate may be known before it is announced, and Janus may or may not tell, while a call
 * is taken down, that somebody is no subscriber any more. */
static void two_calls_of_one_kind_say_the_same_but_for_two_lines(void **state)
{
    guint pairs = 0, equal = 0;

    (void)state;
    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = i - i % 10; k < i; k++) {
            const char *a = g_ptr_array_index(texts, i), *b = g_ptr_array_index(texts, k);

            assert_true(count_missing(a, b) <= 2 && count_missing(b, a) <= 2);
            equal += g_str_equal(a, b);
            pairs++;
        }
    }
    assert_int_equal(pairs, 630);
    assert_true(equal >= 597);
}

static void two_calls_of_different_kinds_never_say_the_same(void **state)
{
    (void)state;
    for (guint i = 0; i < recordings->len; i++) {
        for (guint k = 0; k < i - i % 10; k++)
            assert_string_not_equal(g_ptr_array_index(texts, i), g_ptr_array_index(texts, k));
    }
}

typedef void try_one(const struct mutation *mutation, const GPtrArray *before,
                     const GPtrArray *after);

/* Plant each mutation into a recording of each kind. */
static void try_all(const struct mutation *mutations, size_t count, try_one *try)
{
    for (size_t i = 0; i < count; i++) {
        for (guint k = (guint)i % 10; k < recordings->len; k += 10) {
            const struct recording *recording = g_ptr_array_index(recordings, k);
            g_autoptr(GPtrArray) before = event_list_read(recording->path);
            g_autoptr(GPtrArray) after = event_list_copy(before);
            g_autoptr(GRand) random = g_rand_new_with_seed((guint32)(100 * i + k));

            if (mutations[i].plant(after, random))
                try(&mutations[i], before, after);
        }
    }
}

static void assert_same_text(const struct mutation *mutation, const GPtrArray *before,
                             const GPtrArray *after)
{
    g_autofree char *a = text_of_events(before), *b = text_of_events(after);

    if (!g_str_equal(a, b))
        fail_msg("%s: another text", mutation->what);
}

static void what_is_harmless_changes_no_line(void **state)
{
    (void)state;
    try_all(harmless_mutations, harmless_mutation_count, assert_same_text);
}

/* Time, quality and the number of candidates are not in it. */
static void assert_other_text(const struct mutation *mutation, const GPtrArray *before,
                              const GPtrArray *after)
{
    g_autofree char *a = text_of_events(before), *b = text_of_events(after);

    if (mutation->class <= DIFF_IDENTITY && mutation->lane != LANE_STATS && g_str_equal(a, b) &&
        strcmp(mutation->what, "DTLS begun before there was a pair") != 0)
        fail_msg("%s: the same text", mutation->what);
}

static void what_weighs_changes_a_line(void **state)
{
    (void)state;
    try_all(planted_mutations, planted_mutation_count, assert_other_text);
}

/* ---- its own output ---- */

static void what_is_normalised_stays_as_it_is(void **state)
{
    (void)state;
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *twice = again(g_ptr_array_index(texts, i));

        assert_string_equal(twice, g_ptr_array_index(texts, i));
    }
}

static void a_part_of_it_is_counted_from_one(void **state)
{
    g_autofree char *part = again("handle_3 of session_2 videoroom\n"
                                  "  plugin: videoroom joined display=\"room_7\" room=room_7\n"
                                  "handle_3 pc 1\n"
                                  "    msid: room_7\n"
                                  "  plugin: videoroom left id=participant_4 room=room_7 x=room_9");

    (void)state;
    assert_string_equal(part, "handle_1 of session_1 videoroom\n"
                              "  plugin: videoroom joined display=\"room_7\" room=room_1\n"
                              "handle_1 pc 1\n"
                              "    msid: room_7\n"
                              "  plugin: videoroom left id=participant_1 room=room_1 x=room_2");
}

/* ---- what strangers write ---- */

static const char *const nasty[] = {
    "room_7",
    "a b=room_9 c",
    "\nsession_9\n",
    "\"",
    "\\\" id=participant_4",
    "# evj",
    "\033[2J\302\205x",
    "\360\237\223\236",
    "",
    " ",
    "true",
    "12",
};

static guint count_lines(const char *text)
{
    guint lines = 0;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

/* In a value, as a key, as the name of a field, in an SDP, as the name of a medium. */
static void put_nasty(GPtrArray *events, const char *text)
{
    const guint joined = find_event(events, "event.data.event", "joined", 0);
    const guint offer = find_event(events, "event.jsep.type", "offer", 0);
    const guint media = find_event(events, "event.media", "audio", 0);
    g_autofree char *sdp = g_strconcat(json_string_value(body_value(events, offer, "jsep.sdp")),
                                       "a=x:", text, "\r\n", NULL);
    json_t *data = body_value(events, joined, "data");

    json_object_set_new(data, "display", json_string(text));
    json_object_set_new(data, text, json_string(text));
    json_object_set_new(data, "status", json_string(text));
    json_object_set_new(body_value(events, offer, "jsep"), "sdp", json_string(sdp));
    body_set(events, media, "mid", text);
}

static void nothing_looks_like_a_name_or_a_line_that_is_none(void **state)
{
    guint lines = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(nasty); i++) {
        g_autoptr(GPtrArray) events = event_list_load("room1");

        put_nasty(events, nasty[i]);
        g_autofree char *text = text_of_events(events);
        g_autofree char *twice = again(text);

        assert_string_equal(text, twice);
        assert_null(strchr(text, '\033'));
        /* A line feed in an SDP ends its line. */
        if (strchr(nasty[i], '\n') == NULL) {
            assert_true(lines == 0 || lines == count_lines(text));
            lines = count_lines(text);
        }
    }
}

static void values_are_written_as_in_json(void **state)
{
    static const struct {
        const char *value, *written;
    } cases[] = {
        {"12", "12"},
        {"-0.5", "-0.5"},
        {"1e9", "1e9"},
        {"true", "true"},
        {"null", "null"},
        {"{}", "{}"},
        {"12a", "\"12a\""},
        {"room_1", "\"room_1\""},
        {"", "\"\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n", "\"\\u000a\""},
        {"\360\237\223\236", "\"\360\237\223\236\""},
        {"\363\240\200\201", "\"\\udb40\\udc01\""},
        {"\377", "\"\\ufffd\""},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);

        canonical_put_value(text, cases[i].value);
        assert_string_equal(text->str, cases[i].written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_calls_of_one_kind_say_the_same_but_for_two_lines),
        cmocka_unit_test(two_calls_of_different_kinds_never_say_the_same),
        cmocka_unit_test(what_is_harmless_changes_no_line),
        cmocka_unit_test(what_weighs_changes_a_line),
        cmocka_unit_test(what_is_normalised_stays_as_it_is),
        cmocka_unit_test(a_part_of_it_is_counted_from_one),
        cmocka_unit_test(nothing_looks_like_a_name_or_a_line_that_is_none),
        cmocka_unit_test(values_are_written_as_in_json),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/event_type.h"
#include "evj/select.h"
#include "tests/support/journals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One option and its value; NULL at the end of a list. */
struct option {
    const char *name, *value;
};

static int set_option(struct evj_select *select, const struct option *option, struct evj_error *err)
{
    static const struct {
        const char *name;
        int (*set)(struct evj_select *, const char *, struct evj_error *);
    } setters[] = {
        {"session", evj_select_add_session}, {"handle", evj_select_add_handle},
        {"opaque", evj_select_add_opaque},   {"type", evj_select_add_types},
        {"plugin", evj_select_add_plugin},   {"from", evj_select_set_from},
        {"to", evj_select_set_to},
    };

    for (size_t i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
        if (strcmp(option->name, setters[i].name) == 0)
            return setters[i].set(select, option->value, err);
    fail_msg("no option %s", option->name);
    return 0;
}

static struct evj_select *select_of(const struct option *options)
{
    struct evj_select *select = evj_select_new();
    struct evj_header header;
    struct evj_error err = {0};

    assert_non_null(select);
    for (; options->name; options++)
        if (set_option(select, options, &err) != EVJ_OK)
            fail_msg("%s", err.text);
    journal_header(&header);
    evj_select_anchor(select, &header);
    return select;
}

#define OPTIONS(...) ((const struct option[]){__VA_ARGS__, {NULL, NULL}})

/* A call of two handles with different plug-ins, as a journal has it. Time is 1 s a record. */
static const char *const call[] = {
    "\"event\":{\"type\":1,\"session_id\":11,\"event\":{\"name\":\"created\"}}",
    "\"event\":{\"type\":2,\"session_id\":11,\"handle_id\":21,\"opaque_id\":\"alice-1\",\"event\":{"
    "\"name\":\"attached\",\"plugin\":\"janus.plugin.echotest\"}}",
    "\"event\":{\"type\":8,\"session_id\":11,\"handle_id\":21,\"opaque_id\":\"alice-1\",\"event\":{"
    "}}",
    "\"event\":{\"type\":2,\"session_id\":12,\"handle_id\":22,\"opaque_id\":\"bob-1\",\"event\":{"
    "\"name\":\"attached\",\"plugin\":\"janus.plugin.videoroom\"}}",
    "\"event\":{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.videoroom\",\"data\":{}}}",
    "\"gap\":{\"events\":3,\"until\":3609000000}",
    "\"event\":{\"type\":32,\"subtype\":3,\"session_id\":12,\"handle_id\":22,\"opaque_id\":\"bob-"
    "1\","
    "\"event\":{}}",
    "\"mark\":{\"text\":\"here\"}",
    "\"event\":{\"type\":2,\"session_id\":11,\"handle_id\":21,\"event\":{\"name\":\"detached\"}}",
    "\"event\":{\"type\":256,\"event\":{}}",
};
#define CALL (sizeof(call) / sizeof(call[0]))

/* The letters of the records that a selection takes: 'a' is the first, and so on. */
static void assert_selects(const struct option *options, const char *expected)
{
    EVJ_AUTO(select) *select = select_of(options);
    char line[512], got[CALL + 1] = "", *at = got;
    uint64_t seq = 0;

    for (unsigned i = 0; i < CALL; i++) {
        struct evj_record record;
        int len =
            snprintf(line, sizeof(line), "{\"seq\":%llu,\"mono\":%llu,%s}", (unsigned long long)seq,
                     (unsigned long long)JOURNAL_MONO_US + i * 1000000, call[i]);
        assert_int_equal(evj_record_parse(line, (size_t)len, &record, NULL), EVJ_OK);
        record.wall_us = JOURNAL_WALL_US + i * 1000000;
        seq += evj_record_seq_span(&record);
        if (evj_select_matches(select, &record))
            *at++ = (char)('a' + i);
    }
    if (strcmp(got, expected) != 0)
        fail_msg("%s %s selects %s, not %s", options->name, options->value, got, expected);
}

static void without_options_everything_is_selected(void **state)
{
    EVJ_AUTO(select) *select = evj_select_new();

    (void)state;
    assert_true(evj_select_is_all(select));
    assert_true(evj_select_is_tail(select));
    assert_selects((const struct option[]){{NULL, NULL}}, "abcdefghij");
}

/* Gaps and marks (f and h) concern every session: only time can leave them out. */
static void ids_select_their_events(void **state)
{
    (void)state;
    assert_selects(OPTIONS({"session", "11"}), "abcfhi");
    assert_selects(OPTIONS({"session", "12"}), "dfgh");
    assert_selects(OPTIONS({"session", "11"}, {"session", "12"}), "abcdfghi");
    assert_selects(OPTIONS({"session", "99"}), "fh");
    assert_selects(OPTIONS({"handle", "21"}), "bcfhi");
    assert_selects(OPTIONS({"handle", "21"}, {"handle", "22"}), "bcdfghi");
    assert_selects(OPTIONS({"session", "11"}, {"handle", "22"}), "fh");
}

static void opaque_ids_are_matched_by_globs(void **state)
{
    (void)state;
    assert_selects(OPTIONS({"opaque", "alice-1"}), "bcfh");
    assert_selects(OPTIONS({"opaque", "*-1"}), "bcdfgh");
    assert_selects(OPTIONS({"opaque", "b?b-[0-9]"}), "dfgh");
    assert_selects(OPTIONS({"opaque", "alice"}), "fh");
    assert_selects(OPTIONS({"opaque", "alice*"}, {"opaque", "bob*"}), "bcdfgh");
    assert_selects(OPTIONS({"opaque", "*"}), "bcdfgh");
}

static void types_are_janus_labels(void **state)
{
    (void)state;
    assert_selects(OPTIONS({"type", "handles"}), "bdfhi");
    assert_selects(OPTIONS({"type", "jsep,media"}), "cfgh");
    assert_selects(OPTIONS({"type", "jsep"}, {"type", "core"}), "cfhj");
    assert_selects(OPTIONS({"type", "sessions,handles,external,jsep,webrtc,media,plugins,"
                                    "transports,core"}),
                   "abcdefghij");
    assert_selects(OPTIONS({"type", "media"}, {"session", "11"}), "fh");
}

/* Only the attach event names the plug-in of a handle: the selection remembers it. */
static void a_plugin_selects_the_events_of_its_handles_and_its_own(void **state)
{
    (void)state;
    assert_selects(OPTIONS({"plugin", "janus.plugin.echotest"}), "bcfhi");
    assert_selects(OPTIONS({"plugin", "echotest"}), "bcfhi");
    assert_selects(OPTIONS({"plugin", "videoroom"}), "defgh");
    assert_selects(OPTIONS({"plugin", "echotest"}, {"plugin", "videoroom"}), "bcdefghi");
    assert_selects(OPTIONS({"plugin", "sip"}), "fh");
    assert_selects(OPTIONS({"plugin", "echo"}), "fh");
    assert_selects(OPTIONS({"plugin", "echotest"}, {"type", "jsep"}), "cfh");
    assert_selects(OPTIONS({"plugin", "echotest"}, {"from", "+2s"}), "cfhi");
}

/* Both ends belong to the selection, and a gap does if any part of it does (f: 5 s to 9 s). */
static void times_and_seqs_cut_both_ends(void **state)
{
    (void)state;
    assert_selects(OPTIONS({"from", "+3s"}), "defghij");
    assert_selects(OPTIONS({"to", "+3s"}), "abcd");
    assert_selects(OPTIONS({"from", "+3s"}, {"to", "+3s"}), "d");
    assert_selects(OPTIONS({"from", "08:15:32"}, {"to", "08:15:34.5"}), "cde");
    assert_selects(OPTIONS({"from", "2026-11-22T09:15:32+01:00"}), "cdefghij");
    assert_selects(OPTIONS({"from", "+7s"}), "fhij");
    assert_selects(OPTIONS({"from", "+9001ms"}), "");
    assert_selects(OPTIONS({"from", "@3"}, {"to", "@4"}), "de");
    assert_selects(OPTIONS({"from", "@6"}, {"to", "@8"}), "fg");
    assert_selects(OPTIONS({"to", "@0"}), "a");
    assert_selects(OPTIONS({"from", "@12"}), "");
    assert_selects(OPTIONS({"to", "2026-11-21T00:00:00Z"}), "");
}

static void end_records_are_never_selected_and_lines_without_time_always(void **state)
{
    EVJ_AUTO(select) *select = select_of(OPTIONS({"from", "@5"}));
    struct evj_record record;

    (void)state;
    assert_int_equal(evj_record_parse("{\"end\":{}}", 10, &record, NULL), EVJ_OK);
    assert_false(evj_select_matches(select, &record));
    assert_int_equal(evj_record_parse("{\"new\":{}}", 10, &record, NULL), EVJ_OK);
    assert_true(evj_select_matches(select, &record));
}

/* A file that continues a recording tells what is alive as state records. */
static void a_state_record_tells_the_plugin_too(void **state)
{
    static const char attached[] = "{\"seq\":1,\"mono\":1,\"state\":{\"type\":2,\"handle_id\":5,"
                                   "\"event\":{\"plugin\":\"janus.plugin.sip\"}}}";
    static const char later[] = "{\"seq\":9,\"mono\":9,\"event\":{\"type\":8,\"handle_id\":5}}";
    EVJ_AUTO(select) *select = select_of(OPTIONS({"plugin", "sip"}));
    struct evj_record record;

    (void)state;
    assert_int_equal(evj_record_parse(attached, strlen(attached), &record, NULL), EVJ_OK);
    assert_true(evj_select_matches(select, &record));
    assert_int_equal(evj_record_parse(later, strlen(later), &record, NULL), EVJ_OK);
    assert_true(evj_select_matches(select, &record));
}

static void bad_values_are_refused_with_a_sentence(void **state)
{
    static const struct option odd[] = {
        {"session", ""},
        {"session", "0"},
        {"session", "-1"},
        {"session", "12x"},
        {"session", "0x10"},
        {"session", "18446744073709551616"},
        {"handle", "all"},
        {"handle", "1 "},
        {"type", ""},
        {"type", "jsep,"},
        {"type", ",jsep"},
        {"type", "jsep,,media"},
        {"type", "session"},
        {"type", "all"},
        {"type", "jsep media"},
        {"from", "tomorrow"},
        {"to", ""},
        {"from", "@"},
        {"type", "jsepjsepjsepjsepjsepjsepjsepjsepjsepjsepjsep"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        EVJ_AUTO(select) *select = evj_select_new();
        struct evj_error err = {0};
        if (set_option(select, &odd[i], &err) != EVJ_ERR_INVALID)
            fail_msg("%s \"%s\" was taken", odd[i].name, odd[i].value);
        assert_non_null(strstr(err.text, "is no "));
    }
}

static void any_option_makes_it_less_than_all(void **state)
{
    static const struct option options[] = {{"session", "1"}, {"handle", "1"}, {"opaque", "*"},
                                            {"type", "jsep"}, {"plugin", "x"}, {"from", "@0"},
                                            {"to", "@0"}};

    (void)state;
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        EVJ_AUTO(select) *select = evj_select_new();
        assert_int_equal(set_option(select, &options[i], NULL), EVJ_OK);
        assert_false(evj_select_is_all(select));
        assert_int_equal(evj_select_is_tail(select), strcmp(options[i].name, "from") == 0);
    }
}

static void a_selection_knows_how_much_of_a_session_it_leaves(void **state)
{
    static const struct {
        struct option option;
        enum evj_select_scope scope;
    } options[] = {
        {{"session", "1"}, EVJ_SCOPE_WHOLE}, {{"handle", "1"}, EVJ_SCOPE_SOME},
        {{"opaque", "*"}, EVJ_SCOPE_SOME},   {{"type", "jsep"}, EVJ_SCOPE_SOME},
        {{"plugin", "x"}, EVJ_SCOPE_SOME},   {{"from", "@0"}, EVJ_SCOPE_SPAN},
        {{"to", "@0"}, EVJ_SCOPE_SPAN},
    };
    EVJ_AUTO(select) *both = evj_select_new();

    (void)state;
    assert_int_equal(evj_select_scope(both), EVJ_SCOPE_WHOLE);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        EVJ_AUTO(select) *select = evj_select_new();
        assert_int_equal(set_option(select, &options[i].option, NULL), EVJ_OK);
        assert_int_equal(evj_select_scope(select), options[i].scope);
        assert_int_equal(set_option(both, &options[i].option, NULL), EVJ_OK);
    }
    assert_int_equal(evj_select_scope(both), EVJ_SCOPE_SOME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_everything_is_selected),
        cmocka_unit_test(ids_select_their_events),
        cmocka_unit_test(opaque_ids_are_matched_by_globs),
        cmocka_unit_test(types_are_janus_labels),
        cmocka_unit_test(a_plugin_selects_the_events_of_its_handles_and_its_own),
        cmocka_unit_test(times_and_seqs_cut_both_ends),
        cmocka_unit_test(end_records_are_never_selected_and_lines_without_time_always),
        cmocka_unit_test(a_state_record_tells_the_plugin_too),
        cmocka_unit_test(bad_values_are_refused_with_a_sentence),
        cmocka_unit_test(any_option_makes_it_less_than_all),
        cmocka_unit_test(a_selection_knows_how_much_of_a_session_it_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

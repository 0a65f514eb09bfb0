/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passing blocks by is only a way to be fast: whatever is selected, the result is that of reading
 * everything. Tried over one journal that has all there is, and every mixture of options.
 */
#include "tests/support/test.h"

#include "evj/journal.h"
#include "evj/select.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 400 };

static const char *const plugins[] = {"echotest", "videoroom", "sip"};

/* A session a round, with a handle that is attached, talks and is detached; in small blocks. */
static void write_round(struct evj_writer *writer, unsigned round)
{
    struct event_spec spec = {
        .type = 1, .session_id = 1000 + round / 4, .mono_us = (int64_t)round * 10000000};
    char body[100], opaque_id[32];

    journal_event(writer, &spec);
    snprintf(body, sizeof(body), "{\"name\":\"attached\",\"plugin\":\"janus.plugin.%s\"}",
             plugins[round % 3]);
    snprintf(opaque_id, sizeof(opaque_id), "user-%u", round % 50);
    spec.type = 2, spec.handle_id = 5000 + round, spec.body = body, spec.opaque_id = opaque_id;
    journal_event(writer, &spec);
    spec.body = NULL;
    for (unsigned i = 0; i < 4; i++) {
        spec.type = round % 16 < 8 ? 8 : 32;
        spec.mono_us += 1000000;
        journal_event(writer, &spec);
    }
    /* Something of a handle that was attached long ago, many blocks before. */
    if (round < 120)
        return;
    spec = (struct event_spec){.type = 16,
                               .session_id = 1000 + (round - 120) / 4,
                               .handle_id = 5000 + round - 120,
                               .mono_us = spec.mono_us + 1000000};
    journal_event(writer, &spec);
}

static void write_special(struct evj_writer *writer, unsigned round)
{
    char line[200];
    unsigned long long seq = evj_writer_totals(writer)->next_seq;
    long long mono = JOURNAL_MONO_US + (long long)round * 10000000 + 5000000;

    if (round % 40 == 7)
        snprintf(line, sizeof(line), "{\"seq\":%llu,\"mono\":%lld,\"mark\":{}}", seq, mono);
    else if (round % 40 == 17)
        snprintf(line, sizeof(line),
                 "{\"seq\":%llu,\"mono\":%lld,\"gap\":{\"events\":%u,\"until\":%lld}}", seq, mono,
                 round, mono + 60000000);
    else if (round % 40 == 27)
        snprintf(
            line, sizeof(line),
            "{\"seq\":%u,\"mono\":%lld,\"state\":{\"type\":2,\"session_id\":77,\"handle_id\":%u,"
            "\"event\":{\"plugin\":\"janus.plugin.sip\"}}}",
            round / 2, mono / 2, 5000 + round + 5);
    else
        return;
    journal_line(writer, line);
}

static void write_journal(const char *path)
{
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.level = 1, .block_text = 1500});

    for (unsigned round = 0; round < ROUNDS; round++) {
        write_round(writer, round);
        write_special(writer, round);
    }
    journal_end(writer);
}

typedef int add_fn(struct evj_select *select, const char *text, struct evj_error *err);

/* For each kind of option: left out, or one of these. */
static const struct {
    add_fn *add;
    const char *values[5];
} kinds[] = {
    {evj_select_add_session, {NULL, "1003", "1099", "4711", "77"}},
    {evj_select_add_handle, {NULL, "5012", "5399"}},
    {evj_select_add_opaque, {NULL, "user-1*"}},
    {evj_select_add_types, {NULL, "jsep", "media,core", "transports", "webrtc"}},
    {evj_select_add_plugin, {NULL, "sip", "janus.plugin.echotest"}},
    {evj_select_set_from, {NULL, "+3903s", "@1500", "@0", "2026-11-22T08:37:23Z"}},
    {evj_select_set_to, {NULL, "+603s", "@2000", "09:00:07", "@40"}},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static unsigned values_of(size_t kind)
{
    unsigned count = 1;

    while (count < 5 && kinds[kind].values[count])
        count++;
    return count;
}

/* The n-th mixture of all. */
static struct evj_select *select_number(unsigned n, char *what, size_t what_size)
{
    struct evj_select *select = evj_select_new();
    size_t at = 0;

    what[0] = '\0';
    for (size_t kind = 0; kind < KINDS; kind++) {
        const char *value = kinds[kind].values[n % values_of(kind)];
        n /= values_of(kind);
        if (value)
            assert_int_equal(kinds[kind].add(select, value, NULL), EVJ_OK);
        if (value)
            at += (size_t)snprintf(what + at, what_size - at, " %zu:%s", kind, value);
    }
    return select;
}

static unsigned mixtures(void)
{
    unsigned count = 1;

    for (size_t kind = 0; kind < KINDS; kind++)
        count *= values_of(kind);
    return count;
}

/* A number that depends on which records were selected, and on their order. */
struct result {
    uint64_t hash, selected, skipped;
};

static struct result read_selected(const char *path, struct evj_select *select, bool skipping)
{
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct result result = {.hash = 1};
    int status;

    assert_int_equal(evj_journal_open(&path, 1, &journal, NULL), EVJ_OK);
    evj_select_anchor(select, evj_journal_header(journal, 0));
    if (skipping)
        evj_journal_set_filter(journal, evj_select_wants_block, select);
    while ((status = evj_journal_next(journal, &record, NULL)) == EVJ_OK) {
        if (!evj_select_matches(select, record))
            continue;
        result.selected++;
        result.hash = result.hash * 1099511628211u + record->seq * 8 + record->kind;
    }
    assert_int_equal(status, EVJ_END);
    result.skipped = evj_journal_totals(journal, 0)->blocks_skipped;
    return result;
}

static struct result read_mixture(const char *path, unsigned n, bool skipping, char *what,
                                  size_t what_size)
{
    EVJ_AUTO(select) *select = select_number(n, what, what_size);

    return read_selected(path, select, skipping);
}

static void passing_blocks_by_never_changes_what_is_selected(void **state)
{
    char *path = temp_path(*state, "j.evj.gz"), what[200];
    uint64_t selected = 0, skipped = 0;

    write_journal(path);
    /* Every 37th mixture: 37 divides no number of values, so that all pairs come up. */
    for (unsigned n = 0; n < mixtures(); n += 37) {
        struct result all = read_mixture(path, n, false, what, sizeof(what));
        struct result some = read_mixture(path, n, true, what, sizeof(what));
        if (all.selected != some.selected || all.hash != some.hash)
            fail_msg("%s: %llu records, but %llu when blocks are passed by", what,
                     (unsigned long long)all.selected, (unsigned long long)some.selected);
        assert_int_equal(all.skipped, 0);
        selected += all.selected;
        skipped += some.skipped;
    }
    assert_true(selected > 0);
    assert_true(skipped > 0);
    free(path);
}

/* An end of the selection may fall on any record of a block. */
static void every_second_is_a_good_end(void **state)
{
    char *path = temp_path(*state, "j.evj.gz"), text[20];

    write_journal(path);
    for (unsigned s = 3000; s < 3040; s++) {
        for (unsigned which = 0; which < 2; which++) {
            EVJ_AUTO(select) *select = evj_select_new();
            snprintf(text, sizeof(text), "+%us", s);
            assert_int_equal((which ? evj_select_set_from : evj_select_set_to)(select, text, NULL),
                             EVJ_OK);
            struct result all = read_selected(path, select, false);
            struct result some = read_selected(path, select, true);
            assert_int_equal(all.selected, some.selected);
            assert_true(all.hash == some.hash);
            assert_true(some.skipped > 0);
        }
    }
    free(path);
}

/* Each of these alone must spare most of the blocks, or it is not worth its bytes. */
static void narrow_selections_pass_most_blocks_by(void **state)
{
    static const struct {
        add_fn *add;
        const char *value;
    } narrow[] = {
        {evj_select_add_session, "1003"}, {evj_select_add_types, "transports"},
        {evj_select_set_from, "+65m"},    {evj_select_set_to, "+1m"},
        {evj_select_set_to, "@40"},
    };
    char *path = temp_path(*state, "j.evj.gz");
    struct reading reading;

    write_journal(path);
    reading = reading_of(path);
    for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
        EVJ_AUTO(select) *select = evj_select_new();
        assert_int_equal(narrow[i].add(select, narrow[i].value, NULL), EVJ_OK);
        struct result result = read_selected(path, select, true);
        if (result.skipped < reading.totals.blocks * 3 / 4)
            fail_msg("%s passes by only %llu of %llu blocks", narrow[i].value,
                     (unsigned long long)result.skipped, (unsigned long long)reading.totals.blocks);
    }
    reading_done(&reading);
    free(path);
}

/* A journal that was cut out of another keeps the seqs: there are holes. */
static void seqs_with_holes_are_selected_right(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = NULL;
    struct evj_header header;

    journal_header(&header);
    strcpy(header.cut, "--session 1");
    assert_int_equal(evj_writer_open(path, &header, &(struct evj_writer_options){.block_text = 200},
                                     &writer, NULL),
                     EVJ_OK);
    for (unsigned i = 0; i < 50; i++) {
        char line[100];
        snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":3600000000,\"event\":{\"type\":1}}",
                 i * 100);
        journal_line(writer, line);
    }
    journal_end(writer);
    for (unsigned from = 0; from < 5000; from += 50) {
        EVJ_AUTO(select) *select = evj_select_new();
        char text[20];
        snprintf(text, sizeof(text), "@%u", from);
        assert_int_equal(evj_select_set_from(select, text, NULL), EVJ_OK);
        assert_int_equal(evj_select_set_to(select, "@4000", NULL), EVJ_OK);
        struct result result = read_selected(path, select, true);
        assert_int_equal(result.selected, from > 4000 ? 0 : 41 - (from + 99) / 100);
    }
    free(path);
}

/* Hostile times: nothing overflows, and the answer is the same with and without passing by. */
static void absurd_times_are_selected_the_same_way(void **state)
{
    static const char *const lines[] = {
        "{\"seq\":0,\"mono\":-9223372036854775808,\"event\":{\"type\":1}}",
        "{\"seq\":1,\"mono\":9223372036854775807,\"event\":{\"type\":1}}",
        ("{\"seq\":2,\"mono\":0,\"gap\":{\"events\":18446744073709551615,"
         "\"until\":9223372036854775807}}"),
        "{\"seq\":18446744073709551615,\"mono\":1,\"event\":{\"type\":1}}",
    };
    static const char *const times[] = {"+0", "@0", "@18446744073709551615", "1969-01-01T00:00:00Z",
                                        "9999-12-31T23:59:59Z"};
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, &(struct evj_writer_options){.block_text = 1});

    for (size_t i = 0; i < 4; i++)
        journal_line(writer, lines[i]);
    journal_end(writer);
    for (size_t i = 0; i < 25; i++) {
        EVJ_AUTO(select) *select = evj_select_new();
        assert_int_equal(evj_select_set_from(select, times[i / 5], NULL), EVJ_OK);
        assert_int_equal(evj_select_set_to(select, times[i % 5], NULL), EVJ_OK);
        struct result all = read_selected(path, select, false);
        struct result some = read_selected(path, select, true);
        assert_int_equal(all.hash, some.hash);
    }
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(passing_blocks_by_never_changes_what_is_selected),
        TEST(every_second_is_a_good_end),
        TEST(narrow_selections_pass_most_blocks_by),
        TEST(seqs_with_holes_are_selected_right),
        TEST(absurd_times_are_selected_the_same_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "replay/expect.h"
#include "replay/mix.h"
#include "replay/replay.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Events are letters: "b" was delivered as record 1, or arrived as it was; "B" arrived with a member
 * more and another one changed. Digits are events that nobody delivered, '-' is a gap.
 */
struct fixture {
    char *folder, *got;
    struct event_notes *delivered;
    struct evj_writer *writer; /* of GOT */
    struct fake_clock clock;
    struct expect_options options;
    const char *later; /* letters that arrive later: one with each sleep */
    json_t *verdict;
    unsigned told;
};

static struct fixture *sleeper; /* whose clock it is */

static char *text_of(char letter)
{
    const int n = g_ascii_tolower(letter);

    return g_strdup_printf(
        "{\"type\":4,\"timestamp\":%d,\"session_id\":%d%s,\"event\":{\"label\":\"%c\","
        "\"streams\":[{\"mid\":\"0\"},{\"mid\":\"%s\"}]}}",
        1000 + n, n, g_ascii_isupper(letter) ? ",\"eventtype\":\"external\"" : "", n,
        g_ascii_isupper(letter) ? "7" : "1");
}

static void deliver(struct fixture *f, const char *letters)
{
    for (const char *at = letters; *at != '\0'; at++) {
        g_autofree char *text = text_of(*at);
        struct evj_record record = {.seq = (uint64_t)(*at - 'a'), .body = {text, strlen(text)}};

        assert_int_equal(evj_event_peek(text, strlen(text), &record.event, NULL), 0);
        assert_int_equal(event_notes_add(f->delivered, &record,
                                         event_hash(record.body, &record.event, f->options.ignored),
                                         NULL),
                         0);
    }
}

static void add_gap(struct evj_writer *writer)
{
    const uint64_t seq = evj_writer_totals(writer)->next_seq;
    g_autofree char *line = g_strdup_printf(
        "{\"seq\":%" G_GUINT64_FORMAT ",\"mono\":5,\"gap\":{\"events\":3,\"until\":6}}", seq);
    struct evj_record record;

    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    assert_int_equal(evj_writer_add(writer, &record, NULL), 0);
}

static void arrive(struct fixture *f, const char *letters, size_t count)
{
    struct evj_header header;

    if (f->writer == NULL) {
        assert_int_equal(evj_header_init(&header, NULL), 0);
        assert_int_equal(evj_writer_open(f->got, &header, NULL, &f->writer, NULL), 0);
    }
    for (size_t i = 0; i < count && letters[i] != '\0'; i++) {
        g_autofree char *text = text_of(letters[i]);

        if (letters[i] == '-')
            add_gap(f->writer);
        else
            assert_int_equal(evj_writer_add_event(f->writer, 5, text, strlen(text), NULL), 0);
    }
    assert_int_equal(evj_writer_flush(f->writer, NULL), 0);
}

static void sleep_until(struct replay_clock *clock, int64_t deadline_ns)
{
    struct fake_clock *fake = (struct fake_clock *)clock;

    fake->now_ns = MAX(fake->now_ns, deadline_ns);
    if (sleeper->later != NULL && *sleeper->later != '\0')
        arrive(sleeper, sleeper->later++, 1);
}

static void tell(uint64_t come, uint64_t expected, void *context)
{
    assert_true(come <= expected);
    ((struct fixture *)context)->told++;
}

static int set_up(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->folder = g_dir_make_tmp("evj-expect-XXXXXX", NULL);
    f->got = g_build_filename(f->folder, "got.evj.gz", NULL);
    fake_clock_init(&f->clock, 1000000000);
    f->clock.clock.sleep_until = sleep_until;
    f->options = (struct expect_options){
        .got = f->got, .wait_us = 2000000, .clock = &f->clock.clock, .waiting = tell, .context = f};
    assert_int_equal(event_notes_new(&f->delivered, NULL), 0);
    sleeper = f;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    evj_writer_free(f->writer);
    event_notes_free(f->delivered);
    json_decref(f->verdict);
    g_unlink(f->got);
    g_rmdir(f->folder);
    g_free(f->got);
    g_free(f->folder);
    g_free(f);
    return 0;
}

static void judge(struct fixture *f)
{
    json_decref(EVJ_TAKE(f->verdict));
    assert_int_equal(expect_judge(&f->options, f->delivered, &f->verdict, NULL), 0);
}

static json_int_t count_of(const struct fixture *f, const char *kind)
{
    return json_integer_value(json_object_get(json_object_get(f->verdict, kind), "count"));
}

/* The letters of the events of a kind, as they were delivered. */
static void put_letters(GString *out, const struct fixture *f, const char *kind, const char *name)
{
    const json_t *events = json_object_get(json_object_get(f->verdict, kind), "events");
    const json_t *event;
    size_t i;

    if (json_array_size(events) > 0)
        g_string_append_printf(out, "%s%s=", out->len > 0 ? " " : "", name);
    json_array_foreach(events, i, event)
    {
        const json_int_t letter = json_integer_value(json_object_get(event, "session_id"));

        g_string_append_c(out, (char)letter);
    }
}

/* "lost=ab altered=C": what is wrong. */
static void assert_verdict(const struct fixture *f, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);

    put_letters(found, f, "lost", "lost");
    put_letters(found, f, "duplicated", "twice");
    put_letters(found, f, "reordered", "moved");
    put_letters(found, f, "altered", "altered");
    put_letters(found, f, "unexpected", "unexpected");
    assert_string_equal(found->str, expected);
    assert_int_equal(json_is_true(json_object_get(f->verdict, "ok")), *expected == '\0');
}

static void compare(struct fixture *f, const char *delivered, const char *arrived,
                    const char *expected)
{
    deliver(f, delivered);
    arrive(f, arrived, strlen(arrived));
    judge(f);
    assert_verdict(f, expected);
}

/* ---- what is wrong ---- */

static void what_arrives_as_it_was_is_right(void **state)
{
    struct fixture *f = *state;

    compare(f, "abcdef", "abcdef", "");
    assert_int_equal(f->clock.sleeps, 0);
    assert_int_equal(json_integer_value(json_object_get(f->verdict, "expected")), 6);
    assert_int_equal(json_integer_value(json_object_get(f->verdict, "come")), 6);
}

static void what_is_missing_is_lost(void **state)
{
    compare(*state, "abcdef", "bcef", "lost=ad");
}

static void what_comes_again_is_duplicated(void **state)
{
    compare(*state, "abcdef", "abbcdefaa", "twice=baa");
}

static void what_comes_too_early_or_late_is_reordered(void **state)
{
    compare(*state, "abcdef", "fabcde", "moved=f");
}

static void what_was_changed_is_altered(void **state)
{
    compare(*state, "abcdef", "aBcdEf", "altered=be");
}

static void what_nobody_delivered_is_unexpected(void **state)
{
    compare(*state, "abcdef", "1abcdef2", "unexpected=12");
}

static void all_at_once_is_told_apart(void **state)
{
    compare(*state, "abcdefgh", "cabDDee9hg", "lost=f twice=de moved=ch altered=d unexpected=9");
}

/* Nothing arrived at all, and no journal was made. */
static void without_got_all_is_lost(void **state)
{
    struct fixture *f = *state;

    deliver(f, "ab");
    judge(f);
    assert_verdict(f, "lost=ab");
    assert_true(json_is_true(json_object_get(f->verdict, "missing")));
}

/* --stress duplicate delivers an event twice: both are to arrive. */
static void what_was_delivered_twice_is_to_come_twice(void **state)
{
    struct fixture *f = *state;

    compare(f, "abbc", "abbc", "");
    json_decref(EVJ_TAKE(f->verdict));
    arrive(f, "b", 1);
    judge(f);
    assert_verdict(f, "twice=b");
}

static void a_change_that_is_ignored_is_none(void **state)
{
    static const char *const ignored[] = {"eventtype", "event.streams[].mid", NULL};
    struct fixture *f = *state;

    f->options.ignored = ignored;
    compare(f, "abc", "aBc", "");
}

static void changes_are_named_by_their_paths(void **state)
{
    static const char *const ignored[] = {"eventtype", NULL};
    struct fixture *f = *state;
    g_autofree char *paths = NULL;
    g_autofree char *changes = NULL;

    compare(f, "abc", "aBC", "altered=bc");
    paths =
        json_dumps(json_object_get(json_object_get(f->verdict, "altered"), "paths"), JSON_COMPACT);
    assert_string_equal(
        paths, "[{\"path\":\"event.streams[].mid\",\"added\":0,\"removed\":0,\"changed\":2},"
               "{\"path\":\"eventtype\",\"added\":2,\"removed\":0,\"changed\":0}]");
    f->options.ignored = ignored;
    event_notes_clear(f->delivered);
    deliver(f, "abc");
    judge(f);
    assert_verdict(f, "altered=bc");
    changes = json_dumps(
        json_object_get(
            json_array_get(json_object_get(json_object_get(f->verdict, "altered"), "events"), 0),
            "changes"),
        JSON_COMPACT);
    assert_string_equal(changes, "[{\"path\":\"event.streams[].mid\",\"how\":\"changed\"}]");
}

static void a_gap_in_got_is_told(void **state)
{
    struct fixture *f = *state;
    const json_t *gaps;

    compare(f, "abc", "a-c", "lost=b");
    gaps = json_object_get(f->verdict, "gaps");
    assert_int_equal(json_integer_value(json_object_get(gaps, "records")), 1);
    assert_int_equal(json_integer_value(json_object_get(gaps, "events")), 3);
}

static void only_the_first_ones_are_named(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 300; i++)
        deliver(f, "a");
    judge(f);
    assert_int_equal(count_of(f, "lost"), 300);
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(f->verdict, "lost"), "events")),
        EXPECT_NAMED);
}

/* ---- against chance ---- */

static size_t longest_rising_run(const char *letters)
{
    const size_t len = strlen(letters);
    size_t longest = 0;

    for (unsigned chosen = 0; chosen < 1u << len; chosen++) {
        char last = '\0';
        size_t count = 0;
        bool rises = true;

        for (size_t i = 0; i < len && rises; i++) {
            if ((chosen >> i & 1) == 0)
                continue;
            rises = letters[i] > last;
            last = letters[i];
            count++;
        }
        longest = rises ? MAX(longest, count) : longest;
    }
    return longest;
}

static void shuffle(char *letters, size_t len, uint64_t *seed)
{
    for (size_t left = len; left > 1; left--) {
        const size_t other = mix_next(seed) % left;
        const char kept = letters[left - 1];

        letters[left - 1] = letters[other];
        letters[other] = kept;
    }
}

/* As few as possible are said to have moved: all orders are tried. */
static void no_more_are_reordered_than_need_be(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 1;

    deliver(f, "abcdefgh");
    for (int i = 0; i < 200; i++) {
        char letters[] = "abcdefgh";

        shuffle(letters, 8, &seed);
        arrive(f, letters, 8);
        judge(f);
        assert_int_equal(count_of(f, "reordered"), 8 - longest_rising_run(letters));
        evj_writer_free(EVJ_TAKE(f->writer));
        g_unlink(f->got);
    }
}

/* What was done to the events on their way is what is found. */
static void whatever_was_done_is_found(void **state)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct fixture *f = *state;
    uint64_t seed = 2;

    deliver(f, letters);
    for (int i = 0; i < 100; i++) {
        g_autoptr(GString) arrived = g_string_new(NULL);
        json_int_t lost = 0, twice = 0, altered = 0, unexpected = 0;

        for (const char *at = letters; *at != '\0'; at++) {
            const uint64_t fate = mix_next(&seed) % 10;
            const bool alter = fate == 1 || fate == 2;
            const char letter = alter ? g_ascii_toupper(*at) : *at;

            lost += fate == 0;
            altered += alter;
            twice += fate == 2 || fate == 3;
            unexpected += fate == 4;
            if (fate > 0)
                g_string_append_c(arrived, letter);
            if (fate == 2 || fate == 3)
                g_string_append_c(arrived, letter);
            if (fate == 4)
                g_string_append_c(arrived, (char)('0' + mix_next(&seed) % 10));
        }
        arrive(f, arrived->str, arrived->len);
        judge(f);
        assert_int_equal(count_of(f, "lost"), lost);
        assert_int_equal(count_of(f, "duplicated"), twice);
        assert_int_equal(count_of(f, "altered"), altered);
        assert_int_equal(count_of(f, "unexpected"), unexpected);
        assert_int_equal(count_of(f, "reordered"), 0);
        evj_writer_free(EVJ_TAKE(f->writer));
        g_unlink(f->got);
    }
}

/* ---- waiting ---- */

static void what_comes_late_is_waited_for(void **state)
{
    struct fixture *f = *state;

    deliver(f, "abcdefgh");
    f->later = "abcdefgh";
    judge(f);
    assert_verdict(f, "");
    assert_true(f->told >= 8);
}

/* It takes 2 s in which nothing comes, then it is over; what is not expected does not count. */
static void waiting_has_an_end(void **state)
{
    struct fixture *f = *state;
    const int64_t begun_ns = f->clock.now_ns;

    deliver(f, "abcd");
    arrive(f, "ab", 2);
    f->later = "c01234567890123456789012345678901234567890";
    judge(f);
    assert_int_equal(count_of(f, "lost"), 1);
    assert_in_range((f->clock.now_ns - begun_ns) / 1000000, 2000, 2500);
    assert_int_equal(json_integer_value(json_object_get(f->verdict, "waited_us")),
                     (f->clock.now_ns - begun_ns) / 1000);
}

static void who_is_in_a_hurry_does_not_wait(void **state)
{
    struct fixture *f = *state;
    atomic_int stop = REPLAY_HURRY;

    f->options.stop = &stop;
    compare(f, "abc", "ab", "lost=c");
    assert_int_equal(json_integer_value(json_object_get(f->verdict, "waited_us")), 0);
}

/* ---- what cannot be GOT ---- */

static void what_cannot_be_got_is_refused_before(void **state)
{
    struct fixture *f = *state;
    struct evj_error err = {0};
    g_autofree char *nowhere = g_build_filename(f->folder, "no", "got.evj.gz", NULL);
    g_autofree char *foreign = g_build_filename(f->folder, "notes.txt", NULL);

    assert_int_equal(expect_check_got(f->got, &err), 0);
    assert_int_equal(expect_check_got(f->folder, &err), 0);
    assert_int_equal(expect_check_got("", &err), EVJ_ERR_INVALID);
    assert_int_equal(expect_check_got("-", &err), EVJ_ERR_INVALID);
    assert_int_equal(expect_check_got(nowhere, &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "there is no folder"));
    assert_true(g_file_set_contents(foreign, "hello", -1, NULL));
    assert_int_equal(expect_check_got(foreign, &err), EVJ_ERR_FOREIGN);
    f->options.got = foreign;
    deliver(f, "a");
    assert_int_equal(expect_judge(&f->options, f->delivered, &f->verdict, &err), EVJ_ERR_FOREIGN);
    g_unlink(foreign);
}

#define CLAIM(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(what_arrives_as_it_was_is_right),
        CLAIM(what_is_missing_is_lost),
        CLAIM(what_comes_again_is_duplicated),
        CLAIM(what_comes_too_early_or_late_is_reordered),
        CLAIM(what_was_changed_is_altered),
        CLAIM(what_nobody_delivered_is_unexpected),
        CLAIM(all_at_once_is_told_apart),
        CLAIM(without_got_all_is_lost),
        CLAIM(what_was_delivered_twice_is_to_come_twice),
        CLAIM(a_change_that_is_ignored_is_none),
        CLAIM(changes_are_named_by_their_paths),
        CLAIM(a_gap_in_got_is_told),
        CLAIM(only_the_first_ones_are_named),
        CLAIM(no_more_are_reordered_than_need_be),
        CLAIM(whatever_was_done_is_found),
        CLAIM(what_comes_late_is_waited_for),
        CLAIM(waiting_has_an_end),
        CLAIM(who_is_in_a_hurry_does_not_wait),
        CLAIM(what_cannot_be_got_is_refused_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/journal.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A recording that somebody follows. */
struct followed {
    struct recording recording;
    struct evj_journal *journal;
    uint64_t next_seq; /* of what the follower was given */
    unsigned ends;
};

static void follow(struct followed *f, const char *path)
{
    const char *paths[] = {path};

    assert_int_equal(evj_journal_open(paths, 1, &f->journal, NULL), EVJ_OK);
    evj_journal_set_follow(f->journal);
}

/* All that there is now: the events must be the very next ones. Returns how many. */
static unsigned take(struct followed *f)
{
    const struct evj_record *record;
    struct evj_error err = {0};
    unsigned events = 0;
    int status;

    while ((status = evj_journal_next(f->journal, &record, &err)) == EVJ_OK) {
        f->ends += record->kind == EVJ_RECORD_END;
        if (record->kind == EVJ_RECORD_END)
            continue;
        assert_int_equal(record->kind, EVJ_RECORD_EVENT);
        assert_int_equal(record->seq, f->next_seq++);
        events++;
    }
    assert_int_equal(status, EVJ_END);
    assert_int_equal(evj_journal_faults(f->journal), 0);
    return events;
}

static unsigned take_more(struct followed *f)
{
    assert_int_equal(evj_journal_continue(f->journal, NULL), EVJ_OK);
    return take(f);
}

static void begin(struct followed *f, const char *folder)
{
    *f = (struct followed){0};
    recording_begin(&f->recording, folder);
    spool_offer_numbered(f->recording.spool, 3);
    follow(f, f->recording.journal_path);
    assert_int_equal(take(f), 3);
}

static void done(struct followed *f)
{
    evj_journal_free(f->journal);
    recording_done(&f->recording);
}

static void nothing_new_is_nothing_given(void **state)
{
    struct followed f;

    begin(&f, *state);
    assert_true(evj_journal_may_grow(f.journal));
    assert_int_equal(evj_journal_continue(f.journal, NULL), EVJ_END);
    assert_int_equal(take(&f), 0);
    done(&f);
}

/* Wherever the recorder has put them meanwhile: spool, file, or first one and then the other. */
static void each_new_event_is_given_once(void **state)
{
    struct followed f;

    begin(&f, *state);
    for (unsigned round = 0; round < 30; round++) {
        unsigned before = round % 3, behind = round % 4;
        spool_offer_numbered(f.recording.spool, before);
        if (round % 2 == 0)
            recording_drain(&f.recording, round % 5 != 0);
        spool_offer_numbered(f.recording.spool, behind);
        if (before + behind > 0)
            assert_int_equal(take_more(&f), before + behind);
    }
    done(&f);
}

static void it_ends_when_the_recorder_has_closed_the_file(void **state)
{
    struct followed f;

    begin(&f, *state);
    spool_offer_numbered(f.recording.spool, 2);
    recording_drain(&f.recording, true);
    assert_int_equal(evj_writer_finish(f.recording.writer, "shutdown", NULL), EVJ_OK);
    evj_spool_remove(EVJ_TAKE(f.recording.spool));
    assert_int_equal(take_more(&f), 2);
    assert_int_equal(f.ends, 1);
    assert_false(evj_journal_may_grow(f.journal));
    assert_int_equal(evj_journal_ending(f.journal, 0), EVJ_ENDING_CLOSED);
    done(&f);
}

static void it_ends_when_the_recorder_dies(void **state)
{
    struct followed f;

    begin(&f, *state);
    spool_offer_numbered(f.recording.spool, 2);
    recording_crash(&f.recording);
    assert_int_equal(take_more(&f), 2);
    assert_false(evj_journal_may_grow(f.journal));
    assert_int_equal(evj_journal_ending(f.journal, 0), EVJ_ENDING_CRASHED);
    done(&f);
}

/* Close the file as the recorder does when it goes on in another. */
static void rotate(struct followed *f, unsigned number)
{
    assert_int_equal(evj_writer_finish(f->recording.writer, "rotate", NULL), EVJ_OK);
    recording_leave(&f->recording, number);
}

/* What was read from the spool while one file was open may have been written to the next. */
static void a_recorder_is_followed_into_its_next_files(void **state)
{
    struct followed f;

    begin(&f, *state);
    for (unsigned number = 1; number <= 4; number++) {
        recording_drain(&f.recording, true);
        spool_offer_numbered(f.recording.spool, 4);
        assert_int_equal(take_more(&f), 4);
        rotate(&f, number);
        take_more(&f);
        assert_true(evj_journal_may_grow(f.journal));
        if (number % 2 == 0)
            recording_drain(&f.recording, true);
        spool_offer_numbered(f.recording.spool, 1);
        unsigned given = 0;
        while (given == 0)
            given = take_more(&f);
        assert_int_equal(given, 1);
    }
    assert_int_equal(evj_journal_files(f.journal), 5);
    assert_int_equal(f.ends, 4);
    done(&f);
}

/* Whether the follower sees what waits before or after it is in the next file. */
static void a_recorder_that_leaves_a_file_is_followed(void **state)
{
    struct followed f;

    begin(&f, *state);
    recording_drain(&f.recording, true);
    for (unsigned number = 1; number <= 4; number++) {
        spool_offer_numbered(f.recording.spool, 2);
        recording_leave(&f.recording, number);
        if (number % 2 == 0)
            assert_int_equal(take_more(&f), 2);
        recording_drain(&f.recording, true);
        spool_offer_numbered(f.recording.spool, 1);
        unsigned awaited = number % 2 == 0 ? 1 : 3, given = 0;
        while (given < awaited)
            given += take_more(&f);
        assert_int_equal(given, awaited);
        assert_int_equal(evj_journal_ending(f.journal, number - 1), EVJ_ENDING_LEFT);
        recording_drain(&f.recording, true);
    }
    assert_int_equal(evj_journal_files(f.journal), 5);
    done(&f);
}

static void a_rotated_file_of_a_dead_recorder_is_the_end(void **state)
{
    struct followed f;

    begin(&f, *state);
    recording_drain(&f.recording, true);
    rotate(&f, 1);
    unlink(f.recording.journal_path);
    recording_crash(&f.recording);
    take_more(&f);
    assert_false(evj_journal_may_grow(f.journal));
    done(&f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_new_is_nothing_given),
        TEST(each_new_event_is_given_once),
        TEST(it_ends_when_the_recorder_has_closed_the_file),
        TEST(it_ends_when_the_recorder_dies),
        TEST(a_recorder_is_followed_into_its_next_files),
        TEST(a_recorder_that_leaves_a_file_is_followed),
        TEST(a_rotated_file_of_a_dead_recorder_is_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

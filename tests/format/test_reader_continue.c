/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One reader that goes on with a journal while it is recorded: each record comes once and in its
 * place, whichever of blocks and spool it was in, and nothing is called damage that is none.
 */
#include "tests/support/test.h"

#include "evj/completion.h"
#include "evj/reader.h"
#include "format/workers_internal.h"
#include "tests/support/journals.h"
#include "tests/support/racing.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- following ---- */

struct follower {
    struct evj_reader *reader;
    struct reading sofar;
    size_t damages;
    struct evj_error damage;
};

static void follow(struct follower *follower, const char *path)
{
    struct evj_error err = {0};

    *follower = (struct follower){0};
    if (evj_reader_open(path, &follower->reader, &err) != EVJ_OK)
        fail_msg("%s", err.text);
}

static void follower_done(struct follower *follower)
{
    evj_reader_free(follower->reader);
    reading_done(&follower->sofar);
}

static void read_to_the_end(struct follower *follower)
{
    const struct evj_record *record;
    struct evj_error err = {0};
    int status;

    while ((status = evj_reader_next(follower->reader, &record, &err)) != EVJ_END) {
        if (status < 0)
            fail_msg("%s", err.text);
        if (status == EVJ_OK)
            reading_add(&follower->sofar, record);
        else if (follower->damages++ == 0)
            follower->damage = err;
    }
    assert_int_equal(evj_reader_next(follower->reader, &record, &err), EVJ_END);
}

/* Everything up to `seqs` was given, once each, and no damage was told. */
static void assert_followed(struct follower *follower, uint64_t seqs, enum evj_ending ending)
{
    read_to_the_end(follower);
    if (follower->damages > 0)
        fail_msg("%s", follower->damage.text);
    if (follower->sofar.count > 0 && seqs > 0)
        assert_int_equal(follower->sofar.records[0].seq, 0);
    assert_int_equal(reading_assert_whole(&follower->sofar), seqs);
    assert_int_equal(evj_reader_ending(follower->reader), ending);
}

static void assert_news(struct follower *follower, uint64_t seqs, enum evj_ending ending)
{
    assert_true(evj_reader_continue(follower->reader));
    assert_followed(follower, seqs, ending);
}

static void assert_no_news(struct follower *follower)
{
    assert_false(evj_reader_continue(follower->reader));
}

/* ---- a recorder that lives ---- */

static void what_comes_into_the_spool_is_given(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 0, EVJ_ENDING_LIVE);
    for (uint64_t seq = 0; seq < 50; seq += 10) {
        assert_no_news(&follower);
        spool_offer_numbered(recording.spool, 10);
        assert_news(&follower, seq + 10, EVJ_ENDING_LIVE);
    }
    assert_no_news(&follower);
    assert_int_equal(follower.sofar.count, 50);
    assert_int_equal(evj_reader_totals(follower.reader)->spool_records, 50);
    follower_done(&follower);
    recording_done(&recording);
}

static void what_moves_from_the_spool_into_a_block_is_not_given_again(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    recording_drain(&recording, false); /* in both */
    spool_offer_numbered(recording.spool, 3);
    assert_news(&follower, 13, EVJ_ENDING_LIVE);
    assert_int_equal(follower.sofar.count, 13);
    assert_int_equal(evj_reader_totals(follower.reader)->blocks, 2);
    follower_done(&follower);
    recording_done(&recording);
}

/* Blocks that came and were released between two looks: no event of them was ever in a snapshot. */
static void blocks_that_came_meanwhile_are_read(void **state)
{
    struct recording recording;
    struct follower follower;
    uint64_t seqs = 0;

    recording_begin(&recording, *state);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 0, EVJ_ENDING_LIVE);
    for (unsigned round = 0; round < 12; round++) {
        for (unsigned block = 0; block < round % 4; block++) {
            spool_offer_numbered(recording.spool, 9);
            recording_drain(&recording, true);
        }
        spool_offer_numbered(recording.spool, 5);
        seqs += 9 * (round % 4) + 5;
        assert_news(&follower, seqs, EVJ_ENDING_LIVE);
    }
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
}

/* ---- losses ---- */

static void lose(struct recording *recording, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        evj_spool_drop(recording->spool, JOURNAL_MONO_US, 32, 100, EVJ_LOSS_BUFFER_FULL);
}

static void a_loss_is_told_once(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    lose(&recording, 4);
    spool_offer_numbered(recording.spool, 1);
    assert_news(&follower, 15, EVJ_ENDING_LIVE);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 1);
    assert_news(&follower, 16, EVJ_ENDING_LIVE);
    assert_int_equal(reading_kinds(&follower.sofar, EVJ_RECORD_GAP), 1);
    follower_done(&follower);
    recording_done(&recording);
}

/* The snapshot told the loss so far; what is told later begins with it once more. */
static void a_loss_that_goes_on_is_told_whole(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    lose(&recording, 4);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 14, EVJ_ENDING_LIVE);
    lose(&recording, 3);
    spool_offer_numbered(recording.spool, 1);
    assert_news(&follower, 18, EVJ_ENDING_LIVE);
    lose(&recording, 2);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 1);
    assert_news(&follower, 21, EVJ_ENDING_LIVE);
    follower_done(&follower);
    recording_done(&recording);
}

/* ---- its end ---- */

static void the_end_record_ends_it(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 5);
    recording_drain(&recording, true);
    assert_int_equal(evj_writer_finish(recording.writer, "shutdown", NULL), EVJ_OK);
    evj_spool_remove(EVJ_TAKE(recording.spool));
    assert_news(&follower, 15, EVJ_ENDING_CLOSED);
    assert_int_equal(reading_kinds(&follower.sofar, EVJ_RECORD_END), 1);
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
}

/* The next file of the recording has what is in the spool from now on. */
static void a_rotated_file_is_over_though_its_spool_lives_on(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    recording_drain(&recording, true);
    assert_int_equal(evj_writer_finish(recording.writer, "rotate", NULL), EVJ_OK);
    spool_offer_numbered(recording.spool, 3);
    assert_news(&follower, 10, EVJ_ENDING_CLOSED);
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
}

static void a_recorder_that_dies_leaves_a_crashed_journal(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 2);
    recording_crash(&recording);
    assert_news(&follower, 12, EVJ_ENDING_CRASHED);
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
}

static void death_alone_is_news_too(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    recording_crash(&recording);
    assert_news(&follower, 10, EVJ_ENDING_CRASHED);
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
}

/* Completed by the next start, as evj/completion.h says. */
static void a_crashed_journal_that_is_completed_is_closed(void **state)
{
    struct recording recording;
    struct follower follower;
    struct evj_completion completion;
    char *spool = temp_path(*state, "evj-" JOURNAL_ID ".spool");

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 10, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 2);
    recording_crash(&recording);
    assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_OK);
    assert_news(&follower, 12, EVJ_ENDING_CLOSED);
    assert_int_equal(reading_kinds(&follower.sofar, EVJ_RECORD_END), 1);
    assert_no_news(&follower);
    follower_done(&follower);
    recording_done(&recording);
    free(spool);
}

static void a_closed_journal_has_no_news(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct follower follower;

    journal_make(path, 5, 0);
    follow(&follower, path);
    assert_no_news(&follower); /* not even read yet */
    assert_followed(&follower, 5, EVJ_ENDING_CLOSED);
    assert_no_news(&follower);
    follower_done(&follower);
    free(path);
}

/* ---- blocks that are being written ---- */

/* The journal's file as it is when `cut` bytes of its last block, which begins at `from`, are in it. */
struct writing {
    char *bytes;
    size_t from, size;
};

static void begin_writing(struct recording *recording, struct writing *writing)
{
    free(temp_read(recording->journal_path, &writing->from));
    recording_drain(recording, false);
    writing->bytes = temp_read(recording->journal_path, &writing->size);
}

static void write_until(const struct recording *recording, const struct writing *writing, size_t to)
{
    int fd = open(recording->journal_path, O_WRONLY | O_CLOEXEC);

    assert_int_equal(ftruncate(fd, (off_t)to), 0);
    assert_int_equal(pwrite(fd, writing->bytes, to, 0), (ssize_t)to);
    close(fd);
}

static void a_block_that_is_being_written_is_no_damage(void **state)
{
    struct recording recording;
    struct writing writing;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 12);
    begin_writing(&recording, &writing);
    for (size_t cut = writing.from; cut < writing.size; cut++) {
        struct follower follower;
        write_until(&recording, &writing, cut);
        follow(&follower, recording.journal_path);
        assert_followed(&follower, 12, EVJ_ENDING_LIVE);
        if (cut + 1 < writing.size) {
            write_until(&recording, &writing, cut + 1);
            assert_news(&follower, 12, EVJ_ENDING_LIVE);
        }
        write_until(&recording, &writing, writing.size);
        assert_news(&follower, 12, EVJ_ENDING_LIVE);
        follower_done(&follower);
    }
    free(writing.bytes);
    recording_done(&recording);
}

/* It covers no damage that is in front of it: that is told with its bytes. */
static void damage_before_a_block_that_is_being_written_is_told(void **state)
{
    struct recording recording;
    struct follower follower;
    struct writing damaged, writing;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    begin_writing(&recording, &damaged);
    const char *text;
    evj_spool_release(recording.spool, evj_spool_pending(recording.spool, &text));
    spool_offer_numbered(recording.spool, 12);
    begin_writing(&recording, &writing);
    writing.bytes[damaged.size - 1] ^= 1;
    write_until(&recording, &writing, writing.size - 20);
    follow(&follower, recording.journal_path);
    read_to_the_end(&follower);
    assert_int_equal(follower.damages, 1);
    assert_non_null(strstr(follower.damage.text, "10 events are lost, from seq 0 on"));
    assert_int_equal(evj_reader_damage(follower.reader)->from, damaged.from);
    assert_int_equal(evj_reader_damage(follower.reader)->to, damaged.size);
    assert_int_equal(follower.sofar.count, 13);
    write_until(&recording, &writing, writing.size);
    assert_true(evj_reader_continue(follower.reader));
    read_to_the_end(&follower);
    assert_int_equal(follower.damages, 1);
    assert_int_equal(reading_assert_whole(&follower.sofar), 22);
    assert_int_equal(follower.sofar.count, 13);
    free(damaged.bytes);
    free(writing.bytes);
    follower_done(&follower);
    recording_done(&recording);
}

/* Written, released, and another one behind it: the reader had seen half of the first. */
static void a_half_block_is_made_good_when_it_is_whole(void **state)
{
    struct recording recording;
    struct follower follower;
    struct writing writing;

    recording_begin(&recording, *state);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 0, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 12);
    begin_writing(&recording, &writing);
    write_until(&recording, &writing, writing.from + 100);
    assert_news(&follower, 12, EVJ_ENDING_LIVE);
    write_until(&recording, &writing, writing.size);
    const char *text;
    evj_spool_release(recording.spool, evj_spool_pending(recording.spool, &text));
    for (unsigned i = 0; i < 3; i++) {
        spool_offer_numbered(recording.spool, 10);
        recording_drain(&recording, true);
    }
    assert_news(&follower, 42, EVJ_ENDING_LIVE);
    assert_int_equal(evj_reader_totals(follower.reader)->blocks, 5);
    free(writing.bytes);
    follower_done(&follower);
    recording_done(&recording);
}

/* The disk was full. Its recorder cut off the half block, and wrote a longer one in its place. */
static void a_half_block_that_is_written_anew_is_read_anew(void **state)
{
    struct recording recording;
    struct follower follower;
    struct writing half, whole;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 30);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 12);
    begin_writing(&recording, &half);
    write_until(&recording, &half, half.size - 30);
    follow(&follower, recording.journal_path);
    assert_followed(&follower, 42, EVJ_ENDING_LIVE);

    /* Another writer, for the same place: more events, and another level. */
    struct evj_writer *writer = NULL;
    struct evj_writer_totals sofar = {.file_bytes = half.from, .next_seq = 30};
    struct evj_header header = *evj_reader_header(follower.reader);
    assert_int_equal(evj_writer_resume(recording.journal_path, &header, &sofar, &writer, NULL),
                     EVJ_OK);
    evj_writer_free(recording.writer);
    recording.writer = writer;
    spool_offer_numbered(recording.spool, 20);
    begin_writing(&recording, &whole);
    assert_int_equal(whole.from, half.from);
    assert_news(&follower, 62, EVJ_ENDING_LIVE);
    free(half.bytes);
    free(whole.bytes);
    follower_done(&follower);
    recording_done(&recording);
}

/* ---- other ways to read ---- */

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header, (void)info, (void)context;
    return false;
}

/* What was passed by in a block is not given when it comes, nor is it missed. */
static void with_a_filter_only_the_spool_is_given(void **state)
{
    struct recording recording;
    struct follower follower;

    recording_begin(&recording, *state);
    follow(&follower, recording.journal_path);
    evj_reader_set_filter(follower.reader, wants_none, NULL);
    read_to_the_end(&follower);
    for (unsigned round = 0; round < 5; round++) {
        spool_offer_numbered(recording.spool, 10);
        recording_drain(&recording, true);
        spool_offer_numbered(recording.spool, 1);
        assert_true(evj_reader_continue(follower.reader));
        read_to_the_end(&follower);
        assert_int_equal(follower.damages, 0);
        assert_int_equal(follower.sofar.count, round + 1);
        assert_int_equal(follower.sofar.records[round].seq, 11 * round + 10);
    }
    assert_int_equal(evj_reader_totals(follower.reader)->blocks_skipped, 5);
    follower_done(&follower);
    recording_done(&recording);
}

/* ---- in a hurry ---- */

static void check_race(const char *folder, size_t ahead)
{
    char *path = temp_path(folder, "live.evj.gz");
    EVJ_AUTO(workers) *workers = evj_workers_new();
    struct follower follower;
    int hold, status;
    pid_t child = racing_recorder(folder, &hold);

    follow(&follower, path);
    if (ahead > 0)
        evj_reader_set_ahead(follower.reader, workers, ahead);
    read_to_the_end(&follower);
    close(hold);
    while (evj_reader_ending(follower.reader) == EVJ_ENDING_LIVE && follower.damages == 0) {
        if (evj_reader_continue(follower.reader))
            read_to_the_end(&follower);
        else
            sched_yield();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_followed(&follower, RACED, EVJ_ENDING_CLOSED);
    follower_done(&follower);
    assert_int_equal(unlink(path), 0);
    free(path);
}

/* One reader that goes on and on, against a recorder that writes as fast as it can. */
static void a_racing_recorder_is_followed_to_its_end(void **state)
{
    for (unsigned round = 0; round < 10; round++)
        check_race(*state, round % 2 ? 1 << 20 : 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_comes_into_the_spool_is_given),
        TEST(what_moves_from_the_spool_into_a_block_is_not_given_again),
        TEST(blocks_that_came_meanwhile_are_read),
        TEST(a_loss_is_told_once),
        TEST(a_loss_that_goes_on_is_told_whole),
        TEST(the_end_record_ends_it),
        TEST(a_rotated_file_is_over_though_its_spool_lives_on),
        TEST(a_recorder_that_dies_leaves_a_crashed_journal),
        TEST(death_alone_is_news_too),
        TEST(a_crashed_journal_that_is_completed_is_closed),
        TEST(a_closed_journal_has_no_news),
        TEST(a_block_that_is_being_written_is_no_damage),
        TEST(damage_before_a_block_that_is_being_written_is_told),
        TEST(a_half_block_is_made_good_when_it_is_whole),
        TEST(a_half_block_that_is_written_anew_is_read_anew),
        TEST(with_a_filter_only_the_spool_is_given),
        TEST(a_racing_recorder_is_followed_to_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal whose recorder still runs, or was killed: its blocks, and its spool behind them. */
#include "tests/support/test.h"

#include "evj/reader.h"
#include "format/spool_layout_internal.h"
#include "tests/support/journals.h"
#include "tests/support/racing.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_reads(const char *path, uint64_t seqs, enum evj_ending ending)
{
    struct reading reading = reading_of(path);

    if (reading.status != EVJ_END)
        fail_msg("%s", reading.err.text);
    assert_int_equal(reading_assert_whole(&reading), seqs);
    assert_int_equal(reading.ending, ending);
    reading_done(&reading);
}

static void a_live_journal_is_read_to_its_last_event(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    assert_reads(recording.journal_path, 0, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 10);
    assert_reads(recording.journal_path, 10, EVJ_ENDING_LIVE);
    recording_drain(&recording, true);
    assert_reads(recording.journal_path, 10, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 5);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US, 1, 1, EVJ_LOSS_BUFFER_FULL);
    assert_reads(recording.journal_path, 16, EVJ_ENDING_LIVE);
    recording_done(&recording);
}

static void a_crashed_journal_ends_with_its_last_event(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 5);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US, 1, 1, EVJ_LOSS_BUFFER_FULL);
    recording_crash(&recording);
    assert_reads(recording.journal_path, 16, EVJ_ENDING_CRASHED);
    struct reading reading = reading_of(recording.journal_path);
    assert_int_equal(reading.totals.spool_records, 6);
    assert_int_equal(reading.records[15].kind, EVJ_RECORD_GAP);
    assert_int_equal(reading.records[12].wall_us, JOURNAL_WALL_US + 12);
    reading_done(&reading);
    recording_done(&recording);
}

/* Killed between writing a block and freeing its room, the same lines are in both. */
static void what_blocks_and_spool_both_have_is_told_once(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US, 1, 1, EVJ_LOSS_BUFFER_FULL);
    spool_offer_numbered(recording.spool, 3);
    recording_drain(&recording, false);
    assert_reads(recording.journal_path, 14, EVJ_ENDING_LIVE);
    spool_offer_numbered(recording.spool, 2);
    recording_crash(&recording);
    assert_reads(recording.journal_path, 16, EVJ_ENDING_CRASHED);
    recording_done(&recording);
}

static off_t size_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

/* Killed while it wrote a block: whatever part of it is in the file, the spool has all of it. */
static void half_a_block_at_the_end_is_made_good_by_the_spool(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    off_t before = size_of(recording.journal_path);
    spool_offer_numbered(recording.spool, 7);
    recording_drain(&recording, false);
    recording_crash(&recording);
    for (off_t cut = size_of(recording.journal_path) - 1; cut >= before; cut--) {
        assert_int_equal(truncate(recording.journal_path, cut), 0);
        assert_reads(recording.journal_path, 17, EVJ_ENDING_CRASHED);
    }
    recording_done(&recording);
}

/* But a file that lost more than the spool has is damaged, and says so. */
static void a_hole_between_blocks_and_spool_is_told(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 2);
    recording_crash(&recording);
    assert_int_equal(truncate(recording.journal_path, size_of(recording.journal_path) - 5), 0);
    struct reading reading = reading_of(recording.journal_path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CRASHED);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.lost, 10);
    assert_int_equal(reading.count, 3);
    assert_int_equal(reading.records[0].kind, EVJ_RECORD_GAP);
    assert_int_equal(reading.records[1].seq, 10);
    reading_done(&reading);
    recording_done(&recording);
}

static void a_truncated_file_with_an_empty_spool_is_truncated(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    recording_crash(&recording);
    assert_int_equal(truncate(recording.journal_path, size_of(recording.journal_path) - 5), 0);
    struct reading reading = reading_of(recording.journal_path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_TRUNCATED);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.lost, 10);
    assert_int_equal(reading.count, 1);
    assert_int_equal(reading.records[0].kind, EVJ_RECORD_GAP);
    reading_done(&reading);
    recording_done(&recording);
}

static void a_closed_journal_needs_no_spool(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 3); /* of the recording's next file */
    assert_int_equal(evj_writer_finish(recording.writer, "rotate", NULL), EVJ_OK);
    assert_reads(recording.journal_path, 10, EVJ_ENDING_CLOSED);
    recording_done(&recording);
}

/* A file that its recorder could not write any more: what is in the spool then is of the next one. */
static void a_file_that_was_left_lacks_nothing(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    char *left = strdup(recording.journal_path);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 5);
    recording_leave(&recording, 1);
    assert_reads(left, 15, EVJ_ENDING_LEFT); /* nothing is in the next one yet */
    recording_drain(&recording, true);
    assert_reads(left, 10, EVJ_ENDING_LEFT);
    spool_offer_numbered(recording.spool, 3);
    assert_reads(left, 10, EVJ_ENDING_LEFT);
    struct reading reading = reading_of(recording.journal_path);
    assert_int_equal(reading.count, 8);
    assert_int_equal(reading.ending, EVJ_ENDING_LIVE);
    reading_done(&reading);
    recording_crash(&recording);
    assert_reads(left, 10, EVJ_ENDING_LEFT);
    free(left);
    recording_done(&recording);
}

/* The moment in which there is a next file already, and the spool still names the old one. */
static void a_next_file_that_the_spool_does_not_name_yet_is_live(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    char *old = strdup(recording.journal_path);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    recording_leave(&recording, 1);
    evj_spool_set_journal(recording.spool, old);
    struct reading reading = reading_of(recording.journal_path);
    assert_int_equal(reading.ending, EVJ_ENDING_LIVE);
    reading_done(&reading);
    assert_reads(old, 10, EVJ_ENDING_LIVE);
    evj_spool_set_journal(recording.spool, "");
    reading = reading_of(recording.journal_path);
    assert_int_equal(reading.ending, EVJ_ENDING_LIVE);
    reading_done(&reading);
    free(old);
    recording_done(&recording);
}

/* As in a container, whose folders have other names outside of it. */
static void a_file_is_the_spools_wherever_its_folder_is(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    evj_spool_set_journal(recording.spool, "/nowhere/live.evj.gz");
    assert_reads(recording.journal_path, 10, EVJ_ENDING_LIVE);
    evj_spool_set_journal(recording.spool, "/nowhere/");
    assert_reads(recording.journal_path, 10, EVJ_ENDING_LIVE);
    recording_done(&recording);
}

static void without_its_spool_a_journal_is_open(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 3);
    evj_spool_remove(EVJ_TAKE(recording.spool));
    assert_reads(recording.journal_path, 10, EVJ_ENDING_OPEN);
    recording_done(&recording);
}

/* Every 10 events a block, and two of three blocks are not wanted. */
static bool wants_every_third(const struct evj_header *header, const struct evj_block_info *info,
                              void *context)
{
    (void)header, (void)context;
    return info->first_seq % 30 == 0;
}

static void blocks_that_were_passed_by_do_not_come_again_from_the_spool(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    for (int i = 0; i < 6; i++) {
        const char *text;
        uint64_t before = evj_writer_totals(recording.writer)->next_seq;
        spool_offer_numbered(recording.spool, 10);
        /* The writer has each block; the ring still has them all. */
        size_t len = evj_spool_pending(recording.spool, &text);
        for (const char *at = text, *end = text + len; at < end;) {
            struct evj_record record;
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            assert_int_equal(evj_record_parse(at, (size_t)(newline - at), &record, NULL), EVJ_OK);
            if (record.seq >= before)
                assert_int_equal(evj_writer_add(recording.writer, &record, NULL), EVJ_OK);
            at = newline + 1;
        }
        assert_int_equal(evj_writer_flush(recording.writer, NULL), EVJ_OK);
    }
    spool_offer_numbered(recording.spool, 5);
    struct reading reading = reading_with_filter(recording.journal_path, wants_every_third, NULL);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.count, 25);
    assert_int_equal(reading.totals.blocks_skipped, 4);
    assert_int_equal(reading.totals.spool_records, 5);
    reading_done(&reading);
    recording_done(&recording);
}

/* ---- spools that are not to be trusted ---- */

/* A journal whose first line names this path as its spool. */
static char *journal_naming(const char *folder, const char *spool, const char *boot_id)
{
    char *path = temp_path(folder, "stranger.evj.gz");
    struct evj_writer *writer = NULL;
    struct evj_header header;

    journal_header(&header);
    snprintf(header.boot_id, sizeof(header.boot_id), "%s", boot_id);
    snprintf(header.spool, sizeof(header.spool), "%s", spool);
    unlink(path);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    journal_events(writer, 2);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    evj_writer_free(writer);
    return path;
}

static void assert_names(const char *folder, const char *spool, const char *boot_id,
                         enum evj_ending ending, const char *note)
{
    char *path = journal_naming(folder, spool, boot_id);
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;
    unsigned records = 0;

    alarm(20);
    assert_int_equal(evj_reader_open(path, &reader, NULL), EVJ_OK);
    while (evj_reader_next(reader, &record, NULL) == EVJ_OK)
        records++;
    alarm(0);
    assert_true(records >= 2);
    assert_int_equal(evj_reader_ending(reader), ending);
    if (note[0])
        assert_non_null(strstr(evj_reader_spool_note(reader), note));
    else
        assert_string_equal(evj_reader_spool_note(reader), "");
    free(path);
}

/* Only a spool of that journal, that boot and our own name for it is ever opened. */
static void a_strangers_journal_opens_no_other_file(void **state)
{
    char boot_id[37];
    char *spool = temp_path(*state, "evj-" JOURNAL_ID ".spool");
    char *elsewhere = temp_path(*state, "secret");

    evj_boot_id(boot_id);
    assert_int_equal(mkfifo(elsewhere, 0600), 0);
    assert_names(*state, "", boot_id, EVJ_ENDING_OPEN, "");
    assert_names(*state, elsewhere, boot_id, EVJ_ENDING_OPEN, "");
    assert_names(*state, "evj-" JOURNAL_ID ".spool", boot_id, EVJ_ENDING_OPEN, "");
    assert_names(*state, spool, boot_id, EVJ_ENDING_OPEN, "");
    assert_int_equal(mkfifo(spool, 0600), 0);
    assert_names(*state, spool, boot_id, EVJ_ENDING_OPEN, "not a spool");
    unlink(spool);
    assert_int_equal(symlink(elsewhere, spool), 0);
    assert_names(*state, spool, boot_id, EVJ_ENDING_OPEN, spool);
    unlink(spool);
    evj_spool_free(spool_begin(*state));
    assert_names(*state, spool, boot_id, EVJ_ENDING_CRASHED, "");
    assert_names(*state, spool, "11111111-2222-4333-8444-555555555555", EVJ_ENDING_OPEN, "");
    assert_names(*state, spool, "", EVJ_ENDING_OPEN, "");
    assert_int_equal(truncate(spool, 5000), 0);
    assert_names(*state, spool, boot_id, EVJ_ENDING_OPEN, "contradicts itself");
    free(elsewhere);
    free(spool);
}

/* The ring's own bytes are no more to be trusted: odd lines are a fault, after all that is good. */
static void an_odd_line_in_the_spool_is_damage(void **state)
{
    static const char *const odd[] = {"{\"seq\":12,", "\n\n\n\n\n\n\n\n", "garbage.", "{}{}{}{}"};

    for (unsigned i = 0; i < 4; i++) {
        struct recording recording;
        recording_begin(&recording, *state);
        spool_offer_numbered(recording.spool, 10);
        int fd = open(evj_spool_path(recording.spool), O_RDWR | O_CLOEXEC);
        struct evj_spool_stats stats;
        evj_spool_stats(recording.spool, &stats);
        assert_int_equal(pwrite(fd, odd[i], strlen(odd[i]), (off_t)(SPOOL_HEADER + stats.used - 8)),
                         strlen(odd[i]));
        close(fd);
        struct reading reading = reading_of(recording.journal_path);
        assert_int_equal(reading.status, EVJ_END);
        assert_int_equal(reading.damages, 1);
        assert_int_equal(reading.count, 10);
        assert_int_equal(reading.records[9].kind, EVJ_RECORD_GAP);
        reading_done(&reading);
        evj_spool_remove(EVJ_TAKE(recording.spool));
        unlink(recording.journal_path);
        recording_done(&recording);
    }
}

/* ---- live, and in a hurry ---- */

/* Blocks and spool together are one unbroken sequence from 0, at every moment of a recording. */
static void a_journal_read_while_it_is_written_has_no_holes(void **state)
{
    char *path = temp_path(*state, "live.evj.gz");
    int hold, status;
    uint64_t last = 0;
    unsigned looks = 0;
    enum evj_ending ending = EVJ_ENDING_LIVE;

    pid_t child = racing_recorder(*state, &hold);

    close(hold);
    for (bool over = false; !over; looks++) {
        over = waitpid(child, &status, WNOHANG) == child;
        struct reading reading = reading_of(path);
        if (reading.status != EVJ_END)
            fail_msg("look %u: %s", looks, reading.err.text);
        if (reading.count > 1)
            assert_int_equal(reading.records[0].seq, 0);
        uint64_t next = reading_assert_whole(&reading);
        assert_true(next >= last);
        last = next;
        ending = reading.ending;
        reading_done(&reading);
    }
    assert_int_equal(status, 0);
    assert_int_equal(ending, EVJ_ENDING_CLOSED);
    assert_int_equal(last, RACED);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_live_journal_is_read_to_its_last_event),
        TEST(a_crashed_journal_ends_with_its_last_event),
        TEST(what_blocks_and_spool_both_have_is_told_once),
        TEST(half_a_block_at_the_end_is_made_good_by_the_spool),
        TEST(a_hole_between_blocks_and_spool_is_told),
        TEST(a_truncated_file_with_an_empty_spool_is_truncated),
        TEST(a_closed_journal_needs_no_spool),
        TEST(a_file_that_was_left_lacks_nothing),
        TEST(a_next_file_that_the_spool_does_not_name_yet_is_live),
        TEST(a_file_is_the_spools_wherever_its_folder_is),
        TEST(without_its_spool_a_journal_is_open),
        TEST(blocks_that_were_passed_by_do_not_come_again_from_the_spool),
        TEST(a_strangers_journal_opens_no_other_file),
        TEST(an_odd_line_in_the_spool_is_damage),
        TEST(a_journal_read_while_it_is_written_has_no_holes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

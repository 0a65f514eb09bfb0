/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/completion.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A recorder that dies: so many events in blocks, so many that only the spool has. */
static char *crashed_journal(const char *folder, unsigned in_blocks, unsigned in_spool)
{
    struct recording recording;

    recording_begin(&recording, folder);
    spool_offer_numbered(recording.spool, in_blocks);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, in_spool);
    char *path = recording.journal_path;
    recording_crash(&recording);
    return path;
}

static char *spool_path(const char *folder)
{
    return temp_path(folder, "evj-" JOURNAL_ID ".spool");
}

/* Complete, and check that the file alone now has `events` events, without a hole, and its end. */
static void assert_completed(const char *folder, const char *journal, uint64_t from_spool,
                             uint64_t events)
{
    struct evj_completion completion;
    struct evj_error err = {0};
    char *spool = spool_path(folder);

    if (evj_complete(spool, &completion, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    assert_string_equal(completion.journal, journal);
    assert_int_equal(completion.events, from_spool);
    assert_int_equal(access(spool, F_OK), -1);

    struct reading reading = reading_of(journal);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(reading_assert_whole(&reading), events);
    const char *end = reading.lines[reading.count - 1];
    char counted[64];
    snprintf(counted, sizeof(counted), "\"records\":%u,\"events\":%u,\"dropped\":0,",
             (unsigned)events, (unsigned)events);
    assert_non_null(strstr(end, counted));
    /* What the events in the blocks are was not read, so it is not told. */
    assert_non_null(strstr(end, "\"reason\":\"crash\"}}"));
    reading_done(&reading);
    assert_int_equal(evj_complete(spool, &completion, &err), EVJ_END);
    free(spool);
}

static void what_only_the_spool_had_is_in_the_file_then(void **state)
{
    char *journal = crashed_journal(*state, 40, 25);

    assert_completed(*state, journal, 25, 65);
    free(journal);
}

static void nothing_in_the_spool_is_only_an_end(void **state)
{
    char *journal = crashed_journal(*state, 40, 0);

    assert_completed(*state, journal, 0, 40);
    free(journal);
}

static void nothing_in_the_file_is_all_from_the_spool(void **state)
{
    char *journal = crashed_journal(*state, 0, 25);

    assert_completed(*state, journal, 25, 25);
    free(journal);
}

/* The recorder died after a block was in the file and before its lines were released. */
static void what_both_have_is_told_once(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 30);
    recording_drain(&recording, false);
    char *journal = recording.journal_path;
    recording_crash(&recording);
    assert_completed(*state, journal, 0, 30);
    free(journal);
}

/* The recorder died inside a write. */
static void half_a_block_is_cut_off(void **state)
{
    char *journal = crashed_journal(*state, 40, 25);
    size_t size;
    char *bytes = temp_read(journal, &size);
    char *longer = calloc(1, size + 100);

    memcpy(longer, bytes, size);
    memcpy(longer + size, bytes, 100); /* a block's header, and no more */
    temp_write(journal, longer, size + 100);
    assert_completed(*state, journal, 25, 65);
    free(longer);
    free(bytes);
    free(journal);
}

/* What the file's own gaps lack is counted in its end, beside what its blocks hold. */
static void gaps_in_the_file_are_counted_in_its_end(void **state)
{
    struct recording recording;
    struct evj_completion completion;
    char *spool = spool_path(*state);

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US + 10, 1, 5, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US + 11, 1, 5, EVJ_LOSS_BUFFER_FULL);
    spool_offer_numbered(recording.spool, 3);
    recording_drain(&recording, true);
    char *journal = recording.journal_path;
    recording_crash(&recording);

    assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_OK);
    struct reading reading = reading_of(journal);
    assert_int_equal(reading_assert_whole(&reading), 15);
    assert_non_null(
        strstr(reading.lines[reading.count - 1], "\"records\":14,\"events\":13,\"dropped\":2,"));
    reading_done(&reading);
    free(journal);
    free(spool);
}

/* The recorder died between closing the file and deleting its spool. */
static void a_closed_file_is_not_written_to_again(void **state)
{
    struct recording recording;
    struct evj_completion completion;
    char *spool = spool_path(*state);
    size_t before_size, after_size;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, false);
    assert_int_equal(evj_writer_finish(recording.writer, "shutdown", NULL), EVJ_OK);
    char *journal = recording.journal_path;
    recording_crash(&recording);

    char *before = temp_read(journal, &before_size);
    assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_OK);
    assert_int_equal(completion.events, 0);
    char *after = temp_read(journal, &after_size);
    assert_int_equal(after_size, before_size);
    assert_memory_equal(after, before, before_size);
    assert_int_equal(access(spool, F_OK), -1);
    free(before);
    free(after);
    free(journal);
    free(spool);
}

/* Every block's header says where it stands, also that of a block with nothing but the end. */
static void a_completed_file_is_plain_for_other_readers(void **state)
{
    char *journal = crashed_journal(*state, 40, 0);
    struct evj_completion completion;
    char *spool = spool_path(*state);
    struct evj_block_info info;
    size_t size, header_size, at = 0;

    assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_OK);
    char *bytes = temp_read(journal, &size);
    for (; at < size; at += info.member_size)
        assert_int_equal(evj_block_decode_header((unsigned char *)bytes + at, size - at, at, &info,
                                                 &header_size, NULL),
                         EVJ_OK);
    assert_int_equal(at, size);
    assert_int_equal(info.flags, EVJ_BLOCK_LAST);
    assert_int_equal(info.first_seq, 40);
    assert_true(info.first_mono_us > 0);
    free(bytes);
    free(spool);
    free(journal);
}

/* ---- a recorder that died before its spool named a file ---- */

static void note_folder(struct recording *recording, const char *folder)
{
    char *with_slash = temp_path(folder, "");

    evj_spool_set_journal(recording->spool, with_slash);
    free(with_slash);
}

static void a_first_file_that_no_spool_names_is_found(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    note_folder(&recording, *state);
    spool_offer_numbered(recording.spool, 25);
    char *journal = recording.journal_path;
    recording_crash(&recording);
    assert_completed(*state, journal, 25, 25);
    free(journal);
}

static void a_spool_without_a_file_is_deleted_if_nothing_is_in_it(void **state)
{
    struct evj_completion completion;
    char *spool = spool_path(*state);

    for (unsigned events = 0; events < 2; events++) {
        struct recording recording;
        recording_begin(&recording, *state);
        note_folder(&recording, *state);
        unlink(recording.journal_path);
        spool_offer_numbered(recording.spool, events);
        recording_done(&recording);
        int status = evj_complete(spool, &completion, NULL);
        assert_int_equal(status, events == 0 ? EVJ_END : EVJ_ERR_IO);
        assert_int_equal(access(spool, F_OK), events == 0 ? -1 : 0);
    }
    free(spool);
}

static void a_living_recorder_is_left_alone(void **state)
{
    struct evj_completion completion;
    struct recording recording;
    char *spool = spool_path(*state);

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 5);
    assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_END);
    assert_int_equal(access(spool, F_OK), 0);
    recording_done(&recording);
    free(spool);
}

/* Bytes in the place of the file's are not written over, and the spool stays. */
static void another_file_in_its_place_is_not_touched(void **state)
{
    char *journal = crashed_journal(*state, 3, 4);
    struct evj_completion completion;
    struct evj_error err = {0};
    char *spool = spool_path(*state);
    size_t size;

    temp_write(journal, "something else", 14);
    assert_int_equal(evj_complete(spool, &completion, &err), EVJ_ERR_FOREIGN);
    assert_int_equal(access(spool, F_OK), 0);
    char *bytes = temp_read(journal, &size);
    assert_string_equal(bytes, "something else");
    free(bytes);
    unlink(journal);
    assert_int_equal(evj_complete(spool, &completion, &err), EVJ_ERR_IO);
    assert_int_equal(access(spool, F_OK), 0);
    free(spool);
    free(journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_only_the_spool_had_is_in_the_file_then),
        TEST(nothing_in_the_spool_is_only_an_end),
        TEST(nothing_in_the_file_is_all_from_the_spool),
        TEST(what_both_have_is_told_once),
        TEST(half_a_block_is_cut_off),
        TEST(gaps_in_the_file_are_counted_in_its_end),
        TEST(a_closed_file_is_not_written_to_again),
        TEST(a_completed_file_is_plain_for_other_readers),
        TEST(a_first_file_that_no_spool_names_is_found),
        TEST(a_spool_without_a_file_is_deleted_if_nothing_is_in_it),
        TEST(a_living_recorder_is_left_alone),
        TEST(another_file_in_its_place_is_not_touched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

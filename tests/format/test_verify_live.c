/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals with a spool: live, crashed, closed, and verified while they are written. */
#include "tests/support/test.h"

#include "evj/completion.h"
#include "evj/verify.h"
#include "tests/support/journals.h"
#include "tests/support/racing.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct evj_verification verified(const char *path)
{
    struct evj_verification verification;

    assert_int_equal(evj_verify(path, NULL, NULL, &verification, NULL), EVJ_OK);
    for (size_t i = 0; i < evj_verification_findings(&verification); i++)
        print_message("# %s: %s\n", evj_finding_name(verification.findings[i].kind),
                      verification.findings[i].text);
    return verification;
}

static void assert_arithmetic(const struct evj_verify_totals *totals, uint64_t offered)
{
    assert_int_equal(totals->offered, offered);
    assert_int_equal(totals->events + totals->dropped + totals->marks, offered);
}

static void a_live_journal_is_sound_to_its_last_event(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 5);
    evj_spool_drop(recording.spool, JOURNAL_MONO_US + 15, 1, 1, EVJ_LOSS_BUFFER_FULL);
    struct evj_verification v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "live");
    assert_int_equal(v.finding_count, 0);
    assert_int_equal(v.totals.spool_records, 6);
    assert_int_equal(v.totals.spool_events, 5);
    assert_arithmetic(&v.totals, 16);
    recording_done(&recording);
}

static void a_crashed_journal_tells_what_only_its_spool_has(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    spool_offer_numbered(recording.spool, 5);
    recording_crash(&recording);
    struct evj_verification v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "crashed");
    assert_int_equal(v.finding_count, 0);
    assert_int_equal(v.totals.spool_events, 5);
    assert_arithmetic(&v.totals, 15);
    recording_done(&recording);
}

/* Killed while it wrote a block: the spool has all of it, so nothing is damaged. */
static void half_a_block_that_the_spool_has_is_no_damage(void **state)
{
    struct recording recording;
    struct stat st;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    recording_drain(&recording, true);
    assert_int_equal(stat(recording.journal_path, &st), 0);
    off_t whole = st.st_size;
    spool_offer_numbered(recording.spool, 7);
    recording_drain(&recording, false);
    for (off_t part = 150; part > 0; part -= 7) {
        assert_int_equal(truncate(recording.journal_path, whole + part), 0);
        struct evj_verification v = verified(recording.journal_path);
        assert_string_equal(evj_verdict_name(v.verdict), "live");
        assert_int_equal(v.finding_count, 0);
        assert_arithmetic(&v.totals, 17);
    }
    recording_done(&recording);
}

/* What the recorder's next start appends is as sound as what it had written, whatever was last. */
static void a_completed_journal_is_sound(void **state)
{
    for (unsigned in_spool = 0; in_spool < 3; in_spool++) {
        struct recording recording;
        struct evj_completion completion;
        recording_begin(&recording, *state);
        char *spool = strdup(evj_spool_path(recording.spool));
        spool_offer_numbered(recording.spool, 10);
        evj_spool_drop(recording.spool, JOURNAL_MONO_US + 10, 1, 1, EVJ_LOSS_BUFFER_FULL);
        evj_spool_drop(recording.spool, JOURNAL_MONO_US + 11, 1, 1, EVJ_LOSS_BUFFER_FULL);
        assert_true(evj_spool_close_gap(recording.spool));
        recording_drain(&recording, true);
        spool_offer_numbered(recording.spool, in_spool);
        recording_crash(&recording);
        assert_int_equal(evj_complete(spool, &completion, NULL), EVJ_OK);
        struct evj_verification v = verified(recording.journal_path);
        assert_string_equal(evj_verdict_name(v.verdict), "closed");
        assert_int_equal(v.finding_count, 0);
        assert_arithmetic(&v.totals, 12 + in_spool);
        unlink(recording.journal_path);
        recording_done(&recording);
        free(spool);
    }
}

static void close_journal(struct recording *recording)
{
    recording_drain(recording, true);
    assert_int_equal(evj_writer_finish(recording->writer, "shutdown", NULL), EVJ_OK);
}

static void a_spool_that_was_not_deleted_is_noted(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    close_journal(&recording);
    struct evj_verification v = verified(recording.journal_path);
    assert_int_equal(v.finding_count, 0); /* its recorder is just about to delete it */
    recording_crash(&recording);
    v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "closed");
    assert_int_equal(v.faults, 0);
    assert_int_equal(v.finding_count, 1);
    assert_int_equal(v.findings[0].kind, EVJ_FINDING_LEFTOVER);
    recording_done(&recording);
}

/* After a rotation the spool is the next file's, and a crash of that is no matter of this one. */
static void the_spool_of_the_next_file_is_no_leftover(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    close_journal(&recording);
    evj_spool_set_journal(recording.spool, "/nowhere/next.evj.gz");
    recording_crash(&recording);
    struct evj_verification v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "closed");
    assert_int_equal(v.finding_count, 0);
    recording_done(&recording);
}

/* What it holds may be the journal's last events: that nobody can look is a fault. */
static void a_spool_that_cannot_be_read_is_a_fault(void **state)
{
    struct recording recording;
    char *spool = NULL;

    recording_begin(&recording, *state);
    spool = strdup(evj_spool_path(recording.spool));
    recording_crash(&recording);
    assert_int_equal(truncate(spool, 5000), 0);
    struct evj_verification v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "open");
    assert_int_equal(v.faults, 1);
    assert_int_equal(v.findings[0].kind, EVJ_FINDING_SPOOL);
    free(spool);
    recording_done(&recording);
}

static void a_spool_with_odd_bytes_is_damage(void **state)
{
    struct recording recording;
    char *spool = NULL;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 10);
    spool = strdup(evj_spool_path(recording.spool));
    recording_crash(&recording);
    FILE *file = fopen(spool, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096 + 200, SEEK_SET), 0);
    assert_int_equal(fputs("\n\n\n", file) < 0, 0);
    fclose(file);
    struct evj_verification v = verified(recording.journal_path);
    assert_string_equal(evj_verdict_name(v.verdict), "damaged");
    free(spool);
    recording_done(&recording);
}

/* ---- in a hurry ---- */

/* Whatever its recorder does meanwhile: nothing is damaged, and nothing is missing. */
static void a_journal_verified_while_it_is_written_is_never_damaged(void **state)
{
    char *path = temp_path(*state, "live.evj.gz");
    struct evj_verification v;
    int hold, status;
    pid_t child = racing_recorder(*state, &hold);
    unsigned live = 0;
    uint64_t last = 0;

    for (bool over = false; !over;) {
        over = waitpid(child, &status, WNOHANG) == child;
        v = verified(path);
        assert_int_equal(v.finding_count, 0);
        assert_arithmetic(&v.totals, v.totals.next_seq);
        assert_true(v.totals.next_seq >= last);
        last = v.totals.next_seq;
        if (live == 0 && v.verdict == EVJ_VERDICT_LIVE)
            close(hold);
        live += v.verdict == EVJ_VERDICT_LIVE;
        if (!over)
            assert_true(v.verdict == EVJ_VERDICT_LIVE || v.verdict == EVJ_VERDICT_CLOSED);
    }
    assert_int_equal(status, 0);
    assert_string_equal(evj_verdict_name(v.verdict), "closed");
    assert_int_equal(last, RACED);
    assert_true(live > 0);
    free(path);
}

/* Killed at any moment, it is crashed, and as sound as before. */
static void a_recorder_killed_at_any_moment_leaves_a_sound_journal(void **state)
{
    char *path = temp_path(*state, "live.evj.gz"), *spool;
    struct evj_verification v;
    int hold, status;

    for (unsigned round = 0; round < 20; round++) {
        pid_t child = racing_recorder(*state, &hold);
        for (unsigned look = 0; look < round; look++)
            v = verified(path);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        close(hold);
        v = verified(path);
        assert_int_equal(v.faults, 0);
        assert_true(v.verdict == EVJ_VERDICT_CRASHED || v.verdict == EVJ_VERDICT_CLOSED);
        assert_arithmetic(&v.totals, v.totals.next_seq);
        spool = strdup(v.header.spool);
        unlink(spool);
        unlink(path);
        free(spool);
    }
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_live_journal_is_sound_to_its_last_event),
        TEST(a_crashed_journal_tells_what_only_its_spool_has),
        TEST(half_a_block_that_the_spool_has_is_no_damage),
        TEST(a_completed_journal_is_sound),
        TEST(a_spool_that_was_not_deleted_is_noted),
        TEST(the_spool_of_the_next_file_is_no_leftover),
        TEST(a_spool_that_cannot_be_read_is_a_fault),
        TEST(a_spool_with_odd_bytes_is_damage),
        TEST(a_journal_verified_while_it_is_written_is_never_damaged),
        TEST(a_recorder_killed_at_any_moment_leaves_a_sound_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

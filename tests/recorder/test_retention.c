/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/retention.h"

#include "evj/header.h"
#include "evj/spool.h"
#include "evj/writer.h"
#include "recorder/instance.h"
#include "tests/recorder/fixture.h"
#include "tests/support/fake_disk.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define DAY_US INT64_C(86400000000)

/* ---- files ---- */

static const char *path_of(const char *name)
{
    static char path[4][512];
    static unsigned next;
    char *to = path[next++ % 4];

    snprintf(to, sizeof(path[0]), "%s/%s", fixture_journals(), name);
    return to;
}

static bool is_there(const char *name)
{
    struct stat st;

    return lstat(path_of(name), &st) == 0;
}

static uint64_t size_of(const char *name)
{
    struct stat st;

    assert_int_equal(stat(path_of(name), &st), 0);
    return (uint64_t)st.st_size;
}

static const struct evj_header *header_of(const char *emitter, const char *instance)
{
    static struct evj_header header;

    journal_header(&header);
    snprintf(header.emitter, sizeof(header.emitter), "%s", emitter);
    snprintf(header.instance, sizeof(header.instance), "%s", instance);
    return &header;
}

/* A journal of some size; `end`: closed on purpose. */
static void make(const char *name, const struct evj_header *header, bool end)
{
    EVJ_AUTO(writer) *writer = NULL;

    assert_int_equal(evj_writer_open(path_of(name), header, NULL, &writer, NULL), 0);
    journal_events(writer, 50);
    assert_int_equal(evj_writer_flush(writer, NULL), 0);
    if (end)
        assert_int_equal(evj_writer_finish(writer, "rotate", NULL), 0);
}

static void make_closed(const char *name)
{
    make(name, header_of("gw", "i-0"), true);
}

static void set_age(const char *name, int64_t age_us)
{
    int64_t then_us = evj_clock_wall_us() - age_us;
    struct timeval times[2] = {{then_us / 1000000, 0}, {then_us / 1000000, 0}};

    assert_int_equal(utimes(path_of(name), times), 0);
}

#define A "gw-20261122T081530Z-0.evj.gz"
#define B "gw-20261122T091530Z-0.evj.gz"
#define C "gw-20261122T091530Z-1.evj.gz"
#define D "gw-20261122T091530Z-10.evj.gz"

static void make_four(void)
{
    make_closed(C);
    make_closed(B);
    make_closed(D);
    make_closed(A);
}

static struct retention_rules rules_of_gw(void)
{
    return (struct retention_rules){.emitter = "gw", .instance = "i-0"};
}

/* As its host's clocks were when it was begun. */
static void make_begun(const char *name, const char *boot_id, int64_t wall_us, int64_t mono_us)
{
    struct evj_header header = *header_of("gw", "i-0");

    snprintf(header.boot_id, sizeof(header.boot_id), "%s", boot_id);
    header.started_wall_us = wall_us;
    header.started_mono_us = mono_us;
    make(name, &header, true);
}

/* Everything that may go. */
static struct retention_rules rules_against_all(void)
{
    struct retention_rules rules = rules_of_gw();

    rules.keep_size = 1;
    return rules;
}

struct outcome {
    struct retention_report report; /* without its list */
    size_t kept, pinned, open;
    uint64_t kept_bytes, pinned_bytes;
    char oldest[256];
};

static void add_kept(struct outcome *outcome, const struct retention_file *file)
{
    if (outcome->kept++ == 0)
        snprintf(outcome->oldest, sizeof(outcome->oldest), "%s", file->name);
    outcome->kept_bytes += file->bytes;
    outcome->open += file->open;
    outcome->pinned += file->pinned;
    outcome->pinned_bytes += file->pinned ? file->bytes : 0;
}

static struct outcome run(const struct retention_rules *rules, const char *open_file)
{
    struct outcome outcome = {0};
    struct evj_error err = {0};

    if (retention_run(rules, fixture_journals(), open_file, &outcome.report, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < outcome.report.count; i++)
        add_kept(&outcome, &outcome.report.files[i]);
    g_free(outcome.report.files);
    outcome.report.files = NULL;
    return outcome;
}

static unsigned deleted(const struct retention_rules *rules, const char *open_file)
{
    return run(rules, open_file).report.deleted;
}

/* ---- which go ---- */

static void without_limits_nothing_goes(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    struct outcome outcome = run(&rules, NULL);
    assert_int_equal(outcome.report.deleted, 0);
    assert_int_equal(outcome.kept, 4);
    assert_int_equal(outcome.kept_bytes, size_of(A) + size_of(B) + size_of(C) + size_of(D));
    assert_string_equal(outcome.oldest, A);
}

static void the_oldest_go_until_the_rest_is_small_enough(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    uint64_t gone = size_of(A) + size_of(B);
    rules.keep_size = size_of(C) + size_of(D);
    struct outcome outcome = run(&rules, NULL);
    assert_int_equal(outcome.report.deleted, 2);
    assert_int_equal(outcome.report.deleted_bytes, gone);
    assert_int_equal(outcome.kept_bytes, rules.keep_size);
    assert_string_equal(outcome.oldest, C);
    assert_false(is_there(A) || is_there(B));
    assert_true(is_there(C) && is_there(D));
}

static void the_open_file_counts_and_stays(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    rules.keep_size = size_of(A) + size_of(D);
    struct outcome outcome = run(&rules, path_of(A));
    assert_int_equal(outcome.report.deleted, 2);
    assert_true(is_there(A) && is_there(D));
    assert_string_equal(outcome.oldest, A);
}

static void what_is_too_old_goes_wherever_it_stands(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    set_age(A, 3 * DAY_US);
    set_age(C, 3 * DAY_US);
    rules.keep_age_us = 2 * DAY_US;
    struct outcome outcome = run(&rules, NULL);
    assert_int_equal(outcome.report.deleted, 2);
    assert_true(!is_there(A) && is_there(B) && !is_there(C) && is_there(D));
}

/* A floor that no disk has takes all but the open one; one that is kept takes nothing. */
static void a_disk_that_becomes_full_takes_the_oldest(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    rules.disk_floor = UINT64_MAX;
    struct outcome outcome = run(&rules, path_of(D));
    assert_int_equal(outcome.report.deleted, 3);
    assert_true(is_there(D));
    rules.disk_floor = 1;
    assert_int_equal(deleted(&rules, NULL), 0);
    assert_true(is_there(D));
}

/* ---- clocks that are set ---- */

#define HOUR_US (INT64_C(3600) * 1000000)
#define WALL_US INT64_C(1795335330000000)

static struct outcome run_for_one(void)
{
    struct retention_rules rules = rules_of_gw();

    rules.keep_size = size_of(A) + size_of(A) / 2;
    return run(&rules, NULL);
}

static void a_clock_that_was_set_back_does_not_make_the_newest_the_oldest(void **state)
{
    (void)state;
    make_begun(B, "boot", WALL_US, HOUR_US);
    make_begun(A, "boot", WALL_US - HOUR_US, HOUR_US + 1);
    struct outcome outcome = run_for_one();
    assert_int_equal(outcome.report.deleted, 1);
    assert_string_equal(outcome.oldest, A);
}

/* It has no clock of its own, and asks the network some time after its start. */
static void nor_does_a_host_that_starts_in_1970(void **state)
{
    static const char in_1970[] = "gw-19700101T000010Z-0.evj.gz";

    (void)state;
    make_begun(A, "boot before", WALL_US, 100 * HOUR_US);
    make_begun(in_1970, "boot", 10, 10);
    make_begun(B, "boot", WALL_US + HOUR_US, HOUR_US);
    struct retention_rules rules = rules_of_gw();
    assert_string_equal(run(&rules, NULL).oldest, A);
    assert_string_equal(run_for_one().oldest, B);
}

/* ---- which stay, whatever the rules ---- */

static void a_pinned_file_stays_and_does_not_count(void **state)
{
    struct retention_rules rules = rules_of_gw();

    (void)state;
    make_four();
    temp_write(path_of(A ".pin"), "", 0);
    rules.keep_size = size_of(B) + size_of(C) + size_of(D);
    struct outcome outcome = run(&rules, NULL);
    assert_int_equal(outcome.report.deleted, 0);
    assert_int_equal(outcome.pinned, 1);
    assert_int_equal(outcome.pinned_bytes, size_of(A));
    rules = rules_against_all();
    assert_int_equal(deleted(&rules, NULL), 3);
    assert_true(is_there(A));
    unlink(path_of(A ".pin"));
    assert_int_equal(deleted(&rules, NULL), 1);
}

static void another_recorders_files_stay(void **state)
{
    struct retention_rules rules = rules_against_all(), nobodys = rules_against_all();

    (void)state;
    make("gw-20261122T081530Z-0.evj.gz", header_of("gw", "i-1"), true);
    make("gw-20261122T081530Z-1.evj.gz", header_of("gw", ""), true);
    make("gw-20261122T081530Z-2.evj.gz", header_of("gw-2", "i-0"), true);
    assert_int_equal(deleted(&rules, NULL), 0);
    assert_int_equal(run(&rules, NULL).kept, 0);
    nobodys.instance = "";
    assert_int_equal(deleted(&nobodys, NULL), 0);
    assert_int_equal(fixture_count_files(fixture_journals(), ""), 2 + 3);
}

static void what_is_no_journal_of_a_recorder_stays(void **state)
{
    static const char *const names[] = {
        "incident.evj.gz",
        "gw-20261122T081530Z.evj.gz",
        "gw-20261122T081530Z-0.evj.gz.bak",
        "gw-20261122T081530Z-0.evj",
        "gw-2026112XT081530Z-0.evj.gz",
        "-20261122T081530Z-0.evj.gz",
        ".gw-20261122T081530Z-0.evj.gz",
        "gw-20261122T081530Z-0x.evj.gz",
    };
    struct retention_rules rules = rules_against_all();
    struct evj_header cut = *header_of("gw", "i-0");

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        make_closed(names[i]);
    snprintf(cut.cut, sizeof(cut.cut), "--session 1");
    make("gw-20261122T081530Z-7.evj.gz", &cut, true);
    temp_write(path_of("gw-20261122T081530Z-8.evj.gz"), "not a journal", 13);
    temp_write(path_of("gw-20261122T081530Z-9.evj.gz"), "", 0);
    assert_int_equal(run(&rules, NULL).kept, 0);
    assert_int_equal(fixture_count_files(fixture_journals(), ""), 2 + 8 + 3);
}

/* Neither a link nor what it leads to, nor what is in a folder. */
static void links_and_folders_are_not_touched(void **state)
{
    struct retention_rules rules = rules_against_all();
    char outside[600], within[600];

    (void)state;
    snprintf(outside, sizeof(outside), "%s/" A, fixture_folder());
    make_closed(B);
    assert_int_equal(rename(path_of(B), outside), 0);
    assert_int_equal(symlink(outside, path_of(A)), 0);
    assert_int_equal(mkdir(path_of(B), 0700), 0);
    make_closed(C);
    snprintf(within, sizeof(within), "%s/" C, path_of(B));
    assert_int_equal(rename(path_of(C), within), 0);
    assert_int_equal(mkfifo(path_of(D), 0600), 0);
    assert_int_equal(run(&rules, NULL).kept, 0);
    assert_true(is_there(A) && is_there(B) && is_there(D));
    assert_int_equal(access(outside, F_OK), 0);
    assert_int_equal(access(within, F_OK), 0);
}

/* A spool may hold what the file lacks, whether its recorder lives or has died. */
static void a_file_without_end_stays_while_its_spool_is_there(void **state)
{
    struct retention_rules rules = rules_against_all();
    struct evj_header header = *header_of("gw", "i-0");
    EVJ_AUTO(spool) *spool = NULL;

    (void)state;
    assert_int_equal(evj_spool_create(fixture_spools(), header.id, "", 65536, &spool, NULL), 0);
    snprintf(header.spool, sizeof(header.spool), "%s", evj_spool_path(spool));
    make(A, &header, false);
    make(B, &header, true);
    assert_int_equal(deleted(&rules, NULL), 1);
    assert_true(is_there(A) && !is_there(B));
    evj_spool_free(EVJ_TAKE(spool));
    assert_int_equal(deleted(&rules, NULL), 0);
    assert_int_equal(unlink(header.spool), 0);
    assert_int_equal(deleted(&rules, NULL), 1);
}

/* ---- the cache ---- */

static void what_is_known_of_a_file_is_not_another_files(void **state)
{
    struct retention_rules rules = rules_against_all();

    (void)state;
    rules.cache = retention_cache_new();
    make(A, header_of("gw", "i-1"), true);
    make_closed(B);
    assert_int_equal(run(&rules, B).kept, 1);
    make_closed(C);
    assert_int_equal(rename(path_of(C), path_of(A)), 0);
    assert_int_equal(deleted(&rules, B), 1);
    assert_int_equal(deleted(&rules, NULL), 1);
    retention_cache_free(rules.cache);
}

static void copy_into(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize len;

    assert_true(g_file_get_contents(path_of(from), &bytes, &len, NULL));
    FILE *file = fopen(path_of(to), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

/* Of a file that was deleted another recorder's may have both at once. */
static void neither_a_name_nor_an_inode_makes_a_file_ours(void **state)
{
    struct retention_rules rules = rules_against_all();

    (void)state;
    rules.cache = retention_cache_new();
    make_closed(A);
    make("incident.evj.gz", header_of("gw", "i-1"), true);
    assert_int_equal(run(&rules, A).kept, 1);
    copy_into("incident.evj.gz", A);
    assert_int_equal(deleted(&rules, NULL), 0);
    assert_true(is_there(A));
    retention_cache_free(rules.cache);
}

static void what_cannot_be_deleted_is_told_and_kept(void **state)
{
    struct retention_rules rules = rules_against_all();

    (void)state;
    make_four();
    fake_disk_mount(fixture_journals());
    fake_disk()->error[FAKE_NAME] = EROFS;
    struct outcome outcome = run(&rules, NULL);
    assert_int_equal(outcome.report.deleted, 0);
    assert_int_equal(outcome.report.failed, 4);
    assert_int_equal(outcome.kept, 4);
    assert_string_equal(outcome.report.failure, "cannot delete " A ": Read-only file system");
    fake_disk()->error[FAKE_NAME] = 0;
    assert_int_equal(deleted(&rules, NULL), 4);
}

/* Whether somebody wants to keep it cannot be told. */
static void in_doubt_whether_it_is_pinned_a_file_stays(void **state)
{
    struct retention_rules rules = rules_against_all();

    (void)state;
    make_closed(A);
    fake_disk_mount(path_of(A ".pin"));
    fake_disk()->error[FAKE_LOOK] = EIO;
    assert_int_equal(deleted(&rules, NULL), 0);
    fake_disk()->error[FAKE_LOOK] = 0;
    assert_int_equal(deleted(&rules, NULL), 1);
}

static void a_folder_that_is_gone_is_an_error(void **state)
{
    struct retention_rules rules = rules_against_all();
    struct retention_report report;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(retention_run(&rules, path_of("nowhere"), NULL, &report, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "nowhere"));
}

/* ---- instances ---- */

static void two_servers_of_one_name_are_two_instances_and_a_restart_is_the_same(void **state)
{
    struct instance first, second, other;
    char before[32];

    (void)state;
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus", "gw", &first, NULL), 0);
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus", "gw", &second, NULL), 0);
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus2", "gw", &other, NULL), 0);
    assert_string_not_equal(first.name, second.name);
    assert_string_not_equal(first.name, other.name);
    snprintf(before, sizeof(before), "%s", first.name);
    instance_release(&first);
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus/", "gw", &first, NULL), 0);
    assert_string_equal(first.name, before);
    instance_release(&first);
    instance_release(&second);
    instance_release(&other);
}

static void without_a_folder_there_is_no_instance(void **state)
{
    struct instance instance;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(instance_claim(path_of("nowhere"), "/etc/janus", "gw", &instance, &err),
                     EVJ_ERR_IO);
    assert_string_equal(instance.name, "");
    instance_release(&instance);
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_limits_nothing_goes),
        TEST(the_oldest_go_until_the_rest_is_small_enough),
        TEST(the_open_file_counts_and_stays),
        TEST(what_is_too_old_goes_wherever_it_stands),
        TEST(a_disk_that_becomes_full_takes_the_oldest),
        TEST(a_clock_that_was_set_back_does_not_make_the_newest_the_oldest),
        TEST(nor_does_a_host_that_starts_in_1970),
        TEST(a_pinned_file_stays_and_does_not_count),
        TEST(another_recorders_files_stay),
        TEST(what_is_no_journal_of_a_recorder_stays),
        TEST(links_and_folders_are_not_touched),
        TEST(a_file_without_end_stays_while_its_spool_is_there),
        TEST(what_is_known_of_a_file_is_not_another_files),
        TEST(neither_a_name_nor_an_inode_makes_a_file_ours),
        TEST(what_cannot_be_deleted_is_told_and_kept),
        TEST(in_doubt_whether_it_is_pinned_a_file_stays),
        TEST(a_folder_that_is_gone_is_an_error),
        TEST(two_servers_of_one_name_are_two_instances_and_a_restart_is_the_same),
        TEST(without_a_folder_there_is_no_instance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

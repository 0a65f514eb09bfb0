/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/recorder/fixture.h"

#include "evj/journal.h"
#include "evj/reader.h"
#include "tests/support/temp.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *folder, *journals, *spools;
static char found[512];

static pthread_mutex_t notices_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t notices_came = PTHREAD_COND_INITIALIZER;
static char notices_text[64 * 1024];
static size_t notices_count;

/* ---- folder ---- */

int fixture_setup(void **state)
{
    (void)state;
    folder = temp_folder_new();
    journals = temp_path(folder, "journals");
    spools = temp_path(folder, "spools");
    fixture_forget_notices();
    /* Writing beyond a limit is to fail, and not to end the test. */
    signal(SIGXFSZ, SIG_IGN);
    return mkdir(spools, 0700) + mkdir(journals, 0700);
}

int fixture_teardown(void **state)
{
    (void)state;
    fixture_unlimit_files();
    free(spools);
    free(journals);
    temp_folder_free(folder);
    return 0;
}

const char *fixture_folder(void)
{
    return folder;
}

const char *fixture_journals(void)
{
    return journals;
}

const char *fixture_spools(void)
{
    return spools;
}

struct config fixture_config(void)
{
    struct config config;

    config_init(&config);
    config_set(&config, "enabled", "true", fixture_notice);
    config_set(&config, "folder", journals, fixture_notice);
    config_set(&config, "spool_folder", spools, fixture_notice);
    config_set(&config, "buffer", "64K", fixture_notice);
    return config;
}

size_t fixture_count_files(const char *path, const char *suffix)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name), suffix_len = strlen(suffix);
        if (len < suffix_len || strcmp(entry->d_name + len - suffix_len, suffix) != 0)
            continue;
        snprintf(found, sizeof(found), "%s/%s", path, entry->d_name);
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

const char *fixture_only_journal(void)
{
    assert_int_equal(fixture_count_files(journals, ".evj.gz"), 1);
    return found;
}

/* ---- notices ---- */

void fixture_notice(enum notice_level level, const char *text)
{
    pthread_mutex_lock(&notices_lock);
    size_t len = strlen(notices_text);
    snprintf(notices_text + len, sizeof(notices_text) - len, "%d %s\n", (int)level, text);
    notices_count++;
    pthread_cond_broadcast(&notices_came);
    pthread_mutex_unlock(&notices_lock);
}

void fixture_forget_notices(void)
{
    pthread_mutex_lock(&notices_lock);
    notices_text[0] = '\0';
    notices_count = 0;
    pthread_mutex_unlock(&notices_lock);
}

size_t fixture_notices(void)
{
    pthread_mutex_lock(&notices_lock);
    size_t count = notices_count;
    pthread_mutex_unlock(&notices_lock);
    return count;
}

bool fixture_noticed(const char *text)
{
    pthread_mutex_lock(&notices_lock);
    bool noticed = strstr(notices_text, text) != NULL;
    pthread_mutex_unlock(&notices_lock);
    return noticed;
}

void fixture_await_notice(const char *text)
{
    struct timespec deadline;
    int status = 0;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 30;
    pthread_mutex_lock(&notices_lock);
    while (status == 0 && !strstr(notices_text, text))
        status = pthread_cond_timedwait(&notices_came, &notices_lock, &deadline);
    pthread_mutex_unlock(&notices_lock);
    if (status != 0)
        fail_msg("no notice of '%s' came, but:\n%s", text, notices_text);
}

/* ---- events ---- */

json_t *fixture_event(unsigned number, size_t size)
{
    char *noise = malloc(size + 1);
    uint64_t random = number * UINT64_C(0x9E3779B97F4A7C15) + 1;

    assert_non_null(noise);
    for (size_t i = 0; i < size; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        noise[i] = (char)('0' + (random >> 33) % 64);
        if (noise[i] == '\\')
            noise[i] = '~';
    }
    noise[size] = '\0';
    json_t *event = json_pack("{s:s, s:i, s:I, s:{s:i, s:s}}", "emitter", "test", "type", 32,
                              "timestamp", (json_int_t)1795351178848056 + number, "event", "number",
                              (int)number, "noise", noise);
    free(noise);
    assert_non_null(event);
    return event;
}

size_t fixture_event_size(json_t *event)
{
    return json_dumpb(event, NULL, 0, JSON_COMPACT);
}

/* ---- the disk ---- */

static void limit(rlim_t bytes)
{
    struct rlimit files;

    getrlimit(RLIMIT_FSIZE, &files);
    files.rlim_cur = bytes < files.rlim_max ? bytes : files.rlim_max;
    setrlimit(RLIMIT_FSIZE, &files);
}

void fixture_limit_files(uint64_t bytes)
{
    limit(bytes);
}

void fixture_unlimit_files(void)
{
    limit(RLIM_INFINITY);
}

/* ---- journals ---- */

static void add(struct tally *tally, const struct evj_record *record, uint64_t *next_seq)
{
    if (record->has_seq && record->kind != EVJ_RECORD_STATE) {
        tally->in_order = tally->in_order && record->seq == *next_seq;
        *next_seq = record->seq + evj_record_seq_span(record);
    }
    if (record->kind == EVJ_RECORD_EVENT) {
        tally->events++;
        tally->event_bytes += record->body.len;
    } else if (record->kind == EVJ_RECORD_GAP) {
        tally->gaps++;
        tally->lost += record->gap.events;
        tally->lost_bytes += record->gap.bytes;
    }
    tally->marks += record->kind == EVJ_RECORD_MARK;
    tally->states += record->kind == EVJ_RECORD_STATE;
}

struct tally fixture_tally(const char *path)
{
    struct tally tally = {.in_order = true};
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;
    struct evj_error err = {0};
    uint64_t next_seq = 0;
    int status = evj_reader_open(path, &reader, &err);

    while (status == EVJ_OK) {
        status = evj_reader_next(reader, &record, &err);
        if (status == EVJ_OK)
            add(&tally, record, &next_seq);
    }
    if (status != EVJ_END)
        fail_msg("%s: %s", path, err.text);
    tally.closed = evj_reader_ending(reader) == EVJ_ENDING_CLOSED;
    tally.files = 1;
    return tally;
}

struct tally fixture_tally_all(void)
{
    const char *const paths[] = {journals};
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct evj_error err = {0};
    uint64_t next_seq = 0;
    int status = evj_journal_open(paths, 1, &journal, &err);
    struct tally tally = {.in_order = true, .closed = true};

    while (status == EVJ_OK) {
        status = evj_journal_next(journal, &record, &err);
        if (status == EVJ_OK)
            add(&tally, record, &next_seq);
    }
    if (status != EVJ_END)
        fail_msg("%s: %s", journals, err.text);
    if (evj_journal_faults(journal) > 0)
        fail_msg("%s", evj_journal_fault(journal, 0)->err.text);
    tally.files = evj_journal_files(journal);
    for (size_t i = 0; i < tally.files; i++)
        tally.closed &= evj_journal_ending(journal, i) == EVJ_ENDING_CLOSED;
    return tally;
}

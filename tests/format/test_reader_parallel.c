/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decoding ahead is only a way to be fast: whatever the file, however many processors and however
 * far ahead, what is given is what one thread gives.
 */
#include "tests/support/test.h"

#include "evj/journal.h"
#include "evj/reader.h"
#include "format/workers_internal.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the machine, as the test wants it (ld --wrap) ---- */

long __real_sysconf(int name);
long __wrap_sysconf(int name);

static long processors;

long __wrap_sysconf(int name)
{
    return name == _SC_NPROCESSORS_ONLN ? processors : __real_sysconf(name);
}

static struct evj_workers *workers_of(long machine)
{
    processors = machine;
    struct evj_workers *workers = evj_workers_new();
    assert_non_null(workers);
    return workers;
}

/* ---- what a reader gives, as one text ---- */

struct how {
    struct evj_workers *workers;
    size_t ahead;
    bool places_only;
    evj_block_wanted *wants;
};

static void put_record(FILE *out, const struct evj_record *record)
{
    fprintf(out, "%d %d %" PRIu64 " %" PRId64 " %" PRId64 " %u %" PRIu64 " %.*s\n", record->kind,
            record->has_seq, record->seq, record->mono_us, record->wall_us, record->recording,
            record->gap.events, (int)record->line.len, record->line.text);
}

static void put_totals(FILE *out, const struct evj_reader *reader)
{
    const struct evj_reader_totals *t = evj_reader_totals(reader);

    fprintf(out, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
            evj_ending_name(evj_reader_ending(reader)), t->file_bytes, t->text_bytes, t->blocks,
            t->blocks_skipped);
    fprintf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", t->spool_records, t->damages,
            t->damaged_bytes, t->lost);
}

static void put_damage(FILE *out, const struct evj_damage *damage, const struct evj_error *err)
{
    fprintf(out, "%" PRIu64 "-%" PRIu64 " %" PRIu64 " %d %" PRIu64 " %s\n", damage->from,
            damage->to, damage->lost, damage->lost_is_certain, damage->salvaged, err->text);
}

static char *told(const char *path, const struct how *how)
{
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;
    struct evj_error err = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int status = evj_reader_open(path, &reader, &err);

    if (status == EVJ_OK) {
        evj_reader_set_filter(reader, how->wants, NULL);
        if (how->places_only)
            evj_reader_set_parser(reader, evj_record_parse_place);
        if (how->ahead > 0)
            evj_reader_set_ahead(reader, how->workers, how->ahead);
        while ((status = evj_reader_next(reader, &record, &err)) >= 0 && status != EVJ_END) {
            if (status == EVJ_OK)
                put_record(out, record);
            else
                put_damage(out, evj_reader_damage(reader), &err);
        }
        put_totals(out, reader);
    }
    fprintf(out, "%d %s\n", status, status < 0 ? err.text : "");
    fclose(out);
    return text;
}

static void assert_same_text(const char *a, const char *b, const char *what)
{
    size_t at = 0;

    while (a[at] != '\0' && a[at] == b[at])
        at++;
    if (a[at] == b[at])
        return;
    while (at > 0 && a[at - 1] != '\n')
        at--;
    fail_msg("%s: \"%.300s\" became \"%.300s\"", what, a + at, b + at);
}

/* ---- every way to read a file ---- */

static bool wants_some(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header, (void)context;
    return info->first_seq % 3 == 0;
}

static void assert_same_ahead(const char *path, const struct how *alone, const char *expected)
{
    static const long machines[] = {1, 2, 3, 16};
    static const size_t aheads[] = {1, 3000, 100000, 8u << 20};

    for (unsigned m = 0; m < 4; m++) {
        EVJ_AUTO(workers) *workers = workers_of(machines[m]);
        for (unsigned a = 0; a < 4; a++) {
            struct how how = *alone;
            char what[100];
            how.workers = workers;
            how.ahead = aheads[a];
            char *text = told(path, &how);
            snprintf(what, sizeof(what), "%ld processors, %zu bytes ahead", machines[m], how.ahead);
            assert_same_text(expected, text, what);
            free(text);
        }
    }
}

static void assert_reads_alike(const char *path)
{
    char *plain = NULL;

    for (unsigned i = 0; i < 4; i++) {
        struct how alone = {.places_only = i % 2, .wants = i / 2 ? wants_some : NULL};
        char *expected = told(path, &alone);
        if (i == 0)
            plain = strdup(expected);
        if (i == 1)
            assert_same_text(plain, expected, "places only");
        assert_same_ahead(path, &alone, expected);
        free(expected);
    }
    free(plain);
}

/* ---- files ---- */

static char *new_path(const char *folder)
{
    char *path = temp_path(folder, "j.evj.gz");

    unlink(path);
    return path;
}

static void a_whole_journal_is_read_alike(void **state)
{
    static const size_t block_texts[] = {1, 700, 5000, 0};

    for (unsigned i = 0; i < 4; i++) {
        char *path = new_path(*state);
        journal_make(path, 300, block_texts[i]);
        assert_reads_alike(path);
        free(path);
    }
}

/* Gaps, marks and states, and a block in which more lines are than are parsed ahead. */
static void a_journal_with_everything_is_read_alike(void **state)
{
    char *path = new_path(*state), line[100];
    struct evj_writer *writer = journal_begin(path, NULL);

    for (unsigned i = 0; i < 5000; i++) {
        static const char *const bodies[] = {"\"event\":{}", "\"event\":{\"a\":[1]}", "\"mark\":{}",
                                             "\"gap\":{\"events\":1}", "\"later\":1"};
        unsigned mono = 5000 - i;
        snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":%u,%s}", i, mono, bodies[i * i % 5]);
        journal_line(writer, line);
    }
    evj_writer_flush(writer, NULL);
    journal_line(writer, "{\"seq\":7,\"mono\":1,\"state\":{}}");
    journal_events(writer, 20);
    journal_end(writer);
    assert_reads_alike(path);
    free(path);
}

static void an_empty_journal_is_read_alike(void **state)
{
    char *path = new_path(*state);

    journal_make(path, 0, 0);
    assert_reads_alike(path);
    temp_write(path, "", 0);
    assert_reads_alike(path);
    temp_write(path, "no journal at all", 17);
    assert_reads_alike(path);
    free(path);
}

static void huge_blocks_are_read_alike(void **state)
{
    char *path = new_path(*state);
    struct evj_writer *writer = journal_begin(path, NULL);

    for (unsigned i = 0; i < 10; i++) {
        journal_events(writer, 3);
        journal_event(writer, &(struct event_spec){.type = 1, .padding = i % 3 ? 300000 : 2000000});
    }
    journal_end(writer);
    assert_reads_alike(path);
    free(path);
}

/* Bytes changed, lost and added all over a file of many blocks; the same ones each time. */
static void damaged_journals_are_read_alike(void **state)
{
    char *path = new_path(*state);
    uint64_t x = 88172645463325252u;
    size_t size;

    journal_make(path, 200, 1500);
    char *bytes = temp_read(path, &size);
    for (unsigned round = 0; round < 12; round++) {
        char *odd = malloc(size);
        memcpy(odd, bytes, size);
        for (unsigned i = 0; i <= round % 4; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            size_t at = x % size, len = x >> 32 & 255;
            memset(odd + at, (int)(x >> 40 & 255), at + len < size ? len : size - at);
        }
        temp_write(path, odd, size - (round % 3 ? 0 : x % size));
        assert_reads_alike(path);
        free(odd);
    }
    free(bytes);
    free(path);
}

static void a_truncated_journal_is_read_alike(void **state)
{
    char *path = new_path(*state);
    size_t size;

    journal_make(path, 60, 900);
    free(temp_read(path, &size));
    for (size_t cut = size; cut > 150; cut = cut * 9 / 10) {
        assert_int_equal(truncate(path, (off_t)cut), 0);
        assert_reads_alike(path);
    }
    free(path);
}

static void files_one_behind_the_other_are_read_alike(void **state)
{
    char *path = new_path(*state);
    size_t size;

    journal_make(path, 100, 1200);
    char *bytes = temp_read(path, &size);
    bytes = realloc(bytes, 3 * size);
    memcpy(bytes + size, bytes, size);
    memcpy(bytes + 2 * size, bytes, size);
    temp_write(path, bytes, 3 * size);
    assert_reads_alike(path);
    bytes[size + size / 2] ^= 0x55;
    temp_write(path, bytes, 3 * size);
    assert_reads_alike(path);
    free(bytes);
    free(path);
}

static void a_live_journal_is_read_alike(void **state)
{
    struct recording recording;

    recording_begin(&recording, *state);
    for (unsigned i = 0; i < 8; i++) {
        spool_offer_numbered(recording.spool, 40);
        recording_drain(&recording, i != 7);
    }
    spool_offer_numbered(recording.spool, 40);
    assert_reads_alike(recording.journal_path);
    recording_crash(&recording);
    assert_reads_alike(recording.journal_path);
    recording_done(&recording);
}

/* ---- giving up, and sharing ---- */

static void whoever_stops_early_leaves_nothing_behind(void **state)
{
    char *path = new_path(*state);

    journal_make(path, 400, 600);
    for (long machine = 1; machine < 5; machine++) {
        EVJ_AUTO(workers) *workers = workers_of(machine);
        for (unsigned stop = 0; stop < 60; stop++) {
            EVJ_AUTO(reader) *reader = NULL;
            const struct evj_record *record;
            assert_int_equal(evj_reader_open(path, &reader, NULL), EVJ_OK);
            evj_reader_set_ahead(reader, workers, 1 << 20);
            for (unsigned i = 0; i < stop; i++)
                assert_int_equal(evj_reader_next(reader, &record, NULL), EVJ_OK);
        }
    }
    free(path);
}

/* Each record is still there, whole, when the other readers have gone on. */
static void several_readers_share_the_workers(void **state)
{
    enum { READERS = 5, EVENTS = 300 };
    char *path = new_path(*state);
    struct evj_reader *readers[READERS] = {0};
    EVJ_AUTO(workers) *workers = workers_of(3);

    journal_make(path, EVENTS, 800);
    struct reading expected = reading_of(path);
    for (unsigned r = 0; r < READERS; r++) {
        assert_int_equal(evj_reader_open(path, &readers[r], NULL), EVJ_OK);
        evj_reader_set_ahead(readers[r], workers, 1000 << r);
    }
    for (unsigned i = 0; i <= EVENTS; i++) {
        const struct evj_record *records[READERS];
        for (unsigned r = 0; r < READERS; r++)
            assert_int_equal(evj_reader_next(readers[r], &records[r], NULL), EVJ_OK);
        for (unsigned r = 0; r < READERS; r++) {
            assert_int_equal(records[r]->line.len, strlen(expected.lines[i]));
            assert_memory_equal(records[r]->line.text, expected.lines[i], records[r]->line.len);
        }
        if (i == 100)
            evj_reader_set_filter(readers[0], NULL, NULL);
    }
    for (unsigned r = 0; r < READERS; r++)
        evj_reader_free(readers[r]);
    reading_done(&expected);
    free(path);
}

struct sharer {
    const char *path;
    struct how how;
    char *text;
};

static void *read_as(void *data)
{
    struct sharer *sharer = data;

    sharer->text = told(sharer->path, &sharer->how);
    return NULL;
}

static void readers_in_several_threads_share_the_workers(void **state)
{
    char *path = new_path(*state);
    EVJ_AUTO(workers) *workers = workers_of(3);
    pthread_t threads[4];
    struct sharer sharers[4];

    journal_make(path, 600, 900);
    char *expected = told(path, &(struct how){0});
    for (unsigned i = 0; i < 4; i++) {
        sharers[i] =
            (struct sharer){.path = path, .how = {.workers = workers, .ahead = 5000u << i}};
        assert_int_equal(pthread_create(&threads[i], NULL, read_as, &sharers[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_same_text(expected, sharers[i].text, "a thread");
        free(sharers[i].text);
    }
    free(expected);
    free(path);
}

/* ---- journals of several files ---- */

static char *told_by_journal(const char *folder, bool parallel, unsigned stop)
{
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct evj_error err = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    if (parallel) {
        evj_journal_set_parallel(journal);
        evj_journal_set_parallel(journal);
    }
    int status = EVJ_OK;
    while (stop-- > 0 && (status = evj_journal_next(journal, &record, &err)) == EVJ_OK) {
        fprintf(out, "%u ", record->source);
        put_record(out, record);
    }
    for (size_t i = 0; i < evj_journal_faults(journal); i++)
        put_damage(out, &evj_journal_fault(journal, i)->damage,
                   &evj_journal_fault(journal, i)->err);
    fprintf(out, "%d\n", status);
    fclose(out);
    return text;
}

/* Twelve files that overlap, more than are looked ahead in at once; one of them is damaged. */
static void make_folder(const char *folder)
{
    for (unsigned f = 0; f < 12; f++) {
        char name[20];
        snprintf(name, sizeof(name), "%u.evj.gz", f);
        char *path = temp_path(folder, name);
        struct evj_writer *writer = NULL;
        struct evj_header header;
        journal_header(&header);
        snprintf(header.id, sizeof(header.id), "%u", f);
        header.started_wall_us += f * 20000;
        const struct evj_writer_options options = {.block_text = 900};
        assert_int_equal(evj_writer_open(path, &header, &options, &writer, NULL), EVJ_OK);
        journal_events(writer, 150);
        journal_end(writer);
        size_t size;
        char *bytes = temp_read(path, &size);
        if (f == 4)
            memset(bytes + size / 2, 0, 500);
        temp_write(path, bytes, size);
        free(bytes);
        free(path);
    }
}

static void a_folder_is_read_alike(void **state)
{
    static const long machines[] = {1, 2, 3, 16};

    make_folder(*state);
    char *expected = told_by_journal(*state, false, UINT32_MAX);
    assert_non_null(strstr(expected, "\"reason\":\"damaged\""));
    for (unsigned m = 0; m < 4; m++) {
        processors = machines[m];
        char *text = told_by_journal(*state, true, UINT32_MAX);
        assert_same_text(expected, text, "in parallel");
        free(text);
        for (unsigned stop = 0; stop < 300; stop += 37)
            free(told_by_journal(*state, true, stop));
    }
    free(expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_journal_is_read_alike),
        TEST(a_journal_with_everything_is_read_alike),
        TEST(an_empty_journal_is_read_alike),
        TEST(huge_blocks_are_read_alike),
        TEST(damaged_journals_are_read_alike),
        TEST(a_truncated_journal_is_read_alike),
        TEST(files_one_behind_the_other_are_read_alike),
        TEST(a_live_journal_is_read_alike),
        TEST(whoever_stops_early_leaves_nothing_behind),
        TEST(several_readers_share_the_workers),
        TEST(readers_in_several_threads_share_the_workers),
        TEST(a_folder_is_read_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

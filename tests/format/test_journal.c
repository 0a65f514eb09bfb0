/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/journal.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file of a test: where its clocks stood, and what it continues. */
struct file_spec {
    const char *name, *id, *previous;
    int64_t wall_s, mono_s; /* since JOURNAL_WALL_US, since boot */
};

static struct evj_writer *begin_file(const char *folder, const struct file_spec *spec)
{
    char *path = temp_path(folder, spec->name);
    struct evj_writer *writer = NULL;
    struct evj_header header;

    journal_header(&header);
    header.started_wall_us = JOURNAL_WALL_US + spec->wall_s * 1000000;
    header.started_mono_us = spec->mono_s * 1000000;
    if (spec->id)
        snprintf(header.id, sizeof(header.id), "%s", spec->id);
    if (spec->previous)
        snprintf(header.previous, sizeof(header.previous), "%s", spec->previous);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    free(path);
    return writer;
}

/* An event `s` seconds after boot, whose text says `what`. */
static void put(struct evj_writer *writer, const char *kind, unsigned seq, int64_t s,
                const char *what)
{
    char line[200];

    snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":%lld,\"%s\":{\"emitter\":\"%s\"}}", seq,
             (long long)s * 1000000, kind, what);
    journal_line(writer, line);
}

/* The texts of all events, in their order, with a space between. */
static void assert_order(const struct reading *reading, const char *expected)
{
    char got[1000] = "";
    size_t at = 0;

    for (size_t i = 0; i < reading->count; i++) {
        struct evj_record record;
        assert_int_equal(
            evj_record_parse(reading->lines[i], strlen(reading->lines[i]), &record, NULL), EVJ_OK);
        struct evj_slice text = evj_json_string(record.event.emitter);
        if (text.text)
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%.*s", at ? " " : "",
                                   (int)text.len, text.text);
    }
    assert_string_equal(got, expected);
}

static struct reading read_files(const char *folder, const char *const *names, size_t count)
{
    char *paths[8];

    for (size_t i = 0; i < count; i++)
        paths[i] = temp_path(folder, names[i]);
    struct reading reading = reading_of_journal((const char *const *)paths, count);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    return reading;
}

#define READ(folder, ...)                                  \
    read_files(folder, (const char *const[]){__VA_ARGS__}, \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Two servers with different uptimes: only the wall clock says what came first. */
static void files_are_merged_by_the_wall_clock(void **state)
{
    struct evj_writer *a =
        begin_file(*state, &(struct file_spec){.name = "a.evj.gz", .mono_s = 5000});
    struct evj_writer *b = begin_file(
        *state, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 2, .mono_s = 10});

    put(a, "event", 0, 5000, "a0");
    put(a, "event", 1, 5003, "a3");
    put(a, "event", 2, 5005, "a5");
    put(b, "event", 0, 10, "b2");
    put(b, "event", 1, 12, "b4");
    put(b, "event", 2, 13, "b5");
    journal_end(a);
    journal_end(b);

    struct reading reading = READ(*state, "b.evj.gz", "a.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_order(&reading, "a0 b2 a3 b4 a5 b5");
    assert_int_equal(reading.records[0].source, 0);
    assert_int_equal(reading.records[1].source, 1);
    for (size_t i = 1; i < reading.count; i++)
        assert_true(reading.records[i].wall_us >= reading.records[i - 1].wall_us);
    reading_done(&reading);
}

static void a_folder_is_its_journals(void **state)
{
    char *odd = temp_path(*state, "notes.txt"), *hidden = temp_path(*state, ".evj.gz");
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;

    temp_write(odd, "no journal", 10);
    temp_write(hidden, "no journal", 10);
    for (unsigned i = 0; i < 3; i++) {
        char name[20], text[20];
        snprintf(name, sizeof(name), "%u.evj.gz", 3 - i);
        snprintf(text, sizeof(text), "e%u", i);
        struct evj_writer *writer = begin_file(
            *state, &(struct file_spec){.name = name, .wall_s = 10 * i, .mono_s = 10 * i});
        put(writer, "event", i, 10 * i, text);
        journal_end(writer);
    }
    struct reading reading = reading_of_journal(&folder, 1);
    assert_order(&reading, "e0 e1 e2");
    reading_done(&reading);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 3);
    assert_non_null(strstr(evj_journal_path(journal, 0), "/3.evj.gz"));
    assert_true(evj_journal_header(journal, 2)->started_wall_us == JOURNAL_WALL_US + 20000000);
    free(odd);
    free(hidden);
}

static void assert_refused(const char *path, int status, const char *words)
{
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};

    assert_int_equal(evj_journal_open(&path, 1, &journal, &err), status);
    assert_null(journal);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, words));
}

static void what_cannot_be_opened_is_named(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    assert_refused(*state, EVJ_ERR_INVALID, "no journal (*.evj.gz) in this folder");
    assert_refused(path, EVJ_ERR_IO, "No such file");
    temp_write(path, "foreign", 7);
    assert_refused(path, EVJ_ERR_FOREIGN, "not a journal");
    free(path);
}

/* A path may be longer than an error's text: its end, with the name, is what matters. */
static void a_long_path_is_named_by_its_end(void **state)
{
    char name[200];
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};

    memset(name, 'n', sizeof(name) - 1);
    memcpy(name + 186, "last.evj.gz", 12);
    char *path = temp_path(*state, name);
    const char *paths[] = {path};
    assert_int_equal(evj_journal_open(paths, 1, &journal, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "last.evj.gz: cannot open: No such file"));
    free(path);
}

/* ---- rotation ---- */

static void write_rotated(const char *folder)
{
    struct evj_writer *first =
        begin_file(folder, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(
        folder, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 10, .mono_s = 110});
    struct evj_writer *third = begin_file(
        folder, &(struct file_spec){
                    .name = "3.evj.gz", .previous = "2.evj.gz", .wall_s = 20, .mono_s = 120});

    put(first, "event", 0, 100, "e0");
    put(first, "event", 1, 101, "e1");
    put(second, "state", 0, 100, "s0");
    put(second, "event", 2, 111, "e2");
    put(third, "state", 0, 100, "t0");
    put(third, "state", 2, 111, "t2");
    put(third, "event", 3, 121, "e3");
    journal_end(first);
    journal_end(second);
    journal_end(third);
}

static void state_is_told_only_where_its_events_were_not_read(void **state)
{
    write_rotated(*state);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz", "3.evj.gz");
    assert_order(&reading, "e0 e1 e2 e3");
    reading_assert_whole(&reading);
    reading_done(&reading);
    reading = READ(*state, "3.evj.gz", "2.evj.gz");
    assert_order(&reading, "s0 e2 e3");
    reading_done(&reading);
    reading = READ(*state, "3.evj.gz");
    assert_order(&reading, "t0 t2 e3");
    reading_done(&reading);
    reading = READ(*state, "1.evj.gz", "3.evj.gz");
    assert_order(&reading, "e0 e1 t0 t2 e3");
    reading_done(&reading);
}

/* Two recordings may well have files of the same name, in folders of their own. */
static void a_file_of_another_recording_is_no_predecessor(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(*state, &(struct file_spec){.name = "2.evj.gz",
                                                                       .id = "another",
                                                                       .previous = "1.evj.gz",
                                                                       .wall_s = 10,
                                                                       .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    put(second, "state", 0, 100, "s0");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz");
    assert_order(&reading, "e0 s0");
    reading_done(&reading);
}

/* The wall clock was set back between two files of one recording: mono still says what came first.
 */
static void a_step_of_the_wall_clock_does_not_shuffle_a_recording(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .wall_s = 50, .mono_s = 100});
    struct evj_writer *second = begin_file(
        *state, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 3, .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    put(first, "event", 1, 105, "e1");
    put(second, "state", 0, 100, "s0");
    put(second, "event", 2, 111, "e2");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "2.evj.gz", "1.evj.gz");
    assert_order(&reading, "e0 e1 e2");
    reading_done(&reading);
}

/* ---- order within a file ---- */

/* mono may be odd in a stranger's file; its own order is never changed, nor are others held up. */
static void a_file_keeps_its_own_order(void **state)
{
    struct evj_writer *a = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *b = begin_file(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b"});

    put(a, "event", 0, 5, "a5");
    put(a, "event", 1, 1, "a1");
    put(a, "event", 2, 9, "a9");
    put(b, "event", 0, 4, "b4");
    put(b, "event", 1, 6, "b6");
    journal_end(a);
    journal_end(b);
    struct reading reading = READ(*state, "a.evj.gz", "b.evj.gz");
    assert_order(&reading, "b4 a5 a1 b6 a9");
    reading_done(&reading);
}

static void many_files_are_one_sequence(void **state)
{
    enum { FILES = 40, EVENTS = 25 };
    const char *folder = *state;

    for (unsigned f = 0; f < FILES; f++) {
        char name[20], id[20];
        snprintf(name, sizeof(name), "%u.evj.gz", f * 7 % FILES);
        snprintf(id, sizeof(id), "%u", f);
        struct evj_writer *writer = begin_file(
            folder, &(struct file_spec){.name = name, .id = id, .wall_s = f, .mono_s = 3 * f});
        for (unsigned e = 0; e < EVENTS; e++)
            put(writer, "event", e, 3 * f + (e * e) / 4, "x");
        journal_end(writer);
    }
    struct reading reading = reading_of_journal(&folder, 1);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_EVENT), FILES * EVENTS);
    for (size_t i = 1; i < reading.count; i++)
        assert_true(reading.records[i].wall_us >= reading.records[i - 1].wall_us);
    reading_done(&reading);
}

/* ---- damage ---- */

static void cut_off(const char *folder, const char *name, off_t bytes)
{
    char *path = temp_path(folder, name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - bytes), 0);
    free(path);
}

/* A power cut in one file is no reason to withhold the others. */
static void a_truncated_file_is_told_after_all_others_were_read(void **state)
{
    struct evj_writer *a = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *b = begin_file(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b"});

    put(a, "event", 0, 1, "a1");
    evj_writer_flush(a, NULL);
    put(a, "event", 1, 2, "a2");
    put(b, "event", 0, 3, "b3");
    journal_end(a);
    journal_end(b);
    cut_off(*state, "a.evj.gz", 20);

    struct reading reading = READ(*state, "a.evj.gz", "b.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damages, 1);
    assert_non_null(strstr(reading.damage_err.text, "/a.evj.gz: it stops inside"));
    reading_done(&reading);
}

static void a_damaged_file_is_named(void **state)
{
    char *path = temp_path(*state, "a.evj.gz");
    struct evj_writer *writer = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    size_t size;

    put(writer, "event", 0, 1, "a1");
    journal_end(writer);
    char *bytes = temp_read(path, &size);
    bytes[size - 1] ^= 1;
    temp_write(path, bytes, size);
    struct reading reading = READ(*state, "a.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damages, 1);
    assert_non_null(strstr(reading.damage_err.text, "/a.evj.gz: bytes "));
    assert_non_null(strstr(reading.damage_err.text, "block's text does not match its CRC"));
    reading_done(&reading);
    free(bytes);
    free(path);
}

static void write_one(const char *folder, const struct file_spec *spec, const char *what)
{
    struct evj_writer *writer = begin_file(folder, spec);

    put(writer, "event", 0, spec->wall_s, what);
    journal_end(writer);
}

static void flip_last_byte(const char *folder, const char *name)
{
    char *path = temp_path(folder, name);
    size_t size;
    char *bytes = temp_read(path, &size);

    bytes[size - 1] ^= 1;
    temp_write(path, bytes, size);
    free(bytes);
    free(path);
}

static int read_all(struct evj_journal *journal, unsigned *ret_records, struct evj_error *err)
{
    const struct evj_record *record;
    int status;

    *ret_records = 0;
    while ((status = evj_journal_next(journal, &record, err)) == EVJ_OK)
        ++*ret_records;
    return status;
}

/* Neither damage in one file nor a stranger in the folder hides the others. */
static void each_faulty_file_of_a_folder_is_told_after_all_others_were_read(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;
    char *foreign = temp_path(folder, "0.evj.gz");

    temp_write(foreign, "", 0);
    write_one(folder, &(struct file_spec){.name = "a.evj.gz"}, "a");
    write_one(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 1}, "b");
    write_one(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 2}, "c");
    flip_last_byte(folder, "b.evj.gz");

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 3);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_FOREIGN);
    assert_int_equal(records, 5); /* two whole files, and of the other its gap */
    assert_int_equal(evj_journal_faults(journal), 2);
    assert_non_null(strstr(evj_journal_fault(journal, 0)->err.text, "/0.evj.gz: not a journal"));
    assert_non_null(strstr(evj_journal_fault(journal, 1)->err.text, "/b.evj.gz: "));
    assert_int_equal(evj_journal_fault(journal, 1)->err.status, EVJ_DAMAGED);
    assert_int_equal(evj_journal_ending(journal, 1), EVJ_ENDING_DAMAGED);
    assert_int_equal(evj_journal_ending(journal, 2), EVJ_ENDING_CLOSED);
    assert_true(evj_journal_size(journal, 1) > evj_journal_totals(journal, 1)->file_bytes / 2);
    assert_string_equal(err.text, evj_journal_fault(journal, 0)->err.text);
    free(foreign);
}

/* A folder with a backup in it: the longer one is the whole one. */
static void a_copy_of_a_file_is_not_read_again(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    unsigned records, once;
    char *from = temp_path(folder, "b.evj.gz"), *to = temp_path(folder, "a.evj.gz");
    size_t size;

    write_one(folder, &(struct file_spec){.name = "b.evj.gz"}, "b");
    char *bytes = temp_read(from, &size);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(read_all(journal, &once, NULL), EVJ_END);
    evj_journal_free(EVJ_TAKE(journal));
    temp_write(to, bytes, size - 1);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 1);
    assert_string_equal(evj_journal_path(journal, 0), from);
    assert_int_equal(read_all(journal, &records, NULL), EVJ_END);
    assert_int_equal(records, once);
    assert_int_equal(evj_journal_faults(journal), 1);
    assert_int_equal(evj_journal_fault(journal, 0)->err.status, EVJ_OK);
    assert_non_null(strstr(evj_journal_fault(journal, 0)->err.text, "/a.evj.gz: a copy of "));
    free(bytes);
    free(from);
    free(to);
}

static void each_file_tells_how_it_ended(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct evj_writer *closed = begin_file(folder, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *open =
        begin_file(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 1});
    struct evj_writer *cut =
        begin_file(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 2});

    put(closed, "event", 0, 1, "a");
    journal_end(closed);
    put(open, "event", 0, 1, "b");
    evj_writer_flush(open, NULL);
    evj_writer_free(open);
    put(cut, "event", 0, 1, "c");
    journal_end(cut);
    cut_off(folder, "c.evj.gz", 1);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        ;
    assert_int_equal(evj_journal_ending(journal, 0), EVJ_ENDING_CLOSED);
    assert_int_equal(evj_journal_ending(journal, 1), EVJ_ENDING_OPEN);
    assert_int_equal(evj_journal_ending(journal, 2), EVJ_ENDING_TRUNCATED);
    assert_int_equal(evj_journal_totals(journal, 0)->blocks, 2);
    assert_int_equal(evj_journal_totals(journal, 2)->blocks, 1);
    assert_string_equal(evj_journal_spool_note(journal, 0), "");
    assert_string_equal(evj_ending_name(EVJ_ENDING_TRUNCATED), "truncated");
}

/* ---- damage in several files ---- */

static void change_byte(const char *folder, const char *name, size_t from_end)
{
    char *path = temp_path(folder, name);
    size_t size;
    char *bytes = temp_read(path, &size);

    bytes[size - from_end] ^= 1;
    temp_write(path, bytes, size);
    free(bytes);
    free(path);
}

/* Three blocks: one event, four events, the end record. With a broken second one. */
static void write_damaged(const char *folder, const struct file_spec *spec)
{
    struct evj_writer *writer = begin_file(folder, spec);
    size_t before, after;
    char *path = temp_path(folder, spec->name);

    put(writer, "event", 0, spec->wall_s, "x");
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    for (unsigned seq = 1; seq < 5; seq++)
        put(writer, "event", seq, spec->wall_s, "x");
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    free(temp_read(path, &before));
    put(writer, "event", 5, spec->wall_s, "x");
    journal_end(writer);
    free(temp_read(path, &after));
    change_byte(folder, spec->name, after - before + 1);
    free(path);
}

static void write_three(const char *folder)
{
    write_damaged(folder, &(struct file_spec){.name = "a.evj.gz"});
    write_one(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 10}, "b");
    write_damaged(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 20});
}

static void each_damage_is_a_fault_of_its_file(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    unsigned records = 0;

    write_three(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK) {
        records++;
        /* The fault is there before the gap that stands for what it cost. */
        if (record->kind == EVJ_RECORD_GAP)
            assert_int_equal(evj_journal_faults(journal), record->source == 0 ? 1 : 2);
    }
    assert_int_equal(records, 4 + 2 + 4);
    assert_int_equal(evj_journal_faults(journal), 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct evj_journal_fault *fault = evj_journal_fault(journal, i);
        assert_int_equal(fault->err.status, EVJ_DAMAGED);
        assert_int_equal(fault->file, 2 * i);
        assert_int_equal(fault->records, 1);
        assert_int_equal(fault->damage.lost, 4);
        assert_true(fault->damage.lost_is_certain);
        assert_non_null(strstr(fault->err.text, i ? "/c.evj.gz: bytes " : "/a.evj.gz: bytes "));
        assert_int_equal(evj_journal_totals(journal, 2 * i)->lost, 4);
        assert_int_equal(evj_journal_ending(journal, 2 * i), EVJ_ENDING_CLOSED);
    }
    assert_int_equal(evj_journal_more_faults(journal), 0);
}

static void strictly_the_first_damage_is_a_failure_at_once(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_three(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    evj_journal_set_strict(journal);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_CORRUPT);
    assert_int_equal(records, 1);
    assert_int_equal(err.status, EVJ_ERR_CORRUPT);
    assert_non_null(strstr(err.text, "/a.evj.gz: bytes "));
    assert_non_null(strstr(err.text, "4 events are lost, from seq 1 on"));
}

static void strictly_what_is_whole_is_read_whole(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_rotated(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    evj_journal_set_strict(journal);
    assert_int_equal(read_all(journal, &records, &err), EVJ_END);
    assert_int_equal(records, 4 + 3);
}

enum { DAMAGES = EVJ_FAULTS_MAX + 7 };

/* Every other block is damaged. */
static void write_much_damaged(const char *path)
{
    size_t size, at = 0;

    journal_make(path, 2 * DAMAGES, 1);
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);
    for (unsigned block = 0; block <= 2 * DAMAGES; block++) {
        struct evj_block_info info;
        size_t header_size;
        assert_int_equal(
            evj_block_decode_header(bytes + at, size - at, at, &info, &header_size, NULL), EVJ_OK);
        at += info.member_size;
        if (block % 2 == 1)
            bytes[at - 1] ^= 1;
    }
    temp_write(path, bytes, size);
    free(bytes);
}

/* A thousand and more damages of one file are not all kept, but counted; none costs a record that
 * can be read. */
static void of_many_damages_the_first_are_kept(void **state)
{
    char *path = temp_path(*state, "a.evj.gz");
    const char *paths[] = {path};
    EVJ_AUTO(journal) *journal = NULL;
    unsigned records;

    write_much_damaged(path);
    assert_int_equal(evj_journal_open(paths, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(read_all(journal, &records, NULL), EVJ_END);
    assert_int_equal(records, 2 * DAMAGES + 1); /* a gap for each that is lost */
    assert_int_equal(evj_journal_faults(journal), EVJ_FAULTS_MAX);
    assert_int_equal(evj_journal_more_faults(journal), 7);
    assert_int_equal(evj_journal_totals(journal, 0)->damages, DAMAGES);
    assert_int_equal(evj_journal_totals(journal, 0)->lost, DAMAGES);
    free(path);
}

/* The other file is gone before its time comes. */
static void many_damages_hide_no_file_that_cannot_be_read(void **state)
{
    char *path = temp_path(*state, "a.evj.gz"), *gone = temp_path(*state, "b.evj.gz");
    const char *paths[] = {path, gone};
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_much_damaged(path);
    write_one(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 999}, "b");
    assert_int_equal(evj_journal_open(paths, 2, &journal, NULL), EVJ_OK);
    assert_int_equal(unlink(gone), 0);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_IO);
    assert_int_equal(records, 2 * DAMAGES + 1);
    assert_non_null(strstr(err.text, "/b.evj.gz: "));
    assert_int_equal(evj_journal_more_faults(journal), 8);
    free(gone);
    free(path);
}

/* ---- places only ---- */

static struct reading read_folder(const char *folder, bool places_only)
{
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct reading reading = {0};

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    if (places_only)
        evj_journal_set_places_only(journal);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        reading_add(&reading, record);
    return reading;
}

static void of_places_only_all_but_the_events_is_the_same(void **state)
{
    write_three(*state);
    struct evj_writer *writer =
        begin_file(*state, &(struct file_spec){.name = "d.evj.gz", .id = "d", .wall_s = 5});
    journal_line(writer, "{\"mono\":-3,\"seq\":0,\"event\":{\"emitter\":\"odd\"}}");
    journal_line(writer, "{\"seq\":1, \"mono\":7,\"mark\":{\"text\":\"here\"}}");
    journal_line(writer, "{\"seq\":2,\"mono\":7,\"gap\":{\"events\":3}}");
    journal_end(writer);

    struct reading whole = read_folder(*state, false), places = read_folder(*state, true);
    assert_int_equal(whole.count, places.count);
    bool is_quick = false;
    for (size_t i = 0; i < whole.count; i++) {
        const struct evj_record *a = &whole.records[i], *b = &places.records[i];
        assert_string_equal(whole.lines[i], places.lines[i]);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->has_seq, b->has_seq);
        assert_int_equal(a->seq, b->seq);
        assert_true(a->mono_us == b->mono_us);
        assert_true(a->wall_us == b->wall_us);
        assert_int_equal(a->source, b->source);
        assert_int_equal(a->recording, b->recording);
        assert_int_equal(a->gap.events, b->gap.events);
        is_quick |= a->event.emitter.len > 0 && b->event.emitter.len == 0;
    }
    assert_true(is_quick);
    reading_done(&whole);
    reading_done(&places);
}

/* ---- recordings ---- */

/* The numbers of all events' recordings, in their order. */
static void assert_recordings(const char *folder, const char *expected)
{
    struct reading reading = read_folder(folder, false);
    char got[100] = "";
    size_t at = 0;

    for (size_t i = 0; i < reading.count; i++)
        if (reading.records[i].kind == EVJ_RECORD_EVENT)
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%u ", reading.records[i].recording);
    assert_string_equal(got, expected);
    reading_done(&reading);
}

static void files_of_one_recording_have_one_number(void **state)
{
    write_rotated(*state);
    write_one(*state, &(struct file_spec){.name = "x.evj.gz", .id = "x", .wall_s = 5}, "x");
    write_one(*state, &(struct file_spec){.name = "y.evj.gz", .id = "y", .wall_s = 15}, "y");
    assert_recordings(*state, "0 0 1 0 0 2 ");
}

/* A merged file is of several recordings: each of its sources has a number of its own, and the next
 * file's come behind them. */
static void the_sources_of_a_merged_file_are_recordings(void **state)
{
    static const char first[] =
        "{\"journal\":{\"version\":1,\"id\":\"merged\",\"clock\":\"merged\","
        "\"sources\":[{\"id\":\"p\"},{\"id\":\"q\"},{\"id\":\"r\"}],"
        "\"started\":{\"wall\":1795335335000000,\"mono\":0}}}";
    struct evj_header header;
    struct evj_record record;
    struct evj_writer *writer = NULL;
    const struct evj_writer_options options = {.first_line = {first, strlen(first)}};
    char *path = temp_path(*state, "m.evj.gz");

    assert_int_equal(evj_record_parse(first, strlen(first), &record, NULL), EVJ_OK);
    assert_int_equal(evj_header_parse(&record, &header, NULL), EVJ_OK);
    assert_int_equal(header.sources, 3);
    assert_int_equal(evj_writer_open(path, &header, &options, &writer, NULL), EVJ_OK);
    journal_line(writer, "{\"seq\":0,\"mono\":0,\"source\":2,\"event\":{}}");
    journal_line(writer, "{\"seq\":1,\"mono\":0,\"source\":0,\"event\":{}}");
    journal_line(writer, "{\"seq\":2,\"mono\":0,\"source\":1,\"event\":{}}");
    journal_end(writer);
    write_one(*state, &(struct file_spec){.name = "a.evj.gz", .id = "a"}, "a");
    write_one(*state, &(struct file_spec){.name = "z.evj.gz", .id = "z", .wall_s = 9}, "z");
    assert_recordings(*state, "0 3 1 2 4 ");
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_merged_by_the_wall_clock),
        TEST(a_folder_is_its_journals),
        TEST(what_cannot_be_opened_is_named),
        TEST(a_long_path_is_named_by_its_end),
        TEST(state_is_told_only_where_its_events_were_not_read),
        TEST(a_file_of_another_recording_is_no_predecessor),
        TEST(a_step_of_the_wall_clock_does_not_shuffle_a_recording),
        TEST(a_file_keeps_its_own_order),
        TEST(many_files_are_one_sequence),
        TEST(a_truncated_file_is_told_after_all_others_were_read),
        TEST(a_damaged_file_is_named),
        TEST(each_faulty_file_of_a_folder_is_told_after_all_others_were_read),
        TEST(a_copy_of_a_file_is_not_read_again),
        TEST(each_file_tells_how_it_ended),
        TEST(each_damage_is_a_fault_of_its_file),
        TEST(strictly_the_first_damage_is_a_failure_at_once),
        TEST(strictly_what_is_whole_is_read_whole),
        TEST(of_many_damages_the_first_are_kept),
        TEST(many_damages_hide_no_file_that_cannot_be_read),
        TEST(of_places_only_all_but_the_events_is_the_same),
        TEST(files_of_one_recording_have_one_number),
        TEST(the_sources_of_a_merged_file_are_recordings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

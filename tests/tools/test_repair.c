/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/support/journals.h"
#include "tests/support/temp.h"
#include "tools/repair.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* In place of libc's: thousands of journals are made here, and no disk need have any of them. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

/* A journal, and what repairing it came to. */
struct fixture {
    char *folder, *input, *output;
    struct repair repair;
    uint64_t told; /* stretches */
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->folder = temp_folder_new();
    fixture->input = temp_path(fixture->folder, "in.evj.gz");
    fixture->output = temp_path(fixture->folder, "out.evj.gz");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    temp_folder_free(fixture->folder);
    free(fixture->input);
    free(fixture->output);
    free(fixture);
    return 0;
}

static void note_damage(const struct evj_error *err, const struct evj_damage *damage, void *context)
{
    struct fixture *fixture = context;

    assert_int_equal(err->status, EVJ_DAMAGED);
    assert_true(damage->from <= damage->to);
    fixture->told++;
}

static void repair(struct fixture *fixture)
{
    struct evj_reader *reader = NULL;
    struct writing writing = {0};
    struct evj_error err = {0};

    unlink(fixture->output);
    fixture->told = 0;
    assert_int_equal(evj_reader_open(fixture->input, &reader, &err), 0);
    fixture->repair = (struct repair){.reader = reader,
                                      .writing = &writing,
                                      .output = fixture->output,
                                      .quiet = true,
                                      .damaged = note_damage,
                                      .context = fixture};
    assert_int_equal(repair_run(&fixture->repair, &err), REPAIR_DONE);
    repair_done(&fixture->repair);
    writing_done(&writing);
    evj_reader_free(reader);
}

static bool is_same_file(const char *a, const char *b)
{
    size_t a_size, b_size;
    char *x = temp_read(a, &a_size), *y = temp_read(b, &b_size);
    bool is_same = a_size == b_size && memcmp(x, y, a_size) == 0;

    free(x);
    free(y);
    return is_same;
}

/* Of both journals, but for their end records, which may differ. */
static void assert_same_records(const struct fixture *fixture)
{
    struct reading before = reading_of(fixture->input), after = reading_of(fixture->output);
    size_t kept = before.count - reading_kinds(&before, EVJ_RECORD_END);

    assert_int_equal(after.count, kept + 1);
    for (size_t i = 0; i < kept; i++)
        assert_string_equal(after.lines[i], before.lines[i]);
    assert_int_equal(after.status, EVJ_END);
    assert_int_equal(after.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(after.totals.damages, 0);
    reading_done(&before);
    reading_done(&after);
}

static const char *last_line(const struct reading *reading)
{
    return reading->lines[reading->count - 1];
}

/* As any reader of gzip files gives it. */
static char *first_line_of(const char *path)
{
    char *line = calloc(1, 4096);
    gzFile file = gzopen(path, "rb");

    assert_non_null(gzgets(file, line, 4096));
    gzclose(file);
    line[strcspn(line, "\n")] = '\0';
    return line;
}

#define FIRST_LINE                                                    \
    "{\"journal\":{\"new\":[1, 2],\"version\":1,\"id\":\"" JOURNAL_ID \
    "\",\"started\":{\"wall\":1,"                                     \
    "\"mono\":2}} }"

/* Of a later minor version, perhaps. */
static void what_nobody_knows_yet_is_copied_too(void **state)
{
    const struct evj_writer_options options = {.block_text = 300,
                                               .first_line = {FIRST_LINE, strlen(FIRST_LINE)}};
    struct fixture *fixture = *state;
    struct evj_writer *writer = journal_begin(fixture->input, &options);

    journal_line(writer, "{\"later\":true}");
    journal_events(writer, 20);
    journal_line(writer, "{\"seq\":20,\"mono\":9,\"mark\":{\"text\":\"x\"},\"more\":1}");
    journal_end(writer);
    repair(fixture);
    assert_true(fixture->repair.is_whole);
    assert_true(fixture->repair.end_is_right);
    assert_int_equal(fixture->told, 0);
    assert_same_records(fixture);

    char *line = first_line_of(fixture->output);

    assert_string_equal(line, FIRST_LINE);
    free(line);
}

static void blocks_of_the_usual_size_come_out_the_same(void **state)
{
    struct fixture *fixture = *state;

    journal_make(fixture->input, 5000, 0);
    repair(fixture);
    assert_true(is_same_file(fixture->input, fixture->output));
}

static void an_end_that_counts_wrong_is_not_kept(void **state)
{
    static const char *const ends[] = {
        "{\"end\":{\"records\":4,\"events\":3,\"dropped\":0,\"reason\":\"x\"}}",
        "{\"end\":{\"records\":3,\"events\":2,\"dropped\":0,\"reason\":\"x\"}}",
        "{\"end\":{\"records\":3,\"events\":3,\"dropped\":1,\"reason\":\"x\"}}",
        "{\"end\":{}}",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct evj_writer *writer;
        struct reading after;

        unlink(fixture->input);
        writer = journal_begin(fixture->input, NULL);
        journal_events(writer, 3);
        journal_line(writer, ends[i]);
        assert_int_equal(evj_writer_flush(writer, NULL), 0);
        evj_writer_free(writer);
        repair(fixture);
        assert_false(fixture->repair.end_is_right);
        assert_true(fixture->repair.is_whole); /* nothing was damaged, whatever that line says */
        after = reading_of(fixture->output);
        assert_non_null(strstr(last_line(&after), "\"records\":3,\"events\":3,\"dropped\":0"));
        assert_non_null(strstr(last_line(&after), "\"reason\":\"repair\""));
        reading_done(&after);
    }
}

/* ---- one file behind the other ---- */

static void append_file(const char *path, const char *more)
{
    size_t size, more_size;
    char *bytes = temp_read(path, &size), *more_bytes = temp_read(more, &more_size);

    bytes = realloc(bytes, size + more_size);
    memcpy(bytes + size, more_bytes, more_size);
    temp_write(path, bytes, size + more_size);
    free(bytes);
    free(more_bytes);
}

static void make_with_first_line(const char *path, const char *line)
{
    const struct evj_writer_options options = {.first_line = {line, strlen(line)}};
    struct evj_writer *writer = journal_begin(path, &options);

    journal_events(writer, 3);
    journal_end(writer);
}

static void another_recording_behind_it_is_told_and_left(void **state)
{
    struct fixture *fixture = *state;
    char *other = temp_path(fixture->folder, "other.evj.gz");
    size_t size;
    struct reading after;

    journal_make(fixture->input, 5, 0);
    free(temp_read(fixture->input, &size));
    make_with_first_line(
        other, "{\"journal\":{\"version\":1,\"id\":\"y\",\"started\":{\"wall\":1,\"mono\":2}}}");
    append_file(fixture->input, other);
    repair(fixture);
    assert_int_equal(fixture->repair.another_at, size);
    after = reading_of(fixture->output);
    assert_int_equal(reading_kinds(&after, EVJ_RECORD_EVENT), 5);
    assert_int_equal(after.ending, EVJ_ENDING_CLOSED);
    reading_done(&after);
    free(other);
}

static void the_next_file_of_the_same_recording_is_joined(void **state)
{
    struct fixture *fixture = *state;
    char *other = temp_path(fixture->folder, "other.evj.gz");
    struct evj_writer *writer;
    struct evj_header header;
    struct reading after;

    journal_make(fixture->input, 2, 0);
    journal_header(&header);
    header.started_mono_us += 100;
    assert_int_equal(evj_writer_open(other, &header, NULL, &writer, NULL), 0);
    journal_line(writer, "{\"seq\":2,\"mono\":3600000100,\"event\":{}}");
    journal_end(writer);
    append_file(fixture->input, other);
    repair(fixture);
    assert_int_equal(fixture->repair.another_at, 0);
    after = reading_of(fixture->output);
    assert_int_equal(reading_assert_whole(&after), 3);
    assert_int_equal(reading_kinds(&after, EVJ_RECORD_END), 1);
    reading_done(&after);
    free(other);
}

/* ---- any damage ---- */

struct original {
    char *bytes;
    size_t size;
    struct reading reading;
};

/* Every event of the new journal is one of the old one, at its seq. */
static void assert_from(const struct original *original, const char *path)
{
    struct reading after = reading_of(path);

    for (size_t i = 0; i < after.count; i++) {
        const struct evj_record *record = &after.records[i];

        if (record->kind == EVJ_RECORD_EVENT)
            assert_string_equal(after.lines[i], original->reading.lines[record->seq]);
    }
    reading_done(&after);
}

/* A file that is no journal any more is the only one that need not be repaired. */
static void check_repair(struct fixture *fixture, const struct original *original,
                         const char *bytes, size_t size)
{
    struct evj_reader *reader = NULL;

    temp_write(fixture->input, bytes, size);
    if (evj_reader_open(fixture->input, &reader, NULL) != 0)
        return;
    evj_reader_free(reader);
    repair(fixture);
    assert_same_records(fixture);
    assert_from(original, fixture->output);
    if (!fixture->repair.is_whole || fixture->repair.end_is_right)
        return;
    /* "Whole" without an end that proves it: then nothing was damaged. */
    assert_int_equal(fixture->told, 0);
}

static void begin_original(struct fixture *fixture, struct original *original)
{
    journal_make(fixture->input, 6, 400);
    original->bytes = temp_read(fixture->input, &original->size);
    original->reading = reading_of(fixture->input);
}

static void done_original(struct original *original)
{
    free(original->bytes);
    reading_done(&original->reading);
}

static void any_changed_byte_leaves_a_journal_that_can_be_repaired(void **state)
{
    struct fixture *fixture = *state;
    struct original original;

    begin_original(fixture, &original);
    for (size_t i = 0; i < original.size; i++) {
        original.bytes[i] ^= 0x24;
        check_repair(fixture, &original, original.bytes, original.size);
        original.bytes[i] ^= 0x24;
    }
    done_original(&original);
}

static void any_truncation_leaves_a_journal_that_can_be_repaired(void **state)
{
    struct fixture *fixture = *state;
    struct original original;

    begin_original(fixture, &original);
    for (size_t size = 0; size <= original.size; size++)
        check_repair(fixture, &original, original.bytes, size);
    done_original(&original);
}

static void any_missing_beginning_leaves_a_journal_that_can_be_repaired(void **state)
{
    struct fixture *fixture = *state;
    struct original original;

    begin_original(fixture, &original);
    for (size_t from = 1; from < original.size; from++)
        check_repair(fixture, &original, original.bytes + from, original.size - from);
    done_original(&original);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_nobody_knows_yet_is_copied_too),
        TEST(blocks_of_the_usual_size_come_out_the_same),
        TEST(an_end_that_counts_wrong_is_not_kept),
        TEST(another_recording_behind_it_is_told_and_left),
        TEST(the_next_file_of_the_same_recording_is_joined),
        TEST(any_changed_byte_leaves_a_journal_that_can_be_repaired),
        TEST(any_truncation_leaves_a_journal_that_can_be_repaired),
        TEST(any_missing_beginning_leaves_a_journal_that_can_be_repaired),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

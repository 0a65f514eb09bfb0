/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/input_internal.h"
#include "tests/support/feeding.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header, (void)info, (void)context;
    return false;
}

static void assert_standard_input_reads(const char *path, size_t step, evj_block_wanted *wants)
{
    struct feeding feeding;
    struct reading expected = reading_with_filter(path, wants, NULL);
    size_t size;
    char *bytes = temp_read(path, &size);

    feeding_begin(&feeding, bytes, size, step, 1);
    struct reading reading = reading_with_filter("-", wants, NULL);
    feeding_done(&feeding);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.count, expected.count);
    for (size_t i = 0; i < reading.count; i++)
        assert_string_equal(reading.lines[i], expected.lines[i]);
    assert_int_equal(reading.totals.blocks_skipped, expected.totals.blocks_skipped);
    reading_done(&reading);
    reading_done(&expected);
    free(bytes);
}

/* A pipe gives what it has: headers and members arrive in pieces, and nothing can be sought. */
static void a_pipe_is_read_like_a_file(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.block_text = 2000});

    journal_events(writer, 100);
    for (unsigned i = 0; i < 3; i++)
        journal_event(writer, &(struct event_spec){.type = 1, .padding = 200000});
    journal_events(writer, 100);
    journal_end(writer);
    assert_standard_input_reads(path, 1, NULL);
    assert_standard_input_reads(path, 7, wants_none);
    assert_standard_input_reads(path, 1 << 16, NULL);
    assert_standard_input_reads(path, 1 << 16, wants_none);
    free(path);
}

/* Whatever was looked at before, and however much is asked for at once. */
static void any_place_of_a_file_can_be_looked_at(void **state)
{
    static const size_t places[] = {0, 5000, 100, 299999, 150000, 149999, 0, 260000};
    static const size_t sizes[] = {1, 4096, 100000, 300000};
    char *path = temp_path(*state, "bytes");
    unsigned char *bytes = malloc(300000);
    struct evj_input *input = NULL;

    for (size_t i = 0; i < 300000; i++)
        bytes[i] = (unsigned char)(i * 31 + i / 251);
    temp_write(path, bytes, 300000);
    assert_int_equal(evj_input_open(path, &input, NULL), EVJ_OK);
    assert_string_equal(evj_input_path(input), path);
    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < 4; j++) {
            const unsigned char *seen;
            size_t have, left = 300000 - places[i];
            assert_int_equal(evj_input_view(input, places[i], sizes[j], &seen, &have, NULL),
                             EVJ_OK);
            assert_int_equal(have, sizes[j] < left ? sizes[j] : left);
            assert_memory_equal(seen, bytes + places[i], have);
        }
    }
    evj_input_free(input);
    free(bytes);
    free(path);
}

static size_t view_all(struct evj_input *input)
{
    const unsigned char *bytes;
    size_t have;

    assert_int_equal(evj_input_view(input, 0, 1000000, &bytes, &have, NULL), EVJ_OK);
    return have;
}

/* The end is not remembered: a live journal may have grown since. */
static void a_file_that_grew_is_read_on(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    struct evj_input *input = NULL;
    size_t size;

    assert_int_equal(evj_input_open(path, &input, NULL), EVJ_OK);
    size_t before = view_all(input);
    journal_events(writer, 3);
    journal_end(writer);
    free(temp_read(path, &size));
    assert_true(before < size);
    assert_int_equal(view_all(input), size);
    evj_input_free(input);
    free(path);
}

/* ---- standard input ---- */

static unsigned char *pattern(size_t size)
{
    unsigned char *bytes = malloc(size);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(i * 31 + i / 251);
    return bytes;
}

static void assert_view(struct evj_input *input, const unsigned char *bytes, uint64_t offset,
                        size_t need, size_t expected)
{
    const unsigned char *seen;
    size_t have;

    assert_int_equal(evj_input_view(input, offset, need, &seen, &have, NULL), EVJ_OK);
    assert_int_equal(have, expected);
    if (have > 0)
        assert_memory_equal(seen, bytes + offset, have);
}

/* However far it was looked ahead: what is kept can be looked at once more. */
static void of_standard_input_what_is_kept_can_be_looked_at_again(void **state)
{
    enum { SIZE = 1000000 };
    unsigned char *bytes = pattern(SIZE);
    struct evj_input *input = NULL;
    struct feeding feeding;

    (void)state;
    feeding_begin(&feeding, bytes, SIZE, 4321, 1);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_string_equal(evj_input_path(input), "(standard input)");
    for (uint64_t keep = 0; keep < SIZE; keep += 99991) {
        evj_input_keep(input, keep);
        assert_view(input, bytes, keep + 50000, 10, keep + 50000 < SIZE ? 10 : 0);
        assert_view(input, bytes, keep, 10, SIZE - keep < 10 ? SIZE - keep : 10);
        size_t most = SIZE - keep < 300000 ? SIZE - keep : 300000;
        assert_view(input, bytes, keep, 300000, most);
        assert_view(input, bytes, keep + most / 2, 5, 5);
        evj_input_keep(input, keep / 2); /* it goes forward only */
        assert_view(input, bytes, keep, 10, SIZE - keep < 10 ? SIZE - keep : 10);
    }
    assert_view(input, bytes, SIZE, 10, 0);
    assert_view(input, bytes, SIZE - 3, 10, 3);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
}

/* What is behind everything that is kept is gone: it is not taken for something else. */
static void of_standard_input_what_is_not_kept_is_gone(void **state)
{
    enum { SIZE = 600000 };
    unsigned char *bytes = pattern(SIZE);
    struct evj_input *input = NULL;
    struct feeding feeding;

    (void)state;
    feeding_begin(&feeding, bytes, SIZE, 65536, 1);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_view(input, bytes, 0, 100, 100);
    evj_input_keep(input, 400000);
    assert_view(input, bytes, 500000, 100, 100);
    assert_view(input, bytes, 400000, 100, 100);
    assert_view(input, bytes, 0, 100, 0);
    assert_view(input, bytes, SIZE - 1, 100, 1);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
}

static void of_standard_input_a_place_behind_its_end_is_empty(void **state)
{
    unsigned char *bytes = pattern(1000);
    struct evj_input *input = NULL;
    struct feeding feeding;

    (void)state;
    feeding_begin(&feeding, bytes, 1000, 10, 1);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_view(input, bytes, 5000000, 10, 0);
    evj_input_keep(input, 400);
    assert_view(input, bytes, 1000, 10, 0);
    assert_view(input, bytes, 999, 10, 1);
    assert_view(input, bytes, 400, 1000, 600);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
}

/* Somebody cut off half a block, and wrote another one in its place. */
static void what_was_overwritten_is_read_again_when_it_is_forgotten(void **state)
{
    char *path = temp_path(*state, "bytes");
    struct evj_input *input = NULL;

    temp_write(path, "aaaaaaaaaa", 10);
    assert_int_equal(evj_input_open(path, &input, NULL), EVJ_OK);
    assert_view(input, (const unsigned char *)"aaaaaaaaaa", 0, 20, 10);
    temp_write(path, "bbbbbbb", 7);
    evj_input_forget(input);
    assert_view(input, (const unsigned char *)"bbbbbbb", 2, 20, 5);
    assert_view(input, (const unsigned char *)"bbbbbbb", 0, 20, 7);
    evj_input_free(input);
    free(path);
}

/* Of standard input that cannot be: it stays as it was read. */
static void standard_input_is_not_forgotten(void **state)
{
    unsigned char *bytes = pattern(1000);
    struct evj_input *input = NULL;
    struct feeding feeding;

    (void)state;
    feeding_begin(&feeding, bytes, 1000, 1000, 1);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_view(input, bytes, 100, 500, 500);
    evj_input_forget(input);
    assert_view(input, bytes, 0, 1000, 1000);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
}

static void a_failing_read_is_told(void **state)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct evj_input *input = NULL;
    struct evj_error err = {0};
    const unsigned char *seen;
    size_t have;

    (void)state;
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_int_equal(evj_input_view(input, 0, 10, &seen, &have, &err), EVJ_ERR_IO);
    assert_int_equal(have, 0);
    assert_non_null(strstr(err.text, "cannot read"));
    assert_int_equal(err.sys_errno, EBADF);
    evj_input_free(input);
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pipe_is_read_like_a_file),
        TEST(any_place_of_a_file_can_be_looked_at),
        TEST(a_file_that_grew_is_read_on),
        TEST(of_standard_input_what_is_kept_can_be_looked_at_again),
        TEST(of_standard_input_what_is_not_kept_is_gone),
        TEST(of_standard_input_a_place_behind_its_end_is_empty),
        TEST(what_was_overwritten_is_read_again_when_it_is_forgotten),
        TEST(standard_input_is_not_forgotten),
        TEST(a_failing_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

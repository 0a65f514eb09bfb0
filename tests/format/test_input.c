/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/input_internal.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Someone who writes a file into a pipe, in pieces of `step` bytes. */
struct feeder {
    int fd;
    const char *bytes;
    size_t size, step;
    pthread_t thread;
};

static void *feed(void *argument)
{
    const struct feeder *feeder = argument;

    for (size_t at = 0; at < feeder->size;) {
        size_t piece = feeder->size - at < feeder->step ? feeder->size - at : feeder->step;
        ssize_t done = write(feeder->fd, feeder->bytes + at, piece);
        if (done <= 0)
            break;
        at += (size_t)done;
    }
    close(feeder->fd);
    return NULL;
}

/* Make standard input a pipe that gives these bytes. */
static void feed_standard_input(struct feeder *feeder)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    feeder->fd = ends[1];
    assert_int_equal(pthread_create(&feeder->thread, NULL, feed, feeder), 0);
}

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header, (void)info, (void)context;
    return false;
}

static void assert_standard_input_reads(const char *path, size_t step, evj_block_wanted *wants)
{
    struct feeder feeder = {.step = step};
    struct reading expected = reading_with_filter(path, wants, NULL);

    feeder.bytes = temp_read(path, &feeder.size);
    feed_standard_input(&feeder);
    struct reading reading = reading_with_filter("-", wants, NULL);
    pthread_join(feeder.thread, NULL);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.count, expected.count);
    for (size_t i = 0; i < reading.count; i++)
        assert_string_equal(reading.lines[i], expected.lines[i]);
    assert_int_equal(reading.totals.blocks_skipped, expected.totals.blocks_skipped);
    reading_done(&reading);
    reading_done(&expected);
    free((char *)(uintptr_t)feeder.bytes);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pipe_is_read_like_a_file),
        TEST(any_place_of_a_file_can_be_looked_at),
        TEST(a_file_that_grew_is_read_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static void members_are_told_with_their_places(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_input *input = NULL;
    struct evj_input_block block;
    uint64_t offset = 0;
    unsigned blocks = 0;
    size_t size;

    journal_make(path, 100, 3000);
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);
    assert_int_equal(evj_input_open(path, &input, NULL), EVJ_OK);
    assert_string_equal(evj_input_path(input), path);
    while (evj_input_next_header(input, &block, NULL) == EVJ_OK) {
        assert_int_equal(block.offset, offset);
        if (blocks++ % 2 == 0) {
            assert_int_equal(evj_input_read_member(input, &block, NULL), EVJ_OK);
            assert_memory_equal(block.member, bytes + offset, block.info.member_size);
        } else {
            assert_int_equal(evj_input_pass_by(input, &block, NULL), EVJ_OK);
        }
        offset += block.info.member_size;
    }
    assert_int_equal(offset, size);
    evj_input_free(input);
    free(bytes);
    free(path);
}

/* The end is not remembered: a live journal may have grown since. */
static void a_file_that_grew_is_read_on(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    struct evj_input *input = NULL;
    struct evj_input_block block;

    assert_int_equal(evj_input_open(path, &input, NULL), EVJ_OK);
    assert_int_equal(evj_input_next_header(input, &block, NULL), EVJ_OK);
    assert_int_equal(evj_input_read_member(input, &block, NULL), EVJ_OK);
    assert_int_equal(evj_input_next_header(input, &block, NULL), EVJ_END);
    journal_events(writer, 3);
    journal_end(writer);
    assert_int_equal(evj_input_next_header(input, &block, NULL), EVJ_OK);
    assert_int_equal(block.info.records, 4);
    assert_int_equal(evj_input_read_member(input, &block, NULL), EVJ_OK);
    assert_int_equal(evj_input_next_header(input, &block, NULL), EVJ_END);
    evj_input_free(input);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pipe_is_read_like_a_file),
        TEST(members_are_told_with_their_places),
        TEST(a_file_that_grew_is_read_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

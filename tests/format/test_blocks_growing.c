/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that grows, or is written anew, while it is read. */
#include "tests/support/test.h"

#include "tests/support/pieces.h"
#include "tests/support/temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void append(const char *path, const unsigned char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static void a_file_that_grew_is_gone_on_with(void **state)
{
    for (size_t ahead = 0; ahead < 2; ahead++) {
        struct file file;
        EVJ_AUTO(blocks) *blocks = NULL;
        file_of_five(&file, *state);
        const size_t *e = file.ends;
        temp_write(file.path, file.bytes, e[0]);
        assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
        evj_blocks_set_ahead(blocks, NULL, ahead * 10000);
        struct pieces pieces = {0};
        for (size_t i = 0; i < 5; i++) {
            read_pieces(blocks, &pieces);
            assert_int_equal(pieces.count, i + 1);
            read_pieces(blocks, &pieces);
            if (i < 4)
                append(file.path, file.bytes + e[i], e[i + 1] - e[i]);
        }
        file_done(&file);
    }
}

/* Whatever part of it was there when it was looked at first. */
static void a_block_that_was_being_written_is_read_once_more(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    for (size_t cut = e[1] + 1; cut < e[2]; cut++) {
        EVJ_AUTO(blocks) *blocks = NULL;
        struct pieces pieces = {0};
        temp_write(file.path, file.bytes, cut);
        assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
        read_pieces(blocks, &pieces);
        assert_int_equal(pieces.count, 3);
        assert_true(pieces.list[2].torn && pieces.list[2].to_the_end);
        append(file.path, file.bytes + cut, file.size - cut);
        evj_blocks_retry(blocks, &(struct evj_piece){.from = pieces.list[2].from});
        pieces.count = 2;
        read_pieces(blocks, &pieces);
        assert_pieces(&pieces,
                      (const struct piece[]){BLOCK(0, e[0]), BLOCK(e[0], e[1]), BLOCK(e[1], e[2]),
                                             BLOCK(e[2], e[3]), BLOCK(e[3], e[4])},
                      5, "retried");
    }
    file_done(&file);
}

/* So large that the reader's buffer has room for all that comes behind it. */
static struct member large_block(void)
{
    enum { SIZE = 600000 };
    char *line = malloc(SIZE + 100);
    size_t at = (size_t)sprintf(line, "{\"seq\":0,\"mono\":0,\"event\":{\"odd\":\"");
    uint64_t x = 88172645463325252u;

    while (at < SIZE) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        line[at++] = (char)('0' + (x >> 60));
    }
    memcpy(line + at, "\"}}", 4);
    struct member member = block_of((const char *const[]){line, NULL});
    assert_in_range(member.size, 250000, SIZE);
    free(line);
    return member;
}

/* The disk was full: its recorder cut off the half block, and wrote another one later. */
static void another_block_in_the_place_of_a_torn_one_is_read(void **state)
{
    struct file file;
    struct member torn = events_from(4);
    struct member other = block_of((const char *const[]){
        "{\"seq\":4,\"mono\":3,\"event\":{\"type\":1}}",
        "{\"seq\":5,\"mono\":3,\"gap\":{\"events\":70,\"reason\":\"buffer-full\"}}", NULL});

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add_block(&file, large_block());
    file_add_block(&file, events_from(1));
    const size_t *e = file.ends;
    for (size_t cut = 1; cut < torn.size; cut++) {
        EVJ_AUTO(blocks) *blocks = NULL;
        struct pieces pieces = {0};
        temp_write(file.path, file.bytes, file.size);
        append(file.path, torn.bytes, cut);
        assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
        read_pieces(blocks, &pieces);
        assert_int_equal(truncate(file.path, (off_t)e[2]), 0);
        append(file.path, other.bytes, other.size);
        evj_blocks_retry(blocks, &(struct evj_piece){.from = pieces.list[3].from});
        pieces.count = 3;
        read_pieces(blocks, &pieces);
        assert_pieces(&pieces,
                      (const struct piece[]){BLOCK(0, e[0]), BLOCK(e[0], e[1]), BLOCK(e[1], e[2]),
                                             BLOCK(e[2], e[2] + other.size)},
                      4, "replaced");
    }
    member_done(&torn);
    member_done(&other);
    file_done(&file);
}

/* It was looked at ahead when half of it was there, and given much later. */
static void what_was_torn_only_when_it_was_looked_at_ahead_is_no_damage(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    for (size_t cut = e[2] + 1; cut < e[3]; cut++) {
        EVJ_AUTO(blocks) *blocks = NULL;
        struct evj_piece piece;
        struct pieces pieces = {.count = 2, .list = {BLOCK(0, e[0]), BLOCK(e[0], e[1])}};
        temp_write(file.path, file.bytes, cut);
        assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
        evj_blocks_set_ahead(blocks, NULL, 1 << 20);
        assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
        assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
        append(file.path, file.bytes + cut, file.size - cut);
        read_pieces(blocks, &pieces);
        assert_pieces(&pieces,
                      (const struct piece[]){BLOCK(0, e[0]), BLOCK(e[0], e[1]), BLOCK(e[1], e[2]),
                                             BLOCK(e[2], e[3]), BLOCK(e[3], e[4])},
                      5, "grown");
    }
    file_done(&file);
}

/* Its writer goes on while it is read, behind the reader's next read but so many (ld --wrap). */
ssize_t __real_pread64(int fd, void *to, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *to, size_t size, off_t offset);

static const struct file *growing;
static size_t grown, grows_to;
static unsigned reads_before;

ssize_t __wrap_pread64(int fd, void *to, size_t size, off_t offset)
{
    ssize_t got = __real_pread64(fd, to, size, offset);

    if (growing && reads_before-- == 0) {
        append(growing->path, growing->bytes + grown, grows_to - grown);
        growing = NULL;
    }
    return got;
}

/* At whichever moment it grows: a block is given, or it is what the file stops in. */
static void check_growing(const struct file *file, size_t cut, size_t to, unsigned reads)
{
    EVJ_AUTO(blocks) *blocks = NULL;
    struct pieces pieces = {0};

    temp_write(file->path, file->bytes, cut);
    assert_int_equal(evj_blocks_open(file->path, &blocks, NULL), EVJ_OK);
    evj_blocks_set_ahead(blocks, NULL, cut % 2 ? 1 << 20 : 0);
    growing = file, grown = cut, grows_to = to, reads_before = reads;
    read_pieces(blocks, &pieces);
    growing = NULL;
    struct piece last = pieces.list[pieces.count - 1];
    if (last.kind == EVJ_PIECE_DAMAGE) {
        assert_true(last.torn && last.to_the_end);
        pieces.count--;
        evj_blocks_retry(blocks, &(struct evj_piece){.from = last.from});
    }
    read_pieces(blocks, &pieces);
    for (size_t i = 0; i < pieces.count; i++)
        if (pieces.list[i].kind != EVJ_PIECE_BLOCK && !pieces.list[i].torn)
            fail_msg("cut at %zu, grown at read %u: piece %zu is damage", cut, reads, i);
}

static void a_file_may_grow_at_any_moment(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    for (size_t cut = e[1] + 1; cut < e[3]; cut++) {
        /* To its end, or up to the end of the block that it stops in. */
        size_t block_end = cut < e[2] ? e[2] : e[3];
        for (unsigned reads = 0; reads < 12 && cut != e[2]; reads++) {
            check_growing(&file, cut, file.size, reads);
            check_growing(&file, cut, block_end, reads);
        }
    }
    file_done(&file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_grew_is_gone_on_with),
        TEST(a_block_that_was_being_written_is_read_once_more),
        TEST(another_block_in_the_place_of_a_torn_one_is_read),
        TEST(what_was_torn_only_when_it_was_looked_at_ahead_is_no_damage),
        TEST(a_file_may_grow_at_any_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_PIECES_H
#define TESTS_SUPPORT_PIECES_H

/* Files that are put together of blocks and of what is none, and the pieces that are read of them. */

#include "format/blocks_internal.h"
#include "tests/support/blocks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file that is put together of blocks, and of what is none. */
struct file {
    char *path;
    unsigned char *bytes;
    size_t size, count;
    size_t ends[16]; /* of what was added */
};

struct piece {
    enum evj_piece_kind kind;
    uint64_t from, to;
    bool torn, to_the_end;
};

struct pieces {
    struct piece list[24];
    size_t count;
};

void file_begin(struct file *file, const char *folder);

void file_add(struct file *file, const void *bytes, size_t size);

void file_done(struct file *file);

/* Three events of session `seq`, so that a filter can tell blocks apart. */
struct member events_from(unsigned seq);

struct member first_line(void);

struct member end_line(void);

void file_add_block(struct file *file, struct member member);

/* First line, events from 0, 3 and 6, end: five blocks. */
void file_add_five(struct file *file);

void file_of_five(struct file *file, const char *folder);

void read_pieces(struct evj_blocks *blocks, struct pieces *pieces);

struct pieces pieces_of(const char *path, evj_block_wanted *wants, struct evj_workers *workers,
                        size_t ahead);

void assert_pieces(const struct pieces *pieces, const struct piece *expected, size_t count,
                   const char *how);

void assert_reads(const struct file *file, evj_block_wanted *wants, const struct piece *expected,
                  size_t count);

#define ASSERT_READS(file, wants, ...)                             \
    assert_reads(file, wants, (const struct piece[]){__VA_ARGS__}, \
                 sizeof((const struct piece[]){__VA_ARGS__}) / sizeof(struct piece))
#define BLOCK(from, to)                             \
    (struct piece)                                  \
    {                                               \
        EVJ_PIECE_BLOCK, (from), (to), false, false \
    }
#define PASSED(from, to)                             \
    (struct piece)                                   \
    {                                                \
        EVJ_PIECE_PASSED, (from), (to), false, false \
    }
#define DAMAGE(from, to, torn, to_the_end)               \
    (struct piece)                                       \
    {                                                    \
        EVJ_PIECE_DAMAGE, (from), (to), torn, to_the_end \
    }

#endif

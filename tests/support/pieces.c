/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/support/pieces.h"

#include "tests/support/feeding.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- files ---- */

void file_begin(struct file *file, const char *folder)
{
    *file = (struct file){.path = temp_path(folder, "file"), .bytes = malloc(1)};
}

void file_add(struct file *file, const void *bytes, size_t size)
{
    assert_in_range(file->count, 0, 15);
    file->bytes = realloc(file->bytes, file->size + size + 1);
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    file->ends[file->count++] = file->size;
}

void file_done(struct file *file)
{
    free(file->bytes);
    free(file->path);
}

/* Three events of session `seq`, so that a filter can tell blocks apart. */
struct member events_from(unsigned seq)
{
    char lines[3][100];

    for (unsigned i = 0; i < 3; i++)
        snprintf(lines[i], sizeof(lines[i]),
                 "{\"seq\":%u,\"mono\":%u,\"event\":{\"session_id\":%u}}", seq + i, seq + i, seq);
    return block_of((const char *const[]){lines[0], lines[1], lines[2], NULL});
}

struct member first_line(void)
{
    return block_of((const char *const[]){"{\"journal\":{\"version\":1,\"started\":{}}}", NULL});
}

struct member end_line(void)
{
    return block_of((const char *const[]){"{\"end\":{}}", NULL});
}

void file_add_block(struct file *file, struct member member)
{
    file_add(file, member.bytes, member.size);
    member_done(&member);
}

/* First line, events from 0, 3 and 6, end: five blocks. */
void file_add_five(struct file *file)
{
    file_add_block(file, first_line());
    for (unsigned seq = 0; seq < 9; seq += 3)
        file_add_block(file, events_from(seq));
    file_add_block(file, end_line());
}

void file_of_five(struct file *file, const char *folder)
{
    file_begin(file, folder);
    file_add_five(file);
}

/* ---- pieces ---- */

void read_pieces(struct evj_blocks *blocks, struct pieces *pieces)
{
    struct evj_piece piece;
    struct evj_error err = {0};
    int status;

    while ((status = evj_blocks_next(blocks, &piece, &err)) == EVJ_OK) {
        assert_in_range(pieces->count, 0, 23);
        pieces->list[pieces->count++] =
            (struct piece){piece.kind, piece.from, piece.to, piece.torn, piece.to_the_end};
        if (piece.kind == EVJ_PIECE_DAMAGE)
            assert_true(piece.why.text[0] != '\0');
        if (piece.kind == EVJ_PIECE_BLOCK)
            assert_int_equal(piece.text[piece.info.text_size - 1], '\n');
    }
    if (status != EVJ_END)
        fail_msg("%s", err.text);
}

struct pieces pieces_of(const char *path, evj_block_wanted *wants, struct evj_workers *workers,
                        size_t ahead)
{
    EVJ_AUTO(blocks) *blocks = NULL;
    struct pieces pieces = {0};
    struct evj_error err = {0};

    if (evj_blocks_open(path, &blocks, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    evj_blocks_set_filter(blocks, wants, NULL, NULL);
    evj_blocks_set_parser(blocks, evj_record_parse);
    evj_blocks_set_ahead(blocks, workers, ahead);
    read_pieces(blocks, &pieces);
    return pieces;
}

void assert_pieces(const struct pieces *pieces, const struct piece *expected, size_t count,
                   const char *how)
{
    if (pieces->count != count)
        fail_msg("%s: %zu pieces, not %zu", how, pieces->count, count);
    for (size_t i = 0; i < count; i++) {
        const struct piece *a = &pieces->list[i], *b = &expected[i];
        if (a->kind != b->kind || a->from != b->from || a->to != b->to || a->torn != b->torn ||
            a->to_the_end != b->to_the_end)
            fail_msg("%s: piece %zu is %d %zu-%zu%s%s, not %d %zu-%zu%s%s", how, i, a->kind,
                     (size_t)a->from, (size_t)a->to, a->torn ? " torn" : "",
                     a->to_the_end ? " to the end" : "", b->kind, (size_t)b->from, (size_t)b->to,
                     b->torn ? " torn" : "", b->to_the_end ? " to the end" : "");
    }
}

void assert_reads(const struct file *file, evj_block_wanted *wants, const struct piece *expected,
                  size_t count)
{
    static const size_t aheads[] = {0, 1, 300, 1 << 20};
    EVJ_AUTO(workers) *workers = evj_workers_new();

    temp_write(file->path, file->bytes, file->size);
    for (size_t i = 0; i < 8; i++) {
        struct evj_workers *whose = i < 4 ? workers : NULL;
        struct pieces pieces = pieces_of(file->path, wants, whose, aheads[i % 4]);
        struct feeding feeding;
        assert_pieces(&pieces, expected, count, "file");
        feeding_begin(&feeding, file->bytes, file->size, i % 2 ? 13 : 70000, 1);
        pieces = pieces_of("-", wants, whose, aheads[i % 4]);
        feeding_done(&feeding);
        assert_pieces(&pieces, expected, count, "pipe");
    }
}

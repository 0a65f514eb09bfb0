/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file as the sequence of its pieces. Each case is read as a file and as a pipe, decoded one by one
 * and ahead: the pieces must be the same.
 */
#include "tests/support/test.h"

#include "format/blocks_internal.h"
#include "tests/support/blocks.h"
#include "tests/support/feeding.h"
#include "tests/support/temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files ---- */

/* A file that is put together of blocks, and of what is none. */
struct file {
    char *path;
    unsigned char *bytes;
    size_t size, count;
    size_t ends[16]; /* of what was added */
};

static void file_begin(struct file *file, const char *folder)
{
    *file = (struct file){.path = temp_path(folder, "file"), .bytes = malloc(1)};
}

static void file_add(struct file *file, const void *bytes, size_t size)
{
    assert_in_range(file->count, 0, 15);
    file->bytes = realloc(file->bytes, file->size + size + 1);
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    file->ends[file->count++] = file->size;
}

static void file_done(struct file *file)
{
    free(file->bytes);
    free(file->path);
}

/* Three events of session `seq`, so that a filter can tell blocks apart. */
static struct member events_from(unsigned seq)
{
    char lines[3][100];

    for (unsigned i = 0; i < 3; i++)
        snprintf(lines[i], sizeof(lines[i]),
                 "{\"seq\":%u,\"mono\":%u,\"event\":{\"session_id\":%u}}", seq + i, seq + i, seq);
    return block_of((const char *const[]){lines[0], lines[1], lines[2], NULL});
}

static struct member first_line(void)
{
    return block_of((const char *const[]){"{\"journal\":{\"version\":1,\"started\":{}}}", NULL});
}

static struct member end_line(void)
{
    return block_of((const char *const[]){"{\"end\":{}}", NULL});
}

static void file_add_block(struct file *file, struct member member)
{
    file_add(file, member.bytes, member.size);
    member_done(&member);
}

/* First line, events from 0, 3 and 6, end: five blocks. */
static void file_add_five(struct file *file)
{
    file_add_block(file, first_line());
    for (unsigned seq = 0; seq < 9; seq += 3)
        file_add_block(file, events_from(seq));
    file_add_block(file, end_line());
}

static void file_of_five(struct file *file, const char *folder)
{
    file_begin(file, folder);
    file_add_five(file);
}

/* ---- pieces ---- */

struct piece {
    enum evj_piece_kind kind;
    uint64_t from, to;
    bool torn, to_the_end;
};

struct pieces {
    struct piece list[24];
    size_t count;
};

static void read_pieces(struct evj_blocks *blocks, struct pieces *pieces)
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

static struct pieces pieces_of(const char *path, evj_block_wanted *wants,
                               struct evj_workers *workers, size_t ahead)
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

static void assert_pieces(const struct pieces *pieces, const struct piece *expected, size_t count,
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

static void assert_reads(const struct file *file, evj_block_wanted *wants,
                         const struct piece *expected, size_t count)
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

/* ---- whole files ---- */

static void a_whole_file_is_its_blocks(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), BLOCK(e[0], e[1]), BLOCK(e[1], e[2]),
                 BLOCK(e[2], e[3]), BLOCK(e[3], e[4]));
    file_done(&file);
}

static void an_empty_file_has_no_pieces(void **state)
{
    struct file file;

    file_begin(&file, *state);
    assert_reads(&file, NULL, NULL, 0);
    file_done(&file);
}

static void a_piece_has_its_text_and_its_records(void **state)
{
    struct file file;
    EVJ_AUTO(blocks) *blocks = NULL;
    struct evj_piece piece;

    file_of_five(&file, *state);
    temp_write(file.path, file.bytes, file.size);
    assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
    assert_string_equal(evj_blocks_path(blocks), file.path);
    evj_blocks_set_parser(blocks, evj_record_parse);
    evj_blocks_set_ahead(blocks, NULL, 1000);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
    assert_int_equal(piece.info.first_seq, 3);
    assert_true(piece.has_info);
    assert_int_equal(piece.record_count, 3);
    assert_int_equal(piece.records[2].seq, 5);
    assert_ptr_equal(piece.rest, piece.text + piece.info.text_size);
    assert_false(evj_block_may_have_session(&piece.info, 4));
    file_done(&file);
}

/* ---- filters ---- */

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header, (void)info, (void)context;
    return false;
}

static bool wants_session_3(const struct evj_header *header, const struct evj_block_info *info,
                            void *context)
{
    (void)header, (void)context;
    return evj_block_may_have_session(info, 3);
}

static void what_nobody_wants_is_passed_by(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1]), PASSED(e[1], e[2]),
                 PASSED(e[2], e[3]), BLOCK(e[3], e[4]));
    ASSERT_READS(&file, wants_session_3, BLOCK(0, e[0]), PASSED(e[0], e[1]), BLOCK(e[1], e[2]),
                 PASSED(e[2], e[3]), BLOCK(e[3], e[4]));
    file_done(&file);
}

/* A later file's first line may change what is wanted: nobody asks before it was read. */
static bool wants_by_context(const struct evj_header *header, const struct evj_block_info *info,
                             void *context)
{
    (void)header, (void)info;
    return *(const bool *)context;
}

static void the_filter_is_not_asked_ahead_of_a_first_line(void **state)
{
    struct file file;
    bool wanted = true;
    struct evj_piece piece;

    file_of_five(&file, *state);
    file_add_five(&file);
    temp_write(file.path, file.bytes, file.size);
    EVJ_AUTO(blocks) *blocks = NULL;
    assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
    evj_blocks_set_filter(blocks, wants_by_context, NULL, &wanted);
    evj_blocks_set_ahead(blocks, NULL, 1 << 20);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
        wanted = i < 5; /* that is known once the second first line, the sixth, was given */
        assert_int_equal(piece.kind, i > 5 && i < 9 ? EVJ_PIECE_PASSED : EVJ_PIECE_BLOCK);
    }
    file_done(&file);
}

/* ---- bytes that are no block ---- */

static void what_is_no_block_is_a_piece_of_its_own(void **state)
{
    static const size_t sizes[] = {1, 2, 17, 4095, 65535, 65536, 70001, 200000};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct file file;
        unsigned char *odd = malloc(sizes[i]);
        memset(odd, 0x1f, sizes[i]);
        file_begin(&file, *state);
        file_add(&file, odd, sizes[i]);
        file_add_block(&file, first_line());
        file_add_block(&file, events_from(0));
        file_add(&file, odd, sizes[i]);
        file_add_block(&file, events_from(3));
        file_add(&file, odd, sizes[i]);
        const size_t *e = file.ends;
        ASSERT_READS(&file, NULL, DAMAGE(0, e[0], false, false), BLOCK(e[0], e[1]),
                     BLOCK(e[1], e[2]), DAMAGE(e[2], e[3], false, false), BLOCK(e[3], e[4]),
                     DAMAGE(e[4], e[5], sizes[i] == 1, true));
        ASSERT_READS(&file, wants_none, DAMAGE(0, e[0], false, false), BLOCK(e[0], e[1]),
                     PASSED(e[1], e[2]), DAMAGE(e[2], e[3], false, false), PASSED(e[3], e[4]),
                     DAMAGE(e[4], e[5], sizes[i] == 1, true));
        free(odd);
        file_done(&file);
    }
}

static void a_later_gzip_file_is_damage(void **state)
{
    static const unsigned char gzip[20] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3};
    struct file file;

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add(&file, gzip, sizeof(gzip));
    file_add_block(&file, events_from(0));
    const size_t *e = file.ends;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false), BLOCK(e[1], e[2]));
    file_done(&file);
}

/* ---- wrong blocks ---- */

/* Its size is right, as what follows shows: nothing is searched for. */
static void a_wrong_block_is_damage_and_the_next_one_is_not(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    file.bytes[e[2] - 1] ^= 1;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), BLOCK(e[0], e[1]), DAMAGE(e[1], e[2], false, false),
                 BLOCK(e[2], e[3]), BLOCK(e[3], e[4]));
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1]), PASSED(e[1], e[2]),
                 PASSED(e[2], e[3]), BLOCK(e[3], e[4]));
    file.bytes[e[4] - 1] ^= 1;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), BLOCK(e[0], e[1]), DAMAGE(e[1], e[2], false, false),
                 BLOCK(e[2], e[3]), DAMAGE(e[3], e[4], false, true));
    file_done(&file);
}

static void a_wrong_header_costs_its_block(void **state)
{
    struct file file;

    file_of_five(&file, *state);
    const size_t *e = file.ends;
    for (size_t at = 0; at < 60; at++) {
        if (at >= 4 && at < 10)
            continue; /* gzip's time and system: nobody looks at them */
        file.bytes[e[0] + at] ^= 0x20;
        ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false),
                     BLOCK(e[1], e[2]), BLOCK(e[2], e[3]), BLOCK(e[3], e[4]));
        file.bytes[e[0] + at] ^= 0x20;
    }
    file_done(&file);
}

/* A block whose header claims another size, and has a right CRC all the same. */
static struct member with_size(struct member member, int difference)
{
    put_le_at(member.bytes + 20, 4, (uint64_t)((int)member.size + difference));
    member_fix_crc(&member);
    return member;
}

static void a_block_that_claims_too_little_costs_itself(void **state)
{
    struct file file;

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add_block(&file, with_size(events_from(0), -10));
    file_add_block(&file, events_from(3));
    const size_t *e = file.ends;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false), BLOCK(e[1], e[2]));
    /* Who passes it by notices only behind it. */
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1] - 10),
                 DAMAGE(e[0], e[1], false, false), PASSED(e[1], e[2]));
    file_done(&file);
}

/* As a torn block does: its end is another block's beginning. */
static void a_block_that_claims_too_much_does_not_cost_the_next_one(void **state)
{
    struct file file;

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add_block(&file, with_size(events_from(0), 10));
    file_add_block(&file, events_from(3));
    file_add_block(&file, events_from(6));
    const size_t *e = file.ends;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], true, false), BLOCK(e[1], e[2]),
                 BLOCK(e[2], e[3]));
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1] + 10),
                 DAMAGE(e[0], e[1], true, false), PASSED(e[1], e[2]), PASSED(e[2], e[3]));
    file_done(&file);
}

static void a_block_that_claims_more_than_there_is_costs_no_other(void **state)
{
    struct file file;

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add_block(&file, with_size(events_from(0), 10000000));
    file_add_block(&file, events_from(3));
    const size_t *e = file.ends;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], true, false), BLOCK(e[1], e[2]));
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1] + 10000000),
                 DAMAGE(e[0], e[1], true, false), PASSED(e[1], e[2]));
    file_done(&file);
}

/* ---- torn blocks ---- */

/* What can be had of a torn piece: whole lines from the block's beginning, and no more. */
static void assert_salvaged(struct evj_blocks *blocks, const struct evj_piece *piece,
                            const char *whole, bool ret_lines[4])
{
    const char *text = NULL;
    size_t len = 99;

    assert_int_equal(evj_blocks_salvage(blocks, piece, &text, &len, NULL), EVJ_OK);
    assert_in_range(len, 0, strlen(whole));
    if (len > 0) {
        assert_memory_equal(text, whole, len);
        assert_int_equal(text[len - 1], '\n');
    }
    size_t lines = 0;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    ret_lines[lines] = true;
}

static const char three_events[] = "{\"seq\":0,\"mono\":0,\"event\":{\"session_id\":0}}\n"
                                   "{\"seq\":1,\"mono\":1,\"event\":{\"session_id\":0}}\n"
                                   "{\"seq\":2,\"mono\":2,\"event\":{\"session_id\":0}}\n";

/* Cut anywhere, with a good block behind it or none; from a file or a pipe. */
static void check_torn(const char *folder, size_t cut, bool is_last, bool is_pipe, bool lines[4])
{
    struct file file;
    struct feeding feeding;
    struct member torn = events_from(0);
    EVJ_AUTO(blocks) *blocks = NULL;
    struct evj_piece piece;

    file_begin(&file, folder);
    file_add_block(&file, first_line());
    file_add(&file, torn.bytes, cut);
    if (!is_last)
        file_add_block(&file, events_from(3));
    temp_write(file.path, file.bytes, file.size);
    if (is_pipe)
        feeding_begin(&feeding, file.bytes, file.size, 100, 1);
    assert_int_equal(evj_blocks_open(is_pipe ? "-" : file.path, &blocks, NULL), EVJ_OK);
    assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
    assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
    assert_int_equal(piece.kind, EVJ_PIECE_DAMAGE);
    assert_int_equal(piece.from, file.ends[0]);
    assert_int_equal(piece.to, file.ends[1]);
    assert_int_equal(piece.to_the_end, is_last);
    size_t header = 12 + le_at(torn.bytes + 10, 2);
    if (cut >= header) {
        assert_true(piece.torn);
        assert_true(piece.has_info);
        assert_int_equal(piece.info.first_seq, 0);
    }
    assert_salvaged(blocks, &piece, three_events, lines);
    assert_int_equal(evj_blocks_next(blocks, &piece, NULL), is_last ? EVJ_END : EVJ_OK);
    if (is_pipe)
        feeding_done(&feeding);
    member_done(&torn);
    file_done(&file);
}

static void of_a_torn_block_its_first_lines_are_salvaged(void **state)
{
    struct member torn = events_from(0);

    for (unsigned how = 0; how < 4; how++) {
        bool lines[4] = {0};
        for (size_t cut = 1; cut < torn.size; cut++)
            check_torn(*state, cut, how % 2, how / 2, lines);
        assert_true(lines[0] && lines[1] && lines[3]);
    }
    member_done(&torn);
}

/* Both are told, once each: whichever the filter wants. */
static void a_torn_block_behind_a_wrong_one_is_a_piece_of_its_own(void **state)
{
    struct file file;
    struct member torn = events_from(3);

    file_begin(&file, *state);
    file_add_block(&file, first_line());
    file_add_block(&file, events_from(0));
    file_add(&file, torn.bytes, torn.size - 10);
    const size_t *e = file.ends;
    file.bytes[e[1] - 1] ^= 1;
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false),
                 DAMAGE(e[1], e[2], true, true));
    ASSERT_READS(&file, wants_session_3, BLOCK(0, e[0]), PASSED(e[0], e[1]),
                 DAMAGE(e[1], e[2], true, true));
    ASSERT_READS(&file, wants_none, BLOCK(0, e[0]), PASSED(e[0], e[1]),
                 PASSED(e[1], e[1] + torn.size), DAMAGE(e[1], e[2], true, true));
    file_add_block(&file, events_from(6));
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false),
                 DAMAGE(e[1], e[2], true, false), BLOCK(e[2], e[3]));
    file_add(&file, "odd", 3);
    ASSERT_READS(&file, NULL, BLOCK(0, e[0]), DAMAGE(e[0], e[1], false, false),
                 DAMAGE(e[1], e[2], true, false), BLOCK(e[2], e[3]),
                 DAMAGE(e[3], e[4], false, true));
    member_done(&torn);
    file_done(&file);
}

/* ---- anything at all ---- */

/* Some bytes wiped, changed, put in or taken out, at up to four places. */
static void spoil(struct file *file, uint64_t *x)
{
    for (unsigned i = 0; i < 1 + *x % 4; i++) {
        *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
        size_t at = *x % file->size, len = 1 + (*x >> 20) % 60;
        len = len < file->size - at ? len : file->size - at;
        switch (*x >> 40 & 3) {
        case 0:
            memset(file->bytes + at, 0x1f, len);
            break;
        case 1:
            file->bytes[at] ^= (unsigned char)(1 + (*x >> 50) % 255);
            break;
        case 2:
            memmove(file->bytes + at, file->bytes + at + len, file->size - at - len);
            file->size -= len < file->size ? len : 0;
            break;
        default:
            file->size = *x >> 43 & 1 ? at + 1 : file->size;
            break;
        }
    }
}

/* The pieces are the whole file, one behind the other, but for damage that begins in what was passed
 * by; each goes on further than the one before, so that there is an end. */
static void assert_in_order(const struct pieces *pieces, size_t size)
{
    uint64_t at = 0;

    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->list[i];
        bool is_again = piece->kind == EVJ_PIECE_DAMAGE && i > 0 &&
                        pieces->list[i - 1].kind == EVJ_PIECE_PASSED &&
                        piece->from == pieces->list[i - 1].from;
        if ((piece->from != at && !is_again) || piece->to <= piece->from)
            fail_msg("piece %zu of %d is %zu-%zu", i, piece->kind, (size_t)piece->from,
                     (size_t)piece->to);
        at = piece->to;
    }
    assert_int_equal(at, size);
}

static void whatever_the_damage_the_pieces_are_the_whole_file(void **state)
{
    static evj_block_wanted *const filters[] = {NULL, wants_none, wants_session_3};
    EVJ_AUTO(workers) *workers = evj_workers_new();
    uint64_t x = 88172645463325252u;
    struct file whole;

    file_of_five(&whole, *state);
    for (unsigned round = 0; round < 1500; round++) {
        struct file file = {.path = whole.path, .bytes = malloc(whole.size), .size = whole.size};
        memcpy(file.bytes, whole.bytes, whole.size);
        spoil(&file, &x);
        temp_write(file.path, file.bytes, file.size);
        for (unsigned i = 0; i < 3; i++) {
            struct pieces alone = pieces_of(file.path, filters[i], NULL, 0);
            struct pieces ahead = pieces_of(file.path, filters[i], workers, 1 << 20);
            assert_in_order(&alone, file.size);
            assert_pieces(&ahead, alone.list, alone.count, "ahead");
        }
        free(file.bytes);
    }
    file_done(&whole);
}

/* ---- files that grow ---- */

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
static size_t grown;
static unsigned reads_before;

ssize_t __wrap_pread64(int fd, void *to, size_t size, off_t offset)
{
    ssize_t got = __real_pread64(fd, to, size, offset);

    if (growing && reads_before-- == 0) {
        append(growing->path, growing->bytes + grown, growing->size - grown);
        growing = NULL;
    }
    return got;
}

/* At whichever moment it grows: a block is given, or it is what the file stops in. */
static void check_growing(const struct file *file, size_t cut, unsigned reads, size_t ahead)
{
    EVJ_AUTO(blocks) *blocks = NULL;
    struct pieces pieces = {0};

    temp_write(file->path, file->bytes, cut);
    assert_int_equal(evj_blocks_open(file->path, &blocks, NULL), EVJ_OK);
    evj_blocks_set_ahead(blocks, NULL, ahead);
    growing = file, grown = cut, reads_before = reads;
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
    for (size_t cut = e[1] + 1; cut < e[3]; cut++)
        for (unsigned reads = 0; reads < 12; reads++)
            if (cut != e[2])
                check_growing(&file, cut, reads, cut % 2 ? 1 << 20 : 0);
    file_done(&file);
}

/* ---- giving up early ---- */

static void whoever_stops_early_leaves_nothing_behind(void **state)
{
    struct file file;
    EVJ_AUTO(workers) *workers = evj_workers_new();

    file_of_five(&file, *state);
    temp_write(file.path, file.bytes, file.size);
    for (unsigned round = 0; round < 200; round++) {
        EVJ_AUTO(blocks) *blocks = NULL;
        struct evj_piece piece;
        assert_int_equal(evj_blocks_open(file.path, &blocks, NULL), EVJ_OK);
        evj_blocks_set_parser(blocks, evj_record_parse);
        evj_blocks_set_ahead(blocks, workers, 1 << 20);
        for (unsigned i = 0; i < round % 5; i++)
            assert_int_equal(evj_blocks_next(blocks, &piece, NULL), EVJ_OK);
    }
    evj_blocks_free(NULL);
    file_done(&file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_file_is_its_blocks),
        TEST(an_empty_file_has_no_pieces),
        TEST(a_piece_has_its_text_and_its_records),
        TEST(what_nobody_wants_is_passed_by),
        TEST(the_filter_is_not_asked_ahead_of_a_first_line),
        TEST(what_is_no_block_is_a_piece_of_its_own),
        TEST(a_later_gzip_file_is_damage),
        TEST(a_wrong_block_is_damage_and_the_next_one_is_not),
        TEST(a_wrong_header_costs_its_block),
        TEST(a_block_that_claims_too_little_costs_itself),
        TEST(a_block_that_claims_too_much_does_not_cost_the_next_one),
        TEST(a_block_that_claims_more_than_there_is_costs_no_other),
        TEST(of_a_torn_block_its_first_lines_are_salvaged),
        TEST(a_torn_block_behind_a_wrong_one_is_a_piece_of_its_own),
        TEST(whatever_the_damage_the_pieces_are_the_whole_file),
        TEST(a_file_that_grew_is_gone_on_with),
        TEST(a_block_that_was_being_written_is_read_once_more),
        TEST(another_block_in_the_place_of_a_torn_one_is_read),
        TEST(what_was_torn_only_when_it_was_looked_at_ahead_is_no_damage),
        TEST(a_file_may_grow_at_any_moment),
        TEST(whoever_stops_early_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

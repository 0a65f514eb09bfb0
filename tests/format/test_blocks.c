/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file as the sequence of its pieces. Each case is read as a file and as a pipe, decoded one by one
 * and ahead: the pieces must be the same.
 */
#include "tests/support/test.h"

#include "tests/support/feeding.h"
#include "tests/support/pieces.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
        TEST(whoever_stops_early_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

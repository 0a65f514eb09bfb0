/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/reader_internal.h"

void evj_reader_take_block(struct evj_reader *reader)
{
    const struct evj_piece *piece = &reader->piece;

    reader->totals.file_bytes += piece->info.member_size;
    reader->totals.text_bytes += piece->info.text_size;
    reader->totals.blocks++;
    reader->lines = (struct lines){.at = piece->rest, .end = piece->text + piece->info.text_size};
    if (piece->record_count > 0) {
        reader->lines.parsed = piece->records;
        reader->lines.parsed_end = piece->records + piece->record_count;
    }
    if (reader->seen)
        reader->seen(&piece->info, piece->from, piece->text, reader->seen_context);
    /* A first line's block says nothing of where its file's records stand. */
    if (piece->info.flags & EVJ_BLOCK_FIRST)
        return;
    /* Its records are given all the same. Of a living recorder, the spool had them before the block. */
    if (evj_reader_is_whole(reader) && piece->info.first_seq < reader->next_seq &&
        !reader->may_repeat)
        evj_stretch_add(&reader->stretch, piece->from, piece->from,
                        &(struct evj_error){.text = "records come twice, or too late"});
    evj_reader_settle(reader, piece->info.first_seq, piece->info.first_mono_us);
}

/* It has no gap and no state record, so each of its records takes one seq. */
static void take_passed(struct evj_reader *reader)
{
    const struct evj_block_info *info = &reader->piece.info;

    evj_reader_settle(reader, info->first_seq, info->first_mono_us);
    reader->totals.file_bytes += info->member_size;
    reader->totals.text_bytes += info->text_size;
    reader->totals.blocks++;
    reader->totals.blocks_skipped++;
}

static void note_passed(struct evj_reader *reader)
{
    const struct evj_block_info *info = &reader->piece.info;

    if (info->first_seq + info->records > reader->next_seq)
        reader->next_seq = info->first_seq + info->records;
    if (info->last_mono_us > reader->last_mono_us)
        reader->last_mono_us = info->last_mono_us;
    reader->knows_seq = true;
}

static int take_damage(struct evj_reader *reader, struct evj_error *err)
{
    const struct evj_piece *piece = &reader->piece;
    const char *text = NULL;
    size_t len = 0;

    /* Written right now, or when the recorder died: the spool has it. Only of a dead recorder's is it
     * certain that an empty one has nothing. */
    reader->being_written = piece->torn && piece->to_the_end && reader->has_spool && !reader->ended;
    if (reader->being_written && (reader->spool.len > 0 || reader->spool.live))
        return EVJ_OK;
    bool salvages = piece->torn && !reader->being_written;

    /* What was before it is settled first: only then it is known which record of it is due. */
    if (salvages && reader->stretch.begun && !(piece->info.flags & EVJ_BLOCK_FIRST))
        evj_reader_settle(reader, piece->info.first_seq, piece->info.first_mono_us);
    evj_stretch_add(&reader->stretch, piece->from, piece->to, &piece->why);
    reader->stretch.torn = piece->to_the_end && piece->torn;
    if (piece->has_info)
        evj_stretch_add_claim(&reader->stretch, &piece->info);
    if (!salvages)
        return EVJ_OK;
    int status = evj_blocks_salvage(reader->blocks, piece, &text, &len, err);
    evj_reader_set_lines(reader, text, len, true);
    return status;
}

/* 0: there may be lines now, or damage to be told; EVJ_END; < 0. */
int evj_reader_next_piece(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_piece *piece = &reader->piece;

    evj_reader_set_lines(reader, NULL, 0, false);
    if (piece->kind == EVJ_PIECE_PASSED)
        note_passed(reader);
    piece->kind = EVJ_PIECE_BLOCK; /* it stays if nothing follows it */
    int status = evj_blocks_next(reader->blocks, piece, err);
    if (status != EVJ_OK)
        return status;
    if (piece->kind == EVJ_PIECE_DAMAGE)
        return take_damage(reader, err);
    if (piece->kind == EVJ_PIECE_PASSED)
        take_passed(reader);
    else
        evj_reader_take_block(reader);
    return EVJ_OK;
}

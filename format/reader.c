/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/reader_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *evj_ending_name(enum evj_ending ending)
{
    static const char *const names[] = {
        [EVJ_ENDING_CLOSED] = "closed",   [EVJ_ENDING_LIVE] = "live",
        [EVJ_ENDING_CRASHED] = "crashed", [EVJ_ENDING_LEFT] = "left",
        [EVJ_ENDING_OPEN] = "open",       [EVJ_ENDING_TRUNCATED] = "truncated",
        [EVJ_ENDING_DAMAGED] = "damaged",
    };
    return names[ending];
}

/* ---- reading ---- */

/* Another file begins behind the first one. */
static int begin_anew(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_header header;
    int status = evj_header_parse(reader->record, &header, err);

    if (status < 0)
        return status;
    /* Nor does a copy of the file before go on where that ended. */
    bool goes_on = strcmp(header.id, reader->header.id) == 0 && header.id[0] != '\0' &&
                   header.started_mono_us > reader->header.started_mono_us;
    /* Numbers that begin anew tell nothing of what the file before has lost at its end. */
    if (!goes_on && reader->stretch.begun && reader->totals.blocks > 1) {
        evj_reader_settle_by_claims(reader);
        evj_reader_put_back(reader);
        return EVJ_OK;
    }
    if (!goes_on) {
        reader->next_seq = 0;
        reader->knows_seq = header.previous[0] == '\0' && header.cut[0] == '\0';
        reader->totals.more_recordings++;
    }
    reader->header = header;
    reader->last_mono_us = header.started_mono_us;
    reader->ended = false;
    return EVJ_OK;
}

/* The blocks are used up: go on with the spool, if there is one. */
static void after_blocks(struct evj_reader *reader)
{
    reader->stage = STAGE_DONE;
    if (!reader->has_spool || reader->ended)
        return;
    reader->left = evj_reader_was_left(reader);
    if (reader->left && !evj_reader_goes_on_in_spool(reader))
        return;
    reader->stage = STAGE_SPOOL;
    evj_reader_set_lines(reader, reader->spool.text, reader->spool.len, false);
}

/* The lines at hand are used up: have others. 0, EVJ_END, or < 0. */
static int next_lines(struct evj_reader *reader, struct evj_error *err)
{
    if (reader->stage == STAGE_SPOOL)
        reader->stage = STAGE_DONE;
    if (reader->stage == STAGE_DONE)
        return evj_reader_settle_at_the_end(reader) ? EVJ_OK : EVJ_END;
    int status = evj_reader_next_piece(reader, err);
    if (status != EVJ_END)
        return status;
    after_blocks(reader);
    return EVJ_OK;
}

/*
 * A line that is no record: in a block whose checksum is right, so it was written like that; or in
 * the spool, behind the end of the file. The first of a torn block ends what can be had of it.
 */
static void note_bad_line(struct evj_reader *reader, const struct evj_error *why)
{
    bool in_spool = reader->stage == STAGE_SPOOL;
    uint64_t from = in_spool ? reader->piece.to : reader->piece.from;
    struct evj_error err = *why;

    if (reader->lines.unchecked) {
        evj_reader_set_lines(reader, NULL, 0, false);
        return;
    }
    snprintf(err.text, sizeof(err.text), "a line of the %s is no record: %.200s",
             in_spool ? "spool" : "block", why->text);
    evj_stretch_add(&reader->stretch, from, reader->piece.to, &err);
}

/*
 * Some of a loss was told when the spool was read in the midst of it. What has come to it since is a
 * gap of its own, of which only the number is known. False if nothing has.
 */
static bool take_rest_of_gap(struct evj_reader *reader)
{
    const struct evj_record *record = reader->record;
    uint64_t told = reader->next_seq - record->seq;
    struct evj_slice reason = evj_json_string(record->gap.reason);

    if (record->kind != EVJ_RECORD_GAP || record->gap.events <= told || reason.len > 64)
        return false;
    int len = snprintf(reader->rest_line, EVJ_GAP_LINE_MAX,
                       "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"gap\":{\"events\":%" PRIu64
                       ",\"reason\":\"%.*s\",\"until\":%" PRId64 "}}",
                       reader->next_seq, record->mono_us, record->gap.events - told,
                       (int)reason.len, reason.text ? reason.text : "", record->gap.until_us);
    reader->record = &reader->parsed;
    return evj_record_parse(reader->rest_line, (size_t)len, &reader->parsed, NULL) == EVJ_OK;
}

/* The next record is in reader->record. Shall it be given, or is it one that was given already? */
static void take_record(struct evj_reader *reader)
{
    struct evj_error why = {0};
    const struct evj_record *record = reader->record;
    bool takes_seq = evj_record_seq_span(record) > 0;

    if (record->kind == EVJ_RECORD_JOURNAL) {
        if (begin_anew(reader, &why) < 0)
            note_bad_line(reader, &why);
        return;
    }
    if (reader->lines.unchecked) {
        reader->record_is_next = evj_reader_is_plausible(reader);
        reader->stretch.damage.salvaged += reader->record_is_next;
        if (!reader->record_is_next)
            evj_reader_set_lines(reader, NULL, 0, false);
        return;
    }
    /* The blocks had it before the spool, or the spool before the block that it came into since. */
    if ((reader->stage == STAGE_SPOOL || reader->may_repeat) && takes_seq &&
        record->seq < reader->next_seq && !take_rest_of_gap(reader))
        return;
    if (takes_seq)
        evj_reader_settle(reader, reader->record->seq, reader->record->mono_us);
    reader->record_is_next = true;
}

/* Until there is something to give. 0, EVJ_END, or < 0. */
static int find_next(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_error why = {0};
    int status = EVJ_OK;

    while (status == EVJ_OK && !reader->damage_is_next && !reader->record_is_next) {
        if (reader->block_is_next) {
            reader->block_is_next = false;
            evj_reader_take_block(reader);
            if (reader->first_line_read)
                evj_reader_next_of_lines(reader, &why);
            continue;
        }
        status = evj_reader_next_of_lines(reader, &why);
        if (status == EVJ_OK) {
            take_record(reader);
        } else if (status < 0) {
            note_bad_line(reader, &why);
            status = EVJ_OK;
        } else {
            status = next_lines(reader, err);
        }
    }
    return status;
}

static int give(struct evj_reader *reader, struct evj_record *record,
                const struct evj_record **ret_record)
{
    uint64_t span = evj_record_seq_span(record);

    if (record->has_seq)
        record->wall_us = evj_header_wall_us(&reader->header, record->mono_us);
    if (span > 0 && record->seq + span > reader->next_seq)
        reader->next_seq = record->seq + span;
    if (span > 0) {
        reader->knows_seq = true;
        if (record->mono_us > reader->last_mono_us)
            reader->last_mono_us = record->mono_us;
    }
    reader->totals.spool_records += reader->stage == STAGE_SPOOL && record != &reader->gap;
    reader->ended |= record->kind == EVJ_RECORD_END;
    *ret_record = record;
    return EVJ_OK;
}

int evj_reader_next(struct evj_reader *reader, const struct evj_record **ret_record,
                    struct evj_error *err)
{
    if (reader->gap_is_next && !reader->damage_is_next) {
        reader->gap_is_next = false;
        return give(reader, &reader->gap, ret_record);
    }
    int status = find_next(reader, err);
    if (status != EVJ_OK) {
        reader->stage = STAGE_DONE;
        reader->failed |= status < 0;
        return status;
    }
    if (reader->damage_is_next) {
        reader->damage_is_next = false;
        return evj_reader_tell_damage(reader, err);
    }
    reader->record_is_next = false;
    return give(reader, reader->record, ret_record);
}

bool evj_reader_continue(struct evj_reader *reader)
{
    uint64_t head;
    bool live;

    if (reader->stage != STAGE_DONE || reader->failed || reader->ended || reader->left ||
        !reader->has_spool)
        return false;
    int status = evj_spool_look(reader->header.spool, &head, &live);
    if (status == EVJ_OK && live == reader->spool.live && head == reader->spool.head &&
        reader->file_size == evj_blocks_file_size(reader->blocks))
        return false;
    evj_reader_take_snapshot(reader);
    if (reader->being_written)
        evj_blocks_retry(reader->blocks, &reader->piece);
    reader->being_written = false;
    reader->may_repeat = true;
    reader->stage = STAGE_BLOCKS;
    return true;
}

/* ---- queries ---- */

void evj_reader_set_filter(struct evj_reader *reader, evj_block_wanted *wants, void *context)
{
    evj_blocks_set_filter(reader->blocks, wants, &reader->header, context);
}

void evj_reader_set_observer(struct evj_reader *reader, evj_block_seen *seen, void *context)
{
    reader->seen = seen;
    reader->seen_context = context;
}

void evj_reader_set_parser(struct evj_reader *reader, evj_record_parser *parser)
{
    reader->parser = parser;
    evj_blocks_set_parser(reader->blocks, reader->parser);
}

void evj_reader_set_start(struct evj_reader *reader, uint64_t seq)
{
    reader->next_seq = seq;
    reader->knows_seq = true;
    reader->may_repeat = true;
}

uint64_t evj_reader_next_seq(const struct evj_reader *reader)
{
    return reader->next_seq;
}

void evj_reader_set_ahead(struct evj_reader *reader, struct evj_workers *workers, size_t bytes)
{
    evj_blocks_set_parser(reader->blocks, reader->parser);
    evj_blocks_set_ahead(reader->blocks, workers, bytes);
}

const struct evj_header *evj_reader_header(const struct evj_reader *reader)
{
    return &reader->header;
}

const char *evj_reader_path(const struct evj_reader *reader)
{
    return evj_blocks_path(reader->blocks);
}

const struct evj_damage *evj_reader_damage(const struct evj_reader *reader)
{
    return &reader->told.damage;
}

enum evj_ending evj_reader_ending(const struct evj_reader *reader)
{
    if (reader->failed)
        return EVJ_ENDING_DAMAGED;
    if (reader->ended)
        return EVJ_ENDING_CLOSED;
    if (reader->torn)
        return EVJ_ENDING_TRUNCATED;
    if (reader->end_is_lost)
        return EVJ_ENDING_DAMAGED;
    if (reader->left)
        return EVJ_ENDING_LEFT;
    if (!reader->has_spool)
        return EVJ_ENDING_OPEN;
    return reader->spool.live ? EVJ_ENDING_LIVE : EVJ_ENDING_CRASHED;
}

const char *evj_reader_spool_note(const struct evj_reader *reader)
{
    return reader->spool_note;
}

const struct evj_reader_totals *evj_reader_totals(const struct evj_reader *reader)
{
    return &reader->totals;
}

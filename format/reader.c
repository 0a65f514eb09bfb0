/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/reader.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "format/blocks_internal.h"
#include "format/damage_internal.h"
#include "format/json_check_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where the lines come from. A snapshot of the spool is taken before the first block is read, and
 * its lines follow the last block; what is in both is told by its seq. So the reader sees one
 * moment of a live journal, whole, however fast its recorder moves lines from one to the other.
 */
enum stage { STAGE_BLOCKS, STAGE_SPOOL, STAGE_DONE };

/* Lines that were not given yet: first those that a worker has parsed, then at[0 … end). */
struct lines {
    struct evj_record *parsed, *parsed_end;
    const char *at, *end;
    bool unchecked; /* of a torn block: the first that looks wrong ends them */
};

struct evj_reader {
    struct evj_blocks *blocks;
    struct evj_header header;
    evj_block_seen *seen;
    void *seen_context;

    enum stage stage;
    struct lines lines;
    struct evj_piece piece; /* that the lines are of */
    evj_record_parser *parser;
    struct evj_record *record, parsed; /* in work: a worker has parsed it, or it is in `parsed` */

    uint64_t next_seq; /* behind everything given or passed by */
    bool knows_seq;    /* what comes next must have it */
    int64_t last_mono_us;

    struct evj_stretch stretch; /* of damage, until what follows it is known */
    struct evj_stretch told;
    /* What is to be given next, in this order. */
    bool block_is_next; /* nothing of the first block was looked at but its first line */
    bool damage_is_next, gap_is_next, record_is_next;
    struct evj_record gap;
    char gap_line[EVJ_GAP_LINE_MAX];

    uint64_t file_size; /* when the snapshot was taken */
    struct evj_spool_snapshot spool;
    bool being_written; /* the block that the file stops in, at `piece` */
    bool continued;     /* blocks are read that came after the spool was */
    bool has_spool, ended, torn, end_is_lost, failed;
    char spool_note[320];
    struct evj_reader_totals totals;
};

const char *evj_ending_name(enum evj_ending ending)
{
    static const char *const names[] = {
        [EVJ_ENDING_CLOSED] = "closed",       [EVJ_ENDING_LIVE] = "live",
        [EVJ_ENDING_CRASHED] = "crashed",     [EVJ_ENDING_OPEN] = "open",
        [EVJ_ENDING_TRUNCATED] = "truncated", [EVJ_ENDING_DAMAGED] = "damaged",
    };
    return names[ending];
}

/* ---- lines ---- */

static bool next_line(struct lines *lines, struct evj_slice *ret_line)
{
    if (lines->at >= lines->end)
        return false;
    const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    if (!newline)
        newline = lines->end; /* evj_block_decode_text() has made sure; a spool may be odd */
    *ret_line = (struct evj_slice){lines->at, (size_t)(newline - lines->at)};
    lines->at = newline + 1;
    return true;
}

/* 0, EVJ_END without any more, or < 0 for a line that is no record. */
static int next_of_lines(struct evj_reader *reader, struct evj_error *err)
{
    struct lines *lines = &reader->lines;
    struct evj_slice line;

    if (lines->parsed < lines->parsed_end) {
        reader->record = lines->parsed++;
        return EVJ_OK;
    }
    if (!next_line(lines, &line))
        return EVJ_END;
    reader->record = &reader->parsed;
    /* What nobody has checked is looked into, whoever wants it. */
    evj_record_parser *parser = lines->unchecked ? evj_record_parse : reader->parser;
    return parser(line.text, line.len, &reader->parsed, err);
}

static bool is_claimed(const struct evj_event *event, const struct evj_block_info *info)
{
    return (event->type & info->types) == event->type &&
           event->timestamp_us >= info->least_timestamp_us &&
           event->timestamp_us <= info->greatest_timestamp_us;
}

/*
 * Nothing has checked the text of a torn block. A record of it must be the very one that is due, whole
 * JSON, and such as the block's header claims.
 */
static bool is_plausible(const struct evj_reader *reader)
{
    const struct evj_record *record = reader->record;
    const struct evj_block_info *info = &reader->piece.info;
    uint64_t due = reader->knows_seq ? reader->next_seq : info->first_seq;
    bool is_event = record->kind == EVJ_RECORD_EVENT;
    size_t at;

    return (is_event || record->kind == EVJ_RECORD_GAP || record->kind == EVJ_RECORD_MARK) &&
           record->seq == due && record->mono_us >= info->first_mono_us &&
           record->mono_us <= info->last_mono_us &&
           (!is_event || is_claimed(&record->event, info)) &&
           !evj_json_fault(record->line.text, record->line.len, &at);
}

/* ---- what is missing ---- */

/* The gap record that stands for what is lost, told in the stretch. */
static void make_gap(struct evj_reader *reader, const struct evj_stretch *stretch, int64_t until_us)
{
    size_t len = evj_stretch_put_gap(reader->gap_line, stretch, reader->next_seq,
                                     reader->last_mono_us, until_us);

    evj_record_parse(reader->gap_line, len, &reader->gap, NULL);
    reader->gap_is_next = true;
}

/* What is lost of it is known as far as it can be: it is told before anything else. */
static void end_stretch(struct evj_reader *reader, int64_t until_us)
{
    const struct evj_damage *damage = &reader->stretch.damage;

    if (damage->lost > 0 || !damage->lost_is_certain)
        make_gap(reader, &reader->stretch, until_us);
    reader->told = reader->stretch;
    reader->stretch = (struct evj_stretch){0};
    reader->damage_is_next = true;
}

/* Must the next record have the very next seq? */
static bool is_whole(const struct evj_reader *reader)
{
    return reader->knows_seq && reader->header.cut[0] == '\0';
}

/* What comes next has this seq and mono: is there something to tell before it? */
static void settle(struct evj_reader *reader, uint64_t seq, int64_t mono_us)
{
    struct evj_stretch *stretch = &reader->stretch;
    bool is_certain = is_whole(reader);
    bool is_hole = is_certain && seq > reader->next_seq;

    if (!stretch->begun && !is_hole)
        return;
    if (!stretch->begun)
        evj_stretch_add(stretch, reader->piece.from, reader->piece.from,
                        &(struct evj_error){.text = "records are missing here"});
    evj_stretch_settle(stretch, reader->next_seq, is_certain ? seq : 0, is_certain);
    end_stretch(reader, mono_us);
}

/* Nothing follows that tells how much is lost, but for the header of a block that cannot be read. */
static bool settle_at_the_end(struct evj_reader *reader)
{
    struct evj_stretch *stretch = &reader->stretch;

    if (!stretch->begun)
        return false;
    evj_stretch_settle(stretch, reader->next_seq, stretch->least_seq,
                       reader->ended || stretch->is_last);
    reader->torn = stretch->torn;
    reader->end_is_lost = !stretch->torn;
    end_stretch(reader, reader->last_mono_us);
    return true;
}

static int tell_damage(struct evj_reader *reader, struct evj_error *err)
{
    const struct evj_damage *damage = &reader->told.damage;

    reader->totals.damages++;
    reader->totals.damaged_bytes += damage->to - damage->from;
    reader->totals.lost += damage->lost;
    return evj_stretch_tell(&reader->told, reader->next_seq, err);
}

/* ---- blocks ---- */

/* Another file begins behind the first one. */
static int begin_anew(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_header header;
    int status = evj_header_parse(reader->record, &header, err);

    if (status < 0)
        return status;
    bool goes_on = strcmp(header.id, reader->header.id) == 0 && header.previous[0] != '\0';
    if (!goes_on) {
        reader->next_seq = 0;
        reader->knows_seq = header.previous[0] == '\0' && header.cut[0] == '\0';
    }
    reader->header = header;
    reader->last_mono_us = header.started_mono_us;
    reader->ended = false;
    return EVJ_OK;
}

static void set_lines(struct evj_reader *reader, const char *text, size_t len, bool unchecked)
{
    reader->lines =
        (struct lines){.at = text, .end = text ? text + len : NULL, .unchecked = unchecked};
}

static void take_block(struct evj_reader *reader)
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
    if (is_whole(reader) && piece->info.first_seq < reader->next_seq && !reader->continued)
        evj_stretch_add(&reader->stretch, piece->from, piece->from,
                        &(struct evj_error){.text = "records come twice, or too late"});
    settle(reader, piece->info.first_seq, piece->info.first_mono_us);
}

/* It has no gap and no state record, so each of its records takes one seq. */
static void take_passed(struct evj_reader *reader)
{
    const struct evj_block_info *info = &reader->piece.info;

    settle(reader, info->first_seq, info->first_mono_us);
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

    bool salvages = piece->torn && !reader->has_spool;

    /* What was before it is settled first: only then it is known which record of it is due. */
    if (salvages && reader->stretch.begun && !(piece->info.flags & EVJ_BLOCK_FIRST))
        settle(reader, piece->info.first_seq, piece->info.first_mono_us);
    evj_stretch_add(&reader->stretch, piece->from, piece->to, &piece->why);
    reader->stretch.torn = piece->to_the_end && piece->torn;
    if (piece->has_info)
        evj_stretch_add_claim(&reader->stretch, &piece->info);
    /* What is being written right now, or was when the recorder died, is in the spool. */
    if (!salvages)
        return EVJ_OK;
    int status = evj_blocks_salvage(reader->blocks, piece, &text, &len, err);
    set_lines(reader, text, len, true);
    return status;
}

/* 0: there may be lines now, or damage to be told; EVJ_END; < 0. */
static int next_piece(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_piece *piece = &reader->piece;

    set_lines(reader, NULL, 0, false);
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
        take_block(reader);
    return EVJ_OK;
}

/* ---- opening ---- */

/* The beginning is lost: when it was is all that can be told, of the first block that is not. */
static void make_up_header(struct evj_reader *reader)
{
    const struct evj_block_info *info = &reader->piece.info;

    reader->header = (struct evj_header){
        .version = EVJ_FORMAT_MAJOR,
        .clock = EVJ_CLOCK_MONOTONIC,
        .started_wall_us = info->least_timestamp_us,
        .started_mono_us = info->first_mono_us,
    };
}

static int not_a_journal(const struct evj_error *why, struct evj_error *err)
{
    if (why->status == EVJ_OK)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a journal: it is empty");
    if (why->status == EVJ_TRUNCATED)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a journal, or cut off in its first block");
    if (err)
        *err = *why;
    return why->status;
}

/* Up to the first block that can be read. What stands before it is damage, and not another file. */
static int find_first_block(struct evj_reader *reader, struct evj_error *err)
{
    static const struct evj_error no_block = {.text = "no block begins here"};
    struct evj_error why = {0};
    int status;

    do {
        status = evj_blocks_next(reader->blocks, &reader->piece, err);
        if (status < 0)
            return status;
        if (status == EVJ_END)
            return not_a_journal(&why, err);
        if (reader->piece.kind == EVJ_PIECE_DAMAGE) {
            if (reader->piece.why.status == EVJ_ERR_VERSION)
                return not_a_journal(&reader->piece.why, err);
            if (why.status == EVJ_OK)
                why = reader->piece.why;
            evj_stretch_add(&reader->stretch, reader->piece.from, reader->piece.to,
                            why.status == EVJ_ERR_FOREIGN ? &no_block : &why);
        }
    } while (reader->piece.kind == EVJ_PIECE_DAMAGE);
    return EVJ_OK;
}

static int read_first_record(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_record record;
    int status = find_first_block(reader, err);

    if (status < 0)
        return status;
    const char *text = reader->piece.text;
    const char *newline = memchr(text, '\n', reader->piece.info.text_size);
    status = evj_record_parse(text, (size_t)(newline - text), &record, err);
    if (status == EVJ_OK && record.kind == EVJ_RECORD_JOURNAL)
        status = evj_header_parse(&record, &reader->header, err);
    else if (status == EVJ_OK && !(reader->piece.info.flags & EVJ_BLOCK_FIRST))
        make_up_header(reader);
    else
        return evj_fail(err, EVJ_ERR_FOREIGN, 0,
                        "not a journal: its first line does not begin with {\"journal\":");
    if (status < 0)
        return status;
    bool is_missing = record.kind != EVJ_RECORD_JOURNAL;
    if (is_missing && !reader->stretch.begun)
        evj_stretch_add(&reader->stretch, 0, 0,
                        &(struct evj_error){.text = "the journal's first line is missing"});
    reader->last_mono_us = reader->header.started_mono_us;
    reader->knows_seq =
        !is_missing && reader->header.previous[0] == '\0' && reader->header.cut[0] == '\0';
    return EVJ_OK;
}

static void take_snapshot(struct evj_reader *reader)
{
    struct evj_error err;

    evj_spool_snapshot_done(&reader->spool);
    reader->has_spool = false;
    reader->file_size = evj_blocks_file_size(reader->blocks);
    if (!evj_spool_is_named_by(&reader->header))
        return;
    int status = evj_spool_snapshot(reader->header.spool, reader->header.id, &reader->spool, &err);
    reader->has_spool = status == EVJ_OK;
    if (status < 0)
        snprintf(reader->spool_note, sizeof(reader->spool_note), "%s", err.text);
}

int evj_reader_open(const char *path, struct evj_reader **ret_reader, struct evj_error *err)
{
    EVJ_AUTO(reader) *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a reader");
    reader->parser = evj_record_parse;
    int status = evj_blocks_open(path, &reader->blocks, err);
    if (status == EVJ_OK)
        status = read_first_record(reader, err);
    if (status < 0)
        return status;
    take_snapshot(reader);
    reader->block_is_next = true;
    *ret_reader = EVJ_TAKE(reader);
    return EVJ_OK;
}

void evj_reader_free(struct evj_reader *reader)
{
    if (!reader)
        return;
    evj_blocks_free(reader->blocks);
    evj_spool_snapshot_done(&reader->spool);
    free(reader);
}

/* ---- reading ---- */

/* The blocks are used up: go on with the spool, if there is one. */
static void after_blocks(struct evj_reader *reader)
{
    struct evj_stretch *stretch = &reader->stretch;

    reader->stage = STAGE_DONE;
    if (!reader->has_spool || reader->ended)
        return;
    /* A block that is being written right now, or was when the recorder died: the spool has it.
     * Only of a dead recorder's is it certain that an empty one has nothing. */
    reader->being_written = stretch->begun && stretch->torn;
    if (reader->being_written && (reader->spool.len > 0 || reader->spool.live))
        *stretch = (struct evj_stretch){0};
    reader->stage = STAGE_SPOOL;
    set_lines(reader, reader->spool.text, reader->spool.len, false);
}

/* The lines at hand are used up: have others. 0, EVJ_END, or < 0. */
static int next_lines(struct evj_reader *reader, struct evj_error *err)
{
    if (reader->stage == STAGE_SPOOL)
        reader->stage = STAGE_DONE;
    if (reader->stage == STAGE_DONE)
        return settle_at_the_end(reader) ? EVJ_OK : EVJ_END;
    int status = next_piece(reader, err);
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
        set_lines(reader, NULL, 0, false);
        return;
    }
    snprintf(err.text, sizeof(err.text), "a line of the %s is no record: %.200s",
             in_spool ? "spool" : "block", why->text);
    evj_stretch_add(&reader->stretch, from, reader->piece.to, &err);
}

/* The next record is in reader->record. Shall it be given, or is it one that was given already? */
static int take_record(struct evj_reader *reader, struct evj_error *err)
{
    const struct evj_record *record = reader->record;
    bool takes_seq = evj_record_seq_span(record) > 0;

    if (record->kind == EVJ_RECORD_JOURNAL)
        return begin_anew(reader, err);
    if (reader->lines.unchecked) {
        reader->record_is_next = is_plausible(reader);
        reader->stretch.damage.salvaged += reader->record_is_next;
        if (!reader->record_is_next)
            set_lines(reader, NULL, 0, false);
        return EVJ_OK;
    }
    /* The blocks had it before the spool, or the spool before the block that it came into since. */
    if ((reader->stage == STAGE_SPOOL || reader->continued) && takes_seq &&
        record->seq < reader->next_seq)
        return EVJ_OK;
    if (takes_seq)
        settle(reader, record->seq, record->mono_us);
    reader->record_is_next = true;
    return EVJ_OK;
}

/* Until there is something to give. 0, EVJ_END, or < 0. */
static int find_next(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_error why = {0};
    int status = EVJ_OK;

    while (status == EVJ_OK && !reader->damage_is_next && !reader->record_is_next) {
        if (reader->block_is_next) {
            reader->block_is_next = false;
            take_block(reader);
            continue;
        }
        status = next_of_lines(reader, &why);
        if (status == EVJ_OK) {
            status = take_record(reader, err);
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
        return tell_damage(reader, err);
    }
    reader->record_is_next = false;
    return give(reader, reader->record, ret_record);
}

int evj_reader_continue(struct evj_reader *reader, struct evj_error *err)
{
    uint64_t head;
    bool live;

    (void)err;
    if (reader->stage != STAGE_DONE || reader->failed || reader->ended || !reader->has_spool)
        return EVJ_END;
    int status = evj_spool_look(reader->header.spool, &head, &live);
    if (status == EVJ_OK && live == reader->spool.live && head == reader->spool.head &&
        reader->file_size == evj_blocks_file_size(reader->blocks))
        return EVJ_END;
    take_snapshot(reader);
    if (reader->being_written)
        evj_blocks_retry(reader->blocks, &reader->piece);
    reader->being_written = false;
    reader->continued = true;
    reader->stage = STAGE_BLOCKS;
    return EVJ_OK;
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

void evj_reader_set_places_only(struct evj_reader *reader)
{
    reader->parser = evj_record_parse_place;
    evj_blocks_set_parser(reader->blocks, reader->parser);
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

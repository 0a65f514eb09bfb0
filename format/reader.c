/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/reader.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "format/input_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where the lines come from. A snapshot of the spool is taken before the first block is read, and
 * its lines follow the last block; what is in both is told by its seq. So the reader sees one
 * moment of a live journal, whole, however fast its recorder moves lines from one to the other.
 */
enum stage { STAGE_BLOCKS, STAGE_SPOOL, STAGE_DONE };

struct evj_reader {
    struct evj_input *input;
    struct evj_header header;
    evj_block_wanted *wants;
    void *wants_context;

    enum stage stage;
    const char *at, *end; /* lines not yet returned */
    char *text;           /* of the current block */
    size_t text_room;
    uint64_t block_offset; /* for errors */
    struct evj_record record;

    uint64_t next_seq; /* behind everything returned or passed by */
    struct evj_spool_snapshot spool;
    bool has_spool, ended, truncated, damaged;
    struct evj_error truncation;
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

/* ---- blocks ---- */

static bool must_read(const struct evj_reader *reader, const struct evj_block_info *info)
{
    const unsigned always =
        EVJ_BLOCK_FIRST | EVJ_BLOCK_LAST | EVJ_BLOCK_GAP | EVJ_BLOCK_MARK | EVJ_BLOCK_STATE;

    return !reader->wants || (info->flags & always) != 0 ||
           reader->wants(&reader->header, info, reader->wants_context);
}

static int inflate(struct evj_reader *reader, const struct evj_input_block *block,
                   struct evj_error *err)
{
    const struct evj_block_info *info = &block->info;

    if (info->text_size > reader->text_room) {
        free(reader->text);
        reader->text_room = 0;
        reader->text = malloc(info->text_size);
        if (!reader->text)
            return evj_fail(err, EVJ_ERR_MEMORY, block->offset, "no memory for a block of %u bytes",
                            info->text_size);
        reader->text_room = info->text_size;
    }
    int status = evj_block_decode_text(block->member, info, block->header_size, block->offset,
                                       reader->text, err);
    if (status < 0)
        return status;
    reader->at = reader->text;
    reader->end = reader->text + info->text_size;
    reader->block_offset = block->offset;
    return EVJ_OK;
}

/* What a block that was passed by holds must not come again from the spool. It has no gap and no
 * state record, so each of its records takes one seq. */
static void note_passed_by(struct evj_reader *reader, const struct evj_block_info *info)
{
    if (info->first_seq + info->records > reader->next_seq)
        reader->next_seq = info->first_seq + info->records;
}

/* Step to the next block that is wanted. 0, EVJ_END at the file's end, EVJ_TRUNCATED, < 0. */
static int next_block(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_input_block block = {0};
    int status;

    while ((status = evj_input_next_header(reader->input, &block, err)) == EVJ_OK) {
        bool wanted = must_read(reader, &block.info);

        status = wanted ? evj_input_read_member(reader->input, &block, err)
                        : evj_input_pass_by(reader->input, &block, err);
        if (status != EVJ_OK)
            return status;
        reader->totals.file_bytes += block.info.member_size;
        reader->totals.text_bytes += block.info.text_size;
        reader->totals.blocks++;
        if (wanted)
            return inflate(reader, &block, err);
        reader->totals.blocks_skipped++;
        note_passed_by(reader, &block.info);
    }
    /* Foreign bytes behind whole blocks are damage, not another kind of file. */
    if (status == EVJ_ERR_FOREIGN && reader->totals.blocks > 0)
        return evj_fail(err, EVJ_ERR_CORRUPT, block.offset,
                        "no block begins where the last one ended");
    return status;
}

/* ---- lines ---- */

static bool next_line(struct evj_reader *reader, const char **ret_line, size_t *ret_len)
{
    if (reader->at >= reader->end)
        return false;
    const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    if (!newline)
        newline = reader->end; /* evj_block_decode_text() has made sure; a spool may be odd */
    *ret_line = reader->at;
    *ret_len = (size_t)(newline - reader->at);
    reader->at = newline + 1;
    return true;
}

/* Parse the next line of what is at hand. 0, or EVJ_END when a new block is needed. */
static int next_record(struct evj_reader *reader, struct evj_error *err)
{
    const char *line;
    size_t len;

    if (!next_line(reader, &line, &len))
        return EVJ_END;
    int status = evj_record_parse(line, len, &reader->record, err);
    if (status < 0 && err)
        err->offset = reader->block_offset;
    return status;
}

static void note_seq(struct evj_reader *reader)
{
    const struct evj_record *record = &reader->record;
    uint64_t span = evj_record_seq_span(record);

    if (span > 0 && record->seq + span > reader->next_seq)
        reader->next_seq = record->seq + span;
}

/* ---- opening ---- */

static int read_first_record(struct evj_reader *reader, struct evj_error *err)
{
    int status = next_block(reader, err);

    if (status == EVJ_END)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a journal: it is empty");
    if (status == EVJ_TRUNCATED)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a journal, or cut off in its first block");
    if (status == EVJ_OK)
        status = next_record(reader, err);
    if (status == EVJ_OK)
        status = evj_header_parse(&reader->record, &reader->header, err);
    return status;
}

/* The spool matters only on the boot that made it, and only under the name that we give to spools.
 */
static bool names_a_spool_of_ours(const struct evj_header *header)
{
    char boot_id[37], name[64];
    const char *slash = strrchr(header->spool, '/');

    evj_boot_id(boot_id);
    snprintf(name, sizeof(name), "evj-%s.spool", header->id);
    return slash && strcmp(slash + 1, name) == 0 && strcmp(header->boot_id, boot_id) == 0;
}

static void take_snapshot(struct evj_reader *reader)
{
    struct evj_error err;

    if (!names_a_spool_of_ours(&reader->header))
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
    int status = evj_input_open(path, &reader->input, err);
    if (status == EVJ_OK)
        status = read_first_record(reader, err);
    if (status < 0)
        return status;
    take_snapshot(reader);
    *ret_reader = EVJ_TAKE(reader);
    return EVJ_OK;
}

void evj_reader_free(struct evj_reader *reader)
{
    if (!reader)
        return;
    evj_input_free(reader->input);
    evj_spool_snapshot_done(&reader->spool);
    free(reader->text);
    free(reader);
}

/* ---- reading ---- */

/* Nothing more comes, from blocks or spool. */
static int no_more(struct evj_reader *reader, struct evj_error *err)
{
    reader->stage = STAGE_DONE;
    if (!reader->truncated)
        return EVJ_END;
    if (err)
        *err = reader->truncation;
    return EVJ_TRUNCATED;
}

/* The blocks are used up: go on with the spool, if there is one. */
static int after_blocks(struct evj_reader *reader, int status, const struct evj_error *why,
                        struct evj_error *err)
{
    if (status == EVJ_TRUNCATED)
        reader->truncation = *why;
    if (!reader->has_spool || reader->ended) {
        reader->truncated = status == EVJ_TRUNCATED;
        return no_more(reader, err);
    }
    /* A block that is being written right now, or was when the recorder died: the spool has it.
     * Only of a dead recorder's is it certain that an empty one has nothing. */
    reader->truncated = status == EVJ_TRUNCATED && reader->spool.len == 0 && !reader->spool.live;
    reader->stage = STAGE_SPOOL;
    reader->at = reader->spool.text;
    reader->end = reader->spool.text + reader->spool.len;
    return EVJ_OK;
}

static int next_from_blocks(struct evj_reader *reader, struct evj_error *err)
{
    struct evj_error why = {0};
    int status = next_record(reader, err);

    if (status != EVJ_END)
        return status;
    status = next_block(reader, &why);
    if (status == EVJ_END || status == EVJ_TRUNCATED)
        return after_blocks(reader, status, &why, err);
    if (status < 0 && err)
        *err = why;
    return status < 0 ? status : next_record(reader, err);
}

/* The spool's lines, but for those that the blocks had already. */
static int next_from_spool(struct evj_reader *reader, struct evj_error *err)
{
    int status;

    do {
        status = next_record(reader, err);
    } while (status == EVJ_OK && reader->record.has_seq && reader->record.seq < reader->next_seq);
    if (status == EVJ_END)
        return no_more(reader, err);
    if (status != EVJ_OK)
        return status;
    /* The block that stops had lines which the spool has no more: somebody cut the file. */
    if (reader->truncation.status != 0 && reader->record.seq > reader->next_seq)
        reader->truncated = true;
    reader->totals.spool_records++;
    return EVJ_OK;
}

int evj_reader_next(struct evj_reader *reader, const struct evj_record **ret_record,
                    struct evj_error *err)
{
    int status = EVJ_END;

    if (reader->stage == STAGE_BLOCKS)
        status = next_from_blocks(reader, err);
    if (reader->stage == STAGE_SPOOL)
        status = next_from_spool(reader, err);
    if (status != EVJ_OK) {
        reader->stage = STAGE_DONE;
        reader->damaged = reader->damaged || status < 0;
        return status;
    }
    struct evj_record *record = &reader->record;
    if (record->has_seq)
        record->wall_us = evj_header_wall_us(&reader->header, record->mono_us);
    note_seq(reader);
    if (record->kind == EVJ_RECORD_END)
        reader->ended = true;
    *ret_record = record;
    return EVJ_OK;
}

/* ---- queries ---- */

void evj_reader_set_filter(struct evj_reader *reader, evj_block_wanted *wants, void *context)
{
    reader->wants = wants;
    reader->wants_context = context;
}

const struct evj_header *evj_reader_header(const struct evj_reader *reader)
{
    return &reader->header;
}

const char *evj_reader_path(const struct evj_reader *reader)
{
    return evj_input_path(reader->input);
}

enum evj_ending evj_reader_ending(const struct evj_reader *reader)
{
    if (reader->damaged)
        return EVJ_ENDING_DAMAGED;
    if (reader->ended)
        return EVJ_ENDING_CLOSED;
    if (reader->truncated)
        return EVJ_ENDING_TRUNCATED;
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

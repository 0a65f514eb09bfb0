/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/reader_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        return evj_fail(err, EVJ_ERR_FOREIGN, 0,
                        "not a journal: it is empty (a power cut may leave that)");
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
    reader->first_line_read = record.kind == EVJ_RECORD_JOURNAL;
    if (!reader->first_line_read && !reader->stretch.begun)
        evj_stretch_add(&reader->stretch, 0, 0,
                        &(struct evj_error){.text = "the journal's first line is missing"});
    reader->last_mono_us = reader->header.started_mono_us;
    reader->knows_seq = reader->first_line_read && reader->header.previous[0] == '\0' &&
                        reader->header.cut[0] == '\0';
    return EVJ_OK;
}

void evj_reader_take_snapshot(struct evj_reader *reader)
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
        snprintf(reader->spool_note, sizeof(reader->spool_note), "%.160s: %.150s",
                 reader->header.spool, err.text);
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
    evj_reader_take_snapshot(reader);
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

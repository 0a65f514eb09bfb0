/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/drain.h"

#include "evj/limits.h"
#include "evj/record.h"

#include <string.h>

size_t drain_block_text(size_t capacity)
{
    return capacity / 2 < EVJ_BLOCK_TEXT ? capacity / 2 : EVJ_BLOCK_TEXT;
}

int drain_flush(struct drain *drain, struct evj_error *err)
{
    int status = evj_writer_flush(drain->writer, err);

    if (status < 0)
        return status;
    evj_spool_release(drain->spool, drain->taken);
    drain->taken = 0;
    return EVJ_OK;
}

/* A line that is taken once more, because its file is gone, was added before. */
static void note_state(struct drain *drain, const struct evj_record *record)
{
    if (!drain->state || record->seq < drain->state_seq)
        return;
    evj_state_add(drain->state, record);
    drain->state_seq = record->seq + evj_record_seq_span(record);
}

/*
 * A block is closed here, before the line that would make it too long, and not left to the writer:
 * only then is it certain which lines are in the file.
 */
static int take_line(struct drain *drain, const char *line, size_t len, struct evj_error *err)
{
    struct evj_record record;
    int status = EVJ_OK;

    if (drain->taken > 0 && drain->taken + len + 1 > drain->block_text)
        status = drain_flush(drain, err);
    if (status == EVJ_OK)
        status = evj_record_parse(line, len, &record, err);
    if (status == EVJ_OK)
        status = evj_writer_add(drain->writer, &record, err);
    if (status < 0)
        return status;
    note_state(drain, &record);
    drain->taken += len + 1;
    return EVJ_OK;
}

int drain_take(struct drain *drain, struct evj_error *err)
{
    const char *text;
    size_t len = evj_spool_pending(drain->spool, &text);
    const char *at = text + drain->taken, *end = text + len;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        int status = take_line(drain, at, (size_t)(newline - at), err);
        if (status < 0)
            return status;
        at = newline + 1;
    }
    return drain->taken >= drain->block_text ? drain_flush(drain, err) : EVJ_OK;
}

int drain_all(struct drain *drain, struct evj_error *err)
{
    int status = drain_flush(drain, err);

    if (status == EVJ_OK)
        status = drain_take(drain, err);
    return status == EVJ_OK ? drain_flush(drain, err) : status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/decoding_internal.h"

#include <stdlib.h>
#include <string.h>

/* Lines parsed ahead: more than a block usually has, and a bound for one of many short lines. */
#define RECORDS_AHEAD 1024u

static bool has_room(void **buffer, size_t *room, size_t need)
{
    if (need <= *room)
        return true;
    free(*buffer);
    *buffer = malloc(need);
    *room = *buffer ? need : 0;
    return *buffer != NULL;
}

/* What is no record is left to the reader, who says so. */
static void parse_lines(struct evj_decoding *decoding)
{
    const char *at = decoding->text, *end = decoding->text + decoding->info.text_size;

    while (at < end && decoding->record_count < RECORDS_AHEAD) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct evj_record *record = &decoding->records[decoding->record_count];

        if (decoding->parser(at, (size_t)(newline - at), record, NULL) < 0)
            break;
        decoding->record_count++;
        at = newline + 1;
    }
    decoding->rest = at;
}

/* The header was looked at before, where it stood: once more here, for a filter that stays. */
static int decode(struct evj_decoding *decoding)
{
    struct evj_block_info *info = &decoding->info;
    struct evj_error *err = &decoding->err;
    size_t header_size;
    int status = evj_block_decode_header(decoding->member, decoding->member_size, decoding->offset,
                                         info, &header_size, err);

    if (status != EVJ_OK || info->member_size != decoding->member_size)
        return evj_fail(err, EVJ_ERR_CORRUPT, decoding->offset, "block changed while it was read");
    if (!has_room((void **)&decoding->text, &decoding->text_room, info->text_size))
        return evj_fail(err, EVJ_ERR_MEMORY, decoding->offset, "no memory for a block of %u bytes",
                        info->text_size);
    return evj_block_decode_text(decoding->member, info, header_size, decoding->offset,
                                 decoding->text, err);
}

static void run(struct evj_job *job)
{
    struct evj_decoding *decoding = (struct evj_decoding *)job;

    decoding->record_count = 0;
    decoding->status = decode(decoding);
    decoding->rest = decoding->text;
    if (decoding->parser && !decoding->records)
        decoding->records = malloc(RECORDS_AHEAD * sizeof(*decoding->records));
    if (decoding->status == EVJ_OK && decoding->parser && decoding->records)
        parse_lines(decoding);
}

struct evj_decoding *evj_decoding_new(void)
{
    struct evj_decoding *decoding = calloc(1, sizeof(*decoding));

    if (decoding)
        decoding->job.run = run;
    return decoding;
}

void evj_decoding_free(struct evj_decoding *decoding)
{
    if (!decoding)
        return;
    free(decoding->member);
    free(decoding->text);
    free(decoding->records);
    free(decoding);
}

int evj_decoding_set(struct evj_decoding *decoding, const unsigned char *member, size_t size,
                     uint64_t offset, struct evj_error *err)
{
    if (!has_room((void **)&decoding->member, &decoding->member_room, size))
        return evj_fail(err, EVJ_ERR_MEMORY, offset, "no memory for a block of %zu bytes", size);
    memcpy(decoding->member, member, size);
    decoding->member_size = size;
    decoding->offset = offset;
    return EVJ_OK;
}

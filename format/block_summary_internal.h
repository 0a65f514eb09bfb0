/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_BLOCK_SUMMARY_INTERNAL_H
#define FORMAT_BLOCK_SUMMARY_INTERNAL_H

/*
 * What a block's header says of its lines, put together line by line: by the builder, which writes
 * it, and by evj_verify(), which holds it against what a header says. One thread.
 */

#include "evj/block.h"
#include "format/id_set_internal.h"

#include <stdbool.h>
#include <stdint.h>

/* Zeroed, it is that of a file's first block, without lines. */
struct block_summary {
    struct evj_block_info info; /* without version, sizes and filter */
    struct evj_id_set sessions; /* what the filter holds */
    bool has_seq;               /* a record of this block has set its first seq and monos */
    bool has_event;             /* and its timestamps */
    uint64_t next_seq;          /* behind the last record added */
};

void evj_block_summary_done(struct block_summary *summary);

/* Count one line that is a record. False when there is no memory; nothing is counted then. */
bool evj_block_summary_add(struct block_summary *summary, const struct evj_record *record);

/* Begin the block that follows. */
void evj_block_summary_next(struct block_summary *summary);

/* Begin a block that follows one which ended before this seq and at this mono. */
void evj_block_summary_follow(struct block_summary *summary, uint64_t next_seq,
                              int64_t last_mono_us);

#endif

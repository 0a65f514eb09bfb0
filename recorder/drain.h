/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_DRAIN_H
#define RECORDER_DRAIN_H

/*
 * The way from the spool into the file. Lines stay in the spool until the block that holds them is
 * in the file, so whatever happens in between, they are in one of the two places. Use from the
 * spool's one consumer thread.
 */

#include "evj/error.h"
#include "evj/spool.h"
#include "evj/state.h"
#include "evj/writer.h"

#include <stddef.h>

struct drain {
    struct evj_spool *spool;
    struct evj_writer *writer;
    size_t block_text; /* text of a full block */
    size_t taken;      /* bytes at the spool's front that the writer holds and the file does not */
    struct evj_state *state; /* that each record is added to once; NULL: none */
    uint64_t state_seq;      /* behind those that were */
};

/* How much text to put into a block, given the ring's size: half of it must stay free for Janus. */
size_t drain_block_text(size_t capacity);

/* Write a block of what was taken, if anything, and free it in the spool. Returns as
 * evj_writer_flush(). */
int drain_flush(struct drain *drain, struct evj_error *err);

/*
 * Take all that is pending, writing the blocks that become full. After a failure nothing is lost:
 * drain_flush() tries the disk again, and drain_take() goes on where it stopped.
 */
int drain_take(struct drain *drain, struct evj_error *err);

/* Everything that is pending, into the file. The same returns. */
int drain_all(struct drain *drain, struct evj_error *err);

#endif

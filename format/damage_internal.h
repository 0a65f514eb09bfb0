/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DAMAGE_INTERNAL_H
#define FORMAT_DAMAGE_INTERNAL_H

/*
 * What a reader knows of a place where records are missing, and how it says so: as a sentence, and
 * as the gap record that stands for what is lost. A value; nothing here allocates.
 */

#include "evj/error.h"
#include "evj/reader.h"
#include "evj/record.h"
#include "format/blocks_internal.h"

#include <stdbool.h>
#include <stdint.h>

/* A stretch that cannot be read, while what follows it is not known yet. */
struct evj_stretch {
    bool begun;
    struct evj_damage damage;
    struct evj_error why; /* of its first fault */
    uint64_t least_seq;   /* behind the records that its blocks' headers claim; 0: unknown */
    bool is_last;         /* a header claims that nothing comes behind these */
    bool torn;            /* it is the file's end, and stops inside a block */
};

/* Begin, or make longer: a piece that is no block, or a line that is no record. */
void evj_stretch_add(struct evj_stretch *stretch, uint64_t from, uint64_t to,
                     const struct evj_error *why);

/* A block in it claims this. */
void evj_stretch_add_claim(struct evj_stretch *stretch, const struct evj_block_info *info);

/* The stretch is over: what follows has this seq, and so much was expected. */
void evj_stretch_settle(struct evj_stretch *stretch, uint64_t expected_seq, uint64_t seq,
                        bool is_certain);

/* Say it: fills *err and returns EVJ_DAMAGED. `seq` is the first that is lost. */
int evj_stretch_tell(const struct evj_stretch *stretch, uint64_t seq, struct evj_error *err);

/* Write the gap record without newline to `out` (EVJ_GAP_LINE_MAX bytes of room). Returns its
 * length. */
size_t evj_stretch_put_gap(char *out, const struct evj_stretch *stretch, uint64_t seq,
                           int64_t mono_us, int64_t until_us);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_VERIFY_INTERNAL_H
#define FORMAT_VERIFY_INTERNAL_H

/*
 * What the parts of evj_verify() share: verify.c reads and judges, verify_finding.c keeps what is
 * found, verify_block.c holds blocks' headers against their lines, verify_sequence.c the records
 * against each other, verify_end.c the end record against all of them.
 */

#include "evj/verify.h"
#include "format/block_summary_internal.h"
#include "format/tally_internal.h"

/* Where a finding was made. */
struct evj_place {
    bool has_bytes, has_seq;
    uint64_t from, to, seq;
};

/* Add a finding; counted only when there are many. */
void evj_verification_add(struct evj_verification *verification, enum evj_finding_kind kind,
                          const struct evj_place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Is one of the findings such that the file is not as it was written? */
bool evj_verification_is_damaged(const struct evj_verification *verification);

/* Report it if the line is not valid JSON, which the reader does not look at so closely. */
void evj_verify_json(struct evj_verification *verification, const struct evj_record *record,
                     const struct evj_place *place);

/* ---- verify_block.c ---- */

struct evj_block_check {
    struct evj_verification *verification;
    struct block_summary summary;
    bool follows; /* the summary knows the seq and mono of the block before */
    bool out_of_memory;
    struct evj_place at; /* the block that was seen last */
};

void evj_block_check_done(struct evj_block_check *check);

/* An evj_block_seen, with the check as its context. */
void evj_block_check_seen(const struct evj_block_info *info, uint64_t offset, const char *text,
                          void *check);

/* ---- verify_sequence.c ---- */

/* One file, from its first line to its end; a file may be several, put one behind the other. */
struct evj_sequence {
    struct evj_verification *verification;
    bool is_whole;   /* no hole is right: the file was not cut out of another */
    bool keeps_time; /* mono may not go back */

    struct evj_header header;
    bool has_seq, has_mono;
    uint64_t first_seq, next_seq;
    int64_t mono_us;
    uint64_t records, events, dropped; /* as an end record counts them */
    uint64_t damages;                  /* that records were lost in */
    struct evj_tally tally;            /* and what else it tells of the events */
    bool ended, told_after_end;
    bool is_several; /* what was put one behind the other is of several recordings */
};

void evj_sequence_done(struct evj_sequence *sequence);

/* A first line was read. Ends the sequence before, if there is one. */
void evj_sequence_begin(struct evj_sequence *sequence, const struct evj_header *header);

/* A record of the file or of its spool. `at`: the block that it is from, or nothing. */
void evj_sequence_add(struct evj_sequence *sequence, const struct evj_record *record,
                      const struct evj_place *at);

/* The reader's own gap record, which stands for what it could not read. */
void evj_sequence_pass_damage(struct evj_sequence *sequence, const struct evj_record *gap);

/* Nothing more comes: add up. */
void evj_sequence_end(struct evj_sequence *sequence);

/* ---- verify_end.c ---- */

/* Hold the end record against what was read before it. */
void evj_sequence_check_end(const struct evj_sequence *sequence, const struct evj_record *record,
                            const struct evj_place *place);

#endif

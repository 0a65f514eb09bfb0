/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_SPOOLING_H
#define TESTS_SUPPORT_SPOOLING_H

/*
 * The least that a recorder does: events into a spool, and from there into a journal.
 */

#include "evj/spool.h"
#include "evj/writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A spool of JOURNAL_ID in this folder, as small as it gets. Must succeed. */
struct evj_spool *spool_begin(const char *folder);

/* Offer an event as the recorder does: commit it, or count it as lost. Returns whether it found
 * room. */
bool spool_offer(struct evj_spool *spool, int64_t mono_us, uint32_t type, const char *text,
                 size_t len);

/* Offer `count` events: {"n":SEQ,…} of varying length. Returns how many found room. */
unsigned spool_offer_numbered(struct evj_spool *spool, unsigned count);

/* Each line of a spool is a record, {"n":SEQ} is right in each event, and the seqs have no hole
 * from `next_seq` on. Returns the seq behind the last; counts events and lost events. */
struct spool_count {
    uint64_t events, lost, gaps;
};
uint64_t spool_check_text(const char *text, size_t len, uint64_t next_seq,
                          struct spool_count *count);

/* A journal with its spool, both of JOURNAL_ID and of this boot. */
struct recording {
    char *journal_path;
    struct evj_spool *spool;
    struct evj_writer *writer;
};
void recording_begin(struct recording *recording, const char *folder);
/* Write what is pending as one block; `release`: and give its room back. */
void recording_drain(struct recording *recording, bool release);
/* Go on in a next file, `next-<number>.evj.gz` beside the old one, which gets no end here. */
void recording_leave(struct recording *recording, unsigned number);
/* Close all without an end record, as a crash does; the spool's file stays. */
void recording_crash(struct recording *recording);
void recording_done(struct recording *recording);

#endif

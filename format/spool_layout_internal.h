/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_SPOOL_LAYOUT_INTERNAL_H
#define FORMAT_SPOOL_LAYOUT_INTERNAL_H

/*
 * The first page of a spool file; the ring follows it. Only processes of one boot of one host ever
 * meet here, so numbers are in the machine's own order.
 *
 * `head` and `tail` count bytes since the beginning and never wrap: the ring holds the text between
 * them. Only the producer moves `head` and the loss, only the consumer moves `tail`. Each has a
 * cache line of its own.
 */

#include "evj/record.h"
#include "evj/spool.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#define SPOOL_MAGIC "EVJSPOOL"
#define SPOOL_VERSION 1u
#define SPOOL_HEADER 4096u

/* How many marks may wait for the next event, and the longest of them, in bytes of its JSON object. */
#define SPOOL_MARKS 8u

struct spool_mark {
    _Atomic uint64_t place; /* 1 + its seq, from just before its record is published; else 0 */
    int64_t mono_us;        /* when it was asked for */
    uint32_t len;
    char body[EVJ_SPOOL_MARK_MAX];
};

struct spool_page {
    char magic[8];
    uint32_t version;
    uint32_t header_size; /* SPOOL_HEADER */
    uint64_t capacity;    /* of the ring, a power of two, at least a page */
    char id[40];          /* of the journal */
    char boot_id[40];
    char journal[512]; /* path of the file that is being written, if journal_slot is even */

    alignas(64) _Atomic uint64_t head;
    _Atomic uint64_t next_seq;
    _Atomic uint64_t most_used;

    alignas(64) _Atomic uint64_t tail;

    /* Odd while the producer changes the loss. */
    alignas(64) _Atomic uint32_t loss_version;
    _Atomic uint64_t dropped; /* since the beginning */
    struct evj_loss loss;     /* since the last gap record */

    /* A recorder that goes on in another file writes its path here, or there again, and then counts
     * up: a crash in between leaves a path that is whole. */
    alignas(64) _Atomic uint32_t journal_slot;
    char other_journal[512]; /* the path, if journal_slot is odd */

    /* Marks since the beginning: posted by who asks for them, taken by the producer, who makes
     * records of them. Those in between stand in marks[number % SPOOL_MARKS]. */
    alignas(64) _Atomic uint32_t marks_posted;
    _Atomic uint32_t marks_taken;
    struct spool_mark marks[SPOOL_MARKS];
};

_Static_assert(sizeof(struct spool_page) <= SPOOL_HEADER, "the spool's header is one page");

#endif

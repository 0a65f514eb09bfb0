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

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#define SPOOL_MAGIC "EVJSPOOL"
#define SPOOL_VERSION 1u
#define SPOOL_HEADER 4096u

struct spool_page {
    char magic[8];
    uint32_t version;
    uint32_t header_size; /* SPOOL_HEADER */
    uint64_t capacity;    /* of the ring, a power of two, at least a page */
    char id[40];          /* of the journal */
    char boot_id[40];
    char journal[512];

    alignas(64) _Atomic uint64_t head;
    _Atomic uint64_t next_seq;
    _Atomic uint64_t most_used;

    alignas(64) _Atomic uint64_t tail;

    /* Odd while the producer changes the loss. */
    alignas(64) _Atomic uint32_t loss_version;
    _Atomic uint64_t dropped; /* since the beginning */
    struct evj_loss loss;     /* since the last gap record */
};

_Static_assert(sizeof(struct spool_page) <= SPOOL_HEADER, "the spool's header is one page");

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_VERIFY_H
#define EVJ_VERIFY_H

/*
 * Is every byte of a journal as it was written, and does what it says of itself agree: its blocks'
 * headers with their lines, its sequence numbers, its times, its end record, its recording's other
 * files? Nothing is written, and of a live journal nothing is asked that its recorder would have to
 * wait for. One thread for each evj_chain; evj_verify() in any.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum evj_verdict {
    /* Every byte is as written, and the file … */
    EVJ_VERDICT_CLOSED,  /* has its end record */
    EVJ_VERDICT_LIVE,    /* is being recorded: so far */
    EVJ_VERDICT_CRASHED, /* was not closed; its spool has the rest */
    EVJ_VERDICT_OPEN,    /* was not closed, and no spool is here: whether a rest is missing, nobody
                          * can tell */
    /* Or not. */
    EVJ_VERDICT_TRUNCATED, /* it stops inside a block, and that is all that is wrong */
    EVJ_VERDICT_DAMAGED,
    EVJ_VERDICT_FOREIGN,    /* no journal */
    EVJ_VERDICT_LATER,      /* of a later major version */
    EVJ_VERDICT_UNREADABLE, /* the system refused */
};

/* "closed", "live", "crashed", "open", "truncated", "damaged", "foreign", "later", "unreadable".
 * Static text. */
const char *evj_verdict_name(enum evj_verdict verdict);

enum evj_finding_kind {
    EVJ_FINDING_UNREADABLE, /* with the verdicts foreign, later and unreadable: why */
    EVJ_FINDING_DAMAGE,     /* a stretch of bytes cannot be read */
    EVJ_FINDING_TRUNCATED,  /* the last stretch cannot: the file stops inside a block */
    EVJ_FINDING_BLOCK,      /* a block's header says of its lines what is not so */
    EVJ_FINDING_JSON,       /* a line is not valid JSON */
    EVJ_FINDING_HOLE,       /* sequence numbers are missing, and no gap record tells why */
    EVJ_FINDING_ORDER,      /* a sequence number comes twice, or goes back */
    EVJ_FINDING_TIME,       /* mono goes back */
    EVJ_FINDING_END,        /* the end record counts what was not read */
    EVJ_FINDING_AFTER_END,  /* records follow the end record */
    EVJ_FINDING_SPOOL,      /* its spool is here and cannot be read */
    EVJ_FINDING_MISSING,    /* a file of its recording, before this one, is not here */
    /* Harmless: */
    EVJ_FINDING_EARLIER,  /* its recording began in files that are not here */
    EVJ_FINDING_LEFTOVER, /* it is closed, and its spool was not deleted */
    EVJ_FINDING_JOINED,   /* another journal file was put behind this one */
    EVJ_FINDING_COPY,     /* the same file is here twice */
};

/* "unreadable", "damage", "truncated", "block", "json", "hole", "order", "time", "end", "after-end",
 * "spool", "missing", "earlier", "leftover", "joined", "copy". Static text. */
const char *evj_finding_name(enum evj_finding_kind kind);

/* Worth saying, but nothing is wrong. */
bool evj_finding_is_harmless(enum evj_finding_kind kind);

struct evj_finding {
    enum evj_finding_kind kind;
    bool has_bytes; /* from and to are set */
    bool has_seq;
    uint64_t from, to; /* bytes of the file: of the stretch, or of the block */
    uint64_t seq;      /* of the first record concerned */
    char text[280];    /* a sentence without a final stop */
};

struct evj_verify_totals {
    uint64_t blocks, file_bytes, text_bytes; /* of the blocks that could be read */
    uint64_t records;                        /* lines, but for first and end lines */
    uint64_t events, states, gaps, dropped, marks;
    uint64_t spool_records, spool_events;  /* of these, in the spool only */
    uint64_t damages, damaged_bytes, lost; /* as evj_reader_totals() */
    /* Sequence numbers from the first to the last, together: events + dropped + marks + lost, unless
     * a hole or an order is among the findings. */
    uint64_t offered;
    bool has_seq;                 /* there is a record with one, and all are of one recording */
    uint64_t first_seq, next_seq; /* of the first, and behind the last */
};

#define EVJ_FINDINGS_MAX 50u

struct evj_verification {
    enum evj_verdict verdict;
    enum evj_ending ending;   /* meaningless with the last three verdicts */
    struct evj_header header; /* of the file's first line; zeroed with these, or if it is damaged */
    struct evj_verify_totals totals;
    uint64_t faults;        /* findings that are not harmless; 0: the file is sound */
    uint32_t kinds;         /* of all findings: 1 << enum evj_finding_kind */
    uint64_t finding_count; /* may be more than are kept */
    struct evj_finding findings[EVJ_FINDINGS_MAX];
};

/* How many of the findings are kept, in the order in which they were made. */
size_t evj_verification_findings(const struct evj_verification *verification);

/* Called now and then with what was found so far. */
typedef void evj_verify_progress(const struct evj_verification *sofar, void *context);

/*
 * Verify one file, "-" for standard input. Whatever is wrong with it is in *ret_verification.
 * `progress` may be NULL. Returns 0 or EVJ_ERR_MEMORY.
 */
int evj_verify(const char *path, evj_verify_progress *progress, void *context,
               struct evj_verification *ret_verification, struct evj_error *err);

/* ---- several files ---- */

/* Files that may be of one recording, or of several. */
struct evj_chain;

/* Reads their first lines. They come in the order in which their recordings began,
 * and of one recording in their order; those without a first line come last.
 * Returns 0 or EVJ_ERR_MEMORY. */
int evj_chain_open(const char *const *paths, size_t path_count, struct evj_chain **ret_chain,
                   struct evj_error *err);
void evj_chain_free(struct evj_chain *chain);
EVJ_DEFINE_AUTO(chain);

size_t evj_chain_files(const struct evj_chain *chain);
const char *evj_chain_path(const struct evj_chain *chain, size_t file);

/*
 * evj_verify() of one of the files, and of how it continues those before it: sequence numbers that
 * are in none of them, or in two, copies. Call it for file 0, 1 … in this order.
 */
int evj_chain_verify(struct evj_chain *chain, size_t file, evj_verify_progress *progress,
                     void *context, struct evj_verification *ret_verification,
                     struct evj_error *err);

#endif

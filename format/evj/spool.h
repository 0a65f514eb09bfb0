/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_SPOOL_H
#define EVJ_SPOOL_H

/*
 * The spool: a ring of journal lines in a shared mapping, between the thread that Janus calls and
 * the thread that writes blocks. It is a file (in /dev/shm by default), so what a crashed server
 * had recorded is still there for any reader, and a live journal can be read to its last event.
 *
 * The ring is mapped twice, one behind the other, so free and used parts are always contiguous; its
 * content is plain journal text, whole lines only. One producer thread, one consumer thread, and
 * any number of other processes that take snapshots.
 *
 * The spool counts: it gives every offered event its seq, and turns events that found no room into
 * one exact gap record before the next event that does.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evj_spool;

/*
 * Create `folder`/evj-<id>.spool of at least `bytes` (rounded up to a power of two) for the journal
 * with this id, and lock it for as long as this process lives. `journal` is the path of its file, or
 * of the folder that it will be in, with a slash behind. The file appears whole: a crash on the way
 * leaves none. All of its pages are allocated here, so that a full /dev/shm is an error now and no
 * SIGBUS later.
 */
int evj_spool_create(const char *folder, const char *id, const char *journal, size_t bytes,
                     struct evj_spool **ret_spool, struct evj_error *err);

/* Unmap. The file stays (a crash leaves it too); evj_spool_remove() first deletes it. NULL is fine.
 */
void evj_spool_free(struct evj_spool *spool);
EVJ_DEFINE_AUTO(spool);
void evj_spool_remove(struct evj_spool *spool);

/* Note which file the journal is, for whoever finds the spool after a crash, or as long as there is
 * none its folder, with a slash at its end. Cut if beyond 511 bytes. May be called again, by one thread:
 * a crash meanwhile leaves the one path or the other. */
void evj_spool_set_journal(struct evj_spool *spool, const char *journal_path);

const char *evj_spool_path(const struct evj_spool *spool);
size_t evj_spool_capacity(const struct evj_spool *spool);

/* ---- producer ---- */

/*
 * Begin the next event. Writes a pending gap record and this event's prefix, and returns where its
 * JSON text goes; *ret_room is how much may be written there. NULL when there is no room: call
 * evj_spool_drop(). Must be followed by evj_spool_commit() or evj_spool_drop().
 */
char *evj_spool_begin(struct evj_spool *spool, int64_t mono_us, size_t *ret_room);

/*
 * Publish the event whose text of `len` bytes now stands there: from here on it survives a crash.
 * Returns true when the consumer should be woken: the ring has just crossed another EVJ_BLOCK_TEXT.
 */
bool evj_spool_commit(struct evj_spool *spool, size_t len);

/*
 * Count the event as offered and lost. `bytes`: the size its text would have had. Losses for
 * different reasons make different gap records, unless the ring has no room even for those: then
 * they stand under the first reason.
 */
void evj_spool_drop(struct evj_spool *spool, int64_t mono_us, uint32_t type, size_t bytes,
                    enum evj_loss_reason reason);

/*
 * After the last event: write the pending gap record and the pending marks, if any. False when there
 * is no room yet (let the consumer release some, and call again).
 */
bool evj_spool_close_gap(struct evj_spool *spool);

/* ---- any other thread, one at a time ---- */

/* The longest mark, in bytes of its JSON object. */
#define EVJ_SPOOL_MARK_MAX 268u

/*
 * Put a mark between the events before `mono_us` and those to come. `body` is a JSON object in one
 * line. Only the producer numbers records, so the mark waits here, in shared memory, until the
 * producer's next event, and becomes the record before that: its seq and mono lie between those of
 * its neighbours. A reader of the spool finds it at once, at the end of everything, and so does
 * evj_complete() after a crash. While the ring is full it waits until there is room, behind the gap.
 * Never waits. False when it is too long, or too many wait already.
 */
bool evj_spool_mark(struct evj_spool *spool, int64_t mono_us, const char *body, size_t len);

/* ---- consumer ---- */

/* Committed text: whole lines, contiguous, valid until released. Returns its length. */
size_t evj_spool_pending(struct evj_spool *spool, const char **ret_text);

/* Give the first `len` bytes (whole lines) back, once the block that holds them is in the file. */
void evj_spool_release(struct evj_spool *spool, size_t len);

/* ---- any thread: for status ---- */

struct evj_spool_stats {
    uint64_t offered, dropped;        /* events */
    uint64_t marks;                   /* records of them */
    size_t used, most_used, capacity; /* bytes */
};
void evj_spool_stats(const struct evj_spool *spool, struct evj_spool_stats *ret_stats);

/* ---- readers in other processes ---- */

/* Does a file with this first line have a spool that may be looked for here? It matters only on the
 * boot that made it, and only under the name that we give to spools: the line may be a stranger's. */
bool evj_spool_is_named_by(const struct evj_header *header);

struct evj_spool_snapshot {
    char *
        text; /* malloc'ed: whole lines in seq order, at their end a pending loss as a gap record, and pending marks */
    size_t len;
    uint64_t head;     /* how much was ever recorded, bytes: more of it, and there is news */
    bool live;         /* its recorder still holds the lock */
    char id[37];       /* of the journal */
    char journal[512]; /* path of its file or folder, as evj_spool_set_journal() noted it */
};

/*
 * Copy what the spool at `path` holds for journal `id` (NULL: whichever). Never waits, never
 * writes.
 *   0                *ret_snapshot is set; evj_spool_snapshot_done() frees it.
 *   EVJ_END          there is no such spool any more.
 *   EVJ_ERR_IO       it cannot be read (its owner is another user, say).
 *   EVJ_ERR_FOREIGN  that file is no spool, or another journal's, or of another boot.
 *   EVJ_ERR_CORRUPT  its header contradicts itself.
 */
int evj_spool_snapshot(const char *path, const char *id, struct evj_spool_snapshot *ret_snapshot,
                       struct evj_error *err);
void evj_spool_snapshot_done(struct evj_spool_snapshot *snapshot);

/* Is there news since a snapshot? Only its head and live are read. Returns as evj_spool_snapshot(),
 * without looking closer. */
int evj_spool_look(const char *path, uint64_t *ret_head, bool *ret_live);

#endif

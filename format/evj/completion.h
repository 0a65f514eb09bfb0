/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_COMPLETION_H
#define EVJ_COMPLETION_H

/*
 * Completing a journal whose recorder died: what only its spool still holds goes into its file, which
 * then ends with an end record (reason "crash"), and the spool is deleted. A recorder that died while it
 * went on to a next file leaves two without an end: both get theirs, and the next one gets what was in
 * the spool. One thread; several processes may try at once, and one of them does it.
 */

#include "evj/error.h"

#include <stdint.h>

struct evj_completion {
    char journal[512]; /* path of the file */
    uint64_t events;   /* that came out of the spool */
};

/*
 * Complete the journal of the spool at `spool_path`, which must belong to this process's user.
 *   0        done; *ret_completion says what.
 *   EVJ_END  nothing to do: its recorder lives, another process is at it, or there is no such spool.
 *            One whose recorder died before it had begun a file holds nothing, and is deleted.
 *   < 0      *err says why not. File and spool hold together what they held before: both can still be
 *            read, and completion be tried again.
 */
int evj_complete(const char *spool_path, struct evj_completion *ret_completion,
                 struct evj_error *err);

#endif

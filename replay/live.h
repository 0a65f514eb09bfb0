/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_LIVE_H
#define REPLAY_LIVE_H

/*
 * What is live at a moment inside a journal: the state (evj/state.h) of each of its recordings, as
 * their ids do not compare. First everything before the moment is added, then the state is taken
 * out. One thread.
 */

#include "evj/error.h"
#include "evj/record.h"
#include "evj/state.h"

#include <stddef.h>
#include <stdint.h>

/* What one recording's state may take: that of some thousands of calls. */
#define LIVE_LIMIT ((size_t)64 * 1024 * 1024)

/* Zeroed, it knows of nothing. */
struct live {
    struct evj_state **states; /* by recording; NULL: nothing was recorded there yet */
    size_t recordings, at;     /* `at`: whose records are being taken */
    struct evj_record *records;
    size_t count, taken;
};

/* Add the next record before the moment, borrowed for the call; what is no event and no state is
 * passed by. EVJ_ERR_MEMORY. */
int live_add(struct live *live, const struct evj_record *record, struct evj_error *err);

/*
 * Take the next state record, by recording and seq; valid until the next call. Nothing may be added
 * any more.
 *   0        *ret_record is set.
 *   EVJ_END  that was all.
 *   < 0      EVJ_ERR_MEMORY.
 */
int live_take(struct live *live, const struct evj_record **ret_record, struct evj_error *err);

/* How many live events were too many to keep. */
uint64_t live_left_out(const struct live *live);

/* Forget everything. */
void live_clear(struct live *live);

#endif

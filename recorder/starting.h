/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_STARTING_H
#define RECORDER_STARTING_H

/*
 * A recording that begins as soon as the disk lets it. As long as that refuses, a thread tries again, and
 * events are only counted; the recording begins with a gap for them. A disk may be full, or not be there
 * yet, when a server starts, and nobody starts Janus again for the sake of its journals.
 */

#include "recorder/config.h"
#include "recorder/notice.h"
#include "recorder/recording.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct starting;

/*
 * Complete what a crash left, try to begin, and try again for as long as the disk refuses. All that is done
 * in a thread: it is waited for until it has tried once, but not longer than `patience_us`. What becomes of
 * it is told in notices. Returns 0; or < 0 for what it is no use to wait for: there is no memory.
 */
int starting_begin(const struct config *config, const char *emitter, int64_t patience_us,
                   notice_fn *notice, struct starting **ret_starting, struct evj_error *err);

/* As recording_offer(). */
void starting_offer(struct starting *starting, json_t *event);

/* For any thread. NULL as long as there is none: then `why` says why, in a sentence. */
struct recording *starting_recording(struct starting *starting, char *why, size_t size);

/* When no other call can come any more: try no longer, and wait until the disk has answered the last try, but
 * not longer than this. True: starting_end() does not wait. False, which is told: it may wait for ever; or
 * *starting is left alone for as long as the process lasts. */
bool starting_await_end(struct starting *starting, int64_t patience_us);

/* When no other call can come any more: free it, and return the recording, for recording_stop(). NULL if
 * it never began; that is told. */
struct recording *starting_end(struct starting *starting);

#endif

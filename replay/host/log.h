/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_LOG_H
#define REPLAY_HOST_LOG_H

/*
 * The other end of janus_vprintf(): where a host takes up what handlers and our half of the core
 * log.
 *
 * Handlers log without saying to whom, so a process has one listener at most. Lines may come from
 * any thread; the listener is called by one at a time, and no more once host_log_close() has
 * returned.
 */

#include "replay/host/host.h"

#include <glib.h>

/* Janus's log levels that have a prefix of their own. */
enum host_log_level {
    HOST_LOG_PLAIN = 0,
    HOST_LOG_FATAL = 1,
    HOST_LOG_ERR = 2,
    HOST_LOG_WARN = 3,
    HOST_LOG_INFO = 4,
    HOST_LOG_VERB = 5,
};

/* Start listening; `function` may be NULL. EVJ_ERR_INVALID when somebody listens already. */
int host_log_open(host_log_function *function, void *context, struct evj_error *err);
void host_log_close(void);

/* The record that lines from now on belong to. */
void host_log_set_seq(uint64_t seq);

/* Forget the last warning or error; copy the last one since, without its place in the source
 * (empty when there was none). */
void host_log_forget_complaint(void);
void host_log_copy_complaint(char *text, size_t size);

/* Log as the core does with JANUS_LOG: with the level's prefix, if janus_log_level lets it through.
 */
void host_log(enum host_log_level level, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The core's variables that Janus's logging, mutex and reference macros read in the handler's own
 * code (debug.h, mutex.h, refcount.h).
 */

#include "replay/host/abi.h"

/* Janus's default, LOG_INFO: what an administrator would see. */
int janus_log_level = 4;

/* A captured line says its record and level by itself, and goes to a file or a report. */
gboolean janus_log_timestamps = FALSE;
gboolean janus_log_colors = FALSE;
char *janus_log_global_prefix = NULL;

int lock_debug = 0;
int refcount_debug = 0;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_JSON_MEMORY_H
#define REPLAY_JSON_MEMORY_H

/*
 * Counts what jansson has allocated for values and not freed, in the whole process: what a handler
 * leaves behind is then known, whether or not the event it came from was let go of. Each thread counts
 * for itself, so that it costs next to nothing. From any thread.
 *
 * Whoever gives jansson other functions for its memory in a process with handlers: handlers free() the
 * text of a json_dumps(), so all memory must come from malloc().
 */

#include <stdint.h>

/*
 * From the first call on; jansson's memory functions must be malloc() and free() then (json_chunks.h
 * goes on top). Before the process has any thread that uses jansson.
 */
void json_memory_count(void);

/*
 * How many of those since then are alive. 0 when nothing was left; otherwise it may be a few more, as a
 * short text may be as large as a value, and of a tree in chunks its texts and tables count, too. Exact
 * when no other thread uses jansson meanwhile, in the thread that makes the trees.
 */
int64_t json_memory_alive(void);

#endif

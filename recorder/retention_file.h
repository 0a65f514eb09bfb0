/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_RETENTION_FILE_H
#define RECORDER_RETENTION_FILE_H

/* What retention asks of one file: whose it is, and whether it is closed. Nothing here follows a
 * link or changes a file. */

#include "evj/header.h"

#include <stdbool.h>
#include <stdint.h>

/* When a file was begun, as its name tells. */
struct retention_name {
    char start[17]; /* 20261122T081530Z */
    unsigned long number;
};

/* Is this a name as journal_file_publish() makes them? */
bool retention_is_name(const char *name, struct retention_name *ret_name);

/* Below or above 0, as `a` was begun before or after `b`; 0 if their names do not tell. */
int retention_compare(const struct retention_name *a, const struct retention_name *b);

/* When a file was begun, as its first line tells. */
struct retention_begin {
    char boot_id[sizeof(((struct evj_header *)0)->boot_id)];
    int64_t wall_us, mono_us;
};

/* Is the file that recorder's? Then *ret_begin is set; it may be NULL. And: is nothing to be added to it
 * any more? `name` is in `folder_fd`, a plain file. False for what cannot be read. */
bool retention_is_ours(int folder_fd, const char *name, const char *emitter, const char *instance,
                       struct retention_begin *ret_begin);
bool retention_is_closed(int folder_fd, const char *name);

#endif

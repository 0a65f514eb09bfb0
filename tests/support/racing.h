/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_RACING_H
#define TESTS_SUPPORT_RACING_H

/* A recorder that writes as fast as it can, in a process of its own, for readers to race with. */

#include <sys/types.h>

/* So many events it offers: all that finds no room is in gaps. */
enum { RACED = 6000 };

/*
 * Begin to record "live.evj.gz" in this folder; it is there when this returns. The process does not
 * close the journal before *ret_hold was closed, so that whoever wants has seen it live; it ends when
 * the journal is closed and its spool is gone, or with its parent.
 */
pid_t racing_recorder(const char *folder, int *ret_hold);

#endif

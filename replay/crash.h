/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CRASH_H
#define REPLAY_CRASH_H

/*
 * Where in its code a process died: a backtrace that the dying thread itself writes into memory shared
 * with its parent.
 */

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CRASH_FRAMES 24u
#define CRASH_FRAME_TEXT 160u

/* In shared memory; zeroed: nothing has happened. A crash may have spoilt it, so take a copy by
 * crash_copy(). */
struct crash {
    atomic_int signal; /* 0: none; set first */
    pid_t thread;
    char name[16];      /* of the thread */
    atomic_uint frames; /* complete ones */
    /* The innermost first: "libjanus_x.so(function+0x12) [+0x1a2b]", where the last number is the
     * place in the file, for addr2line. */
    char frame[CRASH_FRAMES][CRASH_FRAME_TEXT];
};

/*
 * From now on the first fatal signal of any thread (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP,
 * SIGSYS) is noted in *crash before it kills the process as ever. For the calling thread that works
 * with an exhausted stack, too.
 */
void crash_watch(struct crash *crash);

/* A copy of a text of `size` bytes that may be spoilt: it ends, and has printable characters only. */
void crash_copy_text(char *to, const char *from, size_t size);

/* A sound copy: texts end and have printable characters only, numbers are in their range. */
void crash_copy(struct crash *copy, const struct crash *crash);

#endif

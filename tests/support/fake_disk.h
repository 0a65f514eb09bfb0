/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_FAKE_DISK_H
#define TESTS_SUPPORT_FAKE_DISK_H

/*
 * A fake of a disk that fails, or never answers: open(), pwrite() and the like for a program, in front
 * of libc's. What lies in one folder is on that disk; all else goes to the system as ever.
 *
 * Linked into a test, it is told what to do through fake_disk(). As libfake_disk.so, in front of a
 * whole program (LD_PRELOAD), its folder is $EVJ_FAKE_FOLDER, and its `struct fake_disk` the content of
 * the file $EVJ_FAKE_DISK, which a test maps or writes to: it is a row of 32-bit numbers.
 */

#include <stdatomic.h>
#include <stdint.h>

/* Kinds of calls that fail together. */
enum fake_call {
    FAKE_OPEN,  /* open(), openat(), opendir() */
    FAKE_WRITE, /* pwrite() */
    FAKE_SYNC,  /* fsync(), fdatasync() */
    FAKE_CUT,   /* ftruncate() */
    FAKE_NAME,  /* mkdir(), link(), linkat(), unlink(), unlinkat() */
    FAKE_LOOK,  /* stat(), fstatat(), statvfs() */
    FAKE_CALLS,
};

struct fake_disk {
    _Atomic int32_t error[FAKE_CALLS];   /* errno of each such call; 0: it works */
    _Atomic int32_t refused[FAKE_CALLS]; /* so far */
    _Atomic int32_t interrupt;           /* so many calls more are interrupted by a signal first */
    _Atomic int32_t shortened;           /* a write takes at most so many bytes; 0: no limit */
    _Atomic int32_t full_after; /* so many bytes more: then writes fail with ENOSPC; 0: no limit */
    _Atomic int32_t stuck;      /* not 0: no call returns, until it is 0 again */
    _Atomic int32_t waiting;    /* calls that wait for that */
};

struct fake_disk *fake_disk(void);

/* What lies in this folder, or below it, is on the disk from here on, which works; NULL: nothing is.
 * While nobody else uses it. */
void fake_disk_mount(const char *folder);

/* For this thread it goes on working whatever happens: so a test can look what others have done. */
void fake_disk_spare_this_thread(void);

/* Calls that have failed so far, of all kinds. */
int32_t fake_disk_refusals(void);

/* From here on all calls fail with this errno; 0: all work. */
void fake_disk_fail(int error);

#endif

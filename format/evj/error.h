/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_ERROR_H
#define EVJ_ERROR_H

/*
 * What a fallible function of evj returns, and where the detail goes.
 *
 * A fallible function returns `int`: 0, a documented positive outcome that is no failure, or a
 * negative enum evj_status. The detail is written to an optional, caller-owned struct evj_error at
 * the place where the fault is found. No state is shared, so any thread may use any of this.
 */

#include <stdint.h>

enum evj_status {
    /* Done. */
    EVJ_OK = 0,
    /* There is no more: the file was closed on purpose, or the input is used up. */
    EVJ_END = 1,
    /* The input stops inside a block. */
    EVJ_TRUNCATED = 2,
    /* A stretch of the input cannot be read. What follows it can: call again. */
    EVJ_DAMAGED = 3,

    /* malloc() and friends had nothing left. */
    EVJ_ERR_MEMORY = -1,
    /* The system refused: `sys_errno` says why. */
    EVJ_ERR_IO = -2,
    /* The input is not a journal at all. */
    EVJ_ERR_FOREIGN = -3,
    /* A journal of a later major version. */
    EVJ_ERR_VERSION = -4,
    /* A journal whose bytes contradict its own checks. `offset` says where in the file. */
    EVJ_ERR_CORRUPT = -5,
    /* A size in the input is beyond a limit of evj/limits.h. */
    EVJ_ERR_LIMIT = -6,
    /* A caller's text (a time, a type list, a pattern …) cannot be understood. */
    EVJ_ERR_INVALID = -7,
};

struct evj_error {
    int status;      /* an enum evj_status below 0, or EVJ_DAMAGED */
    int sys_errno;   /* 0 when the system had no part in it */
    uint64_t offset; /* byte offset in the file, where that means anything */
    char text[320];  /* one sentence without a final stop, for a person */
};

/* Fill *err (may be NULL) and return `status`: `return evj_fail(err, EVJ_ERR_CORRUPT, off, "…");`.
 */
int evj_fail(struct evj_error *err, int status, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for EVJ_ERR_IO: appends what errno says, and keeps errno in err->sys_errno. */
int evj_fail_errno(struct evj_error *err, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

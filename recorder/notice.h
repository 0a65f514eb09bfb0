/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_NOTICE_H
#define RECORDER_NOTICE_H

/*
 * What the recorder has to tell an administrator, on its way to Janus's log. Only plugin.c knows
 * that log; everything else is given a function. It is called from any thread of the recorder.
 */

enum notice_level {
    NOTICE_INFO,
    NOTICE_WARNING, /* something was asked for that is not done that way */
    NOTICE_ERROR,   /* something is not recorded, or may not be */
};

/* `text`: one line without newline. */
typedef void notice_fn(enum notice_level level, const char *text);

/* Print to `notice`, which may be NULL; cut at 1023 bytes. */
void notice_put(notice_fn *notice, enum notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DESCRIBE_H
#define TOOLS_DESCRIBE_H

/*
 * What a record says, in a few words of Janus's own vocabulary: "ice connected", "hangup: DTLS
 * alert". Pure functions over a record; nothing is printed. Bodies that are not as Janus makes them
 * are described as far as they can be understood.
 */

#include "evj/record.h"

#include <glib.h>

/* How a line should strike the eye. */
enum tone {
    TONE_PLAIN,
    TONE_GOOD,  /* something came up */
    TONE_BAD,   /* something failed, or was lost */
    TONE_QUIET, /* happens all the time: statistics, requests */
};

/*
 * Append what `record` says. Texts of the journal are decoded and appended as they are: print the
 * result with print_safely(). Long texts are cut at about `width` bytes.
 */
enum tone describe_record(const struct evj_record *record, size_t width, GString *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_CLASS_H
#define TOOLS_ANALYSIS_DIFF_CLASS_H

#include <stdbool.h>

/* How much a difference weighs: the lower the value, the heavier. */
enum diff_class {
    DIFF_OUTCOME,     /* the call ended otherwise, or did not get as far */
    DIFF_STRUCTURE,   /* something happened on one side only */
    DIFF_NEGOTIATION, /* an SDP says something else, or a kind of candidate is missing */
    DIFF_IDENTITY,    /* a reference leads elsewhere, or somebody has another name */
    DIFF_TIMING,      /* a step took much longer */
    DIFF_QUALITY,     /* loss, rates, retries */
    DIFF_NOTE,        /* worth knowing, means nothing by itself */
    DIFF_CLASSES,
};

/* "outcome", "structure" … Static text. */
const char *diff_class_name(enum diff_class class);

/* The class of this name; false, with nothing set, if there is none. */
bool diff_class_from_name(const char *name, enum diff_class *ret_class);

#endif

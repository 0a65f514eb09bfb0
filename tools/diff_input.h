/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_INPUT_H
#define TOOLS_DIFF_INPUT_H

/* One of the two journals of `evj diff`, and which of its sessions are meant. */

#include "tools/analysis/roster.h"
#include "tools/reading.h"

#include <stdbool.h>

struct diff_input {
    const char *name; /* "A" or "B" */
    char *path;
    char *session; /* the id of the session that is meant, as text; or NULL */
    char *opaque;  /* or a pattern for the opaque_id of one of its handles; or NULL: all */
    struct reading reading;
    struct roster *roster; /* once it was read */
    /* While it is read. */
    char *nearest_opaque; /* of those that the pattern does not fit, the most like it */
    bool failed;
};

void diff_input_done(struct diff_input *input);

/* "FILE", "FILE:SESSION" or "FILE:OPAQUE_ID": sets the path, and what is meant if it says so. */
void diff_input_name(struct diff_input *input, const char *argument);

/* Read the journal into the roster; the reading has its options. What cannot be read, or is not
 * there, has been told. Returns -1 to go on, or the exit status. */
int diff_input_read(struct diff_input *input);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_REDACT_FIELDS_H
#define RECORDER_REDACT_FIELDS_H

/* Which members of events are redacted, by their keys, and how: one table. Any thread. */

#include "recorder/redact_internal.h"

#include <stdint.h>

/* How a value of a field is printed. What is no string stays as it is, where not said otherwise. */
enum redact_treatment {
    WHOLE,     /* a placeholder; in an object or array, for each string in it */
    NUMBER,    /* the same; and another number, of the same kind, for a number */
    PORT,      /* 9 for a number */
    SDP,       /* line by line */
    CANDIDATE, /* word by word */
};

struct redact_field {
    const char *key;
    unsigned classes; /* any of them */
    enum redact_treatment treatment;
    const char *kind; /* of the placeholder */
    uint32_t type;    /* of event; 0: all */
};

/* Set up the table's index in `redact`, for its classes. */
void redact_fields_init(struct redact *redact);

/* The field of this key, in an event of this type; NULL if it is none that is redacted. */
const struct redact_field *redact_field_find(const struct redact *redact, const char *key,
                                             uint32_t type);

#endif

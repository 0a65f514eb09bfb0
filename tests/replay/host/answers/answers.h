/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_HOST_ANSWERS_ANSWERS_H
#define TESTS_REPLAY_HOST_ANSWERS_ANSWERS_H

/*
 * Questions to the core, in one file for each part of it. They write the answers to `out`, and so,
 * that two cores give the same text only if they do the same.
 */

#include <stdio.h>

extern FILE *out;

static inline const char *shown(const char *text)
{
    return text ? text : "(null)";
}

/* `folder` holds configuration files whose names start with "in-", and may be written to. */
void answer_config(const char *folder);
void answer_utils(const char *folder);
void answer_network(void);
void answer_macros(void);

#endif

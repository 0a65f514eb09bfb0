/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_SESSIONS_LIST_H
#define TOOLS_SESSIONS_LIST_H

/*
 * Sessions come when they are over and are listed by when they began: what is to be printed is held
 * back until the end. Of a journal with more sessions than can be held (16 MiB of text), those that
 * are over by then are printed first, so that the list takes the same room however long it is.
 */

#include "tools/analysis/model.h"

#include <stdio.h>

struct sessions_list;

/* Sessions of several recordings, or emitters, stand below the name of each; not in JSON, where each
 * line has it. */
struct sessions_list *sessions_list_new(bool json, FILE *out);
void sessions_list_free(struct sessions_list *list);

void sessions_list_add(struct sessions_list *list, const struct model_session *session);

/* Print all that is held back. Returns how many sessions there were in all. */
uint64_t sessions_list_finish(struct sessions_list *list);

#endif

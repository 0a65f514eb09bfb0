/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_VERDICT_H
#define TOOLS_REPLAY_VERDICT_H

/* The options of evj replay that ask what became of the events. */

#include <glib.h>

struct replay_verdict {
    char *got, *junit;
    char **ignored; /* paths, as event_hash() has them; NULL-terminated, or NULL */
    double wait_s;
};

/* Options that fill a struct of their own, until replay_verdict_take() takes it. */
extern const GOptionEntry replay_verdict_entries[];
void replay_verdict_take(struct replay_verdict *ret);

/* -1 to go on, or an exit status after a mistake. */
int replay_verdict_check(struct replay_verdict *verdict);
void replay_verdict_done(struct replay_verdict *verdict);

#endif

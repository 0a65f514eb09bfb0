/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_SESSIONS_PRINT_H
#define TOOLS_SESSIONS_PRINT_H

/* The two forms of `evj sessions`: a table for people, JSON lines for programs. */

#include "tools/analysis/model.h"

#include <stdio.h>

/* A session with its handles. */
void sessions_text_put(FILE *out, const struct model_session *session);
void sessions_json_put(FILE *out, const struct model_session *session);

void sessions_text_heading(FILE *out);
/* Whose sessions follow. `emitter` may be NULL. */
void sessions_text_origin(FILE *out, const char *emitter, unsigned recording);

/* How a handle ended, and why; what its journal tells first counts. `reason` is borrowed, or NULL.
 */
struct sessions_end {
    const char *how; /* "hangup", "detached", or its session's "destroyed", "timeout", "open" … */
    const char *reason;
};
struct sessions_end sessions_handle_end(const struct model_handle *handle);

/* Its last PeerConnection, or NULL. */
const struct model_epoch *sessions_last_epoch(const struct model_handle *handle);

/* The furthest that any handle got. */
enum reach sessions_reach(const struct model_session *session);

#endif

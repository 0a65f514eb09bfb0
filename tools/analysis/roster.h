/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ROSTER_H
#define TOOLS_ANALYSIS_ROSTER_H

/*
 * All sessions of a journal, to be compared: a brief of each, by first appearance, and each of them
 * whole when it is its turn. They come from a model that keeps them, or one after the other from a
 * model that lets go of them; then they wait in an archive.
 */

#include "evj/error.h"
#include "tools/analysis/brief.h"
#include "tools/analysis/model.h"

#include <glib.h>

struct roster;

/* Of a model that keeps its sessions, and lives longer: all of them, or (if not NULL) only one. */
struct roster *roster_of_model(const struct model *model, const struct model_session *only);

/* To be filled by roster_add(). */
struct roster *roster_new(void);
void roster_free(struct roster *roster);

/* Take a session in, which may be freed after. Returns 0 or < 0 (see archive_add()). */
int roster_add(struct roster *roster, const struct model_session *session, struct evj_error *err);

/* What its model says of the journal; after the last session. */
void roster_finish(struct roster *roster, const struct model *model);

/* GPtrArray of struct brief. */
const GPtrArray *roster_briefs(const struct roster *roster);
enum model_scope roster_scope(const struct roster *roster);
/* GArray of struct model_gap, by time. */
const GArray *roster_gaps(const struct roster *roster);
/* How far the recording of a session goes. */
const struct model_end *roster_end(const struct roster *roster,
                                   const struct model_session *session);

/* The session of a brief, until roster_release(). Returns 0 or < 0. */
int roster_load(struct roster *roster, guint index, struct model_session **ret_session,
                struct evj_error *err);
void roster_release(struct roster *roster, struct model_session *session);

#endif

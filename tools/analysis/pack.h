/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_PACK_H
#define TOOLS_ANALYSIS_PACK_H

/*
 * A session as bytes, and back: for a file of our own that lives as long as the command. One
 * function walks the session for both ways, so that what is written is what is read.
 */

#include "tools/analysis/model.h"

#include <glib.h>

/* Append the session. */
void pack_session(const struct model_session *session, GByteArray *to);

/* The session that these bytes were made of; to be freed with model_session_free(). NULL: they were
 * not. */
struct model_session *pack_open(const guint8 *bytes, size_t len);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_SDP_H
#define TOOLS_ANALYSIS_SDP_H

/*
 * What an SDP means, as fields: per media section (by its mid) its kind, direction, codecs by name
 * (payload types are only numbers), header extensions by URI, and every other line as it is. Which
 * of them are drawn anew for every call, and so mean nothing, is for the rules to say.
 */

#include <glib.h>

/* Called for each thing that an SDP says: "sdp.mid:0.direction" = "sendrecv". Both texts are
 * borrowed. */
typedef void sdp_says(const char *path, const char *value, void *context);

void sdp_describe(const char *sdp, sdp_says *says, void *context);

/* The first a=ice-ufrag value, or NULL: it changes when ICE starts again. To be freed with
 * g_free(). */
char *sdp_ufrag(const char *sdp);

/* Called for the value of each a=candidate line, without "candidate:". */
typedef void sdp_candidate(const char *candidate, void *context);

void sdp_candidates(const char *sdp, sdp_candidate *found, void *context);

#endif

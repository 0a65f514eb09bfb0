/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ARCHIVE_H
#define TOOLS_ANALYSIS_ARCHIVE_H

/*
 * Sessions that are over, until they are compared: in memory up to a limit, beyond it in a file
 * without a name in $TMPDIR, which vanishes with the program.
 */

#include "evj/error.h"
#include "tools/analysis/model.h"

#include <glib.h>
#include <stdint.h>

struct archive;

/* Where a session lies. */
struct archive_place {
    uint64_t at;
    size_t len;
};

/* `memory_max`: bytes that may stay in memory. */
struct archive *archive_new(size_t memory_max);
void archive_free(struct archive *archive);

/* Put a copy in. Returns 0, or EVJ_ERR_IO with a sentence that names the folder. */
int archive_add(struct archive *archive, const struct model_session *session,
                struct archive_place *ret_place, struct evj_error *err);

/* The session at a place; to be freed with model_session_free(). The same returns. */
int archive_load(struct archive *archive, const struct archive_place *place,
                 struct model_session **ret_session, struct evj_error *err);

#endif

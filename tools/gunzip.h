/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_GUNZIP_H
#define TOOLS_GUNZIP_H

#include "evj/error.h"

#include <glib.h>

/*
 * Inflate the body of an HTTP request that says "Content-Encoding: gzip" and append it to `out`,
 * which never grows beyond `limit`. Returns 0, EVJ_ERR_CORRUPT, EVJ_ERR_LIMIT or EVJ_ERR_MEMORY.
 */
int gunzip(const unsigned char *bytes, size_t len, size_t limit, GByteArray *out,
           struct evj_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_COMPRESSOR_INTERNAL_H
#define FORMAT_COMPRESSOR_INTERNAL_H

/*
 * Which of the two ways a block's text is compressed: by a library (codec_internal.h), or as lines that
 * resemble each other (line_deflate_internal.h). Use one from one thread at a time.
 */

#include "format/line_deflate_internal.h"

#include <stddef.h>

struct evj_compressor;

/* Bytes behind the text that must be readable. Equal texts give equal blocks if these are equal. */
#define EVJ_COMPRESSOR_SLACK EVJ_LINE_DEFLATE_SLACK

/* `level` 1 … 9. NULL when there is no memory. */
struct evj_compressor *evj_compressor_new(int level);
void evj_compressor_free(struct evj_compressor *compressor);

/* The most that `len` bytes can become. */
size_t evj_compress_bound(struct evj_compressor *compressor, size_t len);

/* Raw deflate. Returns its size; 0 when `room` is less than the bound and too small. */
size_t evj_compress(struct evj_compressor *compressor, const char *text, size_t len,
                    unsigned char *out, size_t room);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_COMPRESSOR_INTERNAL_H
#define FORMAT_COMPRESSOR_INTERNAL_H

/*
 * Which of the two ways a block's text is compressed: by a library (codec_internal.h), or as lines that
 * resemble each other (line_deflate_internal.h). Each needs some hundred KiB while it is used; a writer
 * has long blocks or short ones, and seldom both, so what the other way needs is given back. Use one
 * from one thread at a time.
 */

#include "format/line_deflate_internal.h"

#include <stddef.h>

struct evj_compressor {
    int level; /* 1 … 9 */
    struct evj_deflater *library;
    struct evj_line_deflater *lines;
};

/* Bytes behind the text that must be readable. Equal texts give equal blocks if these are equal. */
#define EVJ_COMPRESSOR_SLACK EVJ_LINE_DEFLATE_SLACK

/* The most that `len` bytes can become. */
size_t evj_compress_bound(size_t len);

/* Raw deflate. Returns its size; 0 when there is no memory, or when `room` is less than the bound and
 * too small. */
size_t evj_compress(struct evj_compressor *compressor, const char *text, size_t len,
                    unsigned char *out, size_t room);

/* Give back what it needs, until the next text comes. */
void evj_compressor_rest(struct evj_compressor *compressor);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_LINE_DEFLATE_INTERNAL_H
#define FORMAT_LINE_DEFLATE_INTERNAL_H

/*
 * Raw deflate for text of lines that resemble each other, as a journal's do: twice as fast as the
 * general compressors for a smaller result. It looks for what was there before where values end, and
 * nowhere else unless it must (deflate_places_internal.h). Any inflater reads it. Use one from one
 * thread at a time.
 */

#include "format/deflate_path_internal.h"

#include <stddef.h>

struct evj_line_deflater;

/* Bytes behind the text that must be readable. Equal texts give equal results if these are equal. */
#define EVJ_LINE_DEFLATE_SLACK DEFLATE_PATH_SLACK

/* NULL when there is no memory: it takes 530 KiB. */
struct evj_line_deflater *evj_line_deflater_new(void);
void evj_line_deflater_free(struct evj_line_deflater *deflater);

/* Returns the compressed size; 0 when `room` might be too small, which for a text that is no random
 * noise half of its length is not. */
size_t evj_line_deflate(struct evj_line_deflater *deflater, const char *text, size_t len,
                        unsigned char *out, size_t room);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/compressor_internal.h"

#include "format/codec_internal.h"

#include <stdbool.h>

/*
 * Of these levels the library is both slower and worse at lines of events. Level 1 is faster still, and
 * 8 and 9 find a few per cent more in four times the time.
 */
enum { FIRST_LEVEL_OF_LINES = 2, LAST_LEVEL_OF_LINES = 7 };

/* A shorter text has few lines that were there before in a similar form; where blocks are so short,
 * events are rare, and their cost is none. */
#define LINES_TEXT_MIN (64u * 1024)

size_t evj_compress_bound(size_t len)
{
    return evj_deflate_bound(NULL, len);
}

static size_t by_library(struct evj_compressor *compressor, const char *text, size_t len,
                         unsigned char *out, size_t room)
{
    evj_line_deflater_free(compressor->lines);
    compressor->lines = NULL;
    if (!compressor->library)
        compressor->library = evj_deflater_new(compressor->level);
    return compressor->library ? evj_deflate(compressor->library, text, len, out, room) : 0;
}

static size_t by_lines(struct evj_compressor *compressor, const char *text, size_t len,
                       unsigned char *out, size_t room)
{
    evj_deflater_free(compressor->library);
    compressor->library = NULL;
    if (!compressor->lines)
        compressor->lines = evj_line_deflater_new();
    return compressor->lines ? evj_line_deflate(compressor->lines, text, len, out, room) : 0;
}

size_t evj_compress(struct evj_compressor *compressor, const char *text, size_t len,
                    unsigned char *out, size_t room)
{
    bool is_lines = len >= LINES_TEXT_MIN && compressor->level >= FIRST_LEVEL_OF_LINES &&
                    compressor->level <= LAST_LEVEL_OF_LINES;
    size_t size = is_lines ? by_lines(compressor, text, len, out, room) : 0;

    return size > 0 ? size : by_library(compressor, text, len, out, room);
}

void evj_compressor_rest(struct evj_compressor *compressor)
{
    evj_deflater_free(compressor->library);
    evj_line_deflater_free(compressor->lines);
    compressor->library = NULL;
    compressor->lines = NULL;
}

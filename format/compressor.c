/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/compressor_internal.h"

#include "format/codec_internal.h"

#include <stdbool.h>
#include <stdlib.h>

/*
 * Of these levels the library is both slower and worse at lines of events. Level 1 is faster still, and
 * 8 and 9 find a few per cent more in four times the time.
 */
enum { FIRST_LEVEL_OF_LINES = 2, LAST_LEVEL_OF_LINES = 7 };

/* A shorter text has few lines that were there before in a similar form; where blocks are so short,
 * events are rare, and their cost is none. */
#define LINES_TEXT_MIN (64u * 1024)

struct evj_compressor {
    struct evj_deflater *library;
    struct evj_line_deflater *lines; /* from the first text on that is long enough */
    bool with_lines;
};

struct evj_compressor *evj_compressor_new(int level)
{
    struct evj_compressor *compressor = calloc(1, sizeof(*compressor));

    if (!compressor)
        return NULL;
    compressor->with_lines = level >= FIRST_LEVEL_OF_LINES && level <= LAST_LEVEL_OF_LINES;
    compressor->library = evj_deflater_new(level);
    if (compressor->library)
        return compressor;
    evj_compressor_free(compressor);
    return NULL;
}

void evj_compressor_free(struct evj_compressor *compressor)
{
    if (!compressor)
        return;
    evj_deflater_free(compressor->library);
    evj_line_deflater_free(compressor->lines);
    free(compressor);
}

size_t evj_compress_bound(struct evj_compressor *compressor, size_t len)
{
    return evj_deflate_bound(compressor->library, len);
}

size_t evj_compress(struct evj_compressor *compressor, const char *text, size_t len,
                    unsigned char *out, size_t room)
{
    size_t size = 0;

    if (compressor->with_lines && len >= LINES_TEXT_MIN) {
        if (!compressor->lines)
            compressor->lines = evj_line_deflater_new();
        if (compressor->lines)
            size = evj_line_deflate(compressor->lines, text, len, out, room);
    }
    return size > 0 ? size : evj_deflate(compressor->library, text, len, out, room);
}

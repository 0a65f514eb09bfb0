/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/codec_internal.h"

#include "evj/error.h"
#include "evj_config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

/* A raw deflate stream: the gzip header and trailer are ours (evj/block.h). */
#define RAW_WINDOW (-15)

/* libdeflate inflates whole buffers only. */
size_t evj_inflate_start(const unsigned char *data, size_t len, size_t tail, char *text,
                         size_t room)
{
    z_stream stream = {0};

    if (inflateInit2(&stream, RAW_WINDOW) != Z_OK)
        return 0;
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)text;
    stream.avail_out = (uInt)room;
    int result = inflate(&stream, Z_SYNC_FLUSH);
    inflateEnd(&stream);
    bool is_cut = result == Z_STREAM_END
                      ? stream.avail_in <= tail
                      : (result == Z_OK || result == Z_BUF_ERROR) && stream.avail_in == 0;
    return is_cut ? room - stream.avail_out : 0;
}

#ifdef HAVE_LIBDEFLATE

#include <libdeflate.h>

/* libdeflate's own type is opaque; ours only gives it our name. */
struct evj_deflater;

static struct libdeflate_compressor *compressor(struct evj_deflater *deflater)
{
    return (struct libdeflate_compressor *)deflater;
}

struct evj_deflater *evj_deflater_new(int level)
{
    return (struct evj_deflater *)libdeflate_alloc_compressor(level);
}

void evj_deflater_free(struct evj_deflater *deflater)
{
    if (deflater)
        libdeflate_free_compressor(compressor(deflater));
}

size_t evj_deflate_bound(struct evj_deflater *deflater, size_t len)
{
    return libdeflate_deflate_compress_bound(compressor(deflater), len);
}

size_t evj_deflate(struct evj_deflater *deflater, const char *text, size_t len, unsigned char *out,
                   size_t room)
{
    return libdeflate_deflate_compress(compressor(deflater), text, len, out, room);
}

int evj_inflate(const unsigned char *data, size_t len, char *text, size_t text_len)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    size_t used = 0;

    if (!inflater)
        return EVJ_ERR_MEMORY;
    enum libdeflate_result result =
        libdeflate_deflate_decompress_ex(inflater, data, len, text, text_len, &used, NULL);
    libdeflate_free_decompressor(inflater);
    return result == LIBDEFLATE_SUCCESS && used == len ? EVJ_OK : EVJ_ERR_CORRUPT;
}

uint32_t evj_crc32(const void *data, size_t len)
{
    return libdeflate_crc32(0, data, len);
}

#else

#include <string.h>

struct evj_deflater {
    z_stream stream;
};

struct evj_deflater *evj_deflater_new(int level)
{
    struct evj_deflater *deflater = calloc(1, sizeof(*deflater));

    if (deflater && deflateInit2(&deflater->stream, level, Z_DEFLATED, RAW_WINDOW, 8,
                                 Z_DEFAULT_STRATEGY) != Z_OK) {
        free(deflater);
        deflater = NULL;
    }
    return deflater;
}

void evj_deflater_free(struct evj_deflater *deflater)
{
    if (!deflater)
        return;
    deflateEnd(&deflater->stream);
    free(deflater);
}

size_t evj_deflate_bound(struct evj_deflater *deflater, size_t len)
{
    return deflateBound(deflater ? &deflater->stream : NULL, len);
}

size_t evj_deflate(struct evj_deflater *deflater, const char *text, size_t len, unsigned char *out,
                   size_t room)
{
    z_stream *stream = &deflater->stream;

    deflateReset(stream);
    stream->next_in = (Bytef *)(uintptr_t)text;
    stream->avail_in = (uInt)len;
    stream->next_out = out;
    stream->avail_out = (uInt)room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? stream->total_out : 0;
}

int evj_inflate(const unsigned char *data, size_t len, char *text, size_t text_len)
{
    z_stream stream = {0};

    if (inflateInit2(&stream, RAW_WINDOW) != Z_OK)
        return EVJ_ERR_MEMORY;
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)text;
    stream.avail_out = (uInt)text_len;
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0
               ? EVJ_OK
               : EVJ_ERR_CORRUPT;
}

uint32_t evj_crc32(const void *data, size_t len)
{
    return (uint32_t)crc32(0, data, (uInt)len);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/gunzip.h"

#include <stdbool.h>
#include <zlib.h>

#define STEP (64u * 1024)
#define WINDOW_BITS_GZIP (15 + 16)

/* Inflate into at most STEP more bytes of `out`. Returns zlib's status. */
static int inflate_step(z_stream *stream, size_t limit, GByteArray *out)
{
    guint before = out->len;
    guint room = (guint)MIN(STEP, limit - before);
    int code;

    g_byte_array_set_size(out, before + room);
    stream->next_out = out->data + before;
    stream->avail_out = room;
    code = inflate(stream, Z_NO_FLUSH);
    g_byte_array_set_size(out, before + room - stream->avail_out);
    return code;
}

/* A body may consist of several members, as gzip files that were put behind each other. */
static bool begins_member(z_stream *stream, int code)
{
    return code == Z_STREAM_END && stream->avail_in > 0 && inflateReset(stream) == Z_OK;
}

int gunzip(const unsigned char *bytes, size_t len, size_t limit, GByteArray *out,
           struct evj_error *err)
{
    z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)len};
    int code;

    if (inflateInit2(&stream, WINDOW_BITS_GZIP) != Z_OK)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to inflate a body");
    do
        code = inflate_step(&stream, limit, out);
    while ((code == Z_OK && out->len < limit) || begins_member(&stream, code));
    inflateEnd(&stream);
    if (code == Z_STREAM_END)
        return 0;
    if (out->len == limit)
        return evj_fail(err, EVJ_ERR_LIMIT, 0, "a body of more than %zu bytes", limit);
    return evj_fail(err, EVJ_ERR_CORRUPT, 0, "a body that is no gzip data");
}

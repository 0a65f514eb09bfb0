/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/written.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A journal has other lines, too; only an event has its emitter so early in the line. */
static bool is_event(const char *line)
{
    const char *event = strstr(line, "{\"emitter\":");

    return event && (event == line || strncmp(line, "{\"seq\":", 7) == 0);
}

/* Compress a part of the lines, and only count what it becomes. `len` 0: there is no more. */
static uint64_t gzip(z_stream *stream, const char *text, size_t len)
{
    unsigned char out[65536];
    uint64_t bytes = 0;

    stream->next_in = (Bytef *)(uintptr_t)text;
    stream->avail_in = (uInt)len;
    do {
        stream->next_out = out;
        stream->avail_out = sizeof(out);
        deflate(stream, len > 0 ? Z_NO_FLUSH : Z_FINISH);
        bytes += sizeof(out) - stream->avail_out;
    } while (stream->avail_out == 0);
    return bytes;
}

static void count_lines(const char *path, struct written *written)
{
    static char line[1024 * 1024];
    z_stream stream = {0};
    gzFile file = gzopen(path, "rb");

    if (!file)
        return;
    /* With gzip's own header. */
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    while (gzgets(file, line, sizeof(line))) {
        written->events += is_event(line);
        written->gzip_bytes += gzip(&stream, line, strlen(line));
    }
    written->gzip_bytes += gzip(&stream, NULL, 0);
    deflateEnd(&stream);
    gzclose(file);
}

void written_count(const char *folder, struct written *ret)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    struct stat about;

    *ret = (struct written){0};
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (stat(path, &about) == 0)
            ret->bytes += (uint64_t)about.st_size;
        count_lines(path, ret);
        unlink(path);
    }
}

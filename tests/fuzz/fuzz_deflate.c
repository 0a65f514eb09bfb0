/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compressing lines. The input is a few bytes of what to do, and lines that are repeated, with changes
 * here and there, until they are as long as a block. Whatever comes out must be read back by zlib.
 */
#include "tests/fuzz/fuzz.h"

#include "format/line_deflate_internal.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define TEXT_MAX (160u * 1024)

/* What to do. */
struct plan {
    size_t len;
    unsigned every, by; /* which bytes change, and by how much */
    bool short_of_room;
};

static char *make_text(const struct plan *plan, const uint8_t *lines, size_t size)
{
    char *text = fuzz_alloc(plan->len + EVJ_LINE_DEFLATE_SLACK);

    for (size_t i = 0; i < plan->len; i++) {
        text[i] = (char)lines[i % size];
        if (plan->every > 0 && i % plan->every == 0)
            text[i] = (char)(text[i] + (char)(i / plan->every * plan->by));
    }
    memset(text + plan->len, 0, EVJ_LINE_DEFLATE_SLACK);
    return text;
}

static void check_inflates(const unsigned char *data, size_t size, const char *text, size_t len)
{
    char *back = fuzz_alloc(len + 1);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)size,
                       .next_out = (Bytef *)back,
                       .avail_out = (uInt)len + 1};

    REQUIRE(inflateInit2(&stream, -15) == Z_OK);
    REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    REQUIRE(stream.avail_in == 0 && stream.total_out == len);
    REQUIRE(memcmp(back, text, len) == 0);
    inflateEnd(&stream);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct evj_line_deflater *deflater; /* used again and again, as a recorder does */

    if (size < 6)
        return 0;
    struct plan plan = {
        .len = ((size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2]) % TEXT_MAX,
        .every = data[3] * 3u,
        .by = data[4] & 0x7f,
        .short_of_room = data[4] >> 7,
    };
    if (!deflater)
        deflater = evj_line_deflater_new();
    char *text = make_text(&plan, data + 5, size - 5);
    size_t room = plan.short_of_room ? plan.len / 8 : 2 * plan.len + 1000;
    unsigned char *out = fuzz_alloc(room);

    size_t done = evj_line_deflate(deflater, text, plan.len, out, room);
    REQUIRE(done <= room && (done > 0 || plan.short_of_room));
    if (done > 0)
        check_inflates(out, done, text, plan.len);
    free(out);
    free(text);
    return 0;
}

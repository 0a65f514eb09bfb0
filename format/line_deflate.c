/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/line_deflate_internal.h"

#include <stdlib.h>

struct evj_line_deflater {
    struct deflate_path path;
    struct deflate_block block;
};

struct evj_line_deflater *evj_line_deflater_new(void)
{
    return malloc(sizeof(struct evj_line_deflater));
}

void evj_line_deflater_free(struct evj_line_deflater *deflater)
{
    free(deflater);
}

size_t evj_line_deflate(struct evj_line_deflater *deflater, const char *text, size_t len,
                        unsigned char *out, size_t room)
{
    struct deflate_bits bits = {.at = out, .end = out + room};
    struct deflate_block *block = &deflater->block;
    bool more = true;

    evj_deflate_path_begin(&deflater->path, text, (uint32_t)len);
    evj_deflate_block_begin(block, text);
    while (more) {
        more = evj_deflate_path_next(&deflater->path, block);
        if (more && block->count + DEFLATE_STEPS_MAX <= DEFLATE_SEQUENCES_MAX)
            continue;
        if (!evj_deflate_block_write(block, !more, &bits))
            return 0;
        evj_deflate_block_begin(block, block->end);
    }
    evj_deflate_bits_finish(&bits);
    return (size_t)(bits.at - out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_INPUT_INTERNAL_H
#define FORMAT_INPUT_INTERNAL_H

/*
 * A file or standard input as a sequence of members. One thread.
 */

#include "evj/block.h"
#include "evj/error.h"

#include <stddef.h>
#include <stdint.h>

struct evj_input;

struct evj_input_block {
    struct evj_block_info info; /* its filter is borrowed from the input */
    size_t header_size;
    uint64_t offset;             /* of the member in the file */
    const unsigned char *member; /* set by evj_input_read_member(); borrowed until the next call */
};

/* "-" is standard input. */
int evj_input_open(const char *path, struct evj_input **ret_input, struct evj_error *err);
void evj_input_free(struct evj_input *input);
const char *evj_input_path(const struct evj_input *input);

/*
 * Decode the next member's header. 0, EVJ_END at the end of the file, EVJ_TRUNCATED inside a
 * header, or < 0; the block's offset is set in any case. After 0, one of the two functions below
 * must be called.
 */
int evj_input_next_header(struct evj_input *input, struct evj_input_block *ret_block,
                          struct evj_error *err);

/* Read the whole member, or step over it. 0, EVJ_TRUNCATED, or < 0. */
int evj_input_read_member(struct evj_input *input, struct evj_input_block *block,
                          struct evj_error *err);
int evj_input_pass_by(struct evj_input *input, const struct evj_input_block *block,
                      struct evj_error *err);

#endif

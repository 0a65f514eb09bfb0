/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_INPUT_INTERNAL_H
#define FORMAT_INPUT_INTERNAL_H

/*
 * A file, or standard input, as bytes at offsets. Of a file any offset can be looked at; of standard
 * input only what stands behind evj_input_keep()'s. One thread.
 */

#include "evj/error.h"

#include <stddef.h>
#include <stdint.h>

struct evj_input;

/* "-" is standard input. */
int evj_input_open(const char *path, struct evj_input **ret_input, struct evj_error *err);
void evj_input_free(struct evj_input *input);
const char *evj_input_path(const struct evj_input *input);

/* The file's size now; 0 of what is no file. */
uint64_t evj_input_size(const struct evj_input *input);

/*
 * Look at `need` bytes from `offset` on; *ret_have is less when the input ends before. The end is
 * never remembered: a live journal may have grown since. The bytes are borrowed until the next call.
 * Returns 0, EVJ_ERR_IO or EVJ_ERR_MEMORY.
 */
int evj_input_view(struct evj_input *input, uint64_t offset, size_t need,
                   const unsigned char **ret_bytes, size_t *ret_have, struct evj_error *err);

/* Nothing before `offset` will be looked at again. Goes forward only. */
void evj_input_keep(struct evj_input *input, uint64_t offset);

/* What was read of a file may have been overwritten since: it is read again when it is looked at. */
void evj_input_forget(struct evj_input *input);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DECODING_INTERNAL_H
#define FORMAT_DECODING_INTERNAL_H

/*
 * One block on its way from a member to lines: a job that any thread may do.
 */

#include "evj/block.h"
#include "evj/record.h"
#include "format/workers_internal.h"

#include <stdbool.h>
#include <stddef.h>

struct evj_decoding {
    struct evj_job job; /* first: the job is cast back */

    unsigned char *member;
    size_t member_size, member_room;
    uint64_t offset; /* of the member in the file */
    evj_record_parser
        *parser; /* of the first lines too, so that their reader has less to do; or NULL */

    /* What came of it: 0, EVJ_ERR_CORRUPT or EVJ_ERR_MEMORY. */
    int status;
    struct evj_error err;
    struct evj_block_info info; /* its filter is in `member` */
    char *text;                 /* info.text_size bytes */
    size_t text_room;
    struct evj_record *records; /* of the first lines */
    size_t record_count;
    const char *rest; /* behind these lines */

    struct evj_decoding *next; /* the owner's */
};

/* NULL when there is no memory. */
struct evj_decoding *evj_decoding_new(void);
void evj_decoding_free(struct evj_decoding *decoding);
EVJ_DEFINE_AUTO(decoding);

/* Take a copy of a whole member. 0 or EVJ_ERR_MEMORY. */
int evj_decoding_set(struct evj_decoding *decoding, const unsigned char *member, size_t size,
                     uint64_t offset, struct evj_error *err);

#endif

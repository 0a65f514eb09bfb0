/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_BLOCK_H
#define EVJ_BLOCK_H

/*
 * A block: one gzip member of whole lines whose header carries the EJ subfield, so that a reader
 * can pass it by without inflating it (docs/journal-format.md, "Blocks").
 *
 * evj_block_builder collects lines and what the EJ subfield says of them; evj_block_decode_header()
 * and evj_block_decode_text() are the other way. Not thread-safe; use one object in one thread.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum evj_block_flag {
    EVJ_BLOCK_FIRST = 1, /* holds the file's first line */
    EVJ_BLOCK_LAST = 2,  /* holds the end record */
    EVJ_BLOCK_GAP = 4,
    EVJ_BLOCK_MARK = 8,
    EVJ_BLOCK_STATE = 16,
    EVJ_BLOCK_OTHER = 32, /* lines of kinds that its writer did not know */
};

/* What an EJ subfield says. `filter` is borrowed from the bytes it was decoded from. */
struct evj_block_info {
    unsigned major, minor, flags;
    uint32_t member_size; /* gzip header to trailer, bytes */
    uint32_t text_size;   /* bytes */
    uint32_t records;
    uint64_t first_seq;
    int64_t first_mono_us, last_mono_us;
    int64_t least_timestamp_us, greatest_timestamp_us; /* 0 and 0 without events */
    uint32_t types;                                    /* OR of the events' types */
    uint32_t filter_hashes;
    struct evj_slice filter; /* empty: the block does not tell its sessions */
};

/* Bytes that are enough to decode any block header. */
#define EVJ_BLOCK_HEADER_MAX (12u + 65535u)

/*
 * Decode a member's header at `bytes`; `offset` is only for the error's text.
 *   0               *ret_info and *ret_size (header bytes before the deflate data) are set.
 *   EVJ_TRUNCATED   `len` ends inside the header.
 *   EVJ_ERR_FOREIGN a gzip member without EJ, or no gzip member.
 *   EVJ_ERR_VERSION, EVJ_ERR_CORRUPT, EVJ_ERR_LIMIT as named.
 */
int evj_block_decode_header(const unsigned char *bytes, size_t len, uint64_t offset,
                            struct evj_block_info *ret_info, size_t *ret_size,
                            struct evj_error *err);

/*
 * Inflate a whole member into `text` (info->text_size bytes of room), checking size and CRC.
 * Returns 0, EVJ_ERR_CORRUPT or EVJ_ERR_MEMORY.
 */
int evj_block_decode_text(const unsigned char *member, const struct evj_block_info *info,
                          size_t header_size, uint64_t offset, char *text, struct evj_error *err);

/* False only if the block certainly has no event of this session. */
bool evj_block_may_have_session(const struct evj_block_info *info, uint64_t session_id);

struct evj_block_builder;

/* `level`: 1 (fast) … 9 (small). */
int evj_block_builder_new(int level, struct evj_block_builder **ret_builder, struct evj_error *err);
void evj_block_builder_free(struct evj_block_builder *builder);
EVJ_DEFINE_AUTO(block_builder);

/* The next block follows one that ended before this seq and at this mono: a file is gone on with. */
void evj_block_builder_follow(struct evj_block_builder *builder, uint64_t next_seq,
                              int64_t last_mono_us);

/* Add a parsed record: its line is copied. Returns 0, EVJ_ERR_LIMIT for a line beyond EVJ_LINE_MAX,
 * EVJ_ERR_MEMORY. */
int evj_block_builder_add(struct evj_block_builder *builder, const struct evj_record *record,
                          struct evj_error *err);

/* Text bytes and records collected so far. */
size_t evj_block_builder_text_size(const struct evj_block_builder *builder);
size_t evj_block_builder_records(const struct evj_block_builder *builder);

/* Compress into a member. *ret_member is owned by the builder and valid until the next call on it.
 * What was collected stays until evj_block_builder_reset(), so a write that failed can be tried
 * again. */
int evj_block_builder_finish(struct evj_block_builder *builder, const unsigned char **ret_member,
                             size_t *ret_size, struct evj_error *err);
void evj_block_builder_reset(struct evj_block_builder *builder);

/* Give back the memory that only the next lines need. With lines in it: nothing happens. */
void evj_block_builder_rest(struct evj_block_builder *builder);

#endif

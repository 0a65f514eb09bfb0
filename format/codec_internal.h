/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_CODEC_INTERNAL_H
#define FORMAT_CODEC_INTERNAL_H

/*
 * Raw deflate and CRC-32 for whole buffers, by libdeflate where it was built in, by zlib otherwise.
 * What one writes the other reads. One object per thread.
 */

#include <stddef.h>
#include <stdint.h>

struct evj_deflater;

/* `level` 1 … 9. NULL when there is no memory. */
struct evj_deflater *evj_deflater_new(int level);
void evj_deflater_free(struct evj_deflater *deflater);

/* The most that `len` bytes can become; `deflater` NULL: whatever the level. */
size_t evj_deflate_bound(struct evj_deflater *deflater, size_t len);

/* Returns the compressed size, 0 when `room` is too small. */
size_t evj_deflate(struct evj_deflater *deflater, const char *text, size_t len, unsigned char *out,
                   size_t room);

/* Inflate exactly `text_len` bytes from exactly `len` bytes. 0, EVJ_ERR_CORRUPT or EVJ_ERR_MEMORY.
 */
int evj_inflate(const unsigned char *data, size_t len, char *text, size_t text_len);

/*
 * Inflate the beginning of data that was cut off, at most `room` bytes. Returns how many; 0 also when
 * the data does not merely stop: it is wrong, or ends, with more behind it than `tail` bytes.
 */
size_t evj_inflate_start(const unsigned char *data, size_t len, size_t tail, char *text,
                         size_t room);

/* CRC-32 of gzip (RFC 1952, section 8), from 0. */
uint32_t evj_crc32(const void *data, size_t len);

#endif

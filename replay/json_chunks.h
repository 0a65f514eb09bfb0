/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_JSON_CHUNKS_H
#define REPLAY_JSON_CHUNKS_H

/*
 * Memory for trees that one thread makes and another frees. glibc's malloc() is five times as slow when
 * threads do that; here a tree's pieces come one after the other out of a chunk, and a chunk is used
 * again once all of them are freed.
 *
 * Only what a thread allocates between begin and end is in chunks. All else that jansson allocates is
 * where it was before: malloc()'s, as in Janus, since handlers give the text that json_dumps() made to
 * free().
 *
 * Chunks take at most JSON_CHUNKS_BYTES, beyond which malloc() is used; and they never return to the
 * system. A handler that keeps one small piece of each chunk keeps all of it from being used again.
 */

#include <stdbool.h>
#include <stddef.h>

/* A few events in each, so that what is used again is still in the processor's cache. */
#define JSON_CHUNK_SIZE ((size_t)32 * 1024)
#ifndef JSON_CHUNKS_BYTES /* a test has less */
#define JSON_CHUNKS_BYTES ((size_t)1024 * 1024 * 1024)
#endif

/*
 * Let jansson take its memory here from now on. False, and it goes on as before, where there are no
 * addresses left, and under a tool that looks after memory (ASan, valgrind): that would not see what a
 * handler leaks. More than once is no harm.
 */
bool json_chunks_install(void);

/* The calling thread makes a tree; it has made it. */
void json_chunks_begin(void);
void json_chunks_end(void);

/* What jansson is given. From any thread. */
void *json_chunks_malloc(size_t size);
void json_chunks_free(void *memory);

/* How many pieces are in chunks, of trees that are not freed: by the one thread that makes them. */
size_t json_chunks_alive(void);

/* How many chunks there have been at a time. */
size_t json_chunks_count(void);

#endif

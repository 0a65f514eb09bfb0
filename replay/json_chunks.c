/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/json_chunks.h"

#include <dlfcn.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT _Alignof(max_align_t)
/* What is larger would leave too much of a chunk unused. */
#define PIECE_MAX (JSON_CHUNK_SIZE / 4)

/* More than a chunk ever has pieces. */
#define OPEN ((size_t)1 << 32)

/*
 * `pieces` that others have not freed yet; OPEN more as long as a thread takes from the chunk, which
 * counts for itself what it has taken and freed. Who brings it to 0 puts the chunk back.
 */
struct chunk {
    atomic_size_t pieces;
    struct chunk *next; /* among those that are free */
};

#define FIRST_PIECE ((sizeof(struct chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

/* The chunk that a thread takes from. */
struct taking {
    struct chunk *chunk;
    char *at;            /* where in it the next piece begins */
    size_t room;         /* behind that; 0 while no tree is being made */
    size_t taken, freed; /* pieces, by this thread */
    bool making;
};
/* In the executable: so its address is no function's to find out. */
static _Thread_local struct taking mine __attribute__((tls_model("initial-exec")));

/* So that nothing lies behind it. */
#define NO_BASE (UINTPTR_MAX - JSON_CHUNKS_BYTES)

static struct {
    pthread_mutex_t lock; /* guards the rest but `base` */
    uintptr_t base;       /* of the addresses; before they are reserved, where no memory can be */
    size_t count;         /* of chunks that can be written */
    struct chunk *free;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER, .base = NO_BASE};

/* For what is not in chunks: what jansson had before. */
static json_malloc_t malloc_elsewhere = malloc;
static json_free_t free_elsewhere = free;

static bool is_ours(const void *memory)
{
    return (uintptr_t)memory - all.base < JSON_CHUNKS_BYTES;
}

static struct chunk *chunk_of(const void *memory)
{
    return (struct chunk *)((uintptr_t)memory & ~(uintptr_t)(JSON_CHUNK_SIZE - 1));
}

/* ---- chunks ---- */

/* With the lock held. NULL beyond the limit, and when memory is short. */
static struct chunk *new_chunk(void)
{
    struct chunk *chunk = (struct chunk *)(all.base + all.count * JSON_CHUNK_SIZE);

    if ((all.count + 1) * JSON_CHUNK_SIZE > JSON_CHUNKS_BYTES ||
        mprotect(chunk, JSON_CHUNK_SIZE, PROT_READ | PROT_WRITE) < 0)
        return NULL;
    all.count++;
    return chunk;
}

static struct chunk *get_chunk(void)
{
    struct chunk *chunk;

    pthread_mutex_lock(&all.lock);
    chunk = all.free;
    if (chunk != NULL)
        all.free = chunk->next;
    else
        chunk = new_chunk();
    pthread_mutex_unlock(&all.lock);
    return chunk;
}

static void put_back(struct chunk *chunk)
{
    pthread_mutex_lock(&all.lock);
    chunk->next = all.free;
    all.free = chunk;
    pthread_mutex_unlock(&all.lock);
}

/* The last one to leave a chunk has seen what the others did to it. */
static void leave(struct chunk *chunk, size_t pieces)
{
    if (atomic_fetch_sub_explicit(&chunk->pieces, pieces, memory_order_acq_rel) == pieces)
        put_back(chunk);
}

/* ---- the thread's own ---- */

static size_t rounded(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t room_left(void)
{
    return mine.chunk != NULL ? (size_t)((char *)mine.chunk + JSON_CHUNK_SIZE - mine.at) : 0;
}

static void begin_chunk(struct chunk *chunk)
{
    mine.chunk = chunk;
    mine.at = (char *)chunk + FIRST_PIECE;
    mine.taken = mine.freed = 0;
    atomic_store_explicit(&chunk->pieces, OPEN, memory_order_relaxed);
}

static void end_chunk(void)
{
    if (mine.chunk != NULL)
        leave(mine.chunk, OPEN - (mine.taken - mine.freed));
    mine.chunk = NULL;
}

/* Has everybody freed all of it? Then it can be filled from its beginning, as nearly always. */
static bool is_unused(void)
{
    size_t freed_elsewhere = OPEN - atomic_load_explicit(&mine.chunk->pieces, memory_order_acquire);

    return mine.taken == mine.freed + freed_elsewhere;
}

void json_chunks_begin(void)
{
    if (mine.chunk != NULL && is_unused())
        begin_chunk(mine.chunk);
    mine.making = true;
    mine.room = room_left();
}

void json_chunks_end(void)
{
    mine.making = false;
    mine.room = 0;
}

/* ---- for jansson ---- */

static void *take(size_t needed)
{
    void *memory = mine.at;

    mine.at += needed;
    mine.room -= needed;
    mine.taken++;
    return memory;
}

/* From the next chunk, or not from one at all. Rare, and kept out of the way of the other. */
__attribute__((noinline)) static void *take_elsewhere(size_t size)
{
    struct chunk *chunk = mine.making && size <= PIECE_MAX ? get_chunk() : NULL;

    if (chunk == NULL)
        return malloc_elsewhere(size);
    end_chunk();
    begin_chunk(chunk);
    mine.room = room_left();
    return take(rounded(size));
}

void *json_chunks_malloc(size_t size)
{
    size_t needed = rounded(size);

    return size <= PIECE_MAX && needed <= mine.room ? take(needed) : take_elsewhere(size);
}

void json_chunks_free(void *memory)
{
    if (!is_ours(memory))
        free_elsewhere(memory);
    else if (chunk_of(memory) == mine.chunk)
        mine.freed++;
    else
        leave(chunk_of(memory), 1);
}

size_t json_chunks_count(void)
{
    size_t count;

    pthread_mutex_lock(&all.lock);
    count = all.count;
    pthread_mutex_unlock(&all.lock);
    return count;
}

/* Of the chunk that this thread takes from, it alone knows how many it has taken. */
static size_t alive_in(const struct chunk *chunk)
{
    size_t pieces = atomic_load_explicit(&chunk->pieces, memory_order_acquire);

    return chunk == mine.chunk ? pieces - OPEN + mine.taken - mine.freed : pieces;
}

size_t json_chunks_alive(void)
{
    size_t alive = 0;

    pthread_mutex_lock(&all.lock);
    for (size_t i = 0; i < all.count; i++)
        alive += alive_in((const struct chunk *)(all.base + i * JSON_CHUNK_SIZE));
    pthread_mutex_unlock(&all.lock);
    return alive;
}

/* ---- at the start ---- */

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN true
#elif defined(__has_feature)
#define WITH_ASAN __has_feature(address_sanitizer)
#else
#define WITH_ASAN false
#endif

/* ASan may also come with a handler that was built with it; valgrind makes itself known so. */
static bool is_looked_after(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    return WITH_ASAN || dlsym(RTLD_DEFAULT, "__asan_init") != NULL ||
           (preloaded != NULL && strstr(preloaded, "vgpreload") != NULL);
}

/* Addresses only, and one chunk more, so that they can begin at a multiple of its size. */
static uintptr_t reserve(void)
{
    void *memory = mmap(NULL, JSON_CHUNKS_BYTES + JSON_CHUNK_SIZE, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return NO_BASE;
    return ((uintptr_t)memory + JSON_CHUNK_SIZE - 1) & ~(uintptr_t)(JSON_CHUNK_SIZE - 1);
}

/* On top of whatever jansson had, which may be ourselves already. */
static void take_over(void)
{
    json_malloc_t malloc_before;
    json_free_t free_before;

    json_get_alloc_funcs(&malloc_before, &free_before);
    if (malloc_before == json_chunks_malloc)
        return;
    malloc_elsewhere = malloc_before;
    free_elsewhere = free_before;
    json_set_alloc_funcs(json_chunks_malloc, json_chunks_free);
}

bool json_chunks_install(void)
{
    if (all.base == NO_BASE && !is_looked_after())
        all.base = reserve();
    if (all.base == NO_BASE)
        return false;
    take_over();
    return true;
}

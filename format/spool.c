/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/spool.h"

#include "evj/event_type.h"
#include "evj/limits.h"
#include "format/new_file_internal.h"
#include "format/spool_layout_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct evj_spool {
    int fd;                                             /* holds the lock */
    char path[sizeof(((struct evj_header *)0)->spool)]; /* the first line must name it whole */
    struct spool_page *page;
    char *ring; /* mapped twice: ring[i] and ring[i + capacity] are the same byte */
    uint64_t capacity;

    /* The producer's own: what need not be read back from shared memory. */
    uint64_t head, tail_seen, wake_step;
    size_t prefix_len; /* of the event that was begun */
    int64_t last_us;   /* mono of the last event, taken or lost */
};

/* ---- lifecycle ---- */

static uint64_t ring_capacity(size_t bytes)
{
    uint64_t capacity = EVJ_SPOOL_MIN;

    while (capacity < bytes && capacity < EVJ_SPOOL_MAX)
        capacity *= 2;
    return capacity;
}

/* Whoever looks at a spool holds its lock for a moment, and may look at this one already. */
static int lock_file(int fd)
{
    const struct timespec moment = {.tv_nsec = 1000000};

    for (int tries = 100;; tries--) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK || tries == 0)
            return -1;
        nanosleep(&moment, NULL);
    }
}

/* The first page, for a file that nobody can see yet. */
static int write_page(int fd, const char *id, const char *journal, uint64_t capacity)
{
    struct spool_page page = {
        .magic = {'E', 'V', 'J', 'S', 'P', 'O', 'O', 'L'},
        .version = SPOOL_VERSION,
        .header_size = SPOOL_HEADER,
        .capacity = capacity,
    };

    snprintf(page.id, sizeof(page.id), "%s", id);
    snprintf(page.journal, sizeof(page.journal), "%s", journal);
    evj_boot_id(page.boot_id);
    return write(fd, &page, sizeof(page)) == (ssize_t)sizeof(page) ? 0 : -1;
}

static int fill_file(const struct evj_spool *spool, int fd, const char *id, const char *journal,
                     struct evj_error *err)
{
    if (lock_file(fd) < 0)
        return evj_fail_errno(err, 0, "cannot lock the spool %s", spool->path);
    errno = posix_fallocate(fd, 0, (off_t)(SPOOL_HEADER + spool->capacity));
    if (errno != 0 || write_page(fd, id, journal, spool->capacity) < 0)
        return evj_fail_errno(err, 0, "no room for a spool of %llu KiB at %s",
                              (unsigned long long)spool->capacity / 1024, spool->path);
    return EVJ_OK;
}

/* It appears whole and locked: whoever finds it knows whose it is, and a crash on the way leaves none. */
static int create_file(struct evj_spool *spool, const char *folder, const char *id,
                       const char *journal, struct evj_error *err)
{
    struct evj_new_file file;

    if (evj_new_file_create(folder, &file) < 0)
        return evj_fail_errno(err, 0, "cannot create the spool %s", spool->path);
    int status = fill_file(spool, file.fd, id, journal, err);
    if (status == EVJ_OK && evj_new_file_publish(&file, spool->path, false) < 0)
        status = evj_fail_errno(err, 0, "cannot create the spool %s", spool->path);
    if (status < 0) {
        evj_new_file_drop(&file);
        return status;
    }
    spool->fd = file.fd;
    /* Where it had to be copied, it is another file now. */
    return lock_file(spool->fd) == 0
               ? EVJ_OK
               : evj_fail_errno(err, 0, "cannot lock the spool %s", spool->path);
}

/*
 * The page, the ring, and the ring once more, one behind the other. All of it is made present at once:
 * otherwise Janus would wait for the kernel at each page of the first lap, twice.
 */
static int map_file(struct evj_spool *spool, struct evj_error *err)
{
    size_t once = SPOOL_HEADER + spool->capacity;
    size_t twice = once + spool->capacity;
    const int how = MAP_SHARED | MAP_FIXED | MAP_POPULATE;
    char *base = mmap(NULL, twice, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (base == MAP_FAILED)
        return evj_fail_errno(err, 0, "cannot map the spool %s", spool->path);
    spool->page = (struct spool_page *)base;
    spool->ring = base + SPOOL_HEADER;
    if (mmap(base, once, PROT_READ | PROT_WRITE, how, spool->fd, 0) == MAP_FAILED ||
        mmap(base + once, spool->capacity, PROT_READ | PROT_WRITE, how, spool->fd, SPOOL_HEADER) ==
            MAP_FAILED)
        return evj_fail_errno(err, 0, "cannot map the spool %s", spool->path);
    return EVJ_OK;
}

int evj_spool_create(const char *folder, const char *id, const char *journal, size_t bytes,
                     struct evj_spool **ret_spool, struct evj_error *err)
{
    EVJ_AUTO(spool) *spool = calloc(1, sizeof(*spool));

    if (!spool)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a spool");
    spool->fd = -1;
    spool->capacity = ring_capacity(bytes);
    spool->wake_step = spool->capacity / 4 < EVJ_BLOCK_TEXT ? spool->capacity / 4 : EVJ_BLOCK_TEXT;
    int len = snprintf(spool->path, sizeof(spool->path), "%s/evj-%s.spool", folder, id);
    if (len < 0 || (size_t)len >= sizeof(spool->path))
        return evj_fail(err, EVJ_ERR_INVALID, 0, "the path of the spool is too long");

    int status = create_file(spool, folder, id, journal, err);
    if (status == EVJ_OK)
        status = map_file(spool, err);
    if (status < 0) {
        if (spool->fd >= 0)
            unlink(spool->path);
        return status;
    }
    *ret_spool = EVJ_TAKE(spool);
    return EVJ_OK;
}

void evj_spool_free(struct evj_spool *spool)
{
    if (!spool)
        return;
    if (spool->page)
        munmap(spool->page, SPOOL_HEADER + 2 * spool->capacity);
    if (spool->fd >= 0)
        close(spool->fd);
    free(spool);
}

void evj_spool_remove(struct evj_spool *spool)
{
    if (spool)
        unlink(spool->path);
    evj_spool_free(spool);
}

void evj_spool_set_journal(struct evj_spool *spool, const char *journal_path)
{
    struct spool_page *page = spool->page;
    uint32_t slot = atomic_load_explicit(&page->journal_slot, memory_order_relaxed) + 1;
    char *path = slot % 2 ? page->other_journal : page->journal;

    snprintf(path, sizeof(page->journal), "%s", journal_path);
    atomic_store_explicit(&page->journal_slot, slot, memory_order_release);
}

const char *evj_spool_path(const struct evj_spool *spool)
{
    return spool->path;
}

size_t evj_spool_capacity(const struct evj_spool *spool)
{
    return spool->capacity;
}

/* ---- producer ---- */

/*
 * Free bytes. The consumer's position is looked at for every event: its cache line changes once for
 * each block only, and an old one would turn away an event that there is room for.
 */
static size_t free_room(struct evj_spool *spool)
{
    spool->tail_seen = atomic_load_explicit(&spool->page->tail, memory_order_acquire);
    return spool->capacity - (size_t)(spool->head - spool->tail_seen);
}

static char *ring_at(const struct evj_spool *spool, uint64_t position)
{
    return spool->ring + (position & (spool->capacity - 1));
}

/* Everything up to here is journal text now. */
static void publish(struct evj_spool *spool, uint64_t head)
{
    struct spool_page *page = spool->page;
    uint64_t used = head - spool->tail_seen;

    atomic_store_explicit(&page->head, head, memory_order_release);
    spool->head = head;
    if (used > atomic_load_explicit(&page->most_used, memory_order_relaxed))
        atomic_store_explicit(&page->most_used, used, memory_order_relaxed);
}

/* The fence: nothing of the new loss may be seen before the odd version. */
static void change_loss(struct spool_page *page, const struct evj_loss *loss)
{
    uint32_t version = atomic_load_explicit(&page->loss_version, memory_order_relaxed);

    atomic_store_explicit(&page->loss_version, version + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    page->loss = *loss;
    atomic_store_explicit(&page->loss_version, version + 2, memory_order_release);
}

static void count_offered(struct spool_page *page)
{
    uint64_t seq = atomic_load_explicit(&page->next_seq, memory_order_relaxed);

    atomic_store_explicit(&page->next_seq, seq + 1, memory_order_relaxed);
}

/*
 * The gap record is published before the loss is cleared: whoever looks in between (after a crash,
 * say) finds the loss twice with the same seq, and never not at all.
 */
static bool close_gap(struct evj_spool *spool)
{
    const struct evj_loss none = {0};

    if (spool->page->loss.events == 0)
        return true;
    if (free_room(spool) < EVJ_GAP_LINE_MAX + 1)
        return false;
    char *at = ring_at(spool, spool->head);
    size_t len = evj_record_put_gap(at, &spool->page->loss);
    at[len] = '\n';
    publish(spool, spool->head + len + 1);
    change_loss(spool->page, &none);
    return true;
}

static bool marks_wait(const struct spool_page *page)
{
    return atomic_load_explicit(&page->marks_posted, memory_order_acquire) !=
           atomic_load_explicit(&page->marks_taken, memory_order_relaxed);
}

/*
 * As with the gap: for a moment a mark is in the ring and waits still, and its place tells that it is
 * one. It was asked for while the producer was elsewhere, so its time is put between its neighbours'.
 */
static bool take_mark(struct evj_spool *spool, int64_t before_us)
{
    struct spool_page *page = spool->page;
    uint32_t number = atomic_load_explicit(&page->marks_taken, memory_order_relaxed);
    struct spool_mark *mark = &page->marks[number % SPOOL_MARKS];
    uint64_t seq = atomic_load_explicit(&page->next_seq, memory_order_relaxed);
    int64_t mono_us = mark->mono_us < before_us ? mark->mono_us : before_us;

    if (free_room(spool) < EVJ_MARK_LINE_SIZE(EVJ_SPOOL_MARK_MAX) + 1)
        return false;
    if (mono_us < spool->last_us)
        mono_us = spool->last_us;
    atomic_store_explicit(&mark->place, seq + 1, memory_order_relaxed);
    char *at = ring_at(spool, spool->head);
    size_t len = evj_record_put_mark(at, seq, mono_us, mark->body, mark->len);
    at[len] = '\n';
    count_offered(page);
    publish(spool, spool->head + len + 1);
    atomic_store_explicit(&page->marks_taken, number + 1, memory_order_release);
    return true;
}

/* All that comes before the event of this time. False: there is no room for it. */
static bool close_pending(struct evj_spool *spool, int64_t before_us)
{
    bool closed = close_gap(spool);

    while (closed && marks_wait(spool->page))
        closed = take_mark(spool, before_us);
    return closed;
}

bool evj_spool_close_gap(struct evj_spool *spool)
{
    return close_pending(spool, INT64_MAX);
}

/* What stands around an event's text: `{"seq":…,"event":` before it, `}` and a newline behind. */
#define SUFFIX 2u

char *evj_spool_begin(struct evj_spool *spool, int64_t mono_us, size_t *ret_room)
{
    const size_t around = EVJ_PREFIX_MAX + SUFFIX;

    if (!close_pending(spool, mono_us))
        return NULL;
    spool->last_us = mono_us;
    size_t room = free_room(spool);
    if (room <= around)
        return NULL;
    char *at = ring_at(spool, spool->head);
    uint64_t seq = atomic_load_explicit(&spool->page->next_seq, memory_order_relaxed);
    spool->prefix_len = evj_record_put_prefix(at, seq, mono_us);
    *ret_room = room - around;
    return at + spool->prefix_len;
}

bool evj_spool_commit(struct evj_spool *spool, size_t len)
{
    uint64_t before = spool->head;
    char *end = ring_at(spool, before) + spool->prefix_len + len;

    end[0] = '}';
    end[1] = '\n';
    count_offered(spool->page);
    publish(spool, before + spool->prefix_len + len + SUFFIX);
    return before / spool->wake_step != spool->head / spool->wake_step;
}

void evj_spool_drop(struct evj_spool *spool, int64_t mono_us, uint32_t type, size_t bytes,
                    enum evj_loss_reason reason)
{
    struct spool_page *page = spool->page;
    int index = evj_event_type_index(type);

    if (page->loss.reason != reason || marks_wait(page))
        close_pending(spool, mono_us);
    spool->last_us = mono_us;
    struct evj_loss loss = page->loss;
    if (loss.events == 0) {
        loss.reason = reason;
        loss.seq = atomic_load_explicit(&page->next_seq, memory_order_relaxed);
        loss.first_us = mono_us;
    }
    loss.events++;
    loss.bytes += bytes;
    loss.until_us = mono_us;
    loss.types[index < 0 ? 15 : index]++;
    count_offered(page);
    change_loss(page, &loss);
    atomic_store_explicit(&page->dropped,
                          atomic_load_explicit(&page->dropped, memory_order_relaxed) + 1,
                          memory_order_relaxed);
}

/* ---- marks ---- */

bool evj_spool_mark(struct evj_spool *spool, int64_t mono_us, const char *body, size_t len)
{
    struct spool_page *page = spool->page;
    uint32_t number = atomic_load_explicit(&page->marks_posted, memory_order_relaxed);
    uint32_t taken = atomic_load_explicit(&page->marks_taken, memory_order_acquire);
    struct spool_mark *mark = &page->marks[number % SPOOL_MARKS];

    if (len > EVJ_SPOOL_MARK_MAX || number - taken >= SPOOL_MARKS)
        return false;
    atomic_store_explicit(&mark->place, 0, memory_order_relaxed);
    mark->mono_us = mono_us;
    mark->len = (uint32_t)len;
    memcpy(mark->body, body, len);
    atomic_store_explicit(&page->marks_posted, number + 1, memory_order_release);
    return true;
}

/* ---- consumer ---- */

size_t evj_spool_pending(struct evj_spool *spool, const char **ret_text)
{
    uint64_t tail = atomic_load_explicit(&spool->page->tail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&spool->page->head, memory_order_acquire);

    *ret_text = ring_at(spool, tail);
    return (size_t)(head - tail);
}

void evj_spool_release(struct evj_spool *spool, size_t len)
{
    uint64_t tail = atomic_load_explicit(&spool->page->tail, memory_order_relaxed);

    atomic_store_explicit(&spool->page->tail, tail + len, memory_order_release);
}

/* ---- status ---- */

void evj_spool_stats(const struct evj_spool *spool, struct evj_spool_stats *ret_stats)
{
    const struct spool_page *page = spool->page;
    /* The head first: the consumer may pass it meanwhile, but a newer head could be a lap ahead. */
    uint64_t head = atomic_load_explicit(&page->head, memory_order_acquire);
    uint64_t tail = atomic_load_explicit(&page->tail, memory_order_acquire);
    uint32_t marks = atomic_load_explicit(&page->marks_taken, memory_order_relaxed);

    *ret_stats = (struct evj_spool_stats){
        .offered = atomic_load_explicit(&page->next_seq, memory_order_relaxed) - marks,
        .marks = marks,
        .dropped = atomic_load_explicit(&page->dropped, memory_order_relaxed),
        .used = head > tail ? (size_t)(head - tail) : 0,
        .most_used = (size_t)atomic_load_explicit(&page->most_used, memory_order_relaxed),
        .capacity = (size_t)page->capacity,
    };
}

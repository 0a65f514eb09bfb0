/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look at another process's spool. Everything is copied out with pread(): a spool that shrinks or
 * changes under the reader gives odd bytes at worst, and no SIGBUS.
 */
#include "evj/spool.h"

#include "evj/limits.h"
#include "format/spool_layout_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A page that the producer was changing is read again, this often at most: at first at once, then
 * whoever else has something to do goes first. A producer that has no room changes the loss with every
 * event: without a quiet moment the loss cannot be told, and the copy is of the moment before it.
 */
enum { PAGE_TRIES = 1000, QUICK_TRIES = 64 };

/* All marks that may wait. */
#define MARKS_SIZE (SPOOL_MARKS * (EVJ_MARK_LINE_SIZE(EVJ_SPOOL_MARK_MAX) + 1u))

bool evj_spool_is_named_by(const struct evj_header *header)
{
    char boot_id[37], name[64];
    const char *slash = strrchr(header->spool, '/');

    snprintf(name, sizeof(name), "evj-%s.spool", header->id);
    if (!slash || strcmp(slash + 1, name) != 0)
        return false;
    evj_boot_id(boot_id);
    return strcmp(header->boot_id, boot_id) == 0;
}

static bool read_fully(int fd, void *to, size_t len, uint64_t offset)
{
    for (size_t done = 0; done < len;) {
        ssize_t got = pread(fd, (char *)to + done, len - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/*
 * The page at a moment when head and loss belong together: it lies between two looks at them that
 * are alike. *ret_still is false when the producer never rests for so long; then the head is as
 * good as any, but the loss may be of another moment. A loss that stays half changed is that of a
 * recorder which died over it.
 */
static bool read_page(int fd, struct spool_page *ret_page, bool *ret_still)
{
    struct spool_page later;
    bool still = false;

    if (!read_fully(fd, ret_page, sizeof(*ret_page), 0))
        return false;
    for (int tries = PAGE_TRIES; tries > 0; tries--) {
        if (!read_fully(fd, &later, sizeof(later), 0))
            return false;
        still = ret_page->head == later.head && ret_page->loss_version == later.loss_version &&
                ret_page->marks_posted == later.marks_posted &&
                ret_page->marks_taken == later.marks_taken &&
                (later.loss_version % 2 == 0 || tries == 1);
        if (still)
            break;
        *ret_page = later;
        if (tries < PAGE_TRIES - QUICK_TRIES)
            sched_yield();
    }
    /* The tail was read after the head and may have passed it. */
    if (!still && ret_page->head < ret_page->tail)
        ret_page->head = ret_page->tail;
    *ret_still = still;
    return true;
}

static int check_page(const struct spool_page *page, uint64_t file_size, const char *id,
                      struct evj_error *err)
{
    char boot_id[37];

    if (memcmp(page->magic, SPOOL_MAGIC, sizeof(page->magic)) != 0 ||
        page->version != SPOOL_VERSION)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a spool of this version of evj");
    if (!memchr(page->id, '\0', sizeof(page->id)) ||
        !memchr(page->journal, '\0', sizeof(page->journal)) ||
        !memchr(page->other_journal, '\0', sizeof(page->other_journal)) ||
        !memchr(page->boot_id, '\0', sizeof(page->boot_id)))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the spool's header is damaged");
    if (id && strcmp(page->id, id) != 0)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "the spool of another journal");
    evj_boot_id(boot_id);
    if (strcmp(page->boot_id, boot_id) != 0)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "the spool of another boot");
    if (page->header_size != SPOOL_HEADER || page->capacity < EVJ_SPOOL_MIN ||
        page->capacity > EVJ_SPOOL_MAX || (page->capacity & (page->capacity - 1)) != 0 ||
        file_size < SPOOL_HEADER + page->capacity || page->head < page->tail ||
        page->head - page->tail > page->capacity)
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the spool's header contradicts itself");
    return EVJ_OK;
}

/* The ring's bytes from position `from` to `to`. */
static bool read_ring(int fd, uint64_t capacity, uint64_t from, uint64_t to, char *text)
{
    uint64_t at = from & (capacity - 1);
    uint64_t first = to - from < capacity - at ? to - from : capacity - at;

    return read_fully(fd, text, (size_t)first, SPOOL_HEADER + at) &&
           read_fully(fd, text + first, (size_t)(to - from - first), SPOOL_HEADER);
}

/*
 * Copy the text, then look at the tail again: what the consumer released meanwhile may have been
 * overwritten while it was copied, but it is in the journal's file by now. The tail stands at the
 * start of a line, so what is left is whole lines.
 */
static int copy_text(int fd, const struct spool_page *page, struct evj_spool_snapshot *snapshot,
                     struct evj_error *err)
{
    struct spool_page after;
    size_t len = (size_t)(page->head - page->tail);

    snapshot->text = malloc(len + EVJ_GAP_LINE_MAX + 1 + MARKS_SIZE);
    if (!snapshot->text)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a spool of %zu bytes", len);
    if (!read_ring(fd, page->capacity, page->tail, page->head, snapshot->text) ||
        !read_fully(fd, &after, sizeof(after), 0))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the spool became shorter while it was read");

    uint64_t released = after.tail - page->tail;
    if (released > len)
        released = len;
    memmove(snapshot->text, snapshot->text + released, len - released);
    snapshot->len = len - released;
    return EVJ_OK;
}

/* The seq behind the last line of the text. False if there is no line. */
static bool seq_behind(const struct evj_spool_snapshot *snapshot, uint64_t *ret_seq)
{
    struct evj_record record;

    if (snapshot->len == 0)
        return false;
    const char *newline = memrchr(snapshot->text, '\n', snapshot->len - 1);
    const char *line = newline ? newline + 1 : snapshot->text;
    size_t len = (size_t)(snapshot->text + snapshot->len - 1 - line);
    if (evj_record_parse(line, len, &record, NULL) < 0)
        return false;
    *ret_seq = record.seq + evj_record_seq_span(&record);
    return true;
}

/*
 * A loss that does not follow the text is not told: either its gap record is the last line already
 * (a recorder publishes it before it clears the loss), or it is of a later moment than the text.
 */
static void append_loss(struct evj_spool_snapshot *snapshot, const struct evj_loss *loss,
                        bool of_this_moment)
{
    uint64_t seq;

    if (loss->events == 0 || !of_this_moment)
        return;
    if (seq_behind(snapshot, &seq) && seq != loss->seq)
        return;
    snapshot->len += evj_record_put_gap(snapshot->text + snapshot->len, loss);
    snapshot->text[snapshot->len++] = '\n';
}

/* Marks that wait for the next event have the last word. One whose place comes before that is in the
 * text, or was released from it. */
static void append_marks(struct evj_spool_snapshot *snapshot, const struct spool_page *page)
{
    uint64_t seq;

    if (page->marks_posted - page->marks_taken > SPOOL_MARKS)
        return;
    if (!seq_behind(snapshot, &seq))
        seq = page->next_seq;
    for (uint32_t number = page->marks_taken; number != page->marks_posted; number++) {
        const struct spool_mark *mark = &page->marks[number % SPOOL_MARKS];
        if (mark->len > EVJ_SPOOL_MARK_MAX || (mark->place != 0 && mark->place - 1 < seq))
            continue;
        snapshot->len += evj_record_put_mark(snapshot->text + snapshot->len, seq++, mark->mono_us,
                                             mark->body, mark->len);
        snapshot->text[snapshot->len++] = '\n';
    }
}

static bool is_held(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) < 0)
        return errno == EWOULDBLOCK;
    flock(fd, LOCK_UN);
    return false;
}

static int snapshot_fd(int fd, const char *id, struct evj_spool_snapshot *snapshot,
                       struct evj_error *err)
{
    struct spool_page page;
    struct stat st;
    bool still;

    if (fstat(fd, &st) < 0)
        return evj_fail_errno(err, 0, "cannot look at the spool");
    if (!S_ISREG(st.st_mode) || st.st_size < (off_t)SPOOL_HEADER)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a spool");

    /* Asked before the copy: a recorder that stops meanwhile has all of it in the file. */
    snapshot->live = is_held(fd);
    if (!read_page(fd, &page, &still))
        return evj_fail(err, EVJ_ERR_IO, 0, "the spool cannot be read");
    int status = check_page(&page, (uint64_t)st.st_size, id, err);
    if (status == EVJ_OK)
        status = copy_text(fd, &page, snapshot, err);
    if (status < 0)
        return status;

    append_loss(snapshot, &page.loss, still);
    if (still)
        append_marks(snapshot, &page);
    snapshot->head = page.head;
    memcpy(snapshot->id, page.id, sizeof(snapshot->id) - 1);
    memcpy(snapshot->journal, page.journal_slot % 2 ? page.other_journal : page.journal,
           sizeof(snapshot->journal));
    return EVJ_OK;
}

/* The path comes out of a file that may be a stranger's: no link, and no FIFO that would wait. */
static int open_spool(const char *path)
{
    return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

int evj_spool_snapshot(const char *path, const char *id, struct evj_spool_snapshot *ret_snapshot,
                       struct evj_error *err)
{
    struct evj_spool_snapshot snapshot = {0};
    int fd = open_spool(path);

    if (fd < 0 && errno == ENOENT)
        return EVJ_END;
    if (fd < 0)
        return evj_fail_errno(err, 0, "cannot open");
    int status = snapshot_fd(fd, id, &snapshot, err);
    close(fd);
    if (status < 0)
        evj_spool_snapshot_done(&snapshot);
    else
        *ret_snapshot = snapshot;
    return status;
}

void evj_spool_snapshot_done(struct evj_spool_snapshot *snapshot)
{
    free(snapshot->text);
    snapshot->text = NULL;
    snapshot->len = 0;
}

int evj_spool_look(const char *path, uint64_t *ret_head, bool *ret_live)
{
    int fd = open_spool(path);

    if (fd < 0)
        return errno == ENOENT ? EVJ_END : EVJ_ERR_IO;
    *ret_live = is_held(fd);
    bool is_read = read_fully(fd, ret_head, sizeof(*ret_head), offsetof(struct spool_page, head));
    close(fd);
    return is_read ? EVJ_OK : EVJ_ERR_IO;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/event_notes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct event_notes {
    int fd;
    uint64_t end;  /* of the file, as far as this process has written it */
    uint64_t last; /* where the last note begins */
};

static int fail(struct evj_error *err)
{
    return evj_fail_errno(err, 0,
                          "cannot note in %s what was delivered: set TMPDIR to a folder with room",
                          g_get_tmp_dir());
}

/* Without a name from the start, where the file system can do that. */
static int open_nameless(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "evj-XXXXXX", NULL);
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        return fd;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

int event_notes_new(struct event_notes **ret_notes, struct evj_error *err)
{
    const int fd = open_nameless();

    if (fd < 0)
        return fail(err);
    *ret_notes = g_new0(struct event_notes, 1);
    (*ret_notes)->fd = fd;
    return 0;
}

void event_notes_free(struct event_notes *notes)
{
    if (notes == NULL)
        return;
    close(notes->fd);
    g_free(notes);
}

/* ---- writing ---- */

int event_notes_add(struct event_notes *notes, const struct evj_record *record,
                    struct event_hash hash, struct evj_error *err)
{
    const bool keeps_text = notes->end + record->body.len <= EVENT_NOTES_TEXTS_MAX;
    struct event_note note = {
        .hash = hash,
        .seq = record->seq,
        .session_id = record->event.session_id,
        .text_at = notes->end + sizeof(note),
        .text_len = keeps_text ? (uint32_t)record->body.len : 0,
        .type = record->event.type,
    };
    const struct iovec parts[] = {
        {&note, sizeof(note)},
        {(void *)(uintptr_t)record->body.text, note.text_len},
    };
    const size_t size = sizeof(note) + note.text_len;
    const ssize_t written = pwritev(notes->fd, parts, 2, (off_t)notes->end);

    if (written >= 0 && (size_t)written < size)
        errno = ENOSPC;
    if (written < 0 || (size_t)written < size)
        return fail(err);
    notes->last = notes->end;
    notes->end += size;
    return 0;
}

static void cut(struct event_notes *notes, uint64_t size)
{
    /* A file without a name can always be made shorter. */
    (void)!ftruncate(notes->fd, (off_t)size);
    notes->end = notes->last = size;
}

void event_notes_withdraw(struct event_notes *notes)
{
    cut(notes, notes->last);
}

void event_notes_clear(struct event_notes *notes)
{
    cut(notes, 0);
}

/* ---- reading ---- */

/* The texts are passed by: what is read at once is enough for some notes on the way. */
struct window {
    int fd;
    uint64_t at; /* in the file */
    size_t len;
    char bytes[64 * 1024];
};

/* False where the file has no whole note: at its end, or where a crash has left a part of one. */
static bool read_note(struct window *window, uint64_t at, struct event_note *ret)
{
    if (at < window->at || at + sizeof(*ret) > window->at + window->len) {
        const ssize_t len = pread(window->fd, window->bytes, sizeof(window->bytes), (off_t)at);

        window->at = at;
        window->len = len > 0 ? (size_t)len : 0;
    }
    if (window->len - (at - window->at) < sizeof(*ret))
        return false;
    memcpy(ret, window->bytes + (at - window->at), sizeof(*ret));
    return true;
}

static int collect(int fd, uint64_t size, GArray *all, struct evj_error *err)
{
    g_autofree struct window *window = g_new0(struct window, 1);
    struct event_note note;

    window->fd = fd;
    for (uint64_t at = 0; read_note(window, at, &note); at = note.text_at + note.text_len) {
        if (note.text_at + note.text_len > size)
            break;
        if (all->len == EVENT_NOTES_MAX)
            return evj_fail(err, EVJ_ERR_LIMIT, 0,
                            "more than %u events were delivered, too many to be compared: replay a "
                            "part of the journal (--from, --to, --session)",
                            EVENT_NOTES_MAX);
        g_array_append_val(all, note);
    }
    return 0;
}

int event_notes_load(const struct event_notes *notes, GArray **ret_all, struct evj_error *err)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct event_note));
    struct stat file;
    int status = fstat(notes->fd, &file) < 0 ? fail(err) : 0;

    if (status == 0)
        status = collect(notes->fd, (uint64_t)file.st_size, all, err);
    if (status < 0)
        g_array_unref(all);
    else
        *ret_all = all;
    return status;
}

char *event_notes_text(const struct event_notes *notes, const struct event_note *note)
{
    g_autofree char *text = g_malloc((gsize)note->text_len + 1);

    if (note->text_len == 0 ||
        pread(notes->fd, text, note->text_len, (off_t)note->text_at) != (ssize_t)note->text_len)
        return NULL;
    text[note->text_len] = '\0';
    return g_steal_pointer(&text);
}

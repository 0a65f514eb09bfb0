/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/archive.h"

#include "tools/analysis/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct archive {
    size_t memory_max;
    GByteArray *memory; /* the end of all, which is not in the file */
    uint64_t in_file;   /* bytes before that */
    int fd;             /* -1: none yet */
};

struct archive *archive_new(size_t memory_max)
{
    struct archive *archive = g_new0(struct archive, 1);

    archive->memory_max = memory_max;
    archive->memory = g_byte_array_new();
    archive->fd = -1;
    return archive;
}

void archive_free(struct archive *archive)
{
    if (archive == NULL)
        return;
    if (archive->fd >= 0)
        close(archive->fd);
    g_byte_array_unref(archive->memory);
    g_free(archive);
}

/* O_TMPFILE is not for every file system. */
static int open_unnamed(const char *folder)
{
    const int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || errno == ENOENT || errno == EACCES)
        return fd;
    g_autofree char *name = g_build_filename(folder, "evj-XXXXXX", NULL);
    const int named = mkostemp(name, O_CLOEXEC);

    if (named >= 0)
        unlink(name);
    return named;
}

static int open_file(struct archive *archive, struct evj_error *err)
{
    if (archive->fd >= 0)
        return 0;
    archive->fd = open_unnamed(g_get_tmp_dir());
    if (archive->fd < 0)
        return evj_fail_errno(err, 0,
                              "cannot make a temporary file in %s (set TMPDIR to another "
                              "folder)",
                              g_get_tmp_dir());
    return 0;
}

/* Move what is in memory to the end of the file. */
static int write_out(struct archive *archive, struct evj_error *err)
{
    const guint8 *bytes = archive->memory->data;
    size_t left = archive->memory->len;
    int status = open_file(archive, err);

    while (status == 0 && left > 0) {
        const ssize_t done = write(archive->fd, bytes, left);

        if (done > 0) {
            bytes += done;
            left -= (size_t)done;
        } else if (done == 0 || errno != EINTR) {
            status = evj_fail_errno(err, archive->in_file,
                                    "cannot write to a temporary file in %s (set TMPDIR to a "
                                    "folder with more room)",
                                    g_get_tmp_dir());
        }
    }
    if (status != 0)
        return status;
    archive->in_file += archive->memory->len;
    g_byte_array_set_size(archive->memory, 0);
    return 0;
}

int archive_add(struct archive *archive, const struct model_session *session,
                struct archive_place *ret_place, struct evj_error *err)
{
    const guint before = archive->memory->len;
    const uint64_t at = archive->in_file + before;

    pack_session(session, archive->memory);
    const size_t len = archive->memory->len - before;

    if (archive->memory->len > archive->memory_max) {
        const int status = write_out(archive, err);

        if (status != 0)
            return status;
    }
    *ret_place = (struct archive_place){.at = at, .len = len};
    return 0;
}

/* Of bytes that are in the file. */
static int read_back(const struct archive *archive, const struct archive_place *place,
                     guint8 *bytes, struct evj_error *err)
{
    size_t done = 0;

    while (done < place->len) {
        const ssize_t got =
            pread(archive->fd, bytes + done, place->len - done, (off_t)(place->at + done));

        if (got > 0)
            done += (size_t)got;
        else if (got == 0)
            return evj_fail(err, EVJ_ERR_IO, place->at + done,
                            "a temporary file in %s has become shorter", g_get_tmp_dir());
        else if (errno != EINTR)
            return evj_fail_errno(err, place->at + done, "cannot read a temporary file in %s",
                                  g_get_tmp_dir());
    }
    return 0;
}

static int open_session(const guint8 *bytes, const struct archive_place *place,
                        struct model_session **ret_session, struct evj_error *err)
{
    struct model_session *session = pack_open(bytes, place->len);

    if (session == NULL)
        return evj_fail(err, EVJ_ERR_IO, place->at, "a temporary file in %s was changed",
                        g_get_tmp_dir());
    *ret_session = session;
    return 0;
}

int archive_load(struct archive *archive, const struct archive_place *place,
                 struct model_session **ret_session, struct evj_error *err)
{
    if (place->at >= archive->in_file)
        return open_session(archive->memory->data + (place->at - archive->in_file), place,
                            ret_session, err);
    g_autofree guint8 *bytes = g_malloc(place->len);
    const int status = read_back(archive, place, bytes, err);

    return status != 0 ? status : open_session(bytes, place, ret_session, err);
}

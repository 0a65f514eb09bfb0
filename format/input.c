/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/input_internal.h"

#include "evj/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is asked of the system at a time; most headers and many members fit. */
#define READ_SIZE (128u * 1024)

/*
 * bytes[start … filled) are read and not yet used; bytes[start] stands at `offset` in the file. The
 * buffer moves and grows so that a header or a member is always contiguous.
 */
struct evj_input {
    int fd;
    char *path;
    unsigned char *bytes;
    size_t start, filled, room;
    uint64_t offset;
    bool can_seek;
};

int evj_input_open(const char *path, struct evj_input **ret_input, struct evj_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st = {0};

    if (fd < 0)
        return evj_fail_errno(err, 0, "cannot open");
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        errno = EISDIR;
        return evj_fail_errno(err, 0, "cannot open");
    }
    struct evj_input *input = calloc(1, sizeof(*input));
    if (input)
        input->path = strdup(is_stdin ? "(standard input)" : path);
    if (!input || !input->path) {
        close(fd);
        free(input);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to open a file");
    }
    input->fd = fd;
    input->can_seek = S_ISREG(st.st_mode) && !is_stdin;
    *ret_input = input;
    return EVJ_OK;
}

void evj_input_free(struct evj_input *input)
{
    if (!input)
        return;
    close(input->fd);
    free(input->path);
    free(input->bytes);
    free(input);
}

const char *evj_input_path(const struct evj_input *input)
{
    return input->path;
}

/* Make room for `need` contiguous bytes from `start` on. */
static int make_room(struct evj_input *input, size_t need, struct evj_error *err)
{
    if (input->start > 0 && (input->start == input->filled || input->start + need > input->room)) {
        memmove(input->bytes, input->bytes + input->start, input->filled - input->start);
        input->filled -= input->start;
        input->start = 0;
    }
    size_t room = need > READ_SIZE ? need : READ_SIZE;
    if (input->start + need <= input->room)
        return EVJ_OK;
    unsigned char *bytes = realloc(input->bytes, room);
    if (!bytes)
        return evj_fail(err, EVJ_ERR_MEMORY, input->offset, "no memory to read %zu bytes", need);
    input->bytes = bytes;
    input->room = room;
    return EVJ_OK;
}

/*
 * Have `need` bytes at `start`, or as many as the file has now. The file's end is never remembered:
 * a live journal may have grown since.
 */
static int fill(struct evj_input *input, size_t need, struct evj_error *err)
{
    int status = make_room(input, need, err);

    while (status == EVJ_OK && input->filled - input->start < need) {
        ssize_t got = read(input->fd, input->bytes + input->filled, input->room - input->filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return evj_fail_errno(err, input->offset, "cannot read");
        if (got == 0)
            break;
        input->filled += (size_t)got;
    }
    return status;
}

static void use(struct evj_input *input, size_t len)
{
    input->start += len;
    input->offset += len;
}

int evj_input_next_header(struct evj_input *input, struct evj_input_block *ret_block,
                          struct evj_error *err)
{
    struct evj_input_block block = {.offset = input->offset};
    int status = fill(input, 1, err);

    *ret_block = block;
    if (status < 0)
        return status;
    if (input->filled == input->start)
        return EVJ_END;
    /* Most headers are a few hundred bytes: ask for more only when it turns out to be needed. */
    for (size_t need = 4096;; need = EVJ_BLOCK_HEADER_MAX) {
        status = fill(input, need, err);
        if (status < 0)
            return status;
        status = evj_block_decode_header(input->bytes + input->start, input->filled - input->start,
                                         input->offset, &block.info, &block.header_size, err);
        if (status != EVJ_TRUNCATED || need == EVJ_BLOCK_HEADER_MAX)
            break;
    }
    if (status == EVJ_OK)
        *ret_block = block;
    return status;
}

static int truncated(const struct evj_input_block *block, uint64_t have, struct evj_error *err)
{
    return evj_fail(err, EVJ_TRUNCATED, block->offset,
                    "it stops inside the block at byte %" PRIu64 ": %" PRIu64 " of its %" PRIu32
                    " bytes are there",
                    block->offset, have, block->info.member_size);
}

int evj_input_read_member(struct evj_input *input, struct evj_input_block *block,
                          struct evj_error *err)
{
    size_t size = block->info.member_size;
    int status = fill(input, size, err);

    if (status < 0)
        return status;
    if (input->filled - input->start < size)
        return truncated(block, input->filled - input->start, err);
    block->member = input->bytes + input->start;
    use(input, size);
    return EVJ_OK;
}

int evj_input_pass_by(struct evj_input *input, const struct evj_input_block *block,
                      struct evj_error *err)
{
    size_t size = block->info.member_size;
    size_t have = input->filled - input->start;
    struct stat st;

    if (have >= size || !input->can_seek) {
        struct evj_input_block copy = *block;
        return evj_input_read_member(input, &copy, err);
    }
    if (fstat(input->fd, &st) < 0 || lseek(input->fd, (off_t)(size - have), SEEK_CUR) < 0)
        return evj_fail_errno(err, input->offset, "cannot seek");
    if ((uint64_t)st.st_size < input->offset + size)
        return truncated(block, (uint64_t)st.st_size - input->offset, err);
    input->start = input->filled;
    input->offset += size;
    return EVJ_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/input_internal.h"

#include "evj/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is asked of the system at a time, in order and after a jump: most members, and most
 * headers, fit. */
#define READ_SIZE (128u * 1024)
#define JUMP_SIZE 4096u

/* bytes[0 … filled) stand at `base` in the file. */
struct evj_input {
    int fd;
    char *path;
    unsigned char *bytes;
    size_t filled, room;
    uint64_t base, kept;
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
        input->path = strdup(evj_path_shown(path));
    if (!input || !input->path) {
        close(fd);
        free(input);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to open a file");
    }
    input->fd = fd;
    /* Standard input may be a file too, but somebody else's offset in it is where we begin. */
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

uint64_t evj_input_size(const struct evj_input *input)
{
    struct stat st;

    return input->can_seek && fstat(input->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

void evj_input_keep(struct evj_input *input, uint64_t offset)
{
    if (offset > input->kept)
        input->kept = offset;
}

void evj_input_forget(struct evj_input *input)
{
    if (input->can_seek)
        input->filled = 0;
}

/* Forget what stands before `offset`, or before what must be kept. */
static void forget_before(struct evj_input *input, uint64_t offset)
{
    if (!input->can_seek && offset > input->kept)
        offset = input->kept;
    if (offset <= input->base)
        return;
    size_t gone =
        offset - input->base < input->filled ? (size_t)(offset - input->base) : input->filled;
    memmove(input->bytes, input->bytes + gone, input->filled - gone);
    input->filled -= gone;
    input->base += gone;
}

static int make_room(struct evj_input *input, uint64_t offset, size_t need, struct evj_error *err)
{
    if (offset - input->base + need > input->room)
        forget_before(input, offset);
    size_t whole = (size_t)(offset - input->base) + need;
    if (whole <= input->room)
        return EVJ_OK;
    size_t room = whole > READ_SIZE ? whole : READ_SIZE;
    unsigned char *bytes = realloc(input->bytes, room);
    if (!bytes)
        return evj_fail(err, EVJ_ERR_MEMORY, offset, "no memory to read %zu bytes", need);
    input->bytes = bytes;
    input->room = room;
    return EVJ_OK;
}

/* Read behind what is there, at most `most`. The bytes read, 0 at the end, -1 with errno. */
static ssize_t read_more(struct evj_input *input, size_t most)
{
    size_t room = input->room - input->filled;
    ssize_t got;

    if (room > most)
        room = most;
    do {
        got = input->can_seek ? pread(input->fd, input->bytes + input->filled, room,
                                      (off_t)(input->base + input->filled))
                              : read(input->fd, input->bytes + input->filled, room);
    } while (got < 0 && errno == EINTR);
    if (got > 0)
        input->filled += (size_t)got;
    return got;
}

/* Read standard input up to `offset`, and forget it. False at its end. */
static int skip_to(struct evj_input *input, uint64_t offset, struct evj_error *err)
{
    while (input->base + input->filled < offset) {
        forget_before(input, input->base + input->filled);
        int status = make_room(input, input->base + input->filled, JUMP_SIZE, err);
        if (status < 0)
            return status;
        uint64_t left = offset - input->base - input->filled;
        ssize_t got = read_more(input, left < READ_SIZE ? (size_t)left : READ_SIZE);
        if (got < 0)
            return evj_fail_errno(err, offset, "cannot read");
        if (got == 0)
            return EVJ_END;
    }
    return EVJ_OK;
}

/* Have `offset` within, or at the end of, what was read. EVJ_END: the input ends before it. */
static int go_to(struct evj_input *input, uint64_t offset, struct evj_error *err)
{
    if (offset >= input->base && offset <= input->base + input->filled)
        return EVJ_OK;
    if (!input->can_seek)
        return offset < input->base ? EVJ_END : skip_to(input, offset, err);
    input->base = offset;
    input->filled = 0;
    return EVJ_OK;
}

int evj_input_view(struct evj_input *input, uint64_t offset, size_t need,
                   const unsigned char **ret_bytes, size_t *ret_have, struct evj_error *err)
{
    bool in_order = offset >= input->base && offset <= input->base + input->filled;
    int status = go_to(input, offset, err);

    *ret_have = 0;
    if (status != EVJ_OK)
        return status == EVJ_END ? EVJ_OK : status;
    while (input->base + input->filled - offset < need) {
        size_t lacking = need - (size_t)(input->base + input->filled - offset);
        status = make_room(input, offset, need, err);
        if (status < 0)
            return status;
        ssize_t got = read_more(input, in_order              ? SIZE_MAX
                                       : lacking > JUMP_SIZE ? lacking
                                                             : JUMP_SIZE);
        if (got < 0)
            return evj_fail_errno(err, offset, "cannot read");
        if (got == 0)
            break;
    }
    size_t have = (size_t)(input->base + input->filled - offset);
    *ret_bytes = input->bytes + (offset - input->base);
    *ret_have = have < need ? have : need;
    return EVJ_OK;
}

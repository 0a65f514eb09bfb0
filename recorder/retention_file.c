/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/retention_file.h"

#include "evj/block.h"
#include "evj/header.h"
#include "evj/limits.h"
#include "evj/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "20261122T081530Z": 9 stands for a digit. */
static const char start_form[] = "99999999T999999Z";
#define START_LEN (sizeof(start_form) - 1)

static bool has_form(const char *text, const char *form)
{
    for (; *form; text++, form++)
        if (*form == '9' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return true;
}

/* `<emitter>-<start>-<n>.evj.gz`, from its end: an emitter may have dashes too. */
bool retention_is_name(const char *name, struct retention_name *ret_name)
{
    const char *end = strrchr(name, '-');

    if (!end || (size_t)(end - name) < START_LEN + 2 || name[0] == '.')
        return false;
    const char *start = end - START_LEN;
    size_t digits = strspn(end + 1, "0123456789");
    if (start[-1] != '-' || !has_form(start, start_form) || digits == 0 || digits > 9 ||
        strcmp(end + 1 + digits, ".evj.gz") != 0)
        return false;
    memcpy(ret_name->start, start, START_LEN);
    ret_name->start[START_LEN] = '\0';
    ret_name->number = strtoul(end + 1, NULL, 10);
    return true;
}

int retention_compare(const struct retention_name *a, const struct retention_name *b)
{
    int starts = strcmp(a->start, b->start);

    return starts != 0 ? starts : (a->number > b->number) - (a->number < b->number);
}

/* ---- the first line ---- */

/* Enough for the first block of any journal that a recorder began: one line. */
#define FIRST_MAX (EVJ_HEADER_LINE_MAX + 4096u)

static int open_plain(int folder_fd, const char *name)
{
    return openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static bool read_first_line(const unsigned char *bytes, size_t len, struct evj_header *header)
{
    char text[EVJ_HEADER_LINE_MAX + 1];
    struct evj_block_info info;
    struct evj_record record;
    size_t header_size;

    if (evj_block_decode_header(bytes, len, 0, &info, &header_size, NULL) != EVJ_OK ||
        info.member_size > len || info.text_size > sizeof(text) ||
        evj_block_decode_text(bytes, &info, header_size, 0, text, NULL) != EVJ_OK)
        return false;
    const char *newline = memchr(text, '\n', info.text_size);
    return newline && evj_record_parse(text, (size_t)(newline - text), &record, NULL) == EVJ_OK &&
           evj_header_parse(&record, header, NULL) == EVJ_OK;
}

static bool read_header(int folder_fd, const char *name, struct evj_header *header)
{
    unsigned char bytes[FIRST_MAX];
    int fd = open_plain(folder_fd, name);

    if (fd < 0)
        return false;
    ssize_t len = pread(fd, bytes, sizeof(bytes), 0);
    close(fd);
    return len > 0 && read_first_line(bytes, (size_t)len, header);
}

/* What was cut or merged out of a recording is a person's, whatever it is called. */
static bool is_written_by(const struct evj_header *header, const char *emitter,
                          const char *instance)
{
    return strncmp(header->emitter, emitter, sizeof(header->emitter) - 1) == 0 &&
           strcmp(header->instance, instance) == 0 && header->cut[0] == '\0' &&
           header->sources == 0;
}

bool retention_is_ours(int folder_fd, const char *name, const char *emitter, const char *instance,
                       struct retention_begin *ret_begin)
{
    struct evj_header header;

    if (instance[0] == '\0' || !read_header(folder_fd, name, &header) ||
        !is_written_by(&header, emitter, instance))
        return false;
    if (ret_begin) {
        memcpy(ret_begin->boot_id, header.boot_id, sizeof(ret_begin->boot_id));
        ret_begin->wall_us = header.started_wall_us;
        ret_begin->mono_us = header.started_mono_us;
    }
    return true;
}

/* ---- the end ---- */

/* The last block of a journal is rarely beyond 32 KiB, and never beyond what deflate makes of
 * EVJ_BLOCK_TEXT, or of a single long line: which is not the end record. */
#define LAST_MAX (EVJ_BLOCK_TEXT + 64u * 1024)

/* Does the last block in these last bytes of a file hold the end record? Such a block cannot come
 * about by chance: its header has a checksum. */
static bool ends_with_last_block(const unsigned char *bytes, size_t len)
{
    const unsigned char *at = bytes + len;

    while ((at = memrchr(bytes, 0x1f, (size_t)(at - bytes)))) {
        struct evj_block_info info;
        size_t rest = (size_t)(bytes + len - at), header_size;
        if (evj_block_decode_header(at, rest, 0, &info, &header_size, NULL) == EVJ_OK)
            return (info.flags & EVJ_BLOCK_LAST) && info.member_size == rest;
    }
    return false;
}

static bool has_end(int folder_fd, const char *name)
{
    int fd = open_plain(folder_fd, name);
    struct stat st;
    bool closed = false;

    if (fd < 0)
        return false;
    unsigned char *bytes = malloc(LAST_MAX);
    if (bytes && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        off_t from = st.st_size > (off_t)LAST_MAX ? st.st_size - (off_t)LAST_MAX : 0;
        ssize_t len = pread(fd, bytes, LAST_MAX, from);
        closed = len > 0 && from + len == st.st_size && ends_with_last_block(bytes, (size_t)len);
    }
    free(bytes);
    close(fd);
    return closed;
}

/* As long as there is a spool, whatever its state, it may hold the rest of the file. */
static bool has_spool(const struct evj_header *header)
{
    uint64_t head;
    bool live;
    int status = header->spool[0] ? evj_spool_look(header->spool, &head, &live) : EVJ_END;

    return status != EVJ_END && status != EVJ_ERR_FOREIGN;
}

bool retention_is_closed(int folder_fd, const char *name)
{
    struct evj_header header;

    return has_end(folder_fd, name) ||
           (read_header(folder_fd, name, &header) && !has_spool(&header));
}

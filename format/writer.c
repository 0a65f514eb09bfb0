/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/writer.h"

#include "evj/block.h"
#include "evj/end.h"
#include "evj/limits.h"
#include "format/new_file_internal.h"
#include "format/tally_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_LEVEL 6

struct evj_writer {
    struct evj_new_file file;
    struct evj_writer_options options;
    struct evj_block_builder *block;
    struct evj_header header;
    struct evj_writer_totals totals;
    struct evj_tally tally;
    bool resumed;
    bool end_added; /* the end record is in the block that could not be written yet */
};

/* All of it, or -1 with errno. */
static int write_fully(int fd, const unsigned char *bytes, size_t len, off_t at)
{
    while (len > 0) {
        ssize_t done = pwrite(fd, bytes, len, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        bytes += done;
        at += done;
        len -= (size_t)done;
    }
    return 0;
}

/* Half a block at the end of the file would hide what comes after it: cut it off again. */
static int write_block(struct evj_writer *writer, const unsigned char *member, size_t size,
                       struct evj_error *err)
{
    uint64_t at = writer->totals.file_bytes;

    if (write_fully(writer->file.fd, member, size, (off_t)at) == 0 &&
        (!writer->options.sync_block || fdatasync(writer->file.fd) == 0)) {
        writer->totals.file_bytes += size;
        return EVJ_OK;
    }
    struct evj_error why = {0};
    int status = evj_fail_errno(&why, at, "cannot write");
    if (ftruncate(writer->file.fd, (off_t)at) < 0)
        snprintf(why.text + strlen(why.text), sizeof(why.text) - strlen(why.text),
                 ", nor can the half block be cut off: %s", strerror(errno));
    if (err)
        *err = why;
    return status;
}

int evj_writer_flush(struct evj_writer *writer, struct evj_error *err)
{
    const unsigned char *member;
    size_t size;

    if (evj_block_builder_records(writer->block) == 0)
        return EVJ_OK;
    int status = evj_block_builder_finish(writer->block, &member, &size, err);
    if (status == EVJ_OK)
        status = write_block(writer, member, size, err);
    if (status == EVJ_OK)
        evj_block_builder_reset(writer->block);
    return status;
}

static int add_line(struct evj_writer *writer, const struct evj_record *record,
                    struct evj_error *err)
{
    int status = evj_block_builder_add(writer->block, record, err);

    if (status == EVJ_OK)
        writer->totals.text_bytes += record->line.len + 1;
    return status;
}

static int add_text(struct evj_writer *writer, const char *line, size_t len, struct evj_error *err)
{
    struct evj_record record;
    int status = evj_record_parse(line, len, &record, err);

    return status == EVJ_OK ? add_line(writer, &record, err) : status;
}

static int write_first_block(struct evj_writer *writer, const struct evj_header *header,
                             struct evj_error *err)
{
    struct evj_slice first = writer->options.first_line;
    char line[EVJ_HEADER_LINE_MAX];

    if (!first.text)
        first = (struct evj_slice){line, evj_header_put(header, line)};
    int status = add_text(writer, first.text, first.len, err);
    return status == EVJ_OK ? evj_writer_flush(writer, err) : status;
}

/* A writer without a file yet. */
static int new_writer(const struct evj_header *header, const struct evj_writer_options *options,
                      struct evj_writer **ret_writer, struct evj_error *err)
{
    EVJ_AUTO(writer) *writer = calloc(1, sizeof(*writer));

    if (!writer)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a writer");
    writer->file.fd = -1;
    writer->header = *header;
    if (options)
        writer->options = *options;
    if (writer->options.level == 0)
        writer->options.level = DEFAULT_LEVEL;
    if (writer->options.block_text == 0)
        writer->options.block_text = EVJ_BLOCK_TEXT;
    if (writer->options.block_text > EVJ_LINE_MAX)
        writer->options.block_text = EVJ_LINE_MAX; /* no reader takes a longer text */

    int status = evj_block_builder_new(writer->options.level, &writer->block, err);
    if (status == EVJ_OK)
        *ret_writer = EVJ_TAKE(writer);
    return status;
}

/* ---- a file that appears whole ---- */

/* `what` is for the message: what cannot be created. */
static int begin(const char *folder, const char *what, const struct evj_header *header,
                 const struct evj_writer_options *options, struct evj_writer **ret_writer,
                 struct evj_error *err)
{
    EVJ_AUTO(writer) *writer = NULL;
    int status = new_writer(header, options, &writer, err);

    if (status < 0)
        return status;
    if (evj_new_file_create(folder, &writer->file) < 0)
        return evj_fail_errno(err, 0, "cannot create %s", what);
    status = write_first_block(writer, header, err);
    if (status == EVJ_OK)
        *ret_writer = EVJ_TAKE(writer);
    return status;
}

int evj_writer_begin(const char *folder, const struct evj_header *header,
                     const struct evj_writer_options *options, struct evj_writer **ret_writer,
                     struct evj_error *err)
{
    char what[256];

    snprintf(what, sizeof(what), "a file in %.240s", folder);
    return begin(folder, what, header, options, ret_writer, err);
}

int evj_writer_publish(struct evj_writer *writer, const char *path, struct evj_error *err)
{
    if (evj_new_file_publish(&writer->file, path, writer->options.sync_block) == 0)
        return EVJ_OK;
    return errno == EEXIST
               ? evj_fail_errno(err, 0, "%s: journals are never overwritten, choose another name",
                                path)
               : evj_fail_errno(err, 0, "cannot create %s", path);
}

void evj_writer_clean(const char *folder)
{
    evj_new_file_clean(folder);
}

int evj_writer_open(const char *path, const struct evj_header *header,
                    const struct evj_writer_options *options, struct evj_writer **ret_writer,
                    struct evj_error *err)
{
    EVJ_AUTO(writer) *writer = NULL;
    char *folder = evj_new_file_folder(path);
    int status = folder ? begin(folder, path, header, options, &writer, err)
                        : evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a path");

    free(folder);
    if (status == EVJ_OK)
        status = evj_writer_publish(writer, path, err);
    if (status == EVJ_OK)
        *ret_writer = EVJ_TAKE(writer);
    return status;
}

int evj_writer_resume(const char *path, const struct evj_header *header,
                      const struct evj_writer_totals *sofar, struct evj_writer **ret_writer,
                      struct evj_error *err)
{
    EVJ_AUTO(writer) *writer = NULL;
    int status = new_writer(header, NULL, &writer, err);

    if (status < 0)
        return status;
    writer->resumed = writer->tally.is_partial = true;
    writer->totals = *sofar;
    evj_block_builder_follow(writer->block, sofar->next_seq, sofar->last_mono_us);
    writer->file.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (writer->file.fd < 0 || ftruncate(writer->file.fd, (off_t)sofar->file_bytes) < 0)
        return evj_fail_errno(err, sofar->file_bytes, "cannot go on with %s", path);
    *ret_writer = EVJ_TAKE(writer);
    return EVJ_OK;
}

void evj_writer_count(struct evj_writer_totals *totals, const struct evj_record *record)
{
    uint64_t span = evj_record_seq_span(record);
    int64_t last_us = record->mono_us;

    totals->records++;
    if (record->kind == EVJ_RECORD_EVENT)
        totals->events++;
    if (record->kind == EVJ_RECORD_GAP) {
        totals->dropped += record->gap.events;
        if (record->gap.until_us > last_us)
            last_us = record->gap.until_us;
    }
    if (span > 0 && record->seq + span > totals->next_seq)
        totals->next_seq = record->seq + span;
    if (span > 0 && last_us > totals->last_mono_us)
        totals->last_mono_us = last_us;
}

/* A line that would make the block too long opens the next one. */
static int make_room(struct evj_writer *writer, size_t line_len, struct evj_error *err)
{
    size_t held = evj_block_builder_text_size(writer->block);

    return held > 0 && held + line_len + 1 > writer->options.block_text
               ? evj_writer_flush(writer, err)
               : EVJ_OK;
}

int evj_writer_add(struct evj_writer *writer, const struct evj_record *record,
                   struct evj_error *err)
{
    int status = make_room(writer, record->line.len, err);

    if (status == EVJ_OK)
        status = add_line(writer, record, err);
    if (status < 0)
        return status;
    evj_writer_count(&writer->totals, record);
    evj_tally_add(&writer->tally, &writer->header, record);
    return EVJ_OK;
}

int evj_writer_add_event(struct evj_writer *writer, int64_t mono_us, const char *event, size_t len,
                         struct evj_error *err)
{
    struct evj_record record;
    struct evj_event peeked;

    if (len > EVJ_LINE_MAX - EVJ_PREFIX_MAX - 1)
        return evj_fail(err, EVJ_ERR_LIMIT, 0, "an event of %zu bytes; the limit is %u", len,
                        EVJ_LINE_MAX);
    if (memchr(event, '\n', len))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "an event with line breaks in it");
    /* On its own first: inside a record's line, `{},"seq":5` would pass for an event and more. */
    int status = evj_event_peek(event, len, &peeked, err);
    if (status < 0)
        return status;
    char *line = malloc(EVJ_PREFIX_MAX + len + 1);
    if (!line)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for an event of %zu bytes", len);

    size_t at = evj_record_put_prefix(line, writer->totals.next_seq, mono_us);
    memcpy(line + at, event, len);
    line[at + len] = '}';
    status = evj_record_parse(line, at + len + 1, &record, err);
    if (status == EVJ_OK)
        status = evj_writer_add(writer, &record, err);
    free(line);
    return status;
}

/* The moment of the end, on the clock that this journal's mono comes from. */
static void end_time(const struct evj_writer *writer, struct evj_end *end)
{
    const struct evj_header *header = &writer->header;
    bool is_now = !writer->resumed && !writer->options.copies &&
                  strcmp(header->clock, EVJ_CLOCK_TIMESTAMP) != 0;
    int64_t last_us =
        writer->totals.next_seq > 0 ? writer->totals.last_mono_us : header->started_mono_us;

    end->mono_us = is_now ? evj_clock_mono_us() : last_us;
    end->wall_us = is_now ? evj_clock_wall_us() : evj_header_wall_us(header, last_us);
}

static int add_end(struct evj_writer *writer, const char *reason, struct evj_error *err)
{
    const struct evj_writer_totals *totals = &writer->totals;
    char line[EVJ_END_LINE_MAX];
    struct evj_end end;

    evj_tally_tell(&writer->tally, &writer->header, &end);
    end_time(writer, &end);
    end.records = totals->records;
    end.events = totals->events;
    end.dropped = totals->dropped;
    snprintf(end.reason, sizeof(end.reason), "%s", reason);
    size_t len = evj_end_put(&end, line);
    int status = make_room(writer, len, err);
    return status == EVJ_OK ? add_text(writer, line, len, err) : status;
}

int evj_writer_finish(struct evj_writer *writer, const char *reason, struct evj_error *err)
{
    if (!writer->end_added) {
        int status = add_end(writer, reason, err);
        if (status < 0)
            return status;
        writer->end_added = true;
    }
    int status = evj_writer_flush(writer, err);
    if (status < 0)
        return status;
    if (fsync(writer->file.fd) < 0 && errno != EINVAL && errno != ENOTSUP)
        return evj_fail_errno(err, writer->totals.file_bytes, "cannot sync");
    return EVJ_OK;
}

void evj_writer_rest(struct evj_writer *writer)
{
    evj_block_builder_rest(writer->block);
}

void evj_writer_free(struct evj_writer *writer)
{
    if (!writer)
        return;
    evj_block_builder_free(writer->block);
    evj_tally_done(&writer->tally);
    evj_new_file_drop(&writer->file);
    free(writer);
}

const struct evj_writer_totals *evj_writer_totals(const struct evj_writer *writer)
{
    return &writer->totals;
}

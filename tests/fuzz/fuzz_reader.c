/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole journal, as it is and mended. However damaged it is, reading it ends, what is missing is
 * told, and all ways to read it agree: as a file or from a pipe, with threads that decode ahead, with
 * blocks passed by. What is read without damage is what zcat makes of it.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/reader.h"
#include "format/workers_internal.h"
#include "tests/fuzz/mend.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* ---- one reading ---- */

/* What came, a line each: R and a record, G and a gap that the reader made, D and damage. */
struct reading {
    char *log;
    size_t len;
    int opened;
    unsigned damages;
    uint64_t text_bytes;
    enum evj_ending ending;
};

/* What the next record must be. */
struct due {
    bool known, passes;
    uint64_t next_seq;
    struct evj_header header;
    bool gap;
    uint64_t gap_events;
    uint64_t damaged_from;
};

/* Files of one recording, one behind the other, may have one sequence; any other begins anew. */
static void note_header(struct due *due, const struct evj_header *header)
{
    bool same_recording = strcmp(due->header.id, header->id) == 0 && header->id[0] != '\0';

    due->known &= same_recording || memcmp(&due->header, header, sizeof(*header)) == 0;
    due->header = *header;
}

/* No number is passed over in silence: what is missing is a gap, if not in a block passed by. */
static void check_record(struct due *due, const struct evj_record *record)
{
    uint64_t span = evj_record_seq_span(record);

    REQUIRE(record->kind != EVJ_RECORD_JOURNAL);
    if (record->has_seq)
        REQUIRE(record->wall_us == evj_header_wall_us(&due->header, record->mono_us));
    if (due->gap)
        REQUIRE(record->kind == EVJ_RECORD_GAP && record->gap.events == due->gap_events);
    due->gap = false;
    if (record->kind == EVJ_RECORD_STATE || !record->has_seq)
        return;
    if (due->known && !due->passes && due->header.cut[0] == '\0')
        REQUIRE(record->seq <= due->next_seq);
    if (span > 0 && (!due->known || record->seq + span > due->next_seq))
        due->next_seq = record->seq + span;
    due->known |= span > 0;
}

static void check_damage(struct due *due, const struct evj_damage *damage,
                         const struct evj_error *err, size_t size)
{
    REQUIRE(err->status == EVJ_DAMAGED && err->text[0] != '\0');
    REQUIRE(damage->from <= damage->to && damage->to <= size);
    REQUIRE(damage->from >= due->damaged_from);
    due->damaged_from = damage->from;
    due->gap = damage->lost > 0 || !damage->lost_is_certain;
    due->gap_events = damage->lost;
}

static void read_records(struct evj_reader *reader, size_t size, bool passes,
                         struct reading *reading)
{
    FILE *log = open_memstream(&reading->log, &reading->len);
    const struct evj_record *record;
    struct due due = {.passes = passes, .header = *evj_reader_header(reader)};
    uint64_t lost = 0;
    int status;

    REQUIRE(log);
    for (;;) {
        struct evj_error err = {0};
        status = evj_reader_next(reader, &record, &err);
        note_header(&due, evj_reader_header(reader));
        if (status == EVJ_OK) {
            fputs(due.gap ? "G " : "R ", log);
            fwrite(record->line.text, 1, record->line.len, log);
            fputc('\n', log);
            check_record(&due, record);
        } else if (status == EVJ_DAMAGED) {
            const struct evj_damage *damage = evj_reader_damage(reader);
            check_damage(&due, damage, &err, size);
            fprintf(log, "D %s\n", err.text);
            reading->damages++;
            lost += damage->lost;
        } else {
            break;
        }
    }
    REQUIRE(status == EVJ_END && !due.gap);
    REQUIRE(evj_reader_next(reader, &record, NULL) == EVJ_END);
    REQUIRE(fclose(log) == 0);
    REQUIRE(evj_reader_totals(reader)->damages == reading->damages);
    REQUIRE(evj_reader_totals(reader)->lost == lost);
    reading->text_bytes = evj_reader_totals(reader)->text_bytes;
    reading->ending = evj_reader_ending(reader);
}

/* For as long as the process lives. */
static struct evj_workers *workers(void)
{
    static struct evj_workers *workers;

    if (!workers)
        workers = evj_workers_new();
    REQUIRE(workers);
    return workers;
}

/* Decodes `ahead` bytes ahead, unless 0; passes by what is not wanted, unless NULL. */
static struct reading read_path(const char *path, size_t size, size_t ahead,
                                evj_block_wanted *wants)
{
    EVJ_AUTO(reader) *reader = NULL;
    struct evj_error err = {0};
    struct reading reading = {.opened = evj_reader_open(path, &reader, &err)};

    if (reading.opened != EVJ_OK) {
        REQUIRE(reading.opened != EVJ_ERR_IO && reading.opened != EVJ_ERR_MEMORY);
        REQUIRE(err.status == reading.opened && err.text[0] != '\0');
        return reading;
    }
    if (ahead > 0)
        evj_reader_set_ahead(reader, workers(), ahead);
    evj_reader_set_filter(reader, wants, NULL);
    read_records(reader, size, wants != NULL, &reading);
    return reading;
}

/* ---- ways to read ---- */

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header;
    (void)info;
    (void)context;
    return false;
}

static bool wants_some(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    (void)header;
    (void)context;
    return info->member_size % 2 == 0;
}

static void require_same(const struct reading *reading, struct reading other)
{
    REQUIRE(reading->opened == other.opened);
    REQUIRE(reading->len == other.len);
    REQUIRE(other.len == 0 || memcmp(reading->log, other.log, other.len) == 0);
    REQUIRE(reading->ending == other.ending);
    free(other.log);
}

/* Where the line ends at `at`, behind its newline. */
static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    REQUIRE(newline);
    return newline + 1;
}

/* Each record that was read beside blocks that were passed by is one of those read without. */
static void require_part(const struct reading *reading, struct reading part)
{
    REQUIRE(reading->opened == part.opened);
    if (part.opened != EVJ_OK)
        return;
    const char *at = reading->log, *end = at + reading->len;
    for (const char *line = part.log, *next; line < part.log + part.len; line = next) {
        next = line_end(line, part.log + part.len);
        bool found = line[0] != 'R';
        while (!found && at < end) {
            const char *after = line_end(at, end);
            found = after - at == next - line && memcmp(at, line, (size_t)(after - at)) == 0;
            at = after;
        }
        REQUIRE(found);
    }
    free(part.log);
}

/* ---- zcat ---- */

/* The text of all members, or NULL if gunzip would complain. */
static char *zcat(const unsigned char *bytes, size_t size, size_t room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    char *text = fuzz_alloc(room + 1);
    int result = Z_OK;

    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_out = (Bytef *)text;
    stream.avail_out = (uInt)room + 1;
    while (result == Z_OK && stream.avail_in > 0) {
        result = inflate(&stream, Z_FINISH);
        if (result == Z_STREAM_END && stream.avail_in > 0)
            result = inflateReset(&stream);
    }
    bool is_good = result == Z_STREAM_END && stream.avail_out == 1;
    inflateEnd(&stream);
    if (is_good)
        return text;
    free(text);
    return NULL;
}

static bool is_first_line(const char *line, size_t len)
{
    struct evj_record record;

    return evj_record_parse(line, len, &record, NULL) == EVJ_OK &&
           record.kind == EVJ_RECORD_JOURNAL;
}

static void require_zcat(const struct reading *reading, const unsigned char *bytes, size_t size)
{
    size_t len = (size_t)reading->text_bytes;
    char *text = zcat(bytes, size, len);
    const char *logged = reading->log, *log_end = logged + reading->len;

    REQUIRE(text);
    for (const char *line = text, *next; line < text + len; line = next) {
        next = line_end(line, text + len);
        if (is_first_line(line, (size_t)(next - 1 - line)))
            continue;
        REQUIRE(logged < log_end);
        const char *after = line_end(logged, log_end);
        REQUIRE(after - logged == next - line + 2);
        REQUIRE(memcmp(logged + 2, line, (size_t)(next - line)) == 0);
        logged = after;
    }
    REQUIRE(logged == log_end);
    free(text);
}

/* ---- all of it ---- */

static struct reading read_pipe(const unsigned char *bytes, size_t size)
{
    int ends[2];

    /* A pipe holds 64 KiB: more than an input here ever has. */
    REQUIRE(size < 65536 && pipe(ends) == 0);
    REQUIRE(size == 0 || write(ends[1], bytes, size) == (ssize_t)size);
    close(ends[1]);
    REQUIRE(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    close(ends[0]);
    return read_path("-", size, 0, NULL);
}

static void check_journal(const unsigned char *bytes, size_t size)
{
    int fd = memfd_create("journal", MFD_CLOEXEC);
    char path[64];

    REQUIRE(fd >= 0 && (size == 0 || write(fd, bytes, size) == (ssize_t)size));
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    struct reading reading = read_path(path, size, 0, NULL);
    require_same(&reading, read_path(path, size, 4096, NULL));
    require_same(&reading, read_pipe(bytes, size));
    require_part(&reading, read_path(path, size, 0, wants_none));
    require_part(&reading, read_path(path, size, 4096, wants_some));
    if (reading.opened == EVJ_OK && reading.damages == 0)
        require_zcat(&reading, bytes, size);
    free(reading.log);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t used = size < 65535 ? size : 65535;
    unsigned char *bytes = fuzz_copy(data, used);

    check_journal(bytes, used);
    mend_journal(bytes, used);
    check_journal(bytes, used);
    free(bytes);
    return 0;
}

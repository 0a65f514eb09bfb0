/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/journals.h"

#include "tests/support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

void journal_header(struct evj_header *ret_header)
{
    *ret_header = (struct evj_header){
        .version = EVJ_FORMAT_MAJOR,
        .id = JOURNAL_ID,
        .recorder = "evj test",
        .emitter = "gw-alpha",
        .host = "test-host",
        .clock = EVJ_CLOCK_MONOTONIC,
        .events = "all",
        .started_wall_us = JOURNAL_WALL_US,
        .started_mono_us = JOURNAL_MONO_US,
    };
}

/* Letters in no order that deflate could use. */
static void put_padding(FILE *out, size_t len, uint64_t seed)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;

    for (size_t i = 0; i < len; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        fputc(letters[x >> 58], out);
    }
}

static void put_number(FILE *out, const char *key, uint64_t value)
{
    if (value != 0)
        fprintf(out, "\"%s\":%" PRIu64 ",", key, value);
}

char *event_text(const struct event_spec *spec, uint64_t number)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs("{\"emitter\":\"gw-alpha\",", out);
    put_number(out, "type", spec->type);
    put_number(out, "subtype", spec->subtype);
    fprintf(out, "\"timestamp\":%" PRId64 ",", JOURNAL_WALL_US + spec->mono_us);
    put_number(out, "session_id", spec->session_id);
    put_number(out, "handle_id", spec->handle_id);
    if (spec->opaque_id)
        fprintf(out, "\"opaque_id\":\"%s\",", spec->opaque_id);
    if (spec->padding > 0) {
        fputs("\"padding\":\"", out);
        put_padding(out, spec->padding, number + 1);
        fputs("\",", out);
    }
    fprintf(out, "\"event\":%s}", spec->body ? spec->body : "{}");
    fclose(out);
    return text;
}

struct evj_writer *journal_begin(const char *path, const struct evj_writer_options *options)
{
    struct evj_header header;
    struct evj_writer *writer = NULL;
    struct evj_error err = {0};

    journal_header(&header);
    if (evj_writer_open(path, &header, options, &writer, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    return writer;
}

void journal_event(struct evj_writer *writer, const struct event_spec *spec)
{
    char *text = event_text(spec, evj_writer_totals(writer)->next_seq);
    struct evj_error err = {0};
    int status =
        evj_writer_add_event(writer, JOURNAL_MONO_US + spec->mono_us, text, strlen(text), &err);

    free(text);
    if (status != EVJ_OK)
        fail_msg("%s", err.text);
}

void journal_line(struct evj_writer *writer, const char *line)
{
    struct evj_record record;
    struct evj_error err = {0};

    if (evj_record_parse(line, strlen(line), &record, &err) != EVJ_OK ||
        evj_writer_add(writer, &record, &err) != EVJ_OK)
        fail_msg("%s: %s", line, err.text);
}

void journal_events(struct evj_writer *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t session_id = 1000 + i / 8;
        journal_event(writer, &(struct event_spec){.type = 1u << i % 9,
                                                   .subtype = i % 4,
                                                   .session_id = session_id,
                                                   .handle_id = 10 * session_id,
                                                   .opaque_id = "test",
                                                   .mono_us = (int64_t)i * 1000});
    }
}

void journal_end(struct evj_writer *writer)
{
    struct evj_error err = {0};
    int status = evj_writer_finish(writer, "shutdown", &err);

    evj_writer_free(writer);
    if (status != EVJ_OK)
        fail_msg("%s", err.text);
}

void journal_make(const char *path, unsigned count, size_t block_text)
{
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.block_text = block_text});

    journal_events(writer, count);
    journal_end(writer);
}

/* ---- reading ---- */

void reading_add(struct reading *reading, const struct evj_record *record)
{
    size_t count = reading->count + 1;

    reading->lines = realloc(reading->lines, count * sizeof(*reading->lines));
    reading->records = realloc(reading->records, count * sizeof(*reading->records));
    assert_non_null(reading->lines);
    assert_non_null(reading->records);
    reading->lines[reading->count] = strndup(record->line.text, record->line.len);
    reading->records[reading->count] = *record;
    reading->count = count;
}

static void note_damage(struct reading *reading, const struct evj_error *err,
                        const struct evj_damage *damage)
{
    if (reading->damages++ > 0)
        return;
    reading->damage_err = *err;
    reading->damage = *damage;
}

struct reading reading_with_filter(const char *path, evj_block_wanted *wants, void *context)
{
    EVJ_AUTO(reader) *reader = NULL;
    struct reading reading = {0};
    const struct evj_record *record;

    reading.status = evj_reader_open(path, &reader, &reading.err);
    if (reading.status != EVJ_OK)
        return reading;
    evj_reader_set_filter(reader, wants, context);
    while ((reading.status = evj_reader_next(reader, &record, &reading.err)) == EVJ_OK ||
           reading.status == EVJ_DAMAGED) {
        if (reading.status == EVJ_OK)
            reading_add(&reading, record);
        else
            note_damage(&reading, &reading.err, evj_reader_damage(reader));
    }
    reading.ending = evj_reader_ending(reader);
    reading.totals = *evj_reader_totals(reader);
    return reading;
}

struct reading reading_of(const char *path)
{
    return reading_with_filter(path, NULL, NULL);
}

struct reading reading_of_journal(const char *const *paths, size_t count)
{
    EVJ_AUTO(journal) *journal = NULL;
    struct reading reading = {0};
    const struct evj_record *record;

    reading.status = evj_journal_open(paths, count, &journal, &reading.err);
    if (reading.status != EVJ_OK)
        return reading;
    while ((reading.status = evj_journal_next(journal, &record, &reading.err)) == EVJ_OK)
        reading_add(&reading, record);
    for (size_t i = 0; i < evj_journal_faults(journal); i++) {
        const struct evj_journal_fault *fault = evj_journal_fault(journal, i);
        if (fault->err.status == EVJ_DAMAGED)
            note_damage(&reading, &fault->err, &fault->damage);
    }
    return reading;
}

void reading_done(struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        free(reading->lines[i]);
    free(reading->lines);
    free(reading->records);
    *reading = (struct reading){0};
}

size_t reading_kinds(const struct reading *reading, enum evj_record_kind kind)
{
    size_t found = 0;

    for (size_t i = 0; i < reading->count; i++)
        found += reading->records[i].kind == kind;
    return found;
}

uint64_t reading_assert_continuous(const struct reading *reading)
{
    uint64_t next = 0;
    int begun = 0;

    for (size_t i = 0; i < reading->count; i++) {
        const struct evj_record *record = &reading->records[i];
        uint64_t span = evj_record_seq_span(record);
        if (span == 0)
            continue;
        if (begun)
            assert_int_equal(record->seq, next);
        begun = 1;
        next = record->seq + span;
    }
    return next;
}

uint64_t reading_assert_whole(const struct reading *reading)
{
    if (reading->damages > 0)
        fail_msg("%s", reading->damage_err.text);
    return reading_assert_continuous(reading);
}

void reading_assert_line(const struct reading *reading, size_t index, const char *line)
{
    assert_in_range(index, 0, reading->count - 1);
    assert_string_equal(reading->lines[index], line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/support/journal_files.h"

#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct evj_writer *begin_file(const char *folder, const struct file_spec *spec)
{
    char *path = temp_path(folder, spec->name);
    struct evj_writer *writer = NULL;
    struct evj_header header;

    journal_header(&header);
    header.started_wall_us = JOURNAL_WALL_US + spec->wall_s * 1000000;
    header.started_mono_us = spec->mono_s * 1000000;
    if (spec->id)
        snprintf(header.id, sizeof(header.id), "%s", spec->id);
    if (spec->previous)
        snprintf(header.previous, sizeof(header.previous), "%s", spec->previous);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    free(path);
    return writer;
}

/* An event `s` seconds after boot, whose text says `what`. */
void put(struct evj_writer *writer, const char *kind, unsigned seq, int64_t s, const char *what)
{
    char line[200];

    snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":%lld,\"%s\":{\"emitter\":\"%s\"}}", seq,
             (long long)s * 1000000, kind, what);
    journal_line(writer, line);
}

/* The texts of all events, in their order, with a space between. */
void assert_order(const struct reading *reading, const char *expected)
{
    char got[1000] = "";
    size_t at = 0;

    for (size_t i = 0; i < reading->count; i++) {
        struct evj_record record;
        assert_int_equal(
            evj_record_parse(reading->lines[i], strlen(reading->lines[i]), &record, NULL), EVJ_OK);
        struct evj_slice text = evj_json_string(record.event.emitter);
        if (text.text)
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%.*s", at ? " " : "",
                                   (int)text.len, text.text);
    }
    assert_string_equal(got, expected);
}

struct reading read_files(const char *folder, const char *const *names, size_t count)
{
    char *paths[8] = {NULL};

    for (size_t i = 0; i < count; i++)
        paths[i] = temp_path(folder, names[i]);
    struct reading reading = reading_of_journal((const char *const *)paths, count);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    return reading;
}

/* A closed file of one event. */
void write_one(const char *folder, const struct file_spec *spec, const char *what)
{
    struct evj_writer *writer = begin_file(folder, spec);

    put(writer, "event", 0, spec->wall_s, what);
    journal_end(writer);
}

void change_byte(const char *folder, const char *name, size_t from_end)
{
    char *path = temp_path(folder, name);
    size_t size;
    char *bytes = temp_read(path, &size);

    bytes[size - from_end] ^= 1;
    temp_write(path, bytes, size);
    free(bytes);
    free(path);
}

/* Three blocks: one event, four events, the end record. With a broken second one. */
void write_damaged(const char *folder, const struct file_spec *spec)
{
    struct evj_writer *writer = begin_file(folder, spec);
    size_t before, after;
    char *path = temp_path(folder, spec->name);

    put(writer, "event", 0, spec->wall_s, "x");
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    for (unsigned seq = 1; seq < 5; seq++)
        put(writer, "event", seq, spec->wall_s, "x");
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    free(temp_read(path, &before));
    put(writer, "event", 5, spec->wall_s, "x");
    journal_end(writer);
    free(temp_read(path, &after));
    change_byte(folder, spec->name, after - before + 1);
    free(path);
}

void write_three(const char *folder)
{
    write_damaged(folder, &(struct file_spec){.name = "a.evj.gz"});
    write_one(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 10}, "b");
    write_damaged(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 20});
}

void write_rotated(const char *folder)
{
    struct evj_writer *first =
        begin_file(folder, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(
        folder, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 10, .mono_s = 110});
    struct evj_writer *third = begin_file(
        folder, &(struct file_spec){
                    .name = "3.evj.gz", .previous = "2.evj.gz", .wall_s = 20, .mono_s = 120});

    put(first, "event", 0, 100, "e0");
    put(first, "event", 1, 101, "e1");
    put(second, "state", 0, 100, "s0");
    put(second, "event", 2, 111, "e2");
    put(third, "state", 0, 100, "t0");
    put(third, "state", 2, 111, "t2");
    put(third, "event", 3, 121, "e3");
    journal_end(first);
    journal_end(second);
    journal_end(third);
}

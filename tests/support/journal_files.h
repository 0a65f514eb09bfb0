/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_JOURNAL_FILES_H
#define TESTS_SUPPORT_JOURNAL_FILES_H

/* Journals of several files, for tests of reading them as one. */

#include "tests/support/journals.h"

#include <stddef.h>
#include <stdint.h>

/* One file of a test: where its clocks stood, and what it continues. */
struct file_spec {
    const char *name, *id, *previous;
    int64_t wall_s, mono_s; /* since JOURNAL_WALL_US, since boot */
};

struct evj_writer *begin_file(const char *folder, const struct file_spec *spec);

/* An event `s` seconds after boot, whose text says `what`. */
void put(struct evj_writer *writer, const char *kind, unsigned seq, int64_t s, const char *what);

/* The texts of all events, in their order, with a space between. */
void assert_order(const struct reading *reading, const char *expected);

struct reading read_files(const char *folder, const char *const *names, size_t count);

/* A closed file of one event. */
void write_one(const char *folder, const struct file_spec *spec, const char *what);

/* Change the byte that stands so far before the end of the file. */
void change_byte(const char *folder, const char *name, size_t from_end);

/* Three blocks: one event, four events, the end record. With a broken second one. */
void write_damaged(const char *folder, const struct file_spec *spec);

/* a.evj.gz and c.evj.gz are damaged, b.evj.gz is whole; of three recordings. */
void write_three(const char *folder);

/* 1.evj.gz to 3.evj.gz of one recording, each with the state of what was before. */
void write_rotated(const char *folder);

#define READ(folder, ...)                                  \
    read_files(folder, (const char *const[]){__VA_ARGS__}, \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

/*
 * A table for people: cells are collected as text, and printed in columns as wide as they must be,
 * the first to the left and the others to the right. One thread.
 */

#include <glib.h>

#define TABLE_COLUMNS_MAX 10u

struct table {
    const char *title;
    GPtrArray *cells; /* char *, row by row */
    size_t columns;
};

/* `heads`: the names of the columns, NULL behind the last; they and `title` are borrowed. */
void table_init(struct table *table, const char *title, const char *const *heads);

/* The next cell; a row is full when it has a cell for each column. */
void table_add(struct table *table, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* To standard output; then it is empty and done with. */
void table_print(struct table *table);

#endif

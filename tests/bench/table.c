/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void table_init(struct table *table, const char *title, const char *const *heads)
{
    *table = (struct table){.title = title, .cells = g_ptr_array_new_with_free_func(g_free)};
    for (; heads[table->columns]; table->columns++)
        table_add(table, "%s", heads[table->columns]);
}

void table_add(struct table *table, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_ptr_array_add(table->cells, g_strdup_vprintf(format, args));
    va_end(args);
}

static void measure_columns(const struct table *table, int widths[TABLE_COLUMNS_MAX])
{
    memset(widths, 0, TABLE_COLUMNS_MAX * sizeof(widths[0]));
    for (guint i = 0; i < table->cells->len; i++) {
        int width = (int)g_utf8_strlen(table->cells->pdata[i], -1);
        int *column = &widths[i % table->columns];
        *column = MAX(*column, width);
    }
}

static void print_cell(const char *text, int width, gboolean left)
{
    int blanks = width - (int)g_utf8_strlen(text, -1);

    if (left)
        printf("%s%*s", text, blanks, "");
    else
        printf("  %*s%s", blanks, "", text);
}

static void print_rule(const int *widths, size_t columns)
{
    int length = -2;

    for (size_t i = 0; i < columns; i++)
        length += widths[i] + 2;
    while (length-- > 0)
        putchar('-');
    putchar('\n');
}

void table_print(struct table *table)
{
    int widths[TABLE_COLUMNS_MAX];

    measure_columns(table, widths);
    printf("\n%s\n", table->title);
    for (guint i = 0; i < table->cells->len; i++) {
        size_t column = i % table->columns;
        print_cell(table->cells->pdata[i], widths[column], column == 0);
        if (column + 1 == table->columns)
            putchar('\n');
        if (i + 1 == table->columns)
            print_rule(widths, table->columns);
    }
    fflush(stdout);
    g_ptr_array_free(table->cells, TRUE);
    table->cells = NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tools/analysis/recordings.h"

#include "tests/support/test.h"

#include "evj/journal.h"

#include <stdlib.h>
#include <string.h>

static char *folder_path(const char *name)
{
    const char *data = getenv("EVJ_TEST_DATA");

    return g_build_filename(data != NULL ? data : "tests/data", name, NULL);
}

/* ---- recordings ---- */

static void recording_free(gpointer pointer)
{
    struct recording *recording = pointer;

    g_free(recording->kind);
    g_free(recording->name);
    g_free(recording->path);
    model_free(recording->model);
    g_free(recording);
}

static gint by_name(gconstpointer left, gconstpointer right)
{
    const struct recording *a = *(struct recording *const *)left;
    const struct recording *b = *(struct recording *const *)right;

    return strcmp(a->name, b->name);
}

static void list_kind(GPtrArray *recordings, const char *folder, const char *kind)
{
    g_autofree char *path = g_build_filename(folder, kind, NULL);
    g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
    const char *file;

    while (files != NULL && (file = g_dir_read_name(files)) != NULL) {
        struct recording *recording = g_new0(struct recording, 1);

        recording->kind = g_strdup(kind);
        recording->path = g_build_filename(path, file, NULL);
        recording->name = g_strdup_printf("%s/%.*s", kind, (int)strcspn(file, "."), file);
        g_ptr_array_add(recordings, recording);
    }
}

static GPtrArray *list_folder(const char *name)
{
    GPtrArray *recordings = g_ptr_array_new_with_free_func(recording_free);
    g_autofree char *folder = folder_path(name);
    g_autoptr(GDir) kinds = g_dir_open(folder, 0, NULL);
    const char *kind;

    if (kinds == NULL)
        fail_msg("no folder %s", folder);
    while ((kind = g_dir_read_name(kinds)) != NULL)
        list_kind(recordings, folder, kind);
    g_ptr_array_sort(recordings, by_name);
    return recordings;
}

GPtrArray *recordings_list(void)
{
    return list_folder("recordings");
}

GPtrArray *recordings_list_plugins(void)
{
    return list_folder("plugins");
}

static struct model *read_model(const char *path)
{
    EVJ_AUTO(journal) *journal = NULL;
    struct model *model = model_new(true);
    struct evj_error err = {0};
    const struct evj_record *record;
    int status = evj_journal_open(&path, 1, &journal, &err);

    while (status == 0 && (status = evj_journal_next(journal, &record, &err)) == 0)
        model_add(model, record);
    if (status != EVJ_END)
        fail_msg("%s: %s", path, err.text);
    return model;
}

GPtrArray *recordings_load(void)
{
    GPtrArray *recordings = recordings_list();

    for (guint i = 0; i < recordings->len; i++) {
        struct recording *recording = g_ptr_array_index(recordings, i);

        recording->model = read_model(recording->path);
    }
    return recordings;
}

/* ---- where they part ---- */

static void divergence_free(gpointer pointer)
{
    struct divergence *row = pointer;

    g_strfreev(row->a);
    g_strfreev(row->b);
    g_free(row->class);
    g_free(row->lane);
    g_free(row->a_step);
    g_free(row->b_step);
    g_free(row->says);
    g_free(row);
}

/* A column: "-" for nothing, '~' for a blank. */
static char *text_of(const char *column)
{
    return g_str_equal(column, "-") ? NULL : g_strdelimit(g_strdup(column), "~", ' ');
}

static struct divergence *parse_row(const char *line)
{
    enum { A, B, CLASS, LANE, A_STEP, B_STEP, SAYS, COLUMNS };
    g_autoptr(GRegex) blanks = g_regex_new(" +", 0, 0, NULL);
    g_auto(GStrv) columns = g_regex_split(blanks, line, 0);
    struct divergence *row = g_new0(struct divergence, 1);

    if (g_strv_length(columns) != COLUMNS)
        fail_msg("divergences: not %d columns: %s", COLUMNS, line);
    row->a = g_strsplit(columns[A], ",", 0);
    row->b = g_strsplit(columns[B], ",", 0);
    row->class = text_of(columns[CLASS]);
    row->lane = text_of(columns[LANE]);
    row->a_step = text_of(columns[A_STEP]);
    row->b_step = text_of(columns[B_STEP]);
    row->says = text_of(columns[SAYS]);
    return row;
}

GPtrArray *divergences_load(void)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(divergence_free);
    g_autofree char *folder = folder_path("recordings");
    g_autofree char *path = g_build_filename(folder, "divergences", NULL);
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0' && lines[i][0] != '#')
            g_ptr_array_add(rows, parse_row(lines[i]));
    }
    return rows;
}

bool divergence_is_of(const struct divergence *row, const char *a, const char *b, bool *ret_swapped)
{
    const bool straight = g_strv_contains((const char *const *)row->a, a) &&
                          g_strv_contains((const char *const *)row->b, b);

    *ret_swapped = !straight;
    return straight || (g_strv_contains((const char *const *)row->a, b) &&
                        g_strv_contains((const char *const *)row->b, a));
}

static bool side_says(const struct diff_side *side, const char *what)
{
    return side->detail != NULL && strstr(side->detail, what) != NULL;
}

static bool difference_says(const struct difference *difference, const char *what)
{
    if (side_says(&difference->a, what) || side_says(&difference->b, what))
        return true;
    for (guint i = 0; i < difference->changes->len; i++) {
        const struct change *change = g_ptr_array_index(difference->changes, i);

        if (strstr(change->path, what) != NULL)
            return true;
    }
    return false;
}

static bool is_step(const char *wanted, const char *key)
{
    return g_strcmp0(wanted, "*") == 0 || g_strcmp0(wanted, key) == 0;
}

bool divergence_holds(const struct divergence *row, const struct diff_result *result, bool swapped)
{
    const struct difference *first = result->first;

    if (first == NULL)
        return g_str_equal(row->class, "same");
    const struct diff_side *a = swapped ? &first->b : &first->a;
    const struct diff_side *b = swapped ? &first->a : &first->b;

    return g_str_equal(row->class, diff_class_name(first->class)) &&
           g_strcmp0(row->lane, lane_kind_name(first->lane)) == 0 && is_step(row->a_step, a->key) &&
           is_step(row->b_step, b->key) && (row->says == NULL || difference_says(first, row->says));
}

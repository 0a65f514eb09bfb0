/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/baseline.h"

#include <glib.h>
#include <stdlib.h>

/* The milestones of one PeerConnection. */
struct call {
    struct moment moments[MILESTONES];
};

struct baseline {
    GHashTable *kinds; /* name of a kind of calls → GArray of struct call */
    GHashTable *usuals; /* the same with an interval → struct usual: the same are asked for again */
    unsigned calls;
};

struct baseline *baseline_new(void)
{
    struct baseline *baseline = g_new0(struct baseline, 1);

    baseline->kinds =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    baseline->usuals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return baseline;
}

void baseline_free(struct baseline *baseline)
{
    if (baseline == NULL)
        return;
    g_hash_table_unref(baseline->kinds);
    g_hash_table_unref(baseline->usuals);
    g_free(baseline);
}

static char *kind_of(const struct model_handle *handle, unsigned number)
{
    const struct model_epoch *epoch = number >= 1 && number <= handle->epochs->len
                                          ? g_ptr_array_index(handle->epochs, number - 1)
                                          : NULL;

    return g_strdup_printf("%s\t%s\t%u", handle->plugin != NULL ? handle->plugin : "",
                           epoch != NULL && epoch->offer_owner != NULL ? epoch->offer_owner : "",
                           MIN(number, 2));
}

static void add_call(struct baseline *baseline, const struct model_handle *handle,
                     const struct model_epoch *epoch)
{
    char *kind = kind_of(handle, epoch->number);
    GArray *calls = g_hash_table_lookup(baseline->kinds, kind);
    struct call call;

    if (calls == NULL) {
        calls = g_array_new(FALSE, FALSE, sizeof(struct call));
        g_hash_table_insert(baseline->kinds, kind, calls);
    } else {
        g_free(kind);
    }
    model_moments(handle, epoch, call.moments);
    g_array_append_val(calls, call);
    baseline->calls++;
}

void baseline_add(struct baseline *baseline, const struct model_session *session)
{
    g_hash_table_remove_all(baseline->usuals);
    for (guint i = 0; i < session->handles->len; i++) {
        const struct model_handle *handle = g_ptr_array_index(session->handles, i);

        for (guint k = 0; k < handle->epochs->len; k++)
            add_call(baseline, handle, g_ptr_array_index(handle->epochs, k));
    }
}

unsigned baseline_calls(const struct baseline *baseline)
{
    return baseline->calls;
}

/* ---- what is usual ---- */

static gint by_value(gconstpointer left, gconstpointer right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return a < b ? -1 : a > b;
}

/* Of a GArray of int64_t, which is sorted by it. Not empty. */
static int64_t median_of(GArray *values)
{
    const guint half = values->len / 2;

    g_array_sort(values, by_value);
    const int64_t upper = g_array_index(values, int64_t, half);

    return values->len % 2 != 0 ? upper : (g_array_index(values, int64_t, half - 1) + upper) / 2;
}

static bool is_told(const struct moment *moment)
{
    return moment->seen && !moment->coarse;
}

/* As between two calls: from the latest of all that led there. */
static int64_t interval_of(const struct moment *moments, enum milestone since, enum milestone until)
{
    int64_t latest_us = moments[since].time_us;

    for (unsigned i = 0; i < since; i++) {
        if (moments[i].seen)
            latest_us = MAX(latest_us, moments[i].time_us);
    }
    return MAX(moments[until].time_us - latest_us, 0);
}

static GArray *intervals(const GArray *calls, enum milestone since, enum milestone until)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (guint i = 0; calls != NULL && i < calls->len; i++) {
        const struct moment *moments = g_array_index(calls, struct call, i).moments;
        const int64_t value = interval_of(moments, since, until);

        if (is_told(&moments[since]) && is_told(&moments[until]))
            g_array_append_val(values, value);
    }
    return values;
}

static struct usual usual_of(GArray *values)
{
    struct usual usual = {.calls = values->len};

    if (values->len == 0)
        return usual;
    usual.median_us = median_of(values);
    for (guint i = 0; i < values->len; i++) {
        int64_t *value = &g_array_index(values, int64_t, i);

        *value = llabs(*value - usual.median_us);
    }
    usual.deviation_us = median_of(values);
    return usual;
}

struct usual baseline_usual(struct baseline *baseline, const struct model_handle *handle,
                            unsigned number, enum milestone since, enum milestone until)
{
    g_autofree char *kind = kind_of(handle, number);
    char *name = g_strdup_printf("%s\t%d\t%d", kind, since, until);
    struct usual *usual = g_hash_table_lookup(baseline->usuals, name);

    if (usual == NULL) {
        g_autoptr(GArray) values =
            intervals(g_hash_table_lookup(baseline->kinds, kind), since, until);

        usual = g_new(struct usual, 1);
        *usual = usual_of(values);
        g_hash_table_insert(baseline->usuals, name, usual);
    } else {
        g_free(name);
    }
    return *usual;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept, as records at the beginning of a file. */
#include "recorder/state_store.h"

#include <inttypes.h>

static gint by_seq(gconstpointer a, gconstpointer b)
{
    const struct kept *const *x = a, *const *y = b;

    return (*x)->seq < (*y)->seq ? -1 : (*x)->seq > (*y)->seq;
}

static GPtrArray *list_by_seq(const struct store *store)
{
    GPtrArray *list = g_ptr_array_sized_new((guint)store->events);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, store->things);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        for (struct kept *kept = ((struct thing *)value)->kept; kept; kept = kept->next)
            if (kept->text)
                g_ptr_array_add(list, kept);
    g_ptr_array_sort(list, by_seq);
    return list;
}

static int put(const struct kept *kept, GString *line, struct evj_writer *writer,
               struct evj_error *err)
{
    struct evj_record record;

    g_string_printf(line, "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"state\":", kept->seq,
                    kept->mono_us);
    g_string_append_len(line, kept->text, (gssize)kept->len);
    g_string_append_c(line, '}');
    int status = evj_record_parse(line->str, line->len, &record, err);
    return status == EVJ_OK ? evj_writer_add(writer, &record, err) : status;
}

int store_put(const struct store *store, struct evj_writer *writer, struct evj_error *err)
{
    g_autoptr(GPtrArray) list = list_by_seq(store);
    g_autoptr(GString) line = g_string_new(NULL);
    int status = EVJ_OK;

    for (guint i = 0; i < list->len && status == EVJ_OK; i++) {
        const struct kept *kept = list->pdata[i];
        const struct kept *before = i > 0 ? list->pdata[i - 1] : NULL;
        /* One event may be in two slots. */
        if (!before || before->seq != kept->seq)
            status = put(kept, line, writer, err);
    }
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/sessions_list.h"

#include "tools/sessions_print.h"

#include <stdlib.h>

/* Bytes of text that are held back. */
#define HELD_MAX ((size_t)16 * 1024 * 1024)

/* Whose sessions they are. */
struct origin {
    unsigned recording;
    char *emitter; /* or NULL */
    guint place;   /* among the groups that are printed now; 0: in none yet */
};

/* A session as it will be printed. */
struct held {
    uint64_t ordinal;
    struct origin *origin;
    char *text;
};

struct sessions_list {
    bool json;
    FILE *out;
    GArray *held;       /* struct held */
    size_t held_len;    /* bytes of text in it */
    GPtrArray *origins; /* struct origin: all that were ever seen */
    uint64_t count;
    bool has_begun; /* to print */
};

static void held_clear(gpointer held)
{
    free(((struct held *)held)->text);
}

static void origin_free(gpointer pointer)
{
    g_free(((struct origin *)pointer)->emitter);
    g_free(pointer);
}

struct sessions_list *sessions_list_new(bool json, FILE *out)
{
    struct sessions_list *list = g_new0(struct sessions_list, 1);

    list->json = json;
    list->out = out;
    list->held = g_array_new(FALSE, FALSE, sizeof(struct held));
    g_array_set_clear_func(list->held, held_clear);
    list->origins = g_ptr_array_new_with_free_func(origin_free);
    return list;
}

void sessions_list_free(struct sessions_list *list)
{
    if (list == NULL)
        return;
    g_array_unref(list->held);
    g_ptr_array_unref(list->origins);
    g_free(list);
}

/* A journal has few. */
static struct origin *origin_of(struct sessions_list *list, const struct model_session *session)
{
    for (guint i = 0; i < list->origins->len; i++) {
        struct origin *origin = g_ptr_array_index(list->origins, i);

        if (origin->recording == session->recording &&
            g_strcmp0(origin->emitter, session->emitter) == 0)
            return origin;
    }
    struct origin *origin = g_new0(struct origin, 1);

    origin->recording = session->recording;
    origin->emitter = g_strdup(session->emitter);
    g_ptr_array_add(list->origins, origin);
    return origin;
}

/* ---- printing ---- */

static gint by_ordinal(gconstpointer left, gconstpointer right)
{
    const struct held *a = left, *b = right;

    return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

static gint by_origin(gconstpointer left, gconstpointer right)
{
    const struct held *a = left, *b = right;

    return a->origin != b->origin ? (a->origin->place < b->origin->place ? -1 : 1)
                                  : by_ordinal(left, right);
}

/* Groups come in the order of their first session. */
static void sort(struct sessions_list *list)
{
    guint places = 0;

    g_array_sort(list->held, by_ordinal);
    if (list->json || list->origins->len < 2)
        return;
    for (guint i = 0; i < list->origins->len; i++)
        ((struct origin *)g_ptr_array_index(list->origins, i))->place = 0;
    for (guint i = 0; i < list->held->len; i++) {
        struct origin *origin = g_array_index(list->held, struct held, i).origin;

        if (origin->place == 0)
            origin->place = ++places;
    }
    g_array_sort(list->held, by_origin);
}

static void print(const struct sessions_list *list)
{
    const struct origin *last = NULL;

    for (guint i = 0; i < list->held->len; i++) {
        const struct held *held = &g_array_index(list->held, struct held, i);

        if (!list->json && list->origins->len > 1 && held->origin != last)
            sessions_text_origin(list->out, held->origin->emitter, held->origin->recording);
        last = held->origin;
        fputs(held->text, list->out);
    }
}

static void flush(struct sessions_list *list)
{
    if (!list->json && !list->has_begun && list->held->len > 0)
        sessions_text_heading(list->out);
    list->has_begun = true;
    sort(list);
    print(list);
    g_array_set_size(list->held, 0);
    list->held_len = 0;
}

/* ---- taking ---- */

static char *text_of(const struct sessions_list *list, const struct model_session *session,
                     size_t *ret_len)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, ret_len);

    if (to == NULL)
        g_error("out of memory");
    if (list->json)
        sessions_json_put(to, session);
    else
        sessions_text_put(to, session);
    fclose(to);
    return text;
}

void sessions_list_add(struct sessions_list *list, const struct model_session *session)
{
    size_t len = 0;
    const struct held held = {.ordinal = session->ordinal,
                              .origin = origin_of(list, session),
                              .text = text_of(list, session, &len)};

    g_array_append_val(list->held, held);
    list->held_len += len + sizeof(held);
    list->count++;
    if (list->held_len > HELD_MAX)
        flush(list);
}

uint64_t sessions_list_finish(struct sessions_list *list)
{
    flush(list);
    return list->count;
}

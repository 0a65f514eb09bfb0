/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/media.h"

#include "tools/analysis/text.h"

#include <string.h>

/* Up to here the list itself is the fastest table. */
#define SHORT_LIST 8u

static guint name_hash(gconstpointer pointer)
{
    const struct medium *medium = pointer;

    return g_str_hash(medium->mid) * 31 + g_str_hash(medium->media);
}

static gboolean name_equal(gconstpointer a, gconstpointer b)
{
    const struct medium *left = a, *right = b;

    return g_str_equal(left->mid, right->mid) && g_str_equal(left->media, right->media);
}

struct media *media_new(void)
{
    struct media *media = g_new0(struct media, 1);

    media->list = g_ptr_array_new_with_free_func(medium_free);
    return media;
}

void media_clear(struct media *media)
{
    g_clear_pointer(&media->index, g_hash_table_unref);
    g_ptr_array_set_size(media->list, 0);
}

void media_free(struct media *media)
{
    media_clear(media);
    g_ptr_array_unref(media->list);
    g_free(media);
}

static struct medium *find_in_list(const struct media *media, const struct medium *like)
{
    for (guint i = 0; i < media->list->len; i++) {
        struct medium *medium = g_ptr_array_index(media->list, i);

        if (name_equal(medium, like))
            return medium;
    }
    return NULL;
}

struct medium *media_find(const struct media *media, const char *mid, const char *kind)
{
    const struct medium like = {.mid = (char *)mid, .media = (char *)kind};

    return media->index != NULL ? g_hash_table_lookup(media->index, &like)
                                : find_in_list(media, &like);
}

struct medium *media_find_kind(const struct media *media, const char *kind)
{
    for (guint i = 0; i < media->list->len; i++) {
        struct medium *medium = g_ptr_array_index(media->list, i);

        if (g_str_equal(medium->media, kind))
            return medium;
    }
    return NULL;
}

void media_take(struct media *media, struct medium *medium)
{
    g_ptr_array_add(media->list, medium);
    if (media->index == NULL && media->list->len > SHORT_LIST) {
        media->index = g_hash_table_new(name_hash, name_equal);
        for (guint i = 0; i < media->list->len; i++)
            g_hash_table_add(media->index, g_ptr_array_index(media->list, i));
    } else if (media->index != NULL) {
        g_hash_table_add(media->index, medium);
    }
}

/* Does the value read so, without being decoded? */
static bool reads(struct evj_slice value, const char *text)
{
    const struct evj_slice inner = evj_json_string(value);

    if (inner.len == 0)
        return text[0] == '\0';
    return evj_slice_is(inner, text) && memchr(inner.text, '\\', inner.len) == NULL;
}

struct medium *media_get(struct media *media, struct evj_slice mid, struct evj_slice kind)
{
    for (guint i = 0; i < MIN(media->list->len, SHORT_LIST); i++) {
        struct medium *medium = g_ptr_array_index(media->list, i);

        if (reads(kind, medium->media) && reads(mid, medium->mid))
            return medium;
    }
    g_autofree char *mid_text = text_of_string(mid);
    g_autofree char *kind_text = text_of_string(kind);
    struct medium *medium = media_find(media, mid_text, kind_text);

    if (medium != NULL)
        return medium;
    if (media->list->len >= MEDIA_MAX) {
        media->is_full = true;
        return NULL;
    }
    medium = medium_new(mid_text, kind_text);
    media_take(media, medium);
    return medium;
}

static bool add_object(struct media *media, struct evj_slice object, uint64_t seq, int64_t time_us)
{
    struct medium_report report;

    if (!medium_report_read(&report, object))
        return false;
    struct medium *medium = media_get(media, report.mid, report.media);

    if (medium != NULL)
        medium_add(medium, &report, seq, time_us);
    return true;
}

bool media_add_event(struct media *media, struct evj_slice body, uint64_t seq, int64_t time_us)
{
    struct evj_slice element, rest = body;
    bool any = false;

    if (body.len == 0 || body.text[0] != '[')
        return add_object(media, body, seq, time_us);
    while (text_next_element(&rest, &element))
        any |= add_object(media, element, seq, time_us);
    return any;
}

bool media_any_flow(const struct media *media)
{
    for (guint i = 0; i < media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(media->list, i);

        if (medium->totals[MEDIUM_PACKETS_RECEIVED] > 0 || medium->totals[MEDIUM_PACKETS_SENT] > 0)
            return true;
    }
    return false;
}

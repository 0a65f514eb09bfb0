/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/brief.h"

#include <string.h>

/* FNV-1a. Never 0 for a text. */
static uint64_t hash_of(const char *text, size_t len)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash != 0 ? hash : 1;
}

static uint64_t hash_or_0(const char *text)
{
    return text != NULL ? hash_of(text, strlen(text)) : 0;
}

/* "videoroomtest-Wmbu0CGLzxQi" → "videoroomtest": up to the first digit, or mark between words. */
static uint64_t hash_of_start(const char *opaque_id)
{
    size_t len = 0;

    if (opaque_id == NULL)
        return 0;
    while (g_ascii_isalpha(opaque_id[len]))
        len++;
    return hash_of(opaque_id, len);
}

static unsigned kind_of(const struct medium *medium)
{
    return g_str_has_prefix(medium->media, "audio")   ? BRIEF_AUDIO
           : g_str_has_prefix(medium->media, "video") ? BRIEF_VIDEO
           : g_str_has_prefix(medium->media, "data")  ? BRIEF_DATA
                                                      : BRIEF_OTHER;
}

static unsigned flow_of(const struct medium *medium)
{
    return (medium->totals[MEDIUM_PACKETS_RECEIVED] > 0 ? BRIEF_IN : 0u) |
           (medium->totals[MEDIUM_PACKETS_SENT] > 0 ? BRIEF_OUT : 0u);
}

static void take_epoch(struct brief_handle *brief, const struct model_epoch *epoch)
{
    for (unsigned i = 0; i < MILESTONES; i++)
        brief->milestones |= epoch->moments[i].seen ? 1u << i : 0;
    for (guint i = 0; i < epoch->media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(epoch->media->list, i);

        brief->kinds |= kind_of(medium) | flow_of(medium);
    }
}

static void fill_handle(struct brief_handle *brief, const struct model_handle *handle)
{
    const struct model_epoch *first =
        handle->epochs->len > 0 ? g_ptr_array_index(handle->epochs, 0) : NULL;

    *brief = (struct brief_handle){
        .id = handle->id,
        .plugin = hash_or_0(handle->plugin),
        .role = first != NULL ? hash_or_0(first->offer_owner) : 0,
        .display = hash_or_0(handle->display),
        .opaque_id = hash_or_0(handle->opaque_id),
        .opaque_start = hash_of_start(handle->opaque_id),
        .is_partial = !handle->attached.seen || !handle->detached.seen,
        .epochs = handle->epochs->len,
        .room = g_strdup(handle->room),
        .participant = g_strdup(handle->participant),
    };
    for (guint i = 0; i < handle->epochs->len; i++)
        take_epoch(brief, g_ptr_array_index(handle->epochs, i));
}

void brief_fill(struct brief *brief, const struct model_session *session)
{
    *brief = (struct brief){
        .id = session->id,
        .ordinal = session->ordinal,
        .first_us = session->first_us,
        .ended = session->how_ended,
        .is_partial = session->how_ended == SESSION_OPEN ||
                      (!session->created.seen && !session->server_started),
        .transport = hash_or_0(session->transport_package),
        .handle_count = session->handles->len,
        .handles = g_new0(struct brief_handle, session->handles->len),
    };
    for (guint i = 0; i < session->handles->len; i++)
        fill_handle(&brief->handles[i], g_ptr_array_index(session->handles, i));
}

void brief_done(struct brief *brief)
{
    for (guint i = 0; i < brief->handle_count; i++) {
        g_free(brief->handles[i].room);
        g_free(brief->handles[i].participant);
    }
    g_free(brief->handles);
}

int brief_find_handle(const struct brief *brief, uint64_t id)
{
    for (guint i = brief->handle_count; i-- > 0;) {
        if (brief->handles[i].id == id)
            return (int)i;
    }
    return -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was compared, in the words of the result. */
#include "tools/analysis/diff_internal.h"

void diff_who_clear(struct diff_who *who)
{
    g_free(who->opaque_id);
    g_free(who->plugin);
    g_free(who->display);
    g_free(who->role);
    g_free(who->hangup_reason);
}

/* A session is called what its first handle with such a name is. */
static void take_from_handle(struct diff_who *who, const struct model_handle *handle)
{
    who->reach = MAX(who->reach, model_reach(handle));
    if (who->opaque_id == NULL)
        who->opaque_id = g_strdup(handle->opaque_id);
    if (who->plugin == NULL)
        who->plugin = g_strdup(handle->plugin);
}

void diff_who_session(struct diff_who *who, const struct model_session *session)
{
    *who = (struct diff_who){
        .id = session->id,
        .started_us = session->first_us,
        .lasted_us = session->last_us - session->first_us,
        .first_seq = session->first_seq,
        .last_seq = session->last_seq,
        .events = session->events,
        .reach = REACH_ATTACHED,
        .ended = session->how_ended,
    };
    for (guint i = 0; i < session->handles->len; i++)
        take_from_handle(who, g_ptr_array_index(session->handles, i));
}

static const char *first_offer_owner(const struct model_handle *handle)
{
    return handle->epochs->len > 0
               ? ((struct model_epoch *)g_ptr_array_index(handle->epochs, 0))->offer_owner
               : NULL;
}

static const char *last_hangup_reason(const struct model_handle *handle)
{
    const guint count = handle->epochs->len;

    return count > 0
               ? ((struct model_epoch *)g_ptr_array_index(handle->epochs, count - 1))->hangup_reason
               : NULL;
}

void diff_who_handle(struct diff_who *who, const struct model_handle *handle)
{
    *who = (struct diff_who){
        .id = handle->id,
        .opaque_id = g_strdup(handle->opaque_id),
        .plugin = g_strdup(handle->plugin),
        .display = g_strdup(handle->display),
        .role = g_strdup(first_offer_owner(handle)),
        .started_us = handle->first_us,
        .lasted_us = handle->last_us - handle->first_us,
        .events = handle->events,
        .reach = model_reach(handle),
        .hangup_reason = g_strdup(last_hangup_reason(handle)),
    };
}

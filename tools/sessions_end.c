/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/sessions_print.h"

const struct model_epoch *sessions_last_epoch(const struct model_handle *handle)
{
    return handle->epochs->len > 0 ? g_ptr_array_index(handle->epochs, handle->epochs->len - 1)
                                   : NULL;
}

enum reach sessions_reach(const struct model_session *session)
{
    enum reach furthest = REACH_ATTACHED;

    for (guint i = 0; i < session->handles->len; i++) {
        const enum reach reach = model_reach(g_ptr_array_index(session->handles, i));

        furthest = MAX(furthest, reach);
    }
    return furthest;
}

struct sessions_end sessions_handle_end(const struct model_handle *handle)
{
    const struct model_epoch *epoch = sessions_last_epoch(handle);

    if (epoch != NULL && epoch->hangup_reason != NULL)
        return (struct sessions_end){"hangup", epoch->hangup_reason};
    if (handle->detached.seen && !handle->session->ended.seen)
        return (struct sessions_end){"detached", NULL};
    if (handle->detached.seen && handle->detached.seq < handle->session->ended.seq)
        return (struct sessions_end){"detached", NULL};
    return (struct sessions_end){session_end_name(handle->session->how_ended), NULL};
}

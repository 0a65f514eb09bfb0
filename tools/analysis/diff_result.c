/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result of a comparison, as an object. */
#include "tools/analysis/diff_internal.h"

static void side_clear(struct diff_side *side)
{
    g_free(side->key);
    g_free(side->detail);
    g_free(side->news);
}

static void difference_free(gpointer pointer)
{
    struct difference *difference = pointer;

    g_free(difference->lane_name);
    g_free(difference->remark);
    side_clear(&difference->a);
    side_clear(&difference->b);
    g_ptr_array_unref(difference->changes);
    g_free(difference);
}

void diff_who_clear(struct diff_who *who)
{
    g_free(who->opaque_id);
    g_free(who->plugin);
}

void diff_handle_free(gpointer pointer)
{
    struct diff_handle *handle = pointer;

    diff_who_clear(&handle->a);
    diff_who_clear(&handle->b);
    g_ptr_array_unref(handle->epochs);
    g_free(handle);
}

static void session_free(gpointer pointer)
{
    struct diff_session *session = pointer;

    diff_who_clear(&session->a);
    diff_who_clear(&session->b);
    g_ptr_array_unref(session->handles);
    g_free(session);
}

struct diff_result *diff_result_new(void)
{
    struct diff_result *result = g_new0(struct diff_result, 1);

    result->differences = g_ptr_array_new_with_free_func(difference_free);
    result->context_a = g_ptr_array_new_with_free_func(diff_context_free);
    result->context_b = g_ptr_array_new_with_free_func(diff_context_free);
    result->sessions = g_ptr_array_new_with_free_func(session_free);
    result->limits = g_ptr_array_new_with_free_func(g_free);
    return result;
}

void diff_free(struct diff_result *result)
{
    if (result == NULL)
        return;
    g_ptr_array_unref(result->differences);
    g_ptr_array_unref(result->context_a);
    g_ptr_array_unref(result->context_b);
    g_ptr_array_unref(result->sessions);
    g_ptr_array_unref(result->limits);
    g_free(result);
}

struct difference *diff_add(struct comparing *at, enum diff_class class, enum lane_kind lane,
                            const char *lane_name)
{
    struct difference *difference = g_new0(struct difference, 1);

    difference->class = class;
    difference->lane = lane;
    difference->lane_name = g_strdup(lane_name);
    difference->session = at->session;
    difference->handle = at->handle;
    difference->epoch = at->epoch;
    difference->changes = changes_new();
    g_ptr_array_add(at->result->differences, difference);
    return difference;
}

void diff_side_set(struct diff_side *side, const struct model_session *session, const char *key,
                   uint64_t seq, int64_t time_us)
{
    side->key = g_strdup(key);
    side->moment =
        (struct moment){.seen = true, .seq = seq, .time_us = time_us - session->first_us};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a session may go. Its end is not its last event: its handles are still detached by other
 * threads, and plugins tell who left. So it is held a while; what comes even later is counted, and
 * opens no second session of that id.
 */
#include "tools/analysis/model_internal.h"

/* How long after its end a session is held. */
#define LINGER_US (10 * G_USEC_PER_SEC)

/* How many of the sessions that went are remembered. */
#define GONE_MAX 16384u

guint model_id_hash(gconstpointer pointer)
{
    const struct model_id *key = pointer;
    const gint64 id = (gint64)key->id;

    return g_int64_hash(&id) ^ (key->recording * 2654435769u);
}

gboolean model_id_equal(gconstpointer a, gconstpointer b)
{
    const struct model_id *x = a, *y = b;

    return x->id == y->id && x->recording == y->recording;
}

void model_set_over(struct model *model, model_over *over, void *context)
{
    model->over = over;
    model->over_context = context;
}

uint64_t model_late_events(const struct model *model)
{
    return model->late_events;
}

bool model_is_gone(const struct model *model, const struct model_id *id)
{
    return g_hash_table_contains(model->gone, id);
}

void model_is_ending(struct model *model, struct model_session *session)
{
    if (model->over == NULL || session->is_ending)
        return;
    session->is_ending = true;
    g_queue_push_tail(&model->ending, session);
}

static void remember(struct model *model, const struct model_id *id)
{
    struct model_id *copy = g_memdup2(id, sizeof(*id));

    if (!g_hash_table_add(model->gone, copy))
        return;
    g_queue_push_tail(&model->gone_order, copy);
    if (g_queue_get_length(&model->gone_order) > GONE_MAX)
        g_hash_table_remove(model->gone, g_queue_pop_head(&model->gone_order));
}

/* Nothing in the model leads to it any more. */
static void detach(struct model *model, struct model_session *session)
{
    const struct model_id id = {session->id, session->recording};

    g_queue_unlink(&model->live, &session->link);
    if (g_hash_table_lookup(model->by_id, &id) == session) {
        g_hash_table_remove(model->by_id, &id);
        remember(model, &id);
    }
    model_untie_transport(model, session);
    for (guint i = 0; i < session->handles->len; i++)
        model_forget_participants(model, g_ptr_array_index(session->handles, i));
}

static void hand_over(struct model *model, struct model_session *session)
{
    detach(model, session);
    model->over(session, model->over_context);
}

void model_let_go(struct model *model, int64_t now_us)
{
    struct model_session *session;

    while ((session = g_queue_peek_head(&model->ending)) != NULL &&
           now_us - session->ended.time_us > LINGER_US) {
        g_queue_pop_head(&model->ending);
        hand_over(model, session);
    }
}

void model_finish(struct model *model)
{
    struct model_session *session;

    if (model->over == NULL)
        return;
    g_queue_clear(&model->ending);
    while ((session = g_queue_peek_head(&model->live)) != NULL)
        hand_over(model, session);
}

void model_over_done(struct model *model)
{
    /* The others are freed with the list of all. */
    while (model->over != NULL && model->live.head != NULL)
        model_session_free(g_queue_pop_head_link(&model->live)->data);
    g_queue_clear(&model->ending);
    g_queue_clear(&model->gone_order);
    g_hash_table_unref(model->gone);
}

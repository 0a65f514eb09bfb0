/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/pack.h"

#include "tools/analysis/model_internal.h"

#include <string.h>

/* A walk over a session, that writes it or reads it. */
struct walk {
    GByteArray *to; /* NULL: it reads */
    const guint8 *from;
    size_t left;
    bool failed; /* there was less to read than expected */
    struct model_session *session;
};

/* ---- numbers and texts ---- */

static void walk_bytes(struct walk *walk, void *bytes, size_t len)
{
    if (len == 0) /* then `bytes` may be NULL, which memcpy() must not be given */
        return;
    if (walk->to != NULL) {
        g_byte_array_append(walk->to, bytes, (guint)len);
        return;
    }
    walk->failed |= walk->left < len;
    if (walk->failed) {
        memset(bytes, 0, len);
        return;
    }
    memcpy(bytes, walk->from, len);
    walk->from += len;
    walk->left -= len;
}

/* Whatever has no pointers in it, as it lies in memory: the same program reads it. */
#define WALK(walk, member) walk_bytes((walk), &(member), sizeof(member))

/* How many elements follow, each of which takes at least a byte. */
static guint walk_count(struct walk *walk, guint count)
{
    WALK(walk, count);
    walk->failed |= walk->to == NULL && count > walk->left;
    return walk->failed ? 0 : count;
}

static void walk_text(struct walk *walk, char **text)
{
    bool is_there = *text != NULL;

    WALK(walk, is_there);
    if (!is_there)
        return;
    const guint len = walk_count(walk, *text != NULL ? (guint)strlen(*text) : 0);

    if (walk->to == NULL)
        *text = g_malloc0(len + 1);
    walk_bytes(walk, *text, len);
}

static void walk_moment(struct walk *walk, struct moment *moment)
{
    WALK(walk, moment->seen);
    WALK(walk, moment->seq);
    WALK(walk, moment->time_us);
    WALK(walk, moment->coarse);
}

/* ---- facts ---- */

/* A body of a fact lies in the session's text. */
static void walk_fact(struct walk *walk, GArray **facts, struct fact *fact)
{
    WALK(walk, fact->seq);
    WALK(walk, fact->time_us);
    WALK(walk, fact->type);
    WALK(walk, fact->subtype);
    WALK(walk, fact->epoch);
    WALK(walk, fact->body_len);
    if (walk->to != NULL) {
        walk_bytes(walk, (void *)fact->body, fact->body_len);
        return;
    }
    walk->failed |= fact->body_len > walk->left;
    if (walk->failed)
        return;
    fact->body = (const char *)walk->from;
    model_add_fact(walk->session, facts, fact);
    walk->from += fact->body_len;
    walk->left -= fact->body_len;
}

static void walk_facts(struct walk *walk, GArray **facts)
{
    const GArray *list = *facts;
    const guint count = walk_count(walk, list != NULL ? list->len : 0);

    for (guint i = 0; i < count && !walk->failed; i++) {
        struct fact fresh;

        walk_fact(walk, facts, list != NULL ? &g_array_index(list, struct fact, i) : &fresh);
    }
}

/* ---- media ---- */

static void walk_spread(struct walk *walk, struct spread *spread)
{
    WALK(walk, spread->count);
    const guint count = walk_count(walk, spread->values != NULL ? spread->values->len : 0);

    if (walk->to == NULL)
        spread->values = count > 0 ? g_array_new(FALSE, FALSE, sizeof(struct spread_value)) : NULL;
    if (count == 0)
        return;
    g_array_set_size(spread->values, count);
    walk_bytes(walk, spread->values->data, count * sizeof(struct spread_value));
}

static void walk_sum(struct walk *walk, struct medium_sum *sum)
{
    WALK(walk, sum->from_us);
    WALK(walk, sum->until_us);
    WALK(walk, sum->samples);
    WALK(walk, sum->told);
    WALK(walk, sum->counts);
    for (unsigned i = 0; i < MEDIUM_LEVELS; i++)
        walk_spread(walk, &sum->levels[i]);
}

static void walk_recent(struct walk *walk, GArray **recent)
{
    const guint count = walk_count(walk, (*recent)->len);

    g_array_set_size(*recent, count);
    walk_bytes(walk, (*recent)->data, count * sizeof(struct medium_sample));
}

static void walk_unknown(struct walk *walk, struct medium *medium)
{
    const guint count = walk_count(walk, medium->unknown != NULL ? medium->unknown->len : 0);

    for (guint i = 0; i < count && !walk->failed; i++) {
        struct medium_unknown *unknown =
            walk->to != NULL ? g_ptr_array_index(medium->unknown, i) : NULL;
        char *key = unknown != NULL ? unknown->key : NULL;

        walk_text(walk, &key);
        if (walk->to == NULL) {
            unknown =
                medium_get_unknown(medium, key != NULL ? key : "", key != NULL ? strlen(key) : 0);
            g_free(key);
        }
        walk_text(walk, &unknown->value);
    }
}

static void walk_medium(struct walk *walk, struct medium *medium)
{
    walk_text(walk, &medium->codec);
    walk_moment(walk, &medium->first);
    walk_moment(walk, &medium->last);
    WALK(walk, medium->samples);
    WALK(walk, medium->totals);
    WALK(walk, medium->values);
    WALK(walk, medium->resets);
    WALK(walk, medium->slow_uplinks);
    WALK(walk, medium->slow_downlinks);
    walk_sum(walk, &medium->setup);
    walk_sum(walk, &medium->steady);
    walk_recent(walk, &medium->recent);
    walk_unknown(walk, medium);
}

static void walk_media(struct walk *walk, struct media *media)
{
    const guint count = walk_count(walk, media->list->len);

    WALK(walk, media->is_full);
    for (guint i = 0; i < count && !walk->failed; i++) {
        struct medium *medium = walk->to != NULL ? g_ptr_array_index(media->list, i) : NULL;
        char *mid = medium != NULL ? medium->mid : NULL;
        char *kind = medium != NULL ? medium->media : NULL;

        walk_text(walk, &mid);
        walk_text(walk, &kind);
        if (walk->to == NULL) {
            medium = medium_new(mid, kind);
            g_free(mid);
            g_free(kind);
            media_take(media, medium);
        }
        walk_medium(walk, medium);
    }
}

/* ---- entities ---- */

static void walk_epoch(struct walk *walk, struct model_epoch *epoch)
{
    WALK(walk, epoch->closed);
    for (unsigned i = 0; i < MILESTONES; i++)
        walk_moment(walk, &epoch->moments[i]);
    walk_text(walk, &epoch->offer_owner);
    walk_text(walk, &epoch->pair);
    walk_text(walk, &epoch->hangup_reason);
    WALK(walk, epoch->local_candidates);
    WALK(walk, epoch->remote_candidates);
    walk_media(walk, epoch->media);
    walk_facts(walk, &epoch->facts);
}

static void walk_handle(struct walk *walk, struct model_handle *handle)
{
    walk_text(walk, &handle->plugin);
    walk_text(walk, &handle->opaque_id);
    walk_text(walk, &handle->display);
    walk_text(walk, &handle->room);
    walk_text(walk, &handle->participant);
    WALK(walk, handle->first_us);
    WALK(walk, handle->last_us);
    WALK(walk, handle->events);
    walk_moment(walk, &handle->attached);
    walk_moment(walk, &handle->detached);
    walk_facts(walk, &handle->facts);
    const guint epochs = walk_count(walk, handle->epochs->len);

    for (guint i = 0; i < epochs && !walk->failed; i++)
        walk_epoch(walk, walk->to != NULL ? g_ptr_array_index(handle->epochs, i)
                                          : model_epoch_new(handle));
}

static void walk_handles(struct walk *walk, struct model_session *session)
{
    const guint count = walk_count(walk, session->handles->len);

    for (guint i = 0; i < count && !walk->failed; i++) {
        struct model_handle *handle =
            walk->to != NULL ? g_ptr_array_index(session->handles, i) : NULL;
        uint64_t id = handle != NULL ? handle->id : 0;

        WALK(walk, id);
        walk_handle(walk, handle != NULL ? handle : model_handle_new(session, id, 0));
    }
}

static void walk_session(struct walk *walk, struct model_session *session)
{
    WALK(walk, session->id);
    WALK(walk, session->ordinal);
    WALK(walk, session->recording);
    walk_text(walk, &session->emitter);
    WALK(walk, session->first_us);
    WALK(walk, session->last_us);
    WALK(walk, session->first_seq);
    WALK(walk, session->last_seq);
    WALK(walk, session->events);
    walk_moment(walk, &session->created);
    WALK(walk, session->server_started);
    walk_moment(walk, &session->disconnected);
    walk_moment(walk, &session->ended);
    WALK(walk, session->how_ended);
    walk_text(walk, &session->transport_package);
    walk_facts(walk, &session->transport_facts);
    walk_facts(walk, &session->facts);
    walk_handles(walk, session);
}

void pack_session(const struct model_session *session, GByteArray *to)
{
    struct walk walk = {.to = to, .session = (struct model_session *)session};

    /* To write it changes nothing in it. */
    walk_session(&walk, (struct model_session *)session);
}

struct model_session *pack_open(const guint8 *bytes, size_t len)
{
    struct model_session *session = model_session_new(&(struct model_id){0}, 0, 0);
    struct walk walk = {.from = bytes, .left = len, .session = session};

    walk_session(&walk, session);
    if (!walk.failed && walk.left == 0)
        return session;
    model_session_free(session);
    return NULL;
}

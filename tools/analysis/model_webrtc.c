/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PeerConnection epochs: JSEP, WebRTC and media events of one handle. */
#include "evj/event_type.h"
#include "tools/analysis/model_internal.h"
#include "tools/analysis/text.h"

struct model_epoch *model_epoch_new(struct model_handle *handle)
{
    struct model_epoch *epoch = g_new0(struct model_epoch, 1);

    epoch->number = handle->epochs->len + 1;
    epoch->media = media_new();
    g_ptr_array_add(handle->epochs, epoch);
    return epoch;
}

void model_epoch_free(gpointer pointer)
{
    struct model_epoch *epoch = pointer;

    g_free(epoch->offer_owner);
    g_free(epoch->pair);
    g_free(epoch->hangup_reason);
    g_clear_pointer(&epoch->facts, g_array_unref);
    media_free(epoch->media);
    g_free(epoch);
}

static struct model_epoch *last_epoch(struct model_handle *handle)
{
    return handle->epochs->len > 0 ? g_ptr_array_index(handle->epochs, handle->epochs->len - 1)
                                   : NULL;
}

/*
 * The epoch that an event belongs to. After a hangup only an event that `opens` one starts the
 * next: what other threads had still to say about the old PeerConnection stays with it.
 */
static struct model_epoch *epoch_of(struct model_handle *handle, bool opens)
{
    struct model_epoch *epoch = last_epoch(handle);

    if (epoch != NULL && (!epoch->closed || !opens))
        return epoch;
    return model_epoch_new(handle);
}

void model_close_epoch(struct model_handle *handle)
{
    struct model_epoch *epoch = last_epoch(handle);

    if (epoch != NULL)
        epoch->closed = true;
}

/* In a journal that starts between the two, the answer tells who offered. */
static const char *owner_by_answer(struct evj_slice owner)
{
    return evj_json_string_is(owner, "remote") ? "local" : "remote";
}

void model_add_jsep(struct model *model, struct model_handle *handle, const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct evj_slice type = evj_json_member(evj_json_member(body, "jsep"), "type");
    struct model_epoch *epoch = epoch_of(handle, true);

    if (evj_json_string_is(type, "offer")) {
        moment_note(&epoch->moments[MILESTONE_OFFER], arrival->seq, arrival->time_us);
        if (epoch->offer_owner == NULL)
            epoch->offer_owner = text_of_string_or_null(evj_json_member(body, "owner"));
    } else if (evj_json_string_is(type, "answer")) {
        moment_note(&epoch->moments[MILESTONE_ANSWER], arrival->seq, arrival->time_us);
        if (epoch->offer_owner == NULL)
            epoch->offer_owner = g_strdup(owner_by_answer(evj_json_member(body, "owner")));
    }
    model_keep(model, handle->session, &epoch->facts, arrival, 0, epoch->number);
}

static void add_ice(struct model_epoch *epoch, struct evj_slice state,
                    const struct arrival *arrival)
{
    if (evj_json_string_is(state, "connecting"))
        moment_note(&epoch->moments[MILESTONE_ICE_CONNECTING], arrival->seq, arrival->time_us);
    else if (evj_json_string_is(state, "connected") || evj_json_string_is(state, "ready"))
        moment_note(&epoch->moments[MILESTONE_ICE_CONNECTED], arrival->seq, arrival->time_us);
}

static void add_local_candidate(struct model_epoch *epoch, struct evj_slice text,
                                const struct arrival *arrival)
{
    (void)text;
    (void)arrival;
    epoch->local_candidates++;
}

static void add_remote_candidate(struct model_epoch *epoch, struct evj_slice text,
                                 const struct arrival *arrival)
{
    (void)text;
    (void)arrival;
    epoch->remote_candidates++;
}

static void add_pair(struct model_epoch *epoch, struct evj_slice text,
                     const struct arrival *arrival)
{
    moment_note(&epoch->moments[MILESTONE_ICE_CONNECTED], arrival->seq, arrival->time_us);
    g_free(epoch->pair);
    epoch->pair = text_of_string(text);
}

static void add_dtls(struct model_epoch *epoch, struct evj_slice state,
                     const struct arrival *arrival)
{
    if (evj_json_string_is(state, "connected"))
        moment_note(&epoch->moments[MILESTONE_DTLS_CONNECTED], arrival->seq, arrival->time_us);
}

static void add_connection(struct model_epoch *epoch, struct evj_slice state,
                           const struct arrival *arrival)
{
    if (evj_json_string_is(state, "webrtcup")) {
        moment_note(&epoch->moments[MILESTONE_WEBRTCUP], arrival->seq, arrival->time_us);
    } else if (evj_json_string_is(state, "hangup")) {
        moment_note(&epoch->moments[MILESTONE_HANGUP], arrival->seq, arrival->time_us);
        if (epoch->hangup_reason == NULL)
            epoch->hangup_reason = text_of_string(evj_json_member(arrival->event->body, "reason"));
        epoch->closed = true;
    }
}

/* WebRTC events are told apart by their members: servers before 0.9.1 send no subtype. */
static const struct {
    const char *member;
    uint32_t subtype;
    void (*add)(struct model_epoch *epoch, struct evj_slice value, const struct arrival *arrival);
} webrtc_events[] = {
    {"ice", EVJ_WEBRTC_ICE, add_ice},
    {"dtls", EVJ_WEBRTC_DTLS, add_dtls},
    {"connection", EVJ_WEBRTC_STATE, add_connection},
    {"selected-pair", EVJ_WEBRTC_SELECTED_PAIR, add_pair},
    {"local-candidate", EVJ_WEBRTC_LOCAL_CANDIDATE, add_local_candidate},
    {"remote-candidate", EVJ_WEBRTC_REMOTE_CANDIDATE, add_remote_candidate},
};

void model_add_webrtc(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct evj_slice ice = evj_json_member(body, "ice");
    struct model_epoch *epoch = epoch_of(handle, evj_json_string_is(ice, "gathering"));
    uint32_t subtype = arrival->event->subtype;

    for (size_t i = 0; i < G_N_ELEMENTS(webrtc_events); i++) {
        struct evj_slice value = evj_json_member(body, webrtc_events[i].member);

        if (value.text == NULL)
            continue;
        webrtc_events[i].add(epoch, value, arrival);
        subtype = webrtc_events[i].subtype;
        break;
    }
    model_keep(model, handle->session, &epoch->facts, arrival, subtype, epoch->number);
}

static void note_first_media(const struct model *model, struct model_epoch *epoch,
                             const struct arrival *arrival, bool coarse)
{
    struct moment *first = &epoch->moments[MILESTONE_FIRST_MEDIA];

    if (first->seen)
        return;
    moment_note(first, arrival->seq, arrival->time_us);
    first->coarse = coarse;
    if (!model->keep_facts)
        media_clear(epoch->media);
}

static void add_slow_link(struct model_epoch *epoch, struct evj_slice body)
{
    struct medium *medium =
        media_get(epoch->media, evj_json_member(body, "mid"), evj_json_member(body, "media"));

    if (medium == NULL)
        return;
    if (evj_json_string_is(evj_json_member(body, "slow_link"), "uplink"))
        medium->slow_uplinks++;
    else
        medium->slow_downlinks++;
}

/* Then there is only the flush at a hangup, and what it counts was never heard. */
static bool never_was_up(const struct model_epoch *epoch)
{
    return epoch->moments[MILESTONE_OFFER].seen && !epoch->moments[MILESTONE_WEBRTCUP].seen;
}

/* Of those that are no statistics. */
static void add_media_state(struct model *model, struct model_handle *handle,
                            struct model_epoch *epoch, const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    const struct evj_slice receiving = evj_json_member(body, "receiving");
    uint32_t subtype = arrival->event->subtype;

    if (receiving.text == NULL && evj_json_member(body, "slow_link").text != NULL) {
        add_slow_link(epoch, body);
        return;
    }
    if (receiving.text != NULL)
        subtype = EVJ_MEDIA_STATE;
    if (evj_slice_is(receiving, "true"))
        note_first_media(model, epoch, arrival, false);
    model_keep(model, handle->session, &epoch->facts, arrival, subtype, epoch->number);
}

void model_add_media(struct model *model, struct model_handle *handle,
                     const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct model_epoch *epoch = epoch_of(handle, false);

    /* Nine in ten events are statistics: without facts, only the first that flows is asked for. */
    if (!model->keep_facts && epoch->moments[MILESTONE_FIRST_MEDIA].seen)
        return;
    if (!media_add_event(epoch->media, body, arrival->seq, arrival->time_us))
        add_media_state(model, handle, epoch, arrival);
    else if (!epoch->moments[MILESTONE_FIRST_MEDIA].seen && !never_was_up(epoch) &&
             media_any_flow(epoch->media))
        note_first_media(model, epoch, arrival, true);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_EVENTS_H
#define TESTS_BENCH_GENERATE_EVENTS_H

/*
 * The events of Janus 1.1.2, built as its core builds them: the same keys in the same order, by
 * json_object_set_new(). Each function returns a new reference; `arg` is what its line in the
 * script gives (generate_script.h).
 */

#include "tests/bench/generate_call.h"

#include <jansson.h>
#include <stdint.h>

typedef json_t *event_maker(struct handle *handle, int64_t now_us, int arg);

/* The transport and the session. */
json_t *event_connected(struct handle *handle, int64_t now_us, int arg);
json_t *event_disconnected(struct handle *handle, int64_t now_us, int arg);
json_t *event_created(struct handle *handle, int64_t now_us, int arg);
json_t *event_destroyed(struct handle *handle, int64_t now_us, int arg);

/* The handle. */
json_t *event_attached(struct handle *handle, int64_t now_us, int arg);
json_t *event_detached(struct handle *handle, int64_t now_us, int arg);

/* JSEP. */
json_t *event_offer(struct handle *handle, int64_t now_us, int arg);
json_t *event_answer(struct handle *handle, int64_t now_us, int arg);

/* WebRTC. `arg`: an enum ice_state; the number of a candidate; an enum dtls_state. */
enum ice_state { ICE_GATHERING, ICE_CONNECTING, ICE_CONNECTED, ICE_READY };
enum dtls_state { DTLS_TRYING, DTLS_CONNECTED };
json_t *event_ice(struct handle *handle, int64_t now_us, int arg);
json_t *event_local_candidate(struct handle *handle, int64_t now_us, int arg);
json_t *event_remote_candidate(struct handle *handle, int64_t now_us, int arg);
json_t *event_selected_pair(struct handle *handle, int64_t now_us, int arg);
json_t *event_dtls(struct handle *handle, int64_t now_us, int arg);
json_t *event_webrtc_up(struct handle *handle, int64_t now_us, int arg);
json_t *event_hangup(struct handle *handle, int64_t now_us, int arg);

/* Media. `arg`: index of the medium. Statistics take the handle's current medium. */
json_t *event_receiving(struct handle *handle, int64_t now_us, int arg);
json_t *event_statistics(struct handle *handle, int64_t now_us, int arg);

/* What plugins tell. */
json_t *event_echotest(struct handle *handle, int64_t now_us, int arg);
json_t *event_joined(struct handle *handle, int64_t now_us, int arg);
json_t *event_configured(struct handle *handle, int64_t now_us, int arg);
json_t *event_published(struct handle *handle, int64_t now_us, int arg);
json_t *event_subscribing(struct handle *handle, int64_t now_us, int arg);
json_t *event_subscribed(struct handle *handle, int64_t now_us, int arg);
json_t *event_unpublished(struct handle *handle, int64_t now_us, int arg);
json_t *event_leaving(struct handle *handle, int64_t now_us, int arg);

#endif

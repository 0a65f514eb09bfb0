/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_EVENT_TYPE_H
#define EVJ_EVENT_TYPE_H

/*
 * Janus's event types: one bit each, with the labels that its configuration and its MQTT topics
 * use. Source: src/events/eventhandler.h (values) and src/events.c (labels and names).
 */

#include <stdint.h>

enum evj_event_type {
    EVJ_TYPE_SESSION = 1,
    EVJ_TYPE_HANDLE = 2,
    EVJ_TYPE_EXTERNAL = 4,
    EVJ_TYPE_JSEP = 8,
    EVJ_TYPE_WEBRTC = 16,
    EVJ_TYPE_MEDIA = 32,
    EVJ_TYPE_PLUGIN = 64,
    EVJ_TYPE_TRANSPORT = 128,
    EVJ_TYPE_CORE = 256,
};

/* Subtypes of EVJ_TYPE_WEBRTC and EVJ_TYPE_MEDIA; unlike types they are no bits. */
enum evj_webrtc_subtype {
    EVJ_WEBRTC_ICE = 1,
    EVJ_WEBRTC_LOCAL_CANDIDATE = 2,
    EVJ_WEBRTC_REMOTE_CANDIDATE = 3,
    EVJ_WEBRTC_SELECTED_PAIR = 4,
    EVJ_WEBRTC_DTLS = 5,
    EVJ_WEBRTC_STATE = 6,
};

enum evj_media_subtype {
    EVJ_MEDIA_STATE = 1,
    EVJ_MEDIA_SLOW_LINK = 2,
    EVJ_MEDIA_STATS = 3,
};

/* "sessions", "handles", "external", "jsep", "webrtc", "media", "plugins", "transports", "core";
 * NULL unless `type` is exactly one known bit. Static text. */
const char *evj_event_type_label(uint32_t type);

/* The bit for a label; 0 for an unknown one. */
uint32_t evj_event_type_from_label(const char *label);

/* Index of a known bit, 0 … EVJ_EVENT_TYPES - 1; -1 for anything else. */
int evj_event_type_index(uint32_t type);

#endif

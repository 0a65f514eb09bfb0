/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_script.h"

static const struct step echo[] = {
    {event_connected, 0, 0, 900},
    {event_created, 0, 3000, 9000},
    {event_attached, 0, 2000, 12000},
    {event_offer, 0, 150000, 400000},
    {event_ice, ICE_GATHERING, 400, 1800},
    {event_local_candidate, 0, 200, 900},
    {event_answer, 0, 30, 90},
    {event_echotest, 0, 200, 600},
    {event_remote_candidate, 1, 5000, 50000},
    {event_ice, ICE_CONNECTING, 100, 300},
    {event_remote_candidate, 0, 3000, 13000},
    {event_remote_candidate, 2, 800, 5000},
    {event_remote_candidate, 3, 800, 13000},
    {event_selected_pair, 0, 3000, 60000},
    {event_ice, ICE_CONNECTED, 9, 60},
    {event_dtls, DTLS_TRYING, 100, 900},
    {event_dtls, DTLS_CONNECTED, 5000, 90000},
    {event_webrtc_up, 0, 900, 2500},
    {event_receiving, 0, 9000, 30000},
    {event_receiving, 1, 30000, 200000},
    {event_statistics, 0, 200, 999999},
    {event_hangup, 0, 200, 9000},
    {event_destroyed, 0, 500, 3000},
    {event_detached, 0, 500, 2500},
    {event_disconnected, 0, 900, 4000},
    {NULL, 0, 0, 0},
};

static const struct step publisher[] = {
    {event_connected, 0, 0, 900},
    {event_created, 0, 3000, 9000},
    {event_attached, 0, 2000, 12000},
    {event_joined, 0, 2000, 6000},
    {event_offer, 0, 80000, 300000},
    {event_ice, ICE_GATHERING, 400, 1800},
    {event_configured, 0, 500, 1800},
    {event_local_candidate, 0, 100, 300},
    {event_answer, 0, 30, 90},
    {event_remote_candidate, 0, 15000, 40000},
    {event_ice, ICE_CONNECTING, 30, 300},
    {event_remote_candidate, 1, 1000, 4000},
    {event_remote_candidate, 2, 1000, 4000},
    {event_remote_candidate, 3, 1000, 9000},
    {event_selected_pair, 0, 3000, 60000},
    {event_ice, ICE_CONNECTED, 9, 60},
    {event_ice, ICE_READY, 2, 120},
    {event_dtls, DTLS_TRYING, 100, 900},
    {event_dtls, DTLS_CONNECTED, 5000, 90000},
    {event_published, 0, 700, 2500},
    {event_webrtc_up, 0, 60, 200},
    {event_receiving, 0, 9000, 30000},
    {event_receiving, 1, 30000, 200000},
    {event_statistics, 0, 200, 999999},
    {event_destroyed, 0, 500, 3000},
    {event_unpublished, 0, 300, 1500},
    {event_leaving, 0, 5, 900},
    {event_detached, 0, 5, 90},
    /* Long enough for the subscribers' handles of this session to be gone before. */
    {event_disconnected, 0, 2100000, 2200000},
    {NULL, 0, 0, 0},
};

static const struct step subscriber[] = {
    {event_attached, 0, 0, 900},
    {event_ice, ICE_GATHERING, 1500, 4000},
    {event_local_candidate, 0, 200, 400},
    {event_offer, 0, 40, 90},
    {event_subscribing, 0, 90, 200},
    {event_answer, 0, 30000, 80000},
    {event_remote_candidate, 0, 3000, 15000},
    {event_ice, ICE_CONNECTING, 30, 90},
    {event_remote_candidate, 1, 1000, 20000},
    {event_remote_candidate, 2, 600, 4000},
    {event_remote_candidate, 3, 600, 4000},
    {event_selected_pair, 0, 3000, 60000},
    {event_ice, ICE_CONNECTED, 9, 1500},
    {event_dtls, DTLS_TRYING, 100, 900},
    {event_dtls, DTLS_CONNECTED, 5000, 90000},
    {event_subscribed, 0, 200, 900},
    {event_webrtc_up, 0, 30, 90},
    {event_statistics, 0, 200, 999999},
    {event_detached, 0, 3000, 9000},
    {NULL, 0, 0, 0},
};

static const struct step *const scripts[] = {
    [ROLE_ECHO] = echo,
    [ROLE_PUBLISHER] = publisher,
    [ROLE_SUBSCRIBER] = subscriber,
};

const struct step *script_of(enum role role)
{
    return scripts[role];
}

size_t script_statistics_step(enum role role)
{
    size_t step = 0;

    while (scripts[role][step].make != event_statistics)
        step++;
    return step;
}

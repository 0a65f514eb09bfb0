/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HANDLER_REPORT_H
#define REPLAY_HANDLER_REPORT_H

/* What the host has learnt about a handler, as JSON: from the host itself, or from what it left in
 * shared memory when it died. */

#include "replay/host/host.h"

#include <jansson.h>

/*
 * {"package":…,"delivered":…,"masked":…,"callback_ns":{…,"slowest":[{"seq":…,"ns":…}…]},
 * "release_us":{…},"held":…,"leaked":…,"over_released":…,"ended":`ended`}. Takes over the reference
 * to `ended`. New reference. Neither argument needs to be sound: a crash may have spoilt them.
 */
json_t *handler_report_json(const char *package, const struct handler_probe *probe, json_t *ended);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The layouts in Janus's own words; and then our prototypes on top of Janus's, which does not
 * compile where they differ. */

#include <janus/apierror.h>
#include <janus/config.h>
#include <janus/debug.h>
#include <janus/ip-utils.h>
#include <janus/mutex.h>
#include <janus/refcount.h>
#include <janus/utils.h>

#include <janus/events/eventhandler.h>

#define HOST_ABI_PROTOTYPES_ONLY
#include "replay/host/abi.h"

#include "tests/replay/host/abi_layout.h"

_Static_assert(HOST_ABI_HANDLER_API <= JANUS_EVENTHANDLER_API_VERSION,
               "the installed Janus speaks an older handler API than the host takes");

const struct layout janus[] = LAYOUT;

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Its mask takes nothing. */

#include "tests/replay/host/handlers/handler.h"

HANDLER("janus.eventhandler.deaf", .events_mask = 0)

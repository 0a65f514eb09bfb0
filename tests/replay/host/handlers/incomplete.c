/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forgot a mandatory function. */

#include "tests/replay/host/handlers/handler.h"

HANDLER("janus.eventhandler.incomplete", .get_description = NULL)

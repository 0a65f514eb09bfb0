/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Built for Janus 0.3 to 0.5. */

#include "tests/replay/host/handlers/handler.h"

static int two(void)
{
    return 2;
}

HANDLER("janus.eventhandler.oldapi", .get_api_compatibility = two)

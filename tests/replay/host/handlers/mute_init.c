/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cannot start, and does not say why. */

#include "tests/replay/host/handlers/handler.h"

static int init(const char *config_path)
{
    (void)config_path;
    return -1;
}

HANDLER("janus.eventhandler.mute", .init = init)

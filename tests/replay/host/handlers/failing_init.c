/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cannot start, and says why before a last word that is of no importance. */

#include "tests/replay/host/handlers/handler.h"

static int init(const char *config_path)
{
    (void)config_path;
    LOG("[ERR] ", "[failing.c:init:12] No backend configured\n");
    LOG("", "Giving up\n");
    return -7;
}

HANDLER("janus.eventhandler.failing", .init = init)

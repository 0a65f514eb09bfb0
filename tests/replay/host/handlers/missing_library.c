/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Needs a library that is not installed. */

#include "tests/replay/host/handlers/handler.h"

int gone(void);

static int init(const char *config_path)
{
    (void)config_path;
    return gone();
}

HANDLER("janus.eventhandler.missinglibrary", .init = init)

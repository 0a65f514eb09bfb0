/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Another kind of Janus module. Its init() takes other arguments: it must not be called. */

#include "tests/replay/host/handlers/handler.h"

#include <stdlib.h>

static int init(const char *config_path)
{
    (void)config_path;
    abort();
}

HANDLER("janus.plugin.echotest", .init = init)

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Uses something that only a later Janus has. */

#include "tests/replay/host/handlers/handler.h"

int janus_of_the_future(void);

static int init(const char *config_path)
{
    (void)config_path;
    return janus_of_the_future();
}

HANDLER("janus.eventhandler.future", .init = init)

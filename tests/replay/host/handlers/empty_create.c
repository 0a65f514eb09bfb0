/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Its create() fails. */

#include "tests/replay/host/handlers/handler.h"

struct janus_eventhandler *create(void)
{
    return NULL;
}

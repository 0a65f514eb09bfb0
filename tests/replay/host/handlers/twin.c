/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Claims the package of good.c. */

#include "tests/replay/host/handlers/handler.h"

HANDLER("janus.eventhandler.good")

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The layouts in our own words. */

#include "replay/host/abi.h"
#include "tests/replay/host/abi_layout.h"

const struct layout ours[] = LAYOUT;

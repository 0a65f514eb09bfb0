/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_STATE_INTERNAL_H
#define FORMAT_STATE_INTERNAL_H

/* What state.c, which keeps events, and state_list.c, which tells them, share. */

#include "evj/state.h"
#include "format/state_store_internal.h"

struct evj_state {
    uint32_t types; /* of the events to keep */
    struct store store;
};

#endif

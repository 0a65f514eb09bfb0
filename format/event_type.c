/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/event_type.h"

#include "evj/limits.h"

#include <stddef.h>
#include <string.h>

/* Indexed by the number of the type's bit. */
static const char *const labels[EVJ_EVENT_TYPES] = {
    "sessions", "handles", "external", "jsep", "webrtc", "media", "plugins", "transports", "core",
};

int evj_event_type_index(uint32_t type)
{
    if (type == 0 || (type & (type - 1)) != 0)
        return -1;
    int index = __builtin_ctz(type);
    return index < (int)EVJ_EVENT_TYPES ? index : -1;
}

const char *evj_event_type_label(uint32_t type)
{
    int index = evj_event_type_index(type);

    return index < 0 ? NULL : labels[index];
}

uint32_t evj_event_type_from_label(const char *label)
{
    for (unsigned i = 0; i < EVJ_EVENT_TYPES; i++)
        if (strcmp(labels[i], label) == 0)
            return 1u << i;
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Event types by name, and the lists of them in a handler's configuration (events.h). */

#include "evj/event_type.h"
#include "evj/limits.h"
#include "replay/host/abi.h"

#include <string.h>

#define ALL_TYPES 0xffffffffu

/* Indexed by the number of the type's bit, as evj_event_type_index() gives it. */
static const char *const names[EVJ_EVENT_TYPES] = {
    "Sessions", "Handles", "External", "Jsep", "WebRTC", "Media", "Plugins", "Transports", "Core",
};

const char *janus_events_type_to_label(int type)
{
    return type == 0 ? "no_events" : evj_event_type_label((uint32_t)type);
}

const char *janus_events_type_to_name(int type)
{
    if (type == 0)
        return "No events";
    int index = evj_event_type_index((uint32_t)type);

    return index < 0 ? NULL : names[index];
}

/* Blanks before a name are skipped and those behind it are not, as in the core: "sessions ,media"
 * asks for media alone, in Janus and hence here. */
static janus_flags type_of(const char *name)
{
    g_autofree char *label = g_ascii_strdown(name + strspn(name, " \t\r\n\v\f"), -1);

    return evj_event_type_from_label(label);
}

void janus_events_edit_events_mask(const char *list, janus_flags *target)
{
    janus_flags mask = 0;

    if (!list || !target)
        return;
    if (g_ascii_strcasecmp(list, "all") == 0) {
        mask = ALL_TYPES;
    } else {
        g_auto(GStrv) parts = g_strsplit(list, ",", -1);

        for (char **part = parts; *part; part++)
            mask |= type_of(*part);
    }
    /* The dispatching thread reads it meanwhile, so it must never see a half-built mask. */
    __atomic_store_n(target, mask, __ATOMIC_RELAXED);
}

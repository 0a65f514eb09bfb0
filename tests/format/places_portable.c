/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format/deflate_places_internal.h as a machine without SSE2 has it. */
#define EVJ_PORTABLE_PLACES

#include "format/deflate_places_internal.h"

struct places places_of_portable(const char *at, struct places_before *before);

struct places places_of_portable(const char *at, struct places_before *before)
{
    return places_of(at, before);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/source.h"

void source_free(struct source *source)
{
    if (source != NULL)
        source->ops->free(source);
}

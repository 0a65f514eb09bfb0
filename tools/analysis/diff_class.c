/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/diff_class.h"

#include <string.h>

static const char *const names[DIFF_CLASSES] = {
    [DIFF_OUTCOME] = "outcome",
    [DIFF_STRUCTURE] = "structure",
    [DIFF_NEGOTIATION] = "negotiation",
    [DIFF_IDENTITY] = "identity",
    [DIFF_TIMING] = "timing",
    [DIFF_QUALITY] = "quality",
    [DIFF_NOTE] = "note",
};

bool diff_class_from_name(const char *name, enum diff_class *ret_class)
{
    for (unsigned i = 0; i < DIFF_CLASSES; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *ret_class = (enum diff_class)i;
        return true;
    }
    return false;
}

const char *diff_class_name(enum diff_class class)
{
    return class < DIFF_CLASSES ? names[class] : "unknown";
}

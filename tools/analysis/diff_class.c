/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/diff_class.h"

static const char *const names[DIFF_CLASSES] = {
    [DIFF_OUTCOME] = "outcome",
    [DIFF_STRUCTURE] = "structure",
    [DIFF_NEGOTIATION] = "negotiation",
    [DIFF_IDENTITY] = "identity",
    [DIFF_TIMING] = "timing",
    [DIFF_QUALITY] = "quality",
    [DIFF_NOTE] = "note",
};

const char *diff_class_name(enum diff_class class)
{
    return class < DIFF_CLASSES ? names[class] : "unknown";
}

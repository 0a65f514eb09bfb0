/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/duration.h"

#include <inttypes.h>
#include <stdio.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS (1000 * NS_PER_US)
#define NS_PER_S (1000 * NS_PER_MS)
#define NS_PER_MIN (60 * NS_PER_S)

const char *duration_text(int64_t ns, char text[static DURATION_TEXT])
{
    static const struct {
        int64_t below, unit;
        const char *format;
    } scales[] = {
        {NS_PER_US, 1, "%.0f ns"},
        {NS_PER_MS, NS_PER_US, "%.3g µs"},
        {NS_PER_S, NS_PER_MS, "%.3g ms"},
        {10 * NS_PER_S, NS_PER_S, "%.2f s"},
        {10 * NS_PER_MIN, NS_PER_S, "%.1f s"},
        {120 * NS_PER_MIN, NS_PER_MIN, "%.0f min"},
    };

    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        if (ns < scales[i].below) {
            snprintf(text, DURATION_TEXT, scales[i].format, (double)ns / (double)scales[i].unit);
            return text;
        }
    }
    snprintf(text, DURATION_TEXT, "%" PRId64 " h %02d min", ns / (60 * NS_PER_MIN),
             (int)(ns / NS_PER_MIN % 60));
    return text;
}

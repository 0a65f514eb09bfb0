/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/notice.h"

#include <stdarg.h>
#include <stdio.h>

void notice_put(notice_fn *notice, enum notice_level level, const char *format, ...)
{
    char text[1024];
    va_list args;

    if (!notice)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    notice(level, text);
}

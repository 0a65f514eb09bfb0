/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int evj_fail(struct evj_error *err, int status, uint64_t offset, const char *format, ...)
{
    if (!err)
        return status;
    err->status = status;
    err->sys_errno = 0;
    err->offset = offset;

    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return status;
}

int evj_fail_errno(struct evj_error *err, uint64_t offset, const char *format, ...)
{
    int saved = errno;

    if (!err)
        return EVJ_ERR_IO;
    err->status = EVJ_ERR_IO;
    err->sys_errno = saved;
    err->offset = offset;

    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);

    size_t len = strlen(err->text);
    snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror(saved));
    errno = saved;
    return EVJ_ERR_IO;
}

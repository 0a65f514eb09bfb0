/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_RESULT_FILE_H
#define TOOLS_RESULT_FILE_H

/* The file into which a command writes its result, in place of that of an earlier run. */

#include "evj/error.h"

#include <stdio.h>

/*
 * Can this file be written? Says so now, before hours of work, naming the option. What is there is
 * deleted, so that whatever happens nobody takes it for this run's, unless it is a journal: that is a
 * mistake. -1 to go on, or EXIT_TROUBLE.
 */
int result_file_check(const char *option, const char *path);

/* Prints the result. */
typedef void result_file_print(FILE *out, const void *context);

/* Write it. EVJ_ERR_IO with the path in *err. */
int result_file_write(const char *path, result_file_print *print, const void *context,
                      struct evj_error *err);

#endif

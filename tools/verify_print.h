/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_VERIFY_PRINT_H
#define TOOLS_VERIFY_PRINT_H

/* What `evj verify` prints of a file, on standard output. */

#include "evj/verify.h"

/* One line with the verdict; below it what the verdict means, and the findings. */
void verify_print(const char *path, const struct evj_verification *verification);

/* One JSON object, one line. */
void verify_print_json(const char *path, const struct evj_verification *verification);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_PATH_H
#define EVJ_PATH_H

/* What journals are called on the command line and on the disk. "-" is standard input. Nothing here
 * opens anything. */

#include <stdbool.h>

/* As people are told of it: "(standard input)" for "-", two quotes for nothing (a variable that was not
 * set), else the path itself. Borrowed. */
const char *evj_path_shown(const char *path);

/* What is behind the last slash: borrowed. */
const char *evj_path_name(const char *path);

/* Do both lead to one file? False for what is not there. */
bool evj_path_is_same_file(const char *a, const char *b);

/* Can it be read only once, from its beginning: standard input, a pipe, or another thing that is neither
 * a file nor a folder? False for what is not there. */
bool evj_path_is_stream(const char *path);

#endif

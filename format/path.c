/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"

#include <string.h>
#include <sys/stat.h>

static bool is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *evj_path_shown(const char *path)
{
    if (path[0] == '\0')
        return "\"\"";
    return is_standard_input(path) ? "(standard input)" : path;
}

const char *evj_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool evj_path_is_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool evj_path_is_stream(const char *path)
{
    struct stat st;

    return is_standard_input(path) ||
           (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

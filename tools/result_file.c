/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/result_file.h"

#include "tools/command.h"
#include "tools/report.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that evj compresses is. */
static bool is_gzip(const char *path)
{
    static const char magic[] = {'\x1f', '\x8b'};
    char start[sizeof(magic)] = "";
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return false;
    const bool whole = fread(start, 1, sizeof(start), file) == sizeof(start);

    fclose(file);
    return whole && memcmp(start, magic, sizeof(magic)) == 0;
}

/* Of what is no file, as /dev/stdout, nothing is left over. */
static bool is_file(const char *path)
{
    struct stat found;

    return lstat(path, &found) == 0 && S_ISREG(found.st_mode);
}

int result_file_check(const char *option, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);

    if (*path == '\0' || g_file_test(path, G_FILE_TEST_IS_DIR))
        return trouble("%s: \"%s\" is no name of a file", option, path);
    if (access(folder, W_OK | X_OK) != 0)
        return trouble("%s: cannot write to the folder %s: %s", option, folder, g_strerror(errno));
    if (is_file(path) && is_gzip(path))
        return trouble("%s: %s is a journal: name another file", option, path);
    if (is_file(path))
        g_unlink(path);
    return -1;
}

int result_file_write(const char *path, result_file_print *print, const void *context,
                      struct evj_error *err)
{
    FILE *out = fopen(path, "we");

    if (out == NULL)
        return evj_fail_errno(err, 0, "cannot write %s", path);
    print(out, context);
    const bool failed = ferror(out) != 0;

    if (fclose(out) != 0 || failed)
        return evj_fail_errno(err, 0, "cannot write %s", path);
    return 0;
}

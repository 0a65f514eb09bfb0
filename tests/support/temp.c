/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/temp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void require(int good, const char *what, const char *name)
{
    if (good)
        return;
    fprintf(stderr, "# the test cannot %s %s\n", what, name);
    abort();
}

char *temp_path(const char *folder, const char *name)
{
    char *path = NULL;

    require(asprintf(&path, "%s/%s", folder, name) > 0, "name", name);
    return path;
}

char *temp_folder_new(void)
{
    const char *base = getenv("TMPDIR");
    char *folder = temp_path(base && base[0] ? base : "/tmp", "evj-test-XXXXXX");

    require(mkdtemp(folder) != NULL, "make", folder);
    return folder;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void temp_folder_free(char *folder)
{
    require(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, "remove", folder);
    free(folder);
}

char *temp_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");

    require(file && fseek(file, 0, SEEK_END) == 0, "read", path);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(size + 1);
    require(bytes && fread(bytes, 1, size, file) == size, "read", path);
    bytes[size] = '\0';
    fclose(file);
    *ret_size = size;
    return bytes;
}

void temp_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    require(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "write", path);
}

char *temp_read_data(const char *name, size_t *ret_size)
{
    const char *folder = getenv("EVJ_TEST_DATA");

    require(folder != NULL, "find (EVJ_TEST_DATA is not set)", name);
    char *path = temp_path(folder, name);
    char *bytes = temp_read(path, ret_size);
    free(path);
    return bytes;
}

int temp_setup(void **state)
{
    *state = temp_folder_new();
    return 0;
}

int temp_teardown(void **state)
{
    temp_folder_free(*state);
    return 0;
}

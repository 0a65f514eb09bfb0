/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TARGET FILE|FOLDER…: the target on each file, and on each file of each folder, once. This is what
 * a target is linked with where there is no libFuzzer; so a corpus is a test for every compiler.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void give_up(const char *path)
{
    printf("Bail out! cannot read %s\n", path);
    exit(1);
}

static unsigned char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    struct stat st;

    if (!file || fstat(fileno(file), &st) < 0)
        give_up(path);
    unsigned char *bytes = fuzz_alloc((size_t)st.st_size);
    *ret_size = fread(bytes, 1, (size_t)st.st_size, file);
    if (*ret_size != (size_t)st.st_size)
        give_up(path);
    fclose(file);
    return bytes;
}

static unsigned run_file(const char *path)
{
    size_t size;
    unsigned char *bytes = read_file(path, &size);

    printf("# %s\n", path); /* the last one named is the one that failed */
    fflush(stdout);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 1;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static unsigned run_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    unsigned inputs = 0;

    if (count < 0)
        give_up(path);
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        inputs += run_file(file);
        free(entries[i]);
    }
    free(entries);
    return inputs;
}

static unsigned run(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        give_up(path);
    return S_ISDIR(st.st_mode) ? run_folder(path) : run_file(path);
}

int main(int argc, char **argv)
{
    unsigned inputs = 0;

    printf("1..1\n");
    for (int i = 1; i < argc; i++)
        inputs += run(argv[i]);
    printf("%sok 1 - %s: %u inputs of the corpus, nothing found\n", inputs > 0 ? "" : "not ",
           program_invocation_short_name, inputs);
    return inputs > 0 ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_TEMP_H
#define TESTS_SUPPORT_TEMP_H

/*
 * Folders and files that exist for one test. A fault here is no test's claim: it aborts.
 */

#include <stddef.h>

/* A new empty folder below $TMPDIR; temp_folder_free() removes it with all that is in it. */
char *temp_folder_new(void);
void temp_folder_free(char *folder);

/* `folder`/`name`; the caller frees it. */
char *temp_path(const char *folder, const char *name);

/* The whole file, malloc'ed, with a NUL behind its *ret_size bytes. */
char *temp_read(const char *path, size_t *ret_size);

/* Create or replace a file. */
void temp_write(const char *path, const void *bytes, size_t size);

/* A file below tests/data (EVJ_TEST_DATA), read as temp_read() does. */
char *temp_read_data(const char *name, size_t *ret_size);

/* For cmocka's setup and teardown: *state is the folder. */
int temp_setup(void **state);
int temp_teardown(void **state);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_JUNIT_H
#define TOOLS_JUNIT_H

/*
 * Results as JUnit's XML, which every CI reads. Texts may be strangers': what XML cannot hold becomes
 * U+FFFD.
 */

#include "evj/error.h"

#include <glib.h>
#include <stdio.h>

/* GPtrArray of test suites, empty; g_ptr_array_unref() frees it with all that is in it. */
GPtrArray *junit_new(void);

/* Begin a suite. What follows goes into it. */
void junit_suite(GPtrArray *suites, const char *name);

/* Something that one needs to know to have the same again. */
void junit_property(GPtrArray *suites, const char *name, const char *value);

/* A case: it passed, it failed, as these lines say, or nobody can say, because of … */
void junit_pass(GPtrArray *suites, const char *name);
void junit_fail(GPtrArray *suites, const char *name, const char *lines);
void junit_skip(GPtrArray *suites, const char *name, const char *why);

/* It passed, and there is something to say. */
void junit_pass_noting(GPtrArray *suites, const char *name, const char *lines);

/* `name` says whose results they are: "evj replay". */
void junit_print(const GPtrArray *suites, const char *name, FILE *out);

/* Write the file, in place of one that is there. EVJ_ERR_IO with the path in *err. */
int junit_write(const GPtrArray *suites, const char *name, const char *path, struct evj_error *err);

#endif

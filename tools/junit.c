/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/junit.h"

#include "tools/markup.h"
#include "tools/result_file.h"

#include <stdbool.h>
#include <string.h>

enum outcome { PASSED, FAILED, SKIPPED, OUTCOMES };

struct test_case {
    char *name;
    char *text; /* may be NULL if it passed */
    enum outcome outcome;
};

struct suite {
    char *name;
    GPtrArray *properties; /* name, value, name, value … */
    GPtrArray *cases;      /* struct test_case */
    unsigned counts[OUTCOMES];
};

static void case_free(gpointer data)
{
    struct test_case *test = data;

    g_free(test->name);
    g_free(test->text);
    g_free(test);
}

static void suite_free(gpointer data)
{
    struct suite *suite = data;

    g_free(suite->name);
    g_ptr_array_unref(suite->properties);
    g_ptr_array_unref(suite->cases);
    g_free(suite);
}

GPtrArray *junit_new(void)
{
    return g_ptr_array_new_with_free_func(suite_free);
}

void junit_suite(GPtrArray *suites, const char *name)
{
    struct suite *suite = g_new0(struct suite, 1);

    suite->name = g_strdup(name);
    suite->properties = g_ptr_array_new_with_free_func(g_free);
    suite->cases = g_ptr_array_new_with_free_func(case_free);
    g_ptr_array_add(suites, suite);
}

static struct suite *last(const GPtrArray *suites)
{
    return g_ptr_array_index(suites, suites->len - 1);
}

void junit_property(GPtrArray *suites, const char *name, const char *value)
{
    g_ptr_array_add(last(suites)->properties, g_strdup(name));
    g_ptr_array_add(last(suites)->properties, g_strdup(value));
}

static void add(GPtrArray *suites, const char *name, enum outcome outcome, const char *text)
{
    struct test_case *test = g_new0(struct test_case, 1);

    test->name = g_strdup(name);
    test->text = g_strdup(text);
    test->outcome = outcome;
    g_ptr_array_add(last(suites)->cases, test);
    last(suites)->counts[outcome]++;
}

void junit_pass(GPtrArray *suites, const char *name)
{
    add(suites, name, PASSED, NULL);
}

void junit_fail(GPtrArray *suites, const char *name, const char *lines)
{
    add(suites, name, FAILED, lines);
}

void junit_skip(GPtrArray *suites, const char *name, const char *why)
{
    add(suites, name, SKIPPED, why);
}

void junit_pass_noting(GPtrArray *suites, const char *name, const char *lines)
{
    add(suites, name, PASSED, lines);
}

/* ---- XML ---- */

/* The first line stands where a CI shows it at once. */
static void put_failure(struct markup *xml, const char *lines)
{
    g_autofree char *message = g_strndup(lines, strcspn(lines, "\n"));

    markup_open(xml, "failure");
    markup_attribute(xml, "message", message);
    markup_text(xml, lines);
    markup_close(xml, "failure");
}

static void put_skip(struct markup *xml, const char *why)
{
    markup_open(xml, "skipped");
    markup_attribute(xml, "message", why);
    markup_end(xml);
}

static void put_note(struct markup *xml, const char *lines)
{
    markup_open(xml, "system-out");
    markup_text(xml, lines);
    markup_close(xml, "system-out");
}

static void put_case(struct markup *xml, const struct suite *suite, const struct test_case *test)
{
    static void (*const put[OUTCOMES])(struct markup *, const char *) = {
        [PASSED] = put_note, [FAILED] = put_failure, [SKIPPED] = put_skip};

    markup_line(xml, 2);
    markup_open(xml, "testcase");
    markup_attribute(xml, "classname", suite->name);
    markup_attribute(xml, "name", test->name);
    if (test->text == NULL) {
        markup_end(xml);
        return;
    }
    markup_line(xml, 3);
    put[test->outcome](xml, test->text);
    markup_line(xml, 2);
    markup_close(xml, "testcase");
}

static void put_counts(struct markup *xml, const unsigned counts[static OUTCOMES])
{
    markup_format(xml, "tests", "%u", counts[PASSED] + counts[FAILED] + counts[SKIPPED]);
    markup_format(xml, "failures", "%u", counts[FAILED]);
    markup_attribute(xml, "errors", "0");
    markup_format(xml, "skipped", "%u", counts[SKIPPED]);
}

static void put_properties(struct markup *xml, const GPtrArray *properties)
{
    if (properties->len == 0)
        return;
    markup_line(xml, 2);
    markup_open(xml, "properties");
    for (guint i = 0; i + 1 < properties->len; i += 2) {
        markup_line(xml, 3);
        markup_open(xml, "property");
        markup_attribute(xml, "name", g_ptr_array_index(properties, i));
        markup_attribute(xml, "value", g_ptr_array_index(properties, i + 1));
        markup_end(xml);
    }
    markup_line(xml, 2);
    markup_close(xml, "properties");
}

static void put_suite(struct markup *xml, const struct suite *suite)
{
    markup_line(xml, 1);
    markup_open(xml, "testsuite");
    markup_attribute(xml, "name", suite->name);
    put_counts(xml, suite->counts);
    put_properties(xml, suite->properties);
    for (guint i = 0; i < suite->cases->len; i++)
        put_case(xml, suite, g_ptr_array_index(suite->cases, i));
    markup_line(xml, 1);
    markup_close(xml, "testsuite");
}

void junit_print(const GPtrArray *suites, const char *name, FILE *out)
{
    struct markup xml = {.out = out};
    unsigned sums[OUTCOMES] = {0};

    for (guint i = 0; i < suites->len; i++) {
        const struct suite *suite = g_ptr_array_index(suites, i);

        for (int outcome = 0; outcome < OUTCOMES; outcome++)
            sums[outcome] += suite->counts[outcome];
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", out);
    markup_line(&xml, 0);
    markup_open(&xml, "testsuites");
    markup_attribute(&xml, "name", name);
    put_counts(&xml, sums);
    for (guint i = 0; i < suites->len; i++)
        put_suite(&xml, g_ptr_array_index(suites, i));
    markup_line(&xml, 0);
    markup_close(&xml, "testsuites");
    markup_line(&xml, 0);
}

struct printing {
    const GPtrArray *suites;
    const char *name;
};

static void print(FILE *out, const void *context)
{
    const struct printing *printing = context;

    junit_print(printing->suites, printing->name, out);
}

int junit_write(const GPtrArray *suites, const char *name, const char *path, struct evj_error *err)
{
    return result_file_write(path, print, &(struct printing){suites, name}, err);
}

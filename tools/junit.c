/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/junit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum outcome { PASSED, FAILED, SKIPPED, OUTCOMES };

struct test_case {
    char *name, *text;
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

/* ---- XML ---- */

/* XML 1.0, 2.2: no control characters but three, no surrogates, and not the last two of the plane. */
static bool is_xml(gunichar c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static void put_char(FILE *out, gunichar c)
{
    char text[8] = "";

    if (!is_xml(c))
        c = 0xfffd;
    switch (c) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    default:
        text[g_unichar_to_utf8(c, text)] = '\0';
        fputs(text, out);
    }
}

/* Up to the end of `len` bytes; not terminated. */
static void put_text(FILE *out, const char *text, size_t len)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
        put_char(out, g_utf8_get_char(at));
}

static void put_attribute(FILE *out, const char *name, const char *text, size_t len)
{
    fprintf(out, " %s=\"", name);
    put_text(out, text, len);
    fputc('"', out);
}

/* The first line stands where a CI shows it at once. */
static void put_failure(FILE *out, const char *lines)
{
    fputs(">\n      <failure", out);
    put_attribute(out, "message", lines, strcspn(lines, "\n"));
    fputc('>', out);
    put_text(out, lines, strlen(lines));
    fputs("</failure>\n    </testcase>\n", out);
}

static void put_case(FILE *out, const struct suite *suite, const struct test_case *test)
{
    fputs("    <testcase", out);
    put_attribute(out, "classname", suite->name, strlen(suite->name));
    put_attribute(out, "name", test->name, strlen(test->name));
    switch (test->outcome) {
    case FAILED:
        put_failure(out, test->text);
        break;
    case SKIPPED:
        fputs(">\n      <skipped", out);
        put_attribute(out, "message", test->text, strlen(test->text));
        fputs("/>\n    </testcase>\n", out);
        break;
    default:
        fputs("/>\n", out);
    }
}

static void put_counts(FILE *out, const unsigned counts[static OUTCOMES])
{
    fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n",
            counts[PASSED] + counts[FAILED] + counts[SKIPPED], counts[FAILED], counts[SKIPPED]);
}

static void put_properties(FILE *out, const GPtrArray *properties)
{
    if (properties->len > 0)
        fputs("    <properties>\n", out);
    for (guint i = 0; i + 1 < properties->len; i += 2) {
        const char *name = g_ptr_array_index(properties, i);
        const char *value = g_ptr_array_index(properties, i + 1);

        fputs("      <property", out);
        put_attribute(out, "name", name, strlen(name));
        put_attribute(out, "value", value, strlen(value));
        fputs("/>\n", out);
    }
    if (properties->len > 0)
        fputs("    </properties>\n", out);
}

static void put_suite(FILE *out, const struct suite *suite)
{
    fputs("  <testsuite", out);
    put_attribute(out, "name", suite->name, strlen(suite->name));
    put_counts(out, suite->counts);
    put_properties(out, suite->properties);
    for (guint i = 0; i < suite->cases->len; i++)
        put_case(out, suite, g_ptr_array_index(suite->cases, i));
    fputs("  </testsuite>\n", out);
}

static void put_all(FILE *out, const GPtrArray *suites)
{
    unsigned sums[OUTCOMES] = {0};

    for (guint i = 0; i < suites->len; i++) {
        const struct suite *suite = g_ptr_array_index(suites, i);

        for (int outcome = 0; outcome < OUTCOMES; outcome++)
            sums[outcome] += suite->counts[outcome];
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"evj replay\"", out);
    put_counts(out, sums);
    for (guint i = 0; i < suites->len; i++)
        put_suite(out, g_ptr_array_index(suites, i));
    fputs("</testsuites>\n", out);
}

int junit_write(const GPtrArray *suites, const char *path, struct evj_error *err)
{
    FILE *out = fopen(path, "we");
    bool failed;

    if (out == NULL)
        return evj_fail_errno(err, 0, "cannot write %s", path);
    put_all(out, suites);
    failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        return evj_fail_errno(err, 0, "cannot write %s", path);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/junit.h"

#include <glib/gstdio.h>
#include <string.h>

static char *written(const GPtrArray *suites)
{
    g_autofree char *folder = g_dir_make_tmp("evj-junit-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "junit.xml", NULL);
    char *text = NULL;

    assert_int_equal(junit_write(suites, "evj replay", path, NULL), 0);
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    g_rmdir(folder);
    return text;
}

static void suites_and_cases_are_written_and_counted(void **state)
{
    g_autoptr(GPtrArray) suites = junit_new();
    g_autofree char *text = NULL;

    (void)state;
    junit_suite(suites, "one");
    junit_property(suites, "seed", "7");
    junit_pass(suites, "loaded");
    junit_fail(suites, "took all", "2 were not taken\nrecords 3 and 4");
    junit_suite(suites, "two");
    junit_skip(suites, "loaded", "nobody tried");
    junit_pass_noting(suites, "took all", "slowly");
    text = written(suites);
    assert_string_equal(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"evj replay\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\">\n"
        "  <testsuite name=\"one\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n"
        "    <properties>\n"
        "      <property name=\"seed\" value=\"7\"/>\n"
        "    </properties>\n"
        "    <testcase classname=\"one\" name=\"loaded\"/>\n"
        "    <testcase classname=\"one\" name=\"took all\">\n"
        "      <failure message=\"2 were not taken\">2 were not taken\nrecords 3 and 4</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"two\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\">\n"
        "    <testcase classname=\"two\" name=\"loaded\">\n"
        "      <skipped message=\"nobody tried\"/>\n"
        "    </testcase>\n"
        "    <testcase classname=\"two\" name=\"took all\">\n"
        "      <system-out>slowly</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
}

/* What a handler logs is anybody's text. */
static void texts_of_strangers_stay_texts(void **state)
{
    g_autoptr(GPtrArray) suites = junit_new();
    g_autofree char *text = NULL;

    (void)state;
    junit_suite(suites, "<a href=\"x\">&amp;");
    junit_fail(suites, "é \x01\x1b[31m \xff \xef\xbf\xbf", "]]></failure><x/>");
    text = written(suites);
    assert_non_null(strstr(text, "name=\"&lt;a href=&quot;x&quot;&gt;&amp;amp;\" "));
    assert_non_null(
        strstr(text, "name=\"é \xef\xbf\xbd\xef\xbf\xbd[31m \xef\xbf\xbd \xef\xbf\xbd\""));
    assert_non_null(strstr(text, ">]]&gt;&lt;/failure&gt;&lt;x/&gt;</failure>"));
    assert_true(g_utf8_validate(text, -1, NULL));
}

static void where_it_cannot_be_written_it_says_so(void **state)
{
    g_autoptr(GPtrArray) suites = junit_new();
    struct evj_error err = {0};

    (void)state;
    junit_suite(suites, "one");
    assert_int_equal(junit_write(suites, "x", "/nowhere/junit.xml", &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "/nowhere/junit.xml"));
    assert_int_equal(junit_write(suites, "x", "/dev/full", &err), EVJ_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_and_cases_are_written_and_counted),
        cmocka_unit_test(texts_of_strangers_stay_texts),
        cmocka_unit_test(where_it_cannot_be_written_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

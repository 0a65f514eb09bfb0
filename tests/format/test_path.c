/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"
#include "tests/support/temp.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_has_no_name_gets_one_for_people(void **state)
{
    (void)state;
    assert_string_equal(evj_path_shown("-"), "(standard input)");
    assert_string_equal(evj_path_shown("-/a.evj.gz"), "-/a.evj.gz");
    assert_string_equal(evj_path_shown(""), "\"\"");
}

static void a_name_is_what_is_behind_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(evj_path_name("/a/b/c.evj.gz"), "c.evj.gz");
    assert_string_equal(evj_path_name("c.evj.gz"), "c.evj.gz");
    assert_string_equal(evj_path_name("a/"), "");
}

static void a_file_is_the_same_by_whatever_path(void **state)
{
    char *a = temp_path(*state, "a"), *b = temp_path(*state, "b"),
         *link = temp_path(*state, "link");

    temp_write(a, "a", 1);
    temp_write(b, "a", 1);
    assert_int_equal(symlink("a", link), 0);
    assert_true(evj_path_is_same_file(a, link));
    assert_false(evj_path_is_same_file(a, b));
    assert_false(evj_path_is_same_file(a, "/not/there"));
    free(a);
    free(b);
    free(link);
}

/* To ask must not open it: that would wait for who writes, or take what was written. */
static void only_a_pipe_is_read_once(void **state)
{
    char *file = temp_path(*state, "file"), *pipe = temp_path(*state, "pipe");

    temp_write(file, "a", 1);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_true(evj_path_is_stream("-"));
    assert_true(evj_path_is_stream(pipe));
    assert_true(evj_path_is_stream("/dev/null"));
    assert_false(evj_path_is_stream(file));
    assert_false(evj_path_is_stream(*state));
    assert_false(evj_path_is_stream("/not/there"));
    free(file);
    free(pipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_no_name_gets_one_for_people),
        cmocka_unit_test(a_name_is_what_is_behind_the_last_slash),
        cmocka_unit_test_setup_teardown(a_file_is_the_same_by_whatever_path, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(only_a_pipe_is_read_once, temp_setup, temp_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/support/temp.h"
#include "tools/command.h"
#include "tools/result_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void print_text(FILE *out, const void *text)
{
    fputs(text, out);
}

/* Whoever finds a file must not take it for this run's. */
static void the_result_of_an_earlier_run_does_not_stay(void **state)
{
    char *path = temp_path(*state, "result");
    char *text;
    size_t size;

    temp_write(path, "old", 3);
    assert_int_equal(result_file_check("--output", path), -1);
    assert_false(exists(path));
    assert_int_equal(result_file_write(path, print_text, "new", NULL), 0);
    text = temp_read(path, &size);
    assert_string_equal(text, "new");
    free(text);
    free(path);
}

/* evj diff -o good.evj.gz bad.evj.gz: a journal was meant to be read. */
static void a_journal_is_not_overwritten(void **state)
{
    char *path = temp_path(*state, "good.evj.gz");

    temp_write(path, "\x1f\x8b\x08\x04", 4);
    assert_int_equal(result_file_check("--output", path), EXIT_TROUBLE);
    assert_true(exists(path));
    free(path);
}

/* /dev/stdout is a link, too. */
static void what_is_no_file_stays(void **state)
{
    char *path = temp_path(*state, "link"), *target = temp_path(*state, "target");

    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(result_file_check("--output", path), -1);
    assert_int_equal(result_file_write(path, print_text, "x", NULL), 0);
    assert_true(exists(target));
    free(path);
    free(target);
}

static void where_it_cannot_be_written_it_says_so(void **state)
{
    struct evj_error err = {0};

    assert_int_equal(result_file_check("--output", "/nowhere/result"), EXIT_TROUBLE);
    assert_int_equal(result_file_check("--output", *state), EXIT_TROUBLE);
    assert_int_equal(result_file_check("--output", ""), EXIT_TROUBLE);
    assert_int_equal(result_file_write("/nowhere/result", print_text, "x", &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "/nowhere/result"));
    assert_int_equal(result_file_write("/dev/full", print_text, "x", &err), EVJ_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_result_of_an_earlier_run_does_not_stay, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_journal_is_not_overwritten, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_stays, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(where_it_cannot_be_written_it_says_so, temp_setup,
                                        temp_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

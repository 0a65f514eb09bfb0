/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "tests/replay/host/support.h"

static void missing_parents_are_made(void **state)
{
    char *folder = new_folder();
    g_autofree char *deep = g_build_filename(folder, "a", "b", "c", NULL);

    (void)state;
    assert_int_equal(janus_mkdir(deep, 0755), 0);
    assert_true(g_file_test(deep, G_FILE_TEST_IS_DIR));
    assert_int_equal(janus_mkdir(deep, 0755), 0);
    assert_true(janus_mkdir("/proc/nowhere/x", 0755) < 0);
    remove_folder(folder);
}

static void assert_path(const char *base, const char *path, const char *expected)
{
    g_autofree char *absolute = janus_make_absolute_path(base, path);

    assert_string_equal(absolute, expected);
}

static void relative_paths_are_put_behind_the_base(void **state)
{
    (void)state;
    assert_path("/base", "rel", "/base/rel");
    assert_path("/base/", "rel", "/base/rel");
    assert_path("/base", "/abs", "/abs");
    assert_path("/base", "", "/base");
}

static void protection_covers_what_is_inside(void **state)
{
    (void)state;
    janus_protected_folder_add("/secret/place");
    assert_true(janus_is_folder_protected("/secret/place"));
    assert_true(janus_is_folder_protected("/secret/place/file"));
    assert_true(janus_is_folder_protected("/secret/other/../place/file"));
    assert_false(janus_is_folder_protected("/tmp"));
    janus_protected_folders_clear();
    assert_false(janus_is_folder_protected("/secret/place"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_parents_are_made),
        cmocka_unit_test(relative_paths_are_put_behind_the_base),
        cmocka_unit_test(protection_covers_what_is_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

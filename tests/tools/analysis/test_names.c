/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/names.h"

static void equal_ids_have_one_name_and_others_another(void **state)
{
    struct names *names = names_new();

    (void)state;
    assert_string_equal(names_of(names, "room", "4711"), "room_1");
    assert_string_equal(names_of(names, "room", "0815"), "room_2");
    assert_string_equal(names_of(names, "room", "4711"), "room_1");
    names_free(names);
}

static void each_kind_counts_from_one(void **state)
{
    struct names *names = names_new();

    (void)state;
    assert_string_equal(names_of(names, "room", "1"), "room_1");
    assert_string_equal(names_of(names, "participant", "1"), "participant_1");
    assert_string_equal(names_of(names, "participant", "2"), "participant_2");
    names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_ids_have_one_name_and_others_another),
        cmocka_unit_test(each_kind_counts_from_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

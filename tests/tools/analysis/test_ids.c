/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/ids.h"

static int start(void **state)
{
    *state = ids_new();
    return 0;
}

static int stop(void **state)
{
    ids_free(*state);
    return 0;
}

static void ids_that_met_first_stand_for_each_other(void **state)
{
    assert_true(ids_agree(*state, "room", "1234", "77"));
    assert_true(ids_agree(*state, "room", "1234", "77"));
    assert_true(ids_agree(*state, "room", "5", "6"));
}

static void an_id_stands_for_one_other_only(void **state)
{
    assert_true(ids_agree(*state, "room", "1", "a"));
    assert_false(ids_agree(*state, "room", "1", "b"));
    assert_false(ids_agree(*state, "room", "2", "a"));
    /* What did not agree has tied nothing. */
    assert_true(ids_agree(*state, "room", "2", "b"));
}

static void ids_of_different_kinds_do_not_meet(void **state)
{
    assert_true(ids_agree(*state, "room", "1", "2"));
    assert_true(ids_agree(*state, "participant", "1", "3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ids_that_met_first_stand_for_each_other, start, stop),
        cmocka_unit_test_setup_teardown(an_id_stands_for_one_other_only, start, stop),
        cmocka_unit_test_setup_teardown(ids_of_different_kinds_do_not_meet, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

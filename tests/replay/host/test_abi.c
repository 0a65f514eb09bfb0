/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/replay/host/abi_layout.h"

#include <string.h>

/* A handler that is already compiled has Janus's offsets in it. */
static void layouts_are_those_of_janus(void **state)
{
    size_t i = 0;

    (void)state;
    for (; ours[i].what && janus[i].what; i++) {
        assert_string_equal(ours[i].what, janus[i].what);
        if (ours[i].value != janus[i].value)
            fail_msg("%s is %zu, and %zu in Janus", ours[i].what, ours[i].value, janus[i].value);
    }
    assert_null(ours[i].what);
    assert_null(janus[i].what);
    assert_true(i > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_are_those_of_janus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

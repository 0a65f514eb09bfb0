/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/error.h"

#include <errno.h>
#include <string.h>

static void a_failure_returns_its_status_and_keeps_the_detail(void **state)
{
    struct evj_error err = {.sys_errno = 99};
    int status = evj_fail(&err, EVJ_ERR_CORRUPT, 812, "block claims %u bytes", 7u);

    (void)state;
    assert_int_equal(status, EVJ_ERR_CORRUPT);
    assert_int_equal(err.status, EVJ_ERR_CORRUPT);
    assert_int_equal(err.sys_errno, 0);
    assert_int_equal(err.offset, 812);
    assert_string_equal(err.text, "block claims 7 bytes");
}

static void nobody_has_to_ask_for_the_detail(void **state)
{
    (void)state;
    assert_int_equal(evj_fail(NULL, EVJ_ERR_LIMIT, 0, "%s", "unheard"), EVJ_ERR_LIMIT);
    assert_int_equal(evj_fail_errno(NULL, 0, "%s", "unheard"), EVJ_ERR_IO);
}

static void a_refusal_of_the_system_names_its_reason_and_keeps_errno(void **state)
{
    struct evj_error err = {0};

    (void)state;
    errno = ENOSPC;
    assert_int_equal(evj_fail_errno(&err, 3, "cannot write %s", "x"), EVJ_ERR_IO);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(err.sys_errno, ENOSPC);
    assert_int_equal(err.offset, 3);
    assert_string_equal(err.text, "cannot write x: No space left on device");
}

/* A path of a stranger's may be as long as it likes. */
static void a_text_that_is_too_long_is_cut_and_terminated(void **state)
{
    struct evj_error err;
    char long_text[2000];

    (void)state;
    memset(long_text, 'x', sizeof(long_text));
    long_text[sizeof(long_text) - 1] = '\0';
    evj_fail(&err, EVJ_ERR_INVALID, 0, "%s", long_text);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    errno = EIO;
    evj_fail_errno(&err, 0, "%s", long_text);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_returns_its_status_and_keeps_the_detail),
        cmocka_unit_test(nobody_has_to_ask_for_the_detail),
        cmocka_unit_test(a_refusal_of_the_system_names_its_reason_and_keeps_errno),
        cmocka_unit_test(a_text_that_is_too_long_is_cut_and_terminated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/notice.h"
#include "tests/recorder/fixture.h"

#include <string.h>

static size_t noticed_len;

static void measure(enum notice_level level, const char *text)
{
    (void)level;
    noticed_len = strlen(text);
}

static void a_notice_is_formatted_and_keeps_its_level(void **state)
{
    (void)state;
    fixture_forget_notices();
    notice_put(fixture_notice, NOTICE_ERROR, "%s = %d", "compression", 12);
    assert_true(fixture_noticed("2 compression = 12\n"));
}

static void a_long_notice_is_cut(void **state)
{
    char text[3000] = "";

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    notice_put(measure, NOTICE_INFO, "%s", text);
    assert_int_equal(noticed_len, 1023);
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    notice_put(NULL, NOTICE_INFO, "unheard");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_notice_is_formatted_and_keeps_its_level),
        cmocka_unit_test(a_long_notice_is_cut),
        cmocka_unit_test(nobody_needs_to_listen),
    };

    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/amount.h"

#include <stddef.h>

#define UNSET UINT64_C(12345)
#define G (UINT64_C(1) << 30)

typedef bool read_fn(const char *text, uint64_t *ret_amount);

struct amount {
    const char *text;
    uint64_t value; /* UNSET: is refused */
};

static void check(read_fn *read, const struct amount *amounts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = UNSET;
        bool good = read(amounts[i].text, &value);
        if (good != (amounts[i].value != UNSET) || value != amounts[i].value)
            fail_msg("'%s' is %s%lu", amounts[i].text, good ? "" : "refused, ",
                     (unsigned long)value);
    }
}

static void bytes_have_units_of_1024(void **state)
{
    static const struct amount amounts[] = {
        {"0", 0},
        {"300", 300},
        {"64K", 65536},
        {"64k", 65536},
        {"256M", 256 * (G >> 10)},
        {"10G", 10 * G},
        {"1T", 1024 * G},
        {"4611686018427387904", UINT64_C(1) << 62},
    };

    (void)state;
    check(amount_bytes, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

static void seconds_have_units_up_to_days(void **state)
{
    static const struct amount amounts[] = {
        {"0", 0},
        {"90", 90},
        {"90s", 90},
        {"15m", 900},
        {"6h", 6 * 3600},
        {"7D", 7 * 86400},
        {"36525d", UINT64_C(36525) * 86400},
    };

    (void)state;
    check(amount_seconds, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

static void what_is_no_amount_is_refused_and_sets_nothing(void **state)
{
    static const struct amount no_bytes[] = {
        {"", UNSET},
        {"K", UNSET},
        {"-1", UNSET},
        {"+1", UNSET},
        {" 1", UNSET},
        {"1 K", UNSET},
        {"1KB", UNSET},
        {"1.5G", UNSET},
        {"0x10", UNSET},
        {"1d", UNSET},
        {"1e3", UNSET},
        {"4611686018427387905", UNSET},
        {"99999999999999999999999", UNSET},
        {"18014398509481984K", UNSET},
    };
    static const struct amount no_seconds[] = {
        {"", UNSET}, {"1K", UNSET}, {"1w", UNSET}, {"36526d", UNSET}, {"1m30s", UNSET},
    };

    (void)state;
    check(amount_bytes, no_bytes, sizeof(no_bytes) / sizeof(no_bytes[0]));
    check(amount_seconds, no_seconds, sizeof(no_seconds) / sizeof(no_seconds[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_have_units_of_1024),
        cmocka_unit_test(seconds_have_units_up_to_days),
        cmocka_unit_test(what_is_no_amount_is_refused_and_sets_nothing),
    };

    return cmocka_run_group_tests_name("amount", tests, NULL, NULL);
}

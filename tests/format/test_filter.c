/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "format/filter_internal.h"

#include <stdlib.h>

/* Janus's session ids are random numbers below 2^53. */
static uint64_t nth_session(uint64_t i)
{
    uint64_t x = (i + 1) * 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    return (x ^ x >> 31) >> 11;
}

struct filter {
    unsigned char bits[EVJ_FILTER_MAX];
    size_t size;
    unsigned hashes;
};

static void filter_of(uint64_t sessions, struct filter *ret_filter)
{
    struct evj_id_set set = {0};

    for (uint64_t i = 0; i < sessions; i++)
        evj_id_set_add(&set, nth_session(i));
    ret_filter->size = evj_filter_size(&set, &ret_filter->hashes);
    assert_in_range(ret_filter->size, 0, EVJ_FILTER_MAX);
    evj_filter_put(&set, ret_filter->bits, ret_filter->size, ret_filter->hashes);
    evj_id_set_done(&set);
}

static bool may_have(const struct filter *filter, uint64_t id)
{
    return evj_filter_may_have(filter->bits, filter->size, filter->hashes, id);
}

static const uint64_t counts[] = {1, 2, 5, 6, 10, 100, 528, 1000, 2730};
#define COUNTS (sizeof(counts) / sizeof(counts[0]))

static void a_filter_never_denies_a_session_that_it_holds(void **state)
{
    struct filter filter;

    (void)state;
    for (unsigned i = 0; i < COUNTS; i++) {
        filter_of(counts[i], &filter);
        assert_true(filter.size > 0);
        for (uint64_t n = 0; n < counts[i]; n++)
            assert_true(may_have(&filter, nth_session(n)));
    }
}

/* 12 bits and 4 hashes for each session promise 0.6 %: twice that is already a fault. */
static void few_other_sessions_pass_a_filter(void **state)
{
    enum { OTHERS = 100000 };
    struct filter filter;

    (void)state;
    for (unsigned i = 0; i < COUNTS; i++) {
        unsigned passed = 0;
        filter_of(counts[i], &filter);
        for (uint64_t n = 0; n < OTHERS; n++)
            passed += may_have(&filter, nth_session(1000000 + n));
        assert_in_range(passed, 0, OTHERS / 83);
    }
}

/* Ids that someone counts up from 1, as a test's own fake server does. */
static void ids_in_sequence_are_no_worse(void **state)
{
    struct evj_id_set set = {0};
    struct filter filter;
    unsigned passed = 0;

    (void)state;
    for (uint64_t id = 1; id <= 500; id++)
        evj_id_set_add(&set, id);
    filter.size = evj_filter_size(&set, &filter.hashes);
    evj_filter_put(&set, filter.bits, filter.size, filter.hashes);
    evj_id_set_done(&set);
    for (uint64_t id = 1; id <= 500; id++)
        assert_true(may_have(&filter, id));
    for (uint64_t id = 501; id <= 100500; id++)
        passed += may_have(&filter, id);
    assert_in_range(passed, 0, 1200);
}

static void a_block_without_sessions_denies_them_all(void **state)
{
    struct filter filter;

    (void)state;
    filter_of(0, &filter);
    assert_true(filter.size > 0);
    for (uint64_t n = 0; n < 1000; n++)
        assert_false(may_have(&filter, nth_session(n)));
}

/* Beyond its limit a filter would be a waste: the block then does not tell its sessions. */
static void too_many_sessions_give_no_filter(void **state)
{
    struct filter filter;

    (void)state;
    filter_of(2731, &filter);
    assert_int_equal(filter.size, 0);
    assert_int_equal(filter.hashes, 0);
}

/* The filter is part of the format: what one version wrote, every other must read. */
static void the_bits_of_a_filter_never_change(void **state)
{
    static const unsigned char expected[8] = {0x00, 0x20, 0x08, 0x00, 0x00, 0x04, 0x01, 0x00};
    struct evj_id_set set = {0};
    struct filter filter;

    (void)state;
    evj_id_set_add(&set, UINT64_C(1234567890123456));
    filter.size = evj_filter_size(&set, &filter.hashes);
    evj_filter_put(&set, filter.bits, filter.size, filter.hashes);
    evj_id_set_done(&set);
    assert_int_equal(filter.size, 8);
    assert_int_equal(filter.hashes, 4);
    assert_memory_equal(filter.bits, expected, sizeof(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_never_denies_a_session_that_it_holds),
        cmocka_unit_test(few_other_sessions_pass_a_filter),
        cmocka_unit_test(ids_in_sequence_are_no_worse),
        cmocka_unit_test(a_block_without_sessions_denies_them_all),
        cmocka_unit_test(too_many_sessions_give_no_filter),
        cmocka_unit_test(the_bits_of_a_filter_never_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

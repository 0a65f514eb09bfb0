/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/candidates.h"

static unsigned count_of(const struct candidates *candidates, const char *kind)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(candidates->counts, kind));
}

static struct candidates *of(const char *const *texts, size_t count)
{
    struct candidates *candidates = candidates_new();

    for (size_t i = 0; i < count; i++)
        candidates_add(candidates, "remote", texts[i]);
    return candidates;
}

#define OF(...)                            \
    of((const char *const[]){__VA_ARGS__}, \
       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

#define HOST "1 1 udp 2122063615 192.0.2.2 45406 typ host generation 0 ufrag xzh7"
#define HOST_6 "3 1 UDP 2122267903 ::1 33358 typ host"
#define PRFLX "remote1 1 udp 1853628159 192.0.2.9 57138 typ prflx raddr 192.0.2.2 rport 57138\r\n"
#define TCP "candidate:4 1 tcp 1518280447 192.0.2.2 9 typ host tcptype active"
#define MDNS "5 1 udp 1 6b2e.local 5000 typ host"

static void candidates_are_counted_by_what_they_are(void **state)
{
    struct candidates *candidates = OF(HOST, HOST_6, PRFLX, TCP, MDNS);

    (void)state;
    assert_int_equal(count_of(candidates, "remote host udp IPv4"), 1);
    assert_int_equal(count_of(candidates, "remote host udp IPv6"), 1);
    assert_int_equal(count_of(candidates, "remote prflx udp IPv4"), 1);
    assert_int_equal(count_of(candidates, "remote host tcp/active IPv4"), 1);
    assert_int_equal(count_of(candidates, "remote host udp mDNS"), 1);
    candidates_free(candidates);
}

/* It comes as an event, and once for each medium in the SDP. */
static void one_candidate_told_three_times_is_one(void **state)
{
    struct candidates *candidates = OF(HOST, HOST, "candidate:9 1 udp 1 192.0.2.2 45406 typ host");

    (void)state;
    assert_int_equal(count_of(candidates, "remote host udp IPv4"), 1);
    candidates_free(candidates);
}

static enum diff_class compare(struct candidates *a, struct candidates *b, guint expected_changes)
{
    g_autoptr(GPtrArray) changes = changes_new();

    candidates_compare(a, b, changes);
    candidates_free(a);
    candidates_free(b);
    assert_int_equal(changes->len, expected_changes);
    return changes_worst(changes);
}

static void a_kind_that_is_missing_weighs_another_number_does_not(void **state)
{
    (void)state;
    assert_int_equal(compare(OF(HOST, HOST_6), OF(HOST), 1), DIFF_NEGOTIATION);
    assert_int_equal(compare(OF(HOST), OF(HOST, "1 1 udp 1 192.0.2.3 1 typ host"), 1), DIFF_NOTE);
    assert_int_equal(compare(OF(HOST, HOST_6), OF(HOST_6, HOST), 0), DIFF_NOTE);
}

static void peer_reflexive_candidates_are_a_matter_of_luck(void **state)
{
    (void)state;
    assert_int_equal(compare(OF(HOST, PRFLX), OF(HOST), 1), DIFF_NOTE);
}

static void nonsense_is_no_candidate(void **state)
{
    struct candidates *candidates = OF("", "candidate:", "1 1 udp", "end-of-candidates");

    (void)state;
    assert_int_equal(g_hash_table_size(candidates->counts), 0);
    candidates_free(candidates);
}

static void a_pair_is_what_both_ends_are(void **state)
{
    g_autoptr(GPtrArray) said = attributes_new();
    struct rules *rules = rules_new();
    g_autofree char *summary =
        pair_summary("fd00::2:44850 [host,udp] <-> 192.0.2.9:45406 [srflx,udp]");

    (void)state;
    pair_describe("fd00::2:44850 [host,udp] <-> 192.0.2.9:45406 [srflx,udp]", said, rules);
    assert_string_equal(attributes_get(said, "pair.local"), "host");
    assert_string_equal(attributes_get(said, "pair.remote"), "srflx");
    assert_string_equal(attributes_get(said, "pair.family"), "IPv6");
    assert_string_equal(summary, "host-srflx udp");
    assert_null(pair_summary("something else"));
    rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candidates_are_counted_by_what_they_are),
        cmocka_unit_test(one_candidate_told_three_times_is_one),
        cmocka_unit_test(a_kind_that_is_missing_weighs_another_number_does_not),
        cmocka_unit_test(peer_reflexive_candidates_are_a_matter_of_luck),
        cmocka_unit_test(nonsense_is_no_candidate),
        cmocka_unit_test(a_pair_is_what_both_ends_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/match.h"

/* Hashes of names, as a brief has them. */
enum { ECHOTEST = 1, VIDEOROOM, SIP, STREAMING, REMOTE = 11, LOCAL, ALICE = 21, BOB, CAROL };

#define UP (1u << MILESTONE_OFFER | 1u << MILESTONE_WEBRTCUP)
#define FAILED (1u << MILESTONE_OFFER)

static struct brief_handle handle(uint64_t id, uint64_t plugin, uint64_t role, unsigned milestones)
{
    return (struct brief_handle){
        .id = id, .plugin = plugin, .role = role, .milestones = milestones, .epochs = 1};
}

static struct brief_handle named(uint64_t id, uint64_t display)
{
    struct brief_handle made = handle(id, VIDEOROOM, LOCAL, UP);

    made.display = display;
    return made;
}

/* A session of these handles, which are borrowed. */
#define SESSION(name, ...)                                             \
    struct brief_handle name##_handles[] = {__VA_ARGS__};              \
    struct brief name = {.id = name##_handles[0].id * 10,              \
                         .handle_count = G_N_ELEMENTS(name##_handles), \
                         .handles = name##_handles}

static void assert_match(const GArray *matches, guint index, int a, int b)
{
    assert_true(index < matches->len);
    assert_int_equal(g_array_index(matches, struct match, index).a, a);
    assert_int_equal(g_array_index(matches, struct match, index).b, b);
}

static void the_most_alike_are_matched(void **state)
{
    SESSION(a, handle(1, VIDEOROOM, REMOTE, UP), handle(2, VIDEOROOM, LOCAL, UP));
    SESSION(b, handle(3, VIDEOROOM, LOCAL, UP), handle(4, VIDEOROOM, REMOTE, UP));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    assert_match(matches, 0, 0, 1);
    assert_match(matches, 1, 1, 0);
    assert_float_equal(g_array_index(matches, struct match, 0).score, 1, 0);
}

static void a_failed_handle_is_still_matched_by_its_plugin(void **state)
{
    SESSION(a, handle(1, ECHOTEST, REMOTE, UP));
    SESSION(b, handle(2, ECHOTEST, REMOTE, FAILED));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    assert_match(matches, 0, 0, 0);
    assert_true(g_array_index(matches, struct match, 0).score < 1);
    assert_true(g_array_index(matches, struct match, 0).score > 0.9);
}

static void equals_are_matched_by_order(void **state)
{
    SESSION(a, handle(1, SIP, LOCAL, UP), handle(2, SIP, LOCAL, UP), handle(3, SIP, LOCAL, UP));
    SESSION(b, handle(4, SIP, LOCAL, UP), handle(5, SIP, LOCAL, UP), handle(6, SIP, LOCAL, UP));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_match(matches, (guint)i, i, i);
}

static void other_plugins_are_never_matched(void **state)
{
    SESSION(a, handle(1, SIP, LOCAL, UP));
    SESSION(b, handle(2, STREAMING, LOCAL, UP));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    assert_int_equal(matches->len, 2);
    assert_match(matches, 0, 0, -1);
    assert_match(matches, 1, -1, 0);
}

/* A journal that starts in mid-call does not tell which plugin it is. */
static void a_plugin_that_is_not_told_may_be_any(void **state)
{
    SESSION(a, handle(1, 0, LOCAL, UP));
    SESSION(b, handle(2, STREAMING, LOCAL, UP));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    assert_match(matches, 0, 0, 0);
}

/* Taken one by one, alice would get the first that is free. */
static void all_together_are_matched_at_the_least_price(void **state)
{
    SESSION(a, named(1, ALICE), named(2, BOB), named(3, CAROL));
    SESSION(b, named(4, BOB), named(5, CAROL), named(6, ALICE));
    g_autoptr(GArray) matches = match_handles(&a, &b, NULL);

    (void)state;
    assert_match(matches, 0, 0, 2);
    assert_match(matches, 1, 1, 0);
    assert_match(matches, 2, 2, 1);
}

static void somebody_may_say_who_goes_with_whom(void **state)
{
    SESSION(a, named(1, ALICE), named(2, BOB));
    SESSION(b, named(3, ALICE), named(4, BOB));
    struct id_map *map = id_map_new();

    (void)state;
    assert_int_equal(id_map_add(map, "1=4", NULL), 0);
    g_autoptr(GArray) matches = match_handles(&a, &b, map);

    assert_match(matches, 0, 0, 1);
    assert_match(matches, 1, 1, 0);
    assert_true(g_array_index(matches, struct match, 0).mapped);
    assert_false(g_array_index(matches, struct match, 1).mapped);
    id_map_free(map);
}

/* ---- sessions ---- */

static void sessions_are_matched_by_what_their_handles_are(void **state)
{
    SESSION(a1, handle(1, SIP, LOCAL, UP));
    SESSION(a2, handle(2, ECHOTEST, REMOTE, UP));
    SESSION(b1, handle(3, ECHOTEST, REMOTE, FAILED));
    SESSION(b2, handle(4, STREAMING, LOCAL, UP));
    g_autoptr(GPtrArray) a = g_ptr_array_new(), b = g_ptr_array_new();

    (void)state;
    g_ptr_array_add(a, &a1);
    g_ptr_array_add(a, &a2);
    g_ptr_array_add(b, &b1);
    g_ptr_array_add(b, &b2);
    g_autoptr(GArray) matches = match_sessions(a, b, NULL);

    assert_int_equal(matches->len, 3);
    assert_match(matches, 0, 0, -1);
    assert_match(matches, 1, 1, 0);
    assert_match(matches, 2, -1, 1);
}

/* Also by the id of one of its handles. */
static void somebody_may_say_which_session_is_which(void **state)
{
    SESSION(a1, handle(1, ECHOTEST, REMOTE, UP));
    SESSION(a2, handle(2, ECHOTEST, REMOTE, UP));
    SESSION(b1, handle(3, ECHOTEST, REMOTE, UP));
    SESSION(b2, handle(4, ECHOTEST, REMOTE, UP));
    g_autoptr(GPtrArray) a = g_ptr_array_new(), b = g_ptr_array_new();
    struct id_map *map = id_map_new();

    (void)state;
    g_ptr_array_add(a, &a1);
    g_ptr_array_add(a, &a2);
    g_ptr_array_add(b, &b1);
    g_ptr_array_add(b, &b2);
    assert_int_equal(id_map_add(map, "2=30", NULL), 0);
    g_autoptr(GArray) matches = match_sessions(a, b, map);

    assert_match(matches, 0, 0, 1);
    assert_match(matches, 1, 1, 0);
    assert_true(g_array_index(matches, struct match, 1).mapped);
    id_map_free(map);
}

/* `count` sessions with one handle each, every third of which failed. */
static GPtrArray *many(guint count)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < count; i++) {
        struct {
            struct brief brief;
            struct brief_handle handle;
        } *both = g_malloc0(sizeof(*both));

        both->handle = handle(i + 1, i % 2 == 0 ? ECHOTEST : SIP, LOCAL, i % 3 == 0 ? FAILED : UP);
        both->brief = (struct brief){.id = 1000 + i, .handle_count = 1, .handles = &both->handle};
        g_ptr_array_add(list, both);
    }
    return list;
}

static void many_sessions_are_matched_by_likeness_and_order(void **state)
{
    g_autoptr(GPtrArray) a = many(1000), b = many(1000);
    g_autoptr(GArray) matches = match_sessions(a, b, NULL);

    (void)state;
    assert_int_equal(matches->len, 1000);
    for (int i = 0; i < 1000; i++)
        assert_match(matches, (guint)i, i, i);
}

/* The sides exchanged, each pair is the same pair. */
static void the_other_way_round_the_same_go_together(void **state)
{
    static const guint counts[][2] = {{7, 7}, {5, 9}, {150, 190}, {300, 250}};

    (void)state;
    for (size_t n = 0; n < G_N_ELEMENTS(counts); n++) {
        g_autoptr(GPtrArray) a = many(counts[n][0]), b = many(counts[n][1]);
        g_autoptr(GArray) there = match_sessions(a, b, NULL);
        g_autoptr(GArray) back = match_sessions(b, a, NULL);

        for (guint i = 0; i < there->len; i++) {
            const struct match *one = &g_array_index(there, struct match, i);

            if (one->a >= 0 && one->b >= 0)
                assert_match(back, (guint)one->b, one->b, one->a);
        }
    }
}

/* ---- maps ---- */

static void a_map_takes_pairs_of_ids_only(void **state)
{
    static const char *const bad[] = {"", "=", "1", "1=", "=2", "a=2", "1=b", "1=2=3", "-1=2"};
    struct id_map *map = id_map_new();
    struct evj_error err;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_int_equal(id_map_add(map, bad[i], &err), EVJ_ERR_INVALID);
    assert_int_equal(id_map_add(map, "1=2", NULL), 0);
    assert_int_equal(id_map_add(map, "1=2", NULL), 0);
    assert_int_equal(id_map_add(map, "1=3", &err), EVJ_ERR_INVALID);
    assert_string_equal(err.text, "\"1=3\" contradicts 1=2 before it");
    assert_int_equal(id_map_add(map, "3=2", NULL), EVJ_ERR_INVALID);
    id_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_alike_are_matched),
        cmocka_unit_test(a_failed_handle_is_still_matched_by_its_plugin),
        cmocka_unit_test(equals_are_matched_by_order),
        cmocka_unit_test(other_plugins_are_never_matched),
        cmocka_unit_test(a_plugin_that_is_not_told_may_be_any),
        cmocka_unit_test(all_together_are_matched_at_the_least_price),
        cmocka_unit_test(somebody_may_say_who_goes_with_whom),
        cmocka_unit_test(sessions_are_matched_by_what_their_handles_are),
        cmocka_unit_test(somebody_may_say_which_session_is_which),
        cmocka_unit_test(many_sessions_are_matched_by_likeness_and_order),
        cmocka_unit_test(the_other_way_round_the_same_go_together),
        cmocka_unit_test(a_map_takes_pairs_of_ids_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

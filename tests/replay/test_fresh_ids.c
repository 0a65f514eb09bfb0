/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/fresh_ids.h"

#include <stdio.h>
#include <string.h>

#define MANY 2000u

/* The token that stands for `old`; the caller frees it. */
static char *fresh(struct fresh_ids *ids, enum evj_id_kind kind, const char *old, unsigned copy)
{
    GString *out = g_string_new(NULL);

    assert_int_equal(
        fresh_ids_put(ids, kind, (struct evj_slice){old, strlen(old)}, copy, out, NULL), 0);
    return g_string_free(out, FALSE);
}

static void assert_fresh(struct fresh_ids *ids, enum evj_id_kind kind, const char *old,
                         unsigned copy, const char *expected)
{
    g_autofree char *found = fresh(ids, kind, old, copy);

    assert_string_equal(found, expected);
}

static void an_old_id_always_gets_the_same(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(1, 2);
    g_autofree char *first = fresh(ids, EVJ_ID_SESSION, "6543210987654321", 0);
    g_autofree char *second = fresh(ids, EVJ_ID_SESSION, "6543210987654321", 1);

    (void)state;
    g_free(fresh(ids, EVJ_ID_SESSION, "7", 0));
    assert_string_not_equal(first, second);
    assert_fresh(ids, EVJ_ID_SESSION, "6543210987654321", 0, first);
    assert_fresh(ids, EVJ_ID_SESSION, "6543210987654321", 1, second);
    assert_int_equal(fresh_ids_count(ids), 2);
    fresh_ids_free(ids);
}

static void the_seed_decides(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(1, 1), *again = fresh_ids_new(1, 1);
    struct fresh_ids *other = fresh_ids_new(2, 1);
    g_autofree char *first = fresh(ids, EVJ_ID_ROOM, "1234", 0);
    g_autofree char *different = fresh(other, EVJ_ID_ROOM, "1234", 0);

    (void)state;
    assert_fresh(again, EVJ_ID_ROOM, "1234", 0, first);
    assert_string_not_equal(first, different);
    fresh_ids_free(ids);
    fresh_ids_free(again);
    fresh_ids_free(other);
}

static void no_two_ids_of_a_kind_meet(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(3, 10);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char old[32];

    (void)state;
    for (unsigned i = 1; i <= MANY; i++) {
        snprintf(old, sizeof(old), i % 2 ? "%u" : "9007%012u", i);
        for (unsigned copy = 0; copy < 10; copy++)
            assert_true(g_hash_table_add(seen, fresh(ids, EVJ_ID_ROOM, old, copy)));
    }
    fresh_ids_free(ids);
}

/* A backend keeps a room of 32 bits in a column of 32 bits, and JavaScript has 53. */
static void numbers_stay_as_wide_as_they_were(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(4, 1);
    char old[32];

    (void)state;
    for (unsigned i = 1; i <= MANY; i++) {
        uint64_t number = 0;
        g_autofree char *narrow =
            (snprintf(old, sizeof(old), "%u", i), fresh(ids, EVJ_ID_ROOM, old, 0));
        g_autofree char *wide =
            (snprintf(old, sizeof(old), "5000000000%u", i), fresh(ids, EVJ_ID_ROOM, old, 0));

        assert_true(evj_json_to_u64((struct evj_slice){narrow, strlen(narrow)}, &number));
        assert_true(number > 0 && number <= UINT32_MAX);
        assert_true(evj_json_to_u64((struct evj_slice){wide, strlen(wide)}, &number));
        assert_true(number > UINT32_MAX && number < UINT64_C(1) << 53);
    }
    fresh_ids_free(ids);
}

static bool matches(const char *pattern, const char *text)
{
    return g_regex_match_simple(pattern, text, 0, 0);
}

static void strings_keep_their_form(void **state)
{
    static const char *const forms[][2] = {
        {"\"7612345\"", "^\"[0-9]+\"$"},
        {"\"alice\"", "^\"alice-[0-9a-f]{8}\"$"},
        {"\"say \\\"hi\\\"\"", "^\"say \\\\\"hi\\\\\"-[0-9a-f]{8}\"$"},
        {"\"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9\"", "^\"0a1b2c3d-4e5f-4071-8293-[0-9a-f]{12}\"$"},
    };
    struct fresh_ids *ids = fresh_ids_new(5, 1);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree char *found = fresh(ids, EVJ_ID_PARTICIPANT, forms[i][0], 0);

        assert_string_not_equal(found, forms[i][0]);
        assert_true(matches(forms[i][1], found));
    }
    fresh_ids_free(ids);
}

/* A room 7 and a participant 7 have nothing to do with each other, and 7 is not "7". */
static void kinds_and_types_have_ids_of_their_own(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(6, 1);
    g_autofree char *room = fresh(ids, EVJ_ID_ROOM, "7", 0);
    g_autofree char *participant = fresh(ids, EVJ_ID_PARTICIPANT, "7", 0);
    g_autofree char *text = fresh(ids, EVJ_ID_ROOM, "\"7\"", 0);

    (void)state;
    assert_string_not_equal(room, participant);
    assert_true(text[0] == '"' && g_ascii_isdigit(room[0]));
    assert_int_equal(fresh_ids_count(ids), 3);
    fresh_ids_free(ids);
}

static void what_was_forgotten_gets_a_new_one(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(8, 1);
    g_autofree char *first = fresh(ids, EVJ_ID_ROOM, "1234", 0);
    g_autofree char *text = fresh(ids, EVJ_ID_ROOM, "\"a\"", 0);

    (void)state;
    fresh_ids_forget(ids);
    g_autofree char *second = fresh(ids, EVJ_ID_ROOM, "1234", 0);
    g_autofree char *other = fresh(ids, EVJ_ID_ROOM, "\"a\"", 0);

    assert_string_not_equal(first, second);
    assert_string_not_equal(text, other);
    assert_int_equal(fresh_ids_count(ids), 4);
    fresh_ids_free(ids);
}

static void beyond_the_limit_it_says_what_to_do(void **state)
{
    struct fresh_ids *ids = fresh_ids_new(7, 1);
    g_autoptr(GString) out = g_string_new(NULL);
    struct evj_error err = {0};
    int status = 0;
    char old[32];

    (void)state;
    for (unsigned i = 1; i <= FRESH_IDS_MAX + 1 && status == 0; i++) {
        g_string_truncate(out, 0);
        int len = snprintf(old, sizeof(old), "%u", i);
        status =
            fresh_ids_put(ids, EVJ_ID_SESSION, (struct evj_slice){old, (size_t)len}, 0, out, &err);
    }
    assert_int_equal(status, EVJ_ERR_LIMIT);
    assert_int_equal(out->len, 0);
    assert_int_equal(fresh_ids_count(ids), FRESH_IDS_MAX);
    assert_non_null(strstr(err.text, "--session"));
    fresh_ids_free(ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_id_always_gets_the_same),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(no_two_ids_of_a_kind_meet),
        cmocka_unit_test(numbers_stay_as_wide_as_they_were),
        cmocka_unit_test(strings_keep_their_form),
        cmocka_unit_test(kinds_and_types_have_ids_of_their_own),
        cmocka_unit_test(what_was_forgotten_gets_a_new_one),
        cmocka_unit_test(beyond_the_limit_it_says_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

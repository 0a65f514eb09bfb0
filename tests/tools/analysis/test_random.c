/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any journal, tried with real ones that were damaged at random. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

#define ROUNDS 60

static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail"};

static json_t *random_value(GRand *random)
{
    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        return json_null();
    case 1:
        return json_integer(g_rand_int_range(random, -3, 3));
    case 2:
        return json_string("\033[1m\n");
    case 3:
        return json_array();
    case 4:
        return json_object();
    default:
        return json_pack("[{s:i},s,n]", "media", 7, "");
    }
}

/* Change or drop one member, here or below. */
static void damage_object(json_t *object, GRand *random)
{
    const size_t size = json_object_size(object);
    gint32 chosen = size > 0 ? g_rand_int_range(random, 0, (gint32)size) : 0;
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (chosen-- > 0)
            continue;
        if (json_is_object(value) && g_rand_boolean(random)) {
            damage_object(value, random);
        } else if (g_rand_boolean(random)) {
            g_autofree char *name = g_strdup(key);

            json_object_set_new(object, name, random_value(random));
        } else {
            g_autofree char *name = g_strdup(key);

            json_object_del(object, name);
        }
        return;
    }
}

/* An event without type or body is no event at all: the reader would not give it. */
static void damage_event(json_t *event, GRand *random)
{
    json_t *body = json_object_get(event, "event");

    if (g_rand_int_range(random, 0, 8) == 0)
        json_object_set_new(event, "type", json_integer(1 << g_rand_int_range(random, 0, 10)));
    else if (g_rand_int_range(random, 0, 8) == 0)
        json_object_set_new(event, "handle_id", json_integer(g_rand_int_range(random, 0, 3)));
    else if (json_is_object(body))
        damage_object(body, random);
}

static void damage(GPtrArray *events, GRand *random)
{
    for (int n = g_rand_int_range(random, 1, 8); n > 0; n--) {
        const guint at = (guint)g_rand_int_range(random, 0, (gint32)events->len);
        json_t *event = g_ptr_array_index(events, at);

        switch (g_rand_int_range(random, 0, 4)) {
        case 0:
            g_ptr_array_remove_index(events, at);
            break;
        case 1:
            g_ptr_array_insert(events, g_rand_int_range(random, 0, (gint32)events->len),
                               json_deep_copy(event));
            break;
        default:
            damage_event(event, random);
        }
    }
}

static void check(const GPtrArray *a, const GPtrArray *b, int round)
{
    struct diff_result *there = compare_events(a, b), *back = compare_events(b, a);
    struct diff_result *same = compare_events(b, b);
    g_autofree char *told_there = describe_result(there, false);
    g_autofree char *told_back = describe_result(back, true);

    if (same->verdict != DIFF_IDENTICAL)
        fail_msg("round %d: not identical with itself", round);
    if (strcmp(told_there, told_back) != 0)
        fail_msg("round %d: no mirror:\n%s\n%s", round, told_there, told_back);
    diff_free(there);
    diff_free(back);
    diff_free(same);
}

static void a_damaged_journal_is_itself_and_its_comparison_has_a_mirror(void **state)
{
    GRand *random = g_rand_new_with_seed(20261122);

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GPtrArray) a = event_list_load(samples[round % (int)G_N_ELEMENTS(samples)]);
        g_autoptr(GPtrArray) b = event_list_load(samples[(round / 4) % (int)G_N_ELEMENTS(samples)]);

        damage(a, random);
        damage(b, random);
        check(a, b, round);
    }
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_journal_is_itself_and_its_comparison_has_a_mirror),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

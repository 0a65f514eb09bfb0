/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/table_internal.h"

#include <stdlib.h>
#include <string.h>

struct item {
    unsigned number;
    struct evj_table_link link;
};

#define ITEMS 1000u

/* Few hashes, so that many items share one, and many buckets are shared by several hashes. */
static uint64_t hash_of(unsigned number)
{
    return number / 3 * 64;
}

static struct item *find(const struct evj_table *table, unsigned number)
{
    for (struct evj_table_link *at = evj_table_first(table, hash_of(number)); at;
         at = evj_table_same(at)) {
        struct item *item = EVJ_TABLE_OWNER(at, struct item, link);
        assert_int_equal(at->hash, hash_of(number));
        if (item->number == number)
            return item;
    }
    return NULL;
}

static struct item *fill(struct evj_table *table)
{
    struct item *items = calloc(ITEMS, sizeof(*items));

    assert_non_null(items);
    for (unsigned i = 0; i < ITEMS; i++) {
        items[i].number = i;
        assert_true(evj_table_insert(table, &items[i].link, hash_of(i)));
    }
    return items;
}

static void what_was_put_in_is_found_until_it_is_taken_out(void **state)
{
    struct evj_table table = {0};
    struct item *items = fill(&table);

    (void)state;
    assert_int_equal(table.count, ITEMS);
    for (unsigned i = 0; i < ITEMS; i++)
        assert_ptr_equal(find(&table, i), &items[i]);
    for (unsigned i = 0; i < ITEMS; i += 2)
        evj_table_remove(&table, &items[i].link);
    assert_int_equal(table.count, ITEMS / 2);
    for (unsigned i = 0; i < ITEMS; i++)
        assert_ptr_equal(find(&table, i), i % 2 ? &items[i] : NULL);
    evj_table_done(&table);
    free(items);
}

static void a_walk_meets_each_once(void **state)
{
    struct evj_table table = {0};
    struct item *items = fill(&table);
    static bool met[ITEMS];
    size_t count = 0;

    (void)state;
    for (struct evj_table_link *at = evj_table_next(&table, NULL); at;
         at = evj_table_next(&table, at)) {
        struct item *item = EVJ_TABLE_OWNER(at, struct item, link);
        assert_false(met[item->number]);
        met[item->number] = true;
        count++;
    }
    assert_int_equal(count, ITEMS);
    evj_table_done(&table);
    free(items);
}

static void an_empty_table_has_nothing(void **state)
{
    struct evj_table table = {0};

    (void)state;
    assert_null(find(&table, 1));
    assert_null(evj_table_next(&table, NULL));
    evj_table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_in_is_found_until_it_is_taken_out),
        cmocka_unit_test(a_walk_meets_each_once),
        cmocka_unit_test(an_empty_table_has_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With room for sixteen chunks only. */
#include "tests/support/test.h"

#include "replay/event_tree.h"
#include "replay/json_chunks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNKS (JSON_CHUNKS_BYTES / JSON_CHUNK_SIZE)

/* Under ASan and valgrind there are none, and all the rest holds as well. */
static void assert_chunks(size_t least, size_t most)
{
    if (json_chunks_install())
        assert_in_range(json_chunks_count(), least, most);
    else
        assert_int_equal(json_chunks_count(), 0);
}

static json_t *make_tree(unsigned number)
{
    char text[200];
    json_t *tree;
    int len = snprintf(
        text, sizeof(text),
        "{\"emitter\":\"gw\",\"type\":%u,\"event\":{\"list\":[1,2.5,\"three\",null]}}", number);

    json_chunks_begin();
    tree = event_tree_parse(text, (size_t)len, NULL);
    json_chunks_end();
    assert_non_null(tree);
    return tree;
}

static void assert_tree(json_t *tree, unsigned number)
{
    assert_int_equal(json_integer_value(json_object_get(tree, "type")), number);
    assert_string_equal(json_string_value(json_object_get(tree, "emitter")), "gw");
}

static void what_is_freed_at_once_takes_one_chunk(void **state)
{
    (void)state;
    json_chunks_install();
    for (unsigned i = 0; i < 10000; i++) {
        json_t *tree = make_tree(i);

        assert_tree(tree, i);
        json_decref(tree);
    }
    assert_chunks(1, 1);
}

/* Every third is kept for a while; what is kept stays what it is. */
static void what_is_kept_is_left_alone(void **state)
{
    json_t *kept[100] = {NULL};

    (void)state;
    json_chunks_install();
    for (unsigned i = 0; i < 10000; i++) {
        json_t *tree = make_tree(i);

        if (i % 3 != 0) {
            json_decref(tree);
            continue;
        }
        if (kept[i / 3 % 100] != NULL)
            assert_tree(kept[i / 3 % 100], i - 300);
        json_decref(kept[i / 3 % 100]);
        kept[i / 3 % 100] = tree;
    }
    for (size_t i = 0; i < 100; i++)
        json_decref(kept[i]);
    assert_chunks(2, CHUNKS);
}

/* More than there is room for: the rest is malloc()'s, and nothing is lost. */
static void beyond_the_limit_it_is_mallocs(void **state)
{
    static json_t *trees[5000];

    (void)state;
    json_chunks_install();
    for (unsigned i = 0; i < 5000; i++)
        trees[i] = make_tree(i);
    assert_chunks(CHUNKS, CHUNKS);
    for (unsigned i = 0; i < 5000; i++) {
        assert_tree(trees[i], i);
        json_decref(trees[i]);
    }
    /* And after that there is room again. */
    for (unsigned i = 0; i < 100; i++)
        json_decref(make_tree(i));
    assert_chunks(CHUNKS, CHUNKS);
}

/* ---- another thread frees ---- */

struct hand_over {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    json_t *trees[16];
    unsigned put, taken;
    bool done;
};

static void *free_all(void *context)
{
    struct hand_over *hand = context;

    pthread_mutex_lock(&hand->lock);
    while (!hand->done || hand->taken < hand->put) {
        if (hand->taken == hand->put) {
            pthread_cond_wait(&hand->moved, &hand->lock);
            continue;
        }
        json_t *tree = hand->trees[hand->taken % 16];

        pthread_mutex_unlock(&hand->lock);
        assert_tree(tree, hand->taken);
        json_decref(tree);
        pthread_mutex_lock(&hand->lock);
        hand->taken++;
        pthread_cond_signal(&hand->moved);
    }
    pthread_mutex_unlock(&hand->lock);
    return NULL;
}

static void give(struct hand_over *hand, json_t *tree)
{
    pthread_mutex_lock(&hand->lock);
    while (hand->put - hand->taken == 16)
        pthread_cond_wait(&hand->moved, &hand->lock);
    hand->trees[hand->put++ % 16] = tree;
    pthread_cond_signal(&hand->moved);
    pthread_mutex_unlock(&hand->lock);
}

static void what_another_thread_frees_is_used_again(void **state)
{
    struct hand_over hand = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    pthread_t thread;

    (void)state;
    json_chunks_install();
    assert_int_equal(pthread_create(&thread, NULL, free_all, &hand), 0);
    for (unsigned i = 0; i < 20000; i++)
        give(&hand, make_tree(i));
    pthread_mutex_lock(&hand.lock);
    hand.done = true;
    pthread_cond_signal(&hand.moved);
    pthread_mutex_unlock(&hand.lock);
    pthread_join(thread, NULL);
    assert_chunks(1, CHUNKS);
}

/* ---- what is not a tree's ---- */

/* As every handler does. */
static void the_text_of_json_dumps_may_be_given_to_free(void **state)
{
    json_t *tree;
    char *text;

    (void)state;
    json_chunks_install();
    tree = make_tree(7);
    text = json_dumps(tree, JSON_COMPACT);
    assert_non_null(strstr(text, "\"type\":7"));
    free(text);
    json_decref(tree);
}

static void a_handler_may_add_to_a_tree_and_take_from_it(void **state)
{
    json_t *tree, *part;

    (void)state;
    json_chunks_install();
    tree = make_tree(7);
    for (int i = 0; i < 100; i++) {
        char key[16];

        snprintf(key, sizeof(key), "key%d", i);
        json_object_set_new(tree, key, json_pack("[i, s]", i, "mine"));
    }
    part = json_incref(json_object_get(tree, "event"));
    json_decref(tree);
    for (unsigned i = 0; i < 1000; i++)
        json_decref(make_tree(i));
    assert_string_equal(json_string_value(json_array_get(json_object_get(part, "list"), 2)),
                        "three");
    json_decref(part);
}

static void a_large_piece_is_mallocs(void **state)
{
    size_t before;
    void *large, *small;

    (void)state;
    json_chunks_install();
    before = json_chunks_count();
    json_chunks_begin();
    small = json_chunks_malloc(1);
    for (int i = 0; i < 100; i++) {
        large = json_chunks_malloc(JSON_CHUNK_SIZE);
        memset(large, 0xff, JSON_CHUNK_SIZE);
        json_chunks_free(large);
    }
    json_chunks_end();
    json_chunks_free(small);
    json_chunks_free(NULL);
    assert_chunks(1, before + 1);
}

static void pieces_do_not_overlap_and_are_aligned(void **state)
{
    unsigned char *pieces[500];

    (void)state;
    json_chunks_install();
    json_chunks_begin();
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = json_chunks_malloc(i + 1);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i + 1);
    }
    json_chunks_end();
    for (size_t i = 0; i < 500; i++) {
        for (size_t j = 0; j <= i; j++)
            assert_int_equal(pieces[i][j], i % 256);
        json_chunks_free(pieces[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_freed_at_once_takes_one_chunk),
        cmocka_unit_test(what_is_kept_is_left_alone),
        cmocka_unit_test(the_text_of_json_dumps_may_be_given_to_free),
        cmocka_unit_test(a_handler_may_add_to_a_tree_and_take_from_it),
        cmocka_unit_test(a_large_piece_is_mallocs),
        cmocka_unit_test(pieces_do_not_overlap_and_are_aligned),
        cmocka_unit_test(what_another_thread_frees_is_used_again),
        cmocka_unit_test(beyond_the_limit_it_is_mallocs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

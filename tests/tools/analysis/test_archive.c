/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that wait to be compared, in memory or in a file, come back as they were. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/analysis/archive.h"
#include "tools/analysis/pack.h"

#include <stdlib.h>
#include <string.h>

static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail", "room1"};

/* Packed again it is the same, so whatever is packed came back. */
static void assert_same_session(const struct model_session *a, const struct model_session *b)
{
    g_autoptr(GByteArray) left = g_byte_array_new(), right = g_byte_array_new();

    pack_session(a, left);
    pack_session(b, right);
    assert_int_equal(left->len, right->len);
    assert_memory_equal(left->data, right->data, left->len);
}

static void check_archive(struct archive *archive, const struct model *model)
{
    const GPtrArray *sessions = model_sessions(model);
    struct archive_place places[3];

    for (guint i = 0; i < sessions->len; i++)
        assert_int_equal(archive_add(archive, g_ptr_array_index(sessions, i), &places[i], NULL), 0);
    for (guint i = sessions->len; i-- > 0;) {
        struct model_session *session = NULL;

        assert_int_equal(archive_load(archive, &places[i], &session, NULL), 0);
        assert_same_session(session, g_ptr_array_index(sessions, i));
        model_session_free(session);
    }
}

/* With room for all, for some, and for none. */
static void a_session_comes_back_from_memory_and_from_a_file(void **state)
{
    static const size_t rooms[] = {1000000, 30000, 0};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        struct model *model = model_of_sample(samples[i]);

        for (size_t k = 0; k < G_N_ELEMENTS(rooms); k++) {
            struct archive *archive = archive_new(rooms[k]);

            check_archive(archive, model);
            archive_free(archive);
        }
        model_free(model);
    }
}

/* All sessions of one side, through an archive. */
static struct roster *archived(const struct model *model)
{
    struct roster *roster = roster_new();

    for (guint i = 0; i < model_sessions(model)->len; i++)
        assert_int_equal(roster_add(roster, g_ptr_array_index(model_sessions(model), i), NULL), 0);
    roster_finish(roster, model);
    return roster;
}

static void what_came_back_is_compared_as_it_was(void **state)
{
    struct rules *rules = rules_new();
    const struct diff_options options = diff_options_default(rules);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        struct model *a = model_of_sample("echo2"), *b = model_of_sample(samples[i]);
        struct roster *left = archived(a), *right = archived(b);
        struct diff_result *there = diff_compare(a, NULL, b, NULL, &options);
        struct diff_result *back = diff_rosters(left, right, &options, NULL);
        g_autofree char *told_there = describe_result(there, false);
        g_autofree char *told_back = describe_result(back, false);

        assert_string_equal(told_there, told_back);
        diff_free(there);
        diff_free(back);
        roster_free(left);
        roster_free(right);
        model_free(a);
        model_free(b);
    }
    rules_free(rules);
}

/* A file that somebody else wrote into is no session, and no crash. */
static void other_bytes_are_no_session(void **state)
{
    struct model *model = model_of_sample("echo2");
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    (void)state;
    pack_session(g_ptr_array_index(model_sessions(model), 0), bytes);
    assert_null(pack_open(bytes->data, 0));
    for (guint len = 1; len < bytes->len; len += 37)
        assert_null(pack_open(bytes->data, len));
    g_byte_array_append(bytes, (const guint8 *)"x", 1);
    assert_null(pack_open(bytes->data, bytes->len));
    model_free(model);
}

/* g_get_tmp_dir() asks only once: the folder has to be wrong from the start. */
static void a_folder_that_is_not_there_is_named(void **state)
{
    struct model *model = model_of_sample("echo2");
    struct archive *archive = archive_new(0);
    struct archive_place place;
    struct evj_error err;

    (void)state;
    assert_int_equal(
        archive_add(archive, g_ptr_array_index(model_sessions(model), 0), &place, &err),
        EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
    assert_non_null(strstr(err.text, "TMPDIR"));
    archive_free(archive);
    model_free(model);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_comes_back_from_memory_and_from_a_file),
        cmocka_unit_test(what_came_back_is_compared_as_it_was),
        cmocka_unit_test(other_bytes_are_no_session),
    };
    const struct CMUnitTest without_folder[] = {
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };

    (void)argv;
    if (argc == 1)
        return cmocka_run_group_tests(tests, NULL, NULL);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    return cmocka_run_group_tests(without_folder, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files: do those of one recording continue each other? */
#include "tests/support/test.h"

#include "evj/verify.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of a recording: its number, and the sequence numbers that are in it. */
static char *file_of(const char *folder, const char *id, unsigned number, uint64_t first,
                     uint64_t next)
{
    struct evj_header header;
    struct evj_writer *writer = NULL;
    char name[64], line[128];

    journal_header(&header);
    snprintf(header.id, sizeof(header.id), "%s", id);
    header.started_mono_us += number * 1000;
    /* The wall clock goes back meanwhile; only mono tells the order. */
    header.started_wall_us -= number * 1000;
    if (number > 0)
        snprintf(header.previous, sizeof(header.previous), "%c-%u.evj.gz", id[0], number - 1);
    snprintf(name, sizeof(name), "%c-%u.evj.gz", id[0], number);
    char *path = temp_path(folder, name);
    unlink(path);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    for (; first < next; first++) {
        snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":1,\"event\":{}}", (unsigned)first);
        journal_line(writer, line);
    }
    journal_end(writer);
    return path;
}

/* Verify them as one chain. What must be found, in the order of the chain: nothing (NULL), or a
 * finding of this kind with these words, and no other. */
struct expected {
    const char *name;
    enum evj_finding_kind kind;
    const char *words;
};

static void assert_file(const struct evj_chain *chain, size_t i, const struct evj_verification *v,
                        const struct expected *expected)
{
    assert_non_null(strstr(evj_chain_path(chain, i), expected->name));
    assert_int_equal(v->verdict, EVJ_VERDICT_CLOSED);
    if (v->finding_count > 0)
        print_message("# %s\n", v->findings[0].text);
    assert_int_equal(v->finding_count, expected->words != NULL);
    if (!expected->words)
        return;
    assert_string_equal(evj_finding_name(v->findings[0].kind), evj_finding_name(expected->kind));
    assert_non_null(strstr(v->findings[0].text, expected->words));
    assert_int_equal(v->faults, !evj_finding_is_harmless(expected->kind));
}

static void assert_chain(char *const *paths, const struct expected *expected, size_t count)
{
    EVJ_AUTO(chain) *chain = NULL;

    assert_int_equal(evj_chain_open((const char *const *)paths, count, &chain, NULL), EVJ_OK);
    assert_int_equal(evj_chain_files(chain), count);
    for (size_t i = 0; i < count; i++) {
        struct evj_verification v;
        assert_int_equal(evj_chain_verify(chain, i, NULL, NULL, &v, NULL), EVJ_OK);
        assert_file(chain, i, &v, &expected[i]);
    }
}

static void free_paths(char **paths, size_t count)
{
    while (count > 0)
        free(paths[--count]);
}

#define A "aaaaaaaa-2c3d-4e5f-8071-8293a4b5c6d7"
#define B "bbbbbbbb-2c3d-4e5f-8071-8293a4b5c6d7"

static void files_that_continue_each_other_are_sound(void **state)
{
    char *paths[] = {file_of(*state, A, 2, 9, 12), file_of(*state, B, 0, 0, 4),
                     file_of(*state, A, 0, 0, 5), file_of(*state, A, 1, 5, 9)};

    assert_chain(
        paths,
        (struct expected[]){{.name = "a-0"}, {.name = "a-1"}, {.name = "a-2"}, {.name = "b-0"}}, 4);
    free_paths(paths, 4);
}

static void a_file_that_is_missing_in_between_is_named_with_its_seqs(void **state)
{
    char *paths[] = {file_of(*state, A, 0, 0, 5), file_of(*state, A, 2, 9, 12)};

    assert_chain(paths,
                 (struct expected[]){
                     {.name = "a-0"},
                     {"a-2", EVJ_FINDING_MISSING,
                      "seq 5 to 8 are in no file: a-1.evj.gz, which comes before this one, is not "
                      "here"}},
                 2);
    free_paths(paths, 2);
}

static void a_file_that_ends_too_early_leaves_seqs_out(void **state)
{
    char *paths[] = {file_of(*state, A, 0, 0, 5), file_of(*state, A, 1, 7, 9)};

    assert_chain(
        paths,
        (struct expected[]){{.name = "a-0"},
                            {"a-1", EVJ_FINDING_MISSING,
                             "seq 5 to 6 are in no file: a-0.evj.gz, which comes before this "
                             "one, does not have them"}},
        2);
    free_paths(paths, 2);
}

/* Old files may have been deleted to make room. */
static void earlier_files_that_are_gone_are_noted(void **state)
{
    char *paths[] = {file_of(*state, A, 1, 5, 9), file_of(*state, A, 2, 9, 12)};

    assert_chain(paths,
                 (struct expected[]){{"a-1", EVJ_FINDING_EARLIER,
                                      "seq 0 to 4 are in earlier files, the last of them "
                                      "a-0.evj.gz"},
                                     {.name = "a-2"}},
                 2);
    assert_chain(paths, (struct expected[]){{.name = "a-1"}}, 1);
    free_paths(paths, 2);
}

static void seqs_in_two_files_are_a_fault(void **state)
{
    char *paths[] = {file_of(*state, A, 0, 0, 5), file_of(*state, A, 1, 3, 9)};

    assert_chain(
        paths,
        (struct expected[]){{.name = "a-0"},
                            {"a-1", EVJ_FINDING_ORDER, "seq 3 to 4 are in a-0.evj.gz too"}},
        2);
    free_paths(paths, 2);
}

static void a_copy_is_noted_and_breaks_no_chain(void **state)
{
    char *paths[] = {file_of(*state, A, 0, 0, 5), temp_path(*state, "copy.evj.gz"),
                     file_of(*state, A, 1, 5, 9)};
    size_t size;
    char *bytes = temp_read(paths[0], &size);

    temp_write(paths[1], bytes, size);
    assert_chain(paths,
                 (struct expected[]){
                     {.name = "a-0"}, {"copy", EVJ_FINDING_COPY, "a copy of "}, {.name = "a-1"}},
                 3);
    free(bytes);
    free_paths(paths, 3);
}

/* What was cut out of a recording does not continue it. */
static void a_part_of_a_recording_stands_alone(void **state)
{
    struct evj_header header;
    struct evj_writer *writer = NULL;
    char *paths[] = {file_of(*state, A, 0, 0, 5), temp_path(*state, "part.evj.gz"),
                     file_of(*state, A, 1, 5, 9)};

    journal_header(&header);
    snprintf(header.id, sizeof(header.id), "%s", A);
    snprintf(header.cut, sizeof(header.cut), "--session 5");
    header.started_mono_us++;
    assert_int_equal(evj_writer_open(paths[1], &header, NULL, &writer, NULL), EVJ_OK);
    journal_line(writer, "{\"seq\":3,\"mono\":1,\"event\":{}}");
    journal_end(writer);
    assert_chain(paths, (struct expected[]){{.name = "a-0"}, {.name = "part"}, {.name = "a-1"}}, 3);
    free_paths(paths, 3);
}

static void what_is_no_journal_comes_last(void **state)
{
    EVJ_AUTO(chain) *chain = NULL;
    char *paths[] = {temp_path(*state, "odd"), file_of(*state, A, 0, 0, 5)};
    struct evj_verification v;

    assert_int_equal(evj_chain_open((const char *const *)paths, 2, &chain, NULL), EVJ_OK);
    assert_non_null(strstr(evj_chain_path(chain, 0), "a-0"));
    assert_int_equal(evj_chain_verify(chain, 0, NULL, NULL, &v, NULL), EVJ_OK);
    assert_int_equal(v.verdict, EVJ_VERDICT_CLOSED);
    assert_int_equal(evj_chain_verify(chain, 1, NULL, NULL, &v, NULL), EVJ_OK);
    assert_int_equal(v.verdict, EVJ_VERDICT_UNREADABLE);
    free_paths(paths, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_that_continue_each_other_are_sound),
        TEST(a_file_that_is_missing_in_between_is_named_with_its_seqs),
        TEST(a_file_that_ends_too_early_leaves_seqs_out),
        TEST(earlier_files_that_are_gone_are_noted),
        TEST(seqs_in_two_files_are_a_fault),
        TEST(a_copy_is_noted_and_breaks_no_chain),
        TEST(a_part_of_a_recording_stands_alone),
        TEST(what_is_no_journal_comes_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

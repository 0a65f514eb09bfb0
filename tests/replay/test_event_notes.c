/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/event_notes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int set_up(void **state)
{
    struct event_notes *notes = NULL;

    assert_int_equal(event_notes_new(&notes, NULL), 0);
    *state = notes;
    return 0;
}

static int tear_down(void **state)
{
    event_notes_free(*state);
    return 0;
}

static void add(struct event_notes *notes, uint64_t seq, const char *text)
{
    const struct evj_record record = {
        .seq = seq,
        .body = {text, strlen(text)},
        .event = {.session_id = 10 * seq, .type = 16},
    };

    assert_int_equal(event_notes_add(notes, &record,
                                     (struct event_hash){.content = seq, .identity = 2 * seq},
                                     NULL),
                     0);
}

static GArray *load(const struct event_notes *notes)
{
    GArray *all = NULL;

    assert_int_equal(event_notes_load(notes, &all, NULL), 0);
    return all;
}

static void assert_note(const struct event_notes *notes, const GArray *all, guint index,
                        uint64_t seq, const char *text)
{
    const struct event_note *note = &g_array_index(all, struct event_note, index);
    g_autofree char *found = event_notes_text(notes, note);

    assert_int_equal(note->seq, seq);
    assert_int_equal(note->hash.content, seq);
    assert_int_equal(note->hash.identity, 2 * seq);
    assert_int_equal(note->session_id, 10 * seq);
    assert_int_equal(note->type, 16);
    assert_string_equal(found, text);
}

static void what_was_noted_is_read_again(void **state)
{
    struct event_notes *notes = *state;

    add(notes, 7, "{\"a\":1}");
    add(notes, 8, "{}");
    g_autoptr(GArray) all = load(notes);

    assert_int_equal(all->len, 2);
    assert_note(notes, all, 0, 7, "{\"a\":1}");
    assert_note(notes, all, 1, 8, "{}");
}

static void what_was_taken_back_is_not(void **state)
{
    struct event_notes *notes = *state;

    add(notes, 1, "{\"first\":1}");
    add(notes, 2, "{\"withdrawn\":2}");
    event_notes_withdraw(notes);
    add(notes, 3, "{}");
    g_autoptr(GArray) all = load(notes);

    assert_int_equal(all->len, 2);
    assert_note(notes, all, 1, 3, "{}");
    event_notes_clear(notes);
    g_autoptr(GArray) none = load(notes);

    assert_int_equal(none->len, 0);
}

/* A handler crashes in the child, and the parent knows what it was given. */
static void a_child_that_crashed_has_noted_it_for_its_parent(void **state)
{
    struct event_notes *notes = *state;
    int ending;
    const pid_t child = fork();

    if (child == 0) {
        add(notes, 1, "{\"a\":1}");
        add(notes, 2, "{\"b\":2}");
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, &ending, 0), child);
    assert_true(WIFSIGNALED(ending));
    g_autoptr(GArray) all = load(notes);

    assert_int_equal(all->len, 2);
    assert_note(notes, all, 1, 2, "{\"b\":2}");
}

static void where_no_file_can_be_it_says_what_to_do(void **state)
{
    int ending;

    (void)state;
    /* GLib asks for TMPDIR once: so this is a program of its own. */
    const pid_t child = fork();

    if (child == 0) {
        setenv("TMPDIR", "/nowhere", 1);
        execl("/proc/self/exe", "test", "--nowhere", (char *)NULL);
        _exit(9);
    }
    assert_int_equal(waitpid(child, &ending, 0), child);
    assert_true(WIFEXITED(ending) && WEXITSTATUS(ending) == 0);
}

static int try_nowhere(void)
{
    struct event_notes *notes = NULL;
    struct evj_error err = {0};

    return event_notes_new(&notes, &err) == EVJ_ERR_IO && strstr(err.text, "TMPDIR") != NULL ? 0
                                                                                             : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_noted_is_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_taken_back_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_that_crashed_has_noted_it_for_its_parent, set_up,
                                        tear_down),
        cmocka_unit_test(where_no_file_can_be_it_says_what_to_do),
    };

    if (argc > 1 && strcmp(argv[1], "--nowhere") == 0)
        return try_nowhere();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The handler that docs/guides/testing-a-handler.md shows: what it does with its configuration, with
 * requests, and at its end. */

#include "tests/support/test.h"

#include "tests/replay/host/support.h"

#include <string.h>

#define CONFIG "janus.eventhandler.lineevh.jcfg"
#define CORE 256

/* What dispatch() makes of a type and a label, as a line. */
#define LINE(type, label) \
    "{\"type\":" #type ",\"label\":\"" label "\",\"event\":{\"numbers\":[1,2]}}\n"

struct fixture {
    char *folder, *path;
    struct host *host;
};

static int set_up(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->folder = new_folder();
    f->path = g_build_filename(f->folder, "events", NULL);
    assert_int_equal(host_new(f->folder, NULL, NULL, NULL, &f->host, NULL), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    host_free(f->host);
    remove_folder(f->folder);
    g_free(f->path);
    g_free(f);
    return 0;
}

/* `general` with %s for the path of the file that it writes. */
static void configure(struct fixture *f, const char *general)
{
    g_auto(GStrv) parts = g_strsplit(general, "%s", -1);
    g_autofree char *filled = g_strjoinv(f->path, parts);
    g_autofree char *text = g_strdup_printf("general: { %s }\n", filled);

    write_text(f->folder, CONFIG, text);
}

static void start(struct fixture *f, const char *general)
{
    struct evj_error err = {0};

    configure(f, general);
    if (host_load(f->host, LINEEVH, &err) < 0)
        fail_msg("%s", err.text);
}

static void assert_written(const struct fixture *f, const char *expected)
{
    g_autofree char *text = NULL;

    assert_true(g_file_get_contents(f->path, &text, NULL, NULL));
    assert_string_equal(text, expected);
}

static json_int_t status_of(const struct fixture *f, const char *key)
{
    return asked(f->host, 0, "{\"request\":\"status\"}", key);
}

static void everything_that_it_took_is_written_at_its_end(void **state)
{
    struct fixture *f = *state;
    g_autoptr(GString) expected = g_string_new(NULL);

    start(f, "enabled = true, events = \"all\", file = \"%s\"");
    for (unsigned i = 0; i < 1000; i++) {
        dispatch(f->host, i, 1, "x");
        g_string_append(expected, LINE(1, "x"));
    }
    host_stop(f->host);
    assert_written(f, expected->str);
    assert_int_equal(host_probe(f->host, 0)->leaked, 0);
}

static void its_mask_is_what_its_configuration_says_until_it_is_told_otherwise(void **state)
{
    struct fixture *f = *state;

    start(f, "enabled = true, events = \"sessions,core\", file = \"%s\"");
    dispatch(f->host, 0, 1, "a");
    dispatch(f->host, 1, 2, "b");
    assert_int_equal(asked(f->host, 0, "{\"request\":\"tweak\",\"events\":\"handles\"}", "result"),
                     200);
    dispatch(f->host, 2, 2, "c");
    dispatch(f->host, 3, CORE, "d");
    host_stop(f->host);
    assert_written(f, LINE(1, "a") LINE(2, "c"));
}

static void it_tells_how_many_it_has_written(void **state)
{
    struct fixture *f = *state;
    json_int_t before;

    start(f, "enabled = true, events = \"all\", file = \"%s\"");
    before = status_of(f, "written"); /* the library stays loaded from test to test */
    dispatch(f->host, 0, 1, "a");
    while (host_held(f->host) > 0)
        g_usleep(1000);
    assert_int_equal(status_of(f, "written"), before + 1);
    assert_int_equal(status_of(f, "lost"), 0);
}

static void what_cannot_be_written_is_counted(void **state)
{
    struct fixture *f = *state;

    start(f, "enabled = true, events = \"all\", file = \"/dev/full\"");
    dispatch(f->host, 0, 1, "a");
    while (host_held(f->host) > 0)
        g_usleep(1000);
    assert_int_equal(status_of(f, "failed"), 1);
}

static void odd_requests_are_answered_with_an_error(void **state)
{
    struct fixture *f = *state;

    start(f, "enabled = true, file = \"%s\"");
    assert_int_equal(asked(f->host, 0, "{\"request\":\"dance\"}", "error_code"), 411);
    assert_int_equal(asked(f->host, 0, "{}", "error_code"), 411);
    assert_int_equal(asked(f->host, 0, "{\"request\":\"tweak\"}", "error_code"), 412);
}

static void it_does_not_start_without_a_good_configuration(void **state)
{
    static const char *const bad[] = {
        "",
        "enabled = false, file = \"%s\"",
        "enabled = true",
        "enabled = true, file = \"/nowhere/events\"",
    };
    struct fixture *f = *state;

    assert_int_equal(host_load(f->host, LINEEVH, NULL), EVJ_ERR_INVALID);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        configure(f, bad[i]);
        assert_int_equal(host_load(f->host, LINEEVH, NULL), EVJ_ERR_INVALID);
    }
    start(f, "enabled = true, file = \"%s\"");
}

#define CLAIM(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(everything_that_it_took_is_written_at_its_end),
        CLAIM(its_mask_is_what_its_configuration_says_until_it_is_told_otherwise),
        CLAIM(it_tells_how_many_it_has_written),
        CLAIM(what_cannot_be_written_is_counted),
        CLAIM(odd_requests_are_answered_with_an_error),
        CLAIM(it_does_not_start_without_a_good_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/loader.h"
#include "tests/replay/host/support.h"

#include <unistd.h>

#define PACKAGED "/usr/lib/x86_64-linux-gnu/janus/events/libjanus_sampleevh.so"

struct refused {
    const char *path;
    const char *why; /* a part of the sentence */
};

static void every_refusal_says_why_and_what_to_do(void **state)
{
    static const struct refused cases[] = {
        {"/nonexistent/x.so",
         "no event handler at /nonexistent/x.so (No such file or directory): give the path of a"},
        {"/tmp", "/tmp is not a file: give the path of a"},
        {"/etc/passwd", "/etc/passwd is not a shared library for this machine"},
        {HANDLER_DIR "/no_create.so", "has no function `create`, so it is no event handler: give"},
        {HANDLER_DIR "/empty_create.so", "create() of "},
        {HANDLER_DIR "/old_api.so",
         "was built for event-handler API 2, and Janus takes 3 or later: rebuild"},
        {HANDLER_DIR "/missing_symbol.so",
         "needs the symbol janus_of_the_future of Janus, which this evj does not have: look for"},
        {HANDLER_DIR "/missing_library.so",
         "needs the library libnot-installed.so.9, which is not on this host: install"},
        {HANDLER_DIR "/incomplete.so", "lacks one of the functions that every event handler"},
        {HANDLER_DIR "/plugin.so", "is janus.plugin.echotest, another kind of Janus module: give"},
        {HANDLER_DIR "/failing_init.so",
         "failed with -7 (\"No backend configured\"): there is no janus.eventhandler.failing.jcfg "
         "in /nonexistent"},
        {HANDLER_DIR "/mute_init.so",
         "failed with -1 and no word: there is no janus.eventhandler.mute.jcfg in /nonexistent"},
    };
    struct host *host = new_host(NULL);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *text = refusal(host, cases[i].path);

        if (!strstr(text, cases[i].why))
            fail_msg("'%s' does not say '%s'", text, cases[i].why);
        assert_non_null(strstr(text, cases[i].path));
        assert_null(strchr(text, '\n'));
    }
    assert_int_equal(host_handlers(host), 0);
    host_free(host);
}

static void a_failed_init_names_the_configuration_that_there_is(void **state)
{
    char *folder = new_folder();
    struct host *host = NULL;
    struct evj_error err = {0};

    (void)state;
    write_text(folder, "janus.eventhandler.failing.jcfg", "");
    write_text(folder, "janus.eventhandler.mute.cfg", "");
    assert_int_equal(host_new(folder, NULL, NULL, NULL, &host, &err), 0);
    assert_int_equal(host_load(host, HANDLER_DIR "/failing_init.so", &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "(\"No backend configured\"): check /"));
    assert_non_null(strstr(err.text, "/janus.eventhandler.failing.jcfg"));
    assert_int_equal(host_load(host, HANDLER_DIR "/mute_init.so", &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "/janus.eventhandler.mute.cfg"));
    host_free(host);
    remove_folder(folder);
}

/* The core's hash table would lose the first one without a destroy(). */
static void a_package_is_loaded_once(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "good");
    assert_non_null(strstr(refusal(host, HANDLER_DIR "/good.so"), "is loaded already"));
    assert_non_null(strstr(refusal(host, HANDLER_DIR "/twin.so"), "janus.eventhandler.good is"));
    assert_int_equal(host_handlers(host), 1);
    assert_string_equal(host_handler_package(host, 0), "janus.eventhandler.good");
    assert_null(host_handler_package(host, 1));
    host_free(host);
}

/* dlopen() would look for it among the system's libraries. */
static void a_file_in_the_current_folder_is_found_by_its_name(void **state)
{
    g_autofree char *before = g_get_current_dir();
    struct host *host = new_host(NULL);
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(chdir(HANDLER_DIR), 0);
    if (host_load(host, "good.so", &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(chdir(before), 0);
    host_free(host);
}

static void a_bare_name_is_looked_for_among_the_packages(void **state)
{
    (void)state;
    if (!g_file_test(PACKAGED, G_FILE_TEST_EXISTS))
        skip();
    g_autofree char *packaged = loader_resolve("sampleevh"), *unknown = loader_resolve("nonsense"),
                    *pattern = loader_resolve("s*evh"), *path = loader_resolve("a/sampleevh"),
                    *file = loader_resolve("libjanus_sampleevh.so");

    assert_string_equal(packaged, PACKAGED);
    assert_string_equal(file, PACKAGED);
    assert_string_equal(unknown, "./nonsense");
    assert_string_equal(pattern, "./s*evh");
    assert_string_equal(path, "a/sampleevh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_says_why_and_what_to_do),
        cmocka_unit_test(a_failed_init_names_the_configuration_that_there_is),
        cmocka_unit_test(a_package_is_loaded_once),
        cmocka_unit_test(a_file_in_the_current_folder_is_found_by_its_name),
        cmocka_unit_test(a_bare_name_is_looked_for_among_the_packages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

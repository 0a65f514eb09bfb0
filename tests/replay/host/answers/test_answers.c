/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/replay/host/support.h"

#include <stdlib.h>
#include <sys/wait.h>

/* Configuration files with everything that two parsers could read differently. */
static const struct {
    const char *name, *text;
} inputs[] = {
    {"in-types.jcfg",
     "general: {\n enabled = true\n num = 12\n hex = 0xff\n big = 12345678901L\n neg = -4\n"
     " f = 1.5\n f2 = 1e10\n s = \"text; with \\\"q\\\" \\n end\"\n cat = \"a\" \"b\"\n"
     " list = ( 1, \"two\", { a = 1; b = (1,2) }, 3.25, true )\n arr = [ 1, 2, 3 ]\n"
     " empty = \"\"\n sub: { deep: { x = \"y\" } }\n}\nTop = \"root\"\ne: {}\nel = ()\n"},
    {"in-twice.jcfg", "a = 1\na = 2\n"},
    {"in-broken.jcfg", "general: {\n"},
    {"in-empty.jcfg", ""},
    {"in-empty.cfg", ""},
    {"in-sample.jcfg.sample", "a = 1\nb = \"x\""},
    {"in-other.ini", "[g]\nzz=1\n"},
    {"in-values.cfg",
     "top = 1\n; comment\n[general]\nenabled = yes ; trailing\na=>b\nc = > d\nesc = a\\;b ; c\n"
     "empty =\n  spaced   =   out here  \nzz = => q\nq = \"quoted\"\nr = a\\\\b\nk = v = w\n"},
    {"in-again.cfg",
     "[general]\na = 1\nb = 2\nA = other\n[x]\n[general]\nmore = 1\n[ a b ]\nk=1\n"},
    {"in-crlf.cfg", "[general]\r\na=1\r\nb=2\r\n# hash = 1\r\n"},
    {"in-odd.cfg", "[general] trailing\na=1\n [x] ; c\nb=\\\nc=1 \\; 2 \\; 3\nd=;\n"},
    {"in-noeol.cfg", "a=1"},
    {"in-noequals.cfg", "[general]\nno equals\n"},
    {"in-noname.cfg", "[general]\n= x\n"},
    {"in-arrow.cfg", "=> x\n"},
    {"in-nobracket.cfg", "[general\na=1\n"},
    {"in-nocategory.cfg", "[]\na=1\n"},
    {"in-bom.cfg", "\xef\xbb\xbf[general]\na=1\n"},
};

static void copy_installed_configurations(const char *folder)
{
    GDir *dir = g_dir_open("/etc/janus", 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *from = g_build_filename("/etc/janus", name, NULL), *text = NULL;
        g_autofree char *to = g_strconcat("in-etc-", name, NULL);

        if (g_file_get_contents(from, &text, NULL, NULL))
            write_text(folder, to, text);
    }
    if (dir)
        g_dir_close(dir);
}

static char *folder_with_inputs(void)
{
    char *folder = new_folder();

    for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++)
        write_text(folder, inputs[i].name, inputs[i].text);
    copy_installed_configurations(folder);
    return folder;
}

/* The answers, with what is a folder's own name replaced. */
static char *answers_in(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "answers.txt", NULL);
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("no answers in %s", folder);
    return text;
}

/* Janus loads its event handlers first, and ends by itself as there is no transport to load. */
static char *ask_janus(void)
{
    char *folder = folder_with_inputs();
    g_autofree char *none = g_build_filename(folder, "none", NULL);
    g_autofree char *settings =
        g_strdup_printf("general: { events_folder = \"%s\"  plugins_folder = \"%s\"\n"
                        "transports_folder = \"%s\"  loggers_folder = \"%s\"\n"
                        "configs_folder = \"%s\"  interface = \"127.0.0.1\" }\n"
                        "events: { broadcast = true }\nnat: { ice_lite = true }\n",
                        ANSWERS_DIR, none, none, none, folder);
    g_autofree char *command = g_strdup_printf(
        "mkdir %s && timeout 60 janus -F %s -o -e >%s/log 2>&1 </dev/null", none, folder, folder);

    write_text(folder, "janus.jcfg", settings);
    int status = system(command);

    assert_true(WIFEXITED(status));
    char *answers = answers_in(folder);

    remove_folder(folder);
    return answers;
}

static char *ask_host(void)
{
    char *folder = folder_with_inputs();
    struct host *host = NULL;
    struct evj_error err = {0};

    assert_int_equal(host_new(folder, NULL, NULL, NULL, &host, &err), 0);
    if (host_load(host, ANSWERS_DIR "/libjanus_core_answers.so", &err) < 0)
        fail_msg("%s", err.text);
    host_free(host);
    char *answers = answers_in(folder);

    remove_folder(folder);
    return answers;
}

static void assert_same_lines(const char *ours, const char *theirs)
{
    g_auto(GStrv) a = g_strsplit(ours, "\n", -1), b = g_strsplit(theirs, "\n", -1);
    size_t i = 0;

    for (; a[i] && b[i]; i++)
        if (strcmp(a[i], b[i]) != 0)
            fail_msg("line %zu: the host says\n  %s\nand Janus\n  %s", i + 1, a[i], b[i]);
    assert_null(a[i]);
    assert_null(b[i]);
    assert_true(i > 500);
}

/* The one test that no mistake of ours about Janus can pass. */
static void the_host_answers_as_janus_does(void **state)
{
    g_autofree char *janus = g_find_program_in_path("janus");

    (void)state;
    if (!janus)
        skip();
    g_autofree char *theirs = ask_janus(), *ours = ask_host();

    assert_same_lines(ours, theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_answers_as_janus_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

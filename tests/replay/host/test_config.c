/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "tests/replay/host/support.h"

#include <string.h>

struct fixture {
    char *folder;
};

static int set_up(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->folder = new_folder();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    remove_folder(f->folder);
    g_free(f);
    return 0;
}

static struct janus_config *parse(const struct fixture *f, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(f->folder, name, NULL);

    write_text(f->folder, name, text);
    return janus_config_parse(path);
}

static const char *value(struct janus_config *config, const char *category, const char *name)
{
    struct janus_config_container *c =
        janus_config_get(config, NULL, janus_config_type_category, category);
    struct janus_config_container *item = janus_config_get(config, c, janus_config_type_item, name);

    return item ? item->value : NULL;
}

static void assert_names(GList *list, const char *names)
{
    GString *joined = g_string_new("");

    for (GList *l = list; l; l = l->next)
        g_string_append_printf(joined, "%s ", ((struct janus_config_container *)l->data)->name);
    assert_string_equal(joined->str, names);
    g_string_free(joined, TRUE);
    g_list_free(list);
}

/* ---- .jcfg ---- */

static void values_of_all_types_become_text(void **state)
{
    struct janus_config *c = parse(*state, "t.jcfg",
                                   "general: { i = 12  neg = -4  hex = 0xff  big = 12345678901L\n"
                                   "  f = 1.5  t = true  n = false  s = \"a\\\"b\"  e = \"\" }");

    assert_non_null(c);
    assert_true(c->is_jcfg);
    assert_string_equal(c->name, "t.jcfg");
    assert_string_equal(value(c, "general", "i"), "12");
    assert_string_equal(value(c, "general", "neg"), "-4");
    assert_string_equal(value(c, "general", "hex"), "255");
    assert_string_equal(value(c, "general", "big"), "12345678901");
    assert_string_equal(value(c, "general", "f"), "1.500000");
    assert_string_equal(value(c, "general", "t"), "true");
    assert_string_equal(value(c, "general", "n"), "false");
    assert_string_equal(value(c, "general", "s"), "a\"b");
    assert_string_equal(value(c, "general", "e"), "");
    janus_config_destroy(c);
}

static void arrays_and_lists_are_both_arrays_of_unnamed_members(void **state)
{
    struct janus_config *c =
        parse(*state, "t.jcfg", "list = ( \"a\", { x = 1 }, ( 2 ) )\narray = [ 1, 2 ]");
    GList *arrays = janus_config_get_arrays(c, NULL);

    assert_int_equal(g_list_length(arrays), 2);
    struct janus_config_container *list = arrays->data, *array = arrays->next->data;

    assert_string_equal(list->name, "list");
    assert_int_equal(g_list_length(list->list), 3);
    struct janus_config_container *first = list->list->data, *second = list->list->next->data,
                                  *third = list->list->next->next->data;

    assert_null(first->name);
    assert_string_equal(first->value, "a");
    assert_int_equal(second->type, janus_config_type_category);
    assert_string_equal(janus_config_get(c, second, janus_config_type_item, "x")->value, "1");
    assert_int_equal(third->type, janus_config_type_array);
    assert_string_equal(array->name, "array");
    assert_int_equal(g_list_length(array->list), 2);
    g_list_free(arrays);
    janus_config_destroy(c);
}

static void what_cannot_be_read_is_NULL_with_an_error_logged(void **state)
{
    struct fixture *f = *state;
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);

    assert_null(janus_config_parse("/dev/null/x.jcfg"));
    assert_true(lines_have(lines, "2@- Cannot read /dev/null/x.jcfg: Not a directory"));
    assert_null(parse(f, "t.jcfg", "a = 1\ngeneral: {\n  b = ;\n}"));
    assert_true(lines_have(lines, "2@- Line 3 of t.jcfg cannot be understood: syntax error"));
    assert_null(parse(f, "t.cfg", "; fine\n[a]\nno sign\n"));
    assert_true(
        lines_have(lines, "2@- Line 3 of t.cfg is neither \"[category]\" nor \"key = value\""));
    assert_null(janus_config_parse(NULL));
    host_free(host);
    lines_free(lines);
}

/* A handler that has only a .cfg has tried .jcfg first, and has done nothing wrong. */
static void what_is_not_there_is_NULL_with_a_warning(void **state)
{
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);

    (void)state;
    assert_null(janus_config_parse("/nonexistent/x.jcfg"));
    assert_true(
        lines_have(lines, "3@- Cannot read /nonexistent/x.jcfg: No such file or directory"));
    host_free(host);
    lines_free(lines);
}

static void the_base_name_decides_on_the_syntax(void **state)
{
    struct janus_config *c = parse(*state, "t.jcfg.sample", "a = [ 1 ]");

    assert_non_null(c);
    assert_true(c->is_jcfg);
    janus_config_destroy(c);
    c = parse(*state, "t.conf", "a = b c");
    assert_non_null(c);
    assert_false(c->is_jcfg);
    janus_config_destroy(c);
}

/* ---- INI ---- */

static void ini_knows_comments_escapes_arrows_and_empty_values(void **state)
{
    struct janus_config *c =
        parse(*state, "t.cfg",
              "; a comment\nroot = 1\n[general] ignored\r\n  plain   =  out here \n"
              "arrow => x\nspaced = > y\nescaped = a\\;b ; comment\nempty =\n"
              "sum = 1 + 1 = 2\n\n[ other one ]\nk = v");

    assert_non_null(c);
    assert_string_equal(janus_config_get(c, NULL, janus_config_type_item, "root")->value, "1");
    assert_string_equal(value(c, "general", "plain"), "out here");
    assert_string_equal(value(c, "general", "arrow"), "x");
    assert_string_equal(value(c, "general", "spaced"), "y");
    assert_string_equal(value(c, "general", "escaped"), "a;b");
    assert_string_equal(value(c, "general", "empty"), "");
    assert_string_equal(value(c, "general", "sum"), "1 + 1 = 2");
    assert_string_equal(value(c, "other one", "k"), "v");
    janus_config_destroy(c);
}

static void broken_ini_lines_fail_the_file(void **state)
{
    assert_null(parse(*state, "t.cfg", "[general\na = 1"));
    assert_null(parse(*state, "t.cfg", "[]\na = 1"));
    assert_null(parse(*state, "t.cfg", "= 1"));
    assert_null(parse(*state, "t.cfg", "words"));
}

static void a_repeated_name_replaces_the_earlier_one(void **state)
{
    struct janus_config *c =
        parse(*state, "t.cfg", "[general]\na = 1\nb = 2\nA = 3\n[x]\n[General]\nc = 4");

    assert_null(value(c, "general", "a"));
    assert_string_equal(value(c, "general", "c"), "4");
    assert_names(janus_config_get_categories(c, NULL), "x General ");
    janus_config_destroy(c);
    c = parse(*state, "t.cfg", "[general]\na = 1\nb = 2\nA = 3");
    struct janus_config_container *general =
        janus_config_get(c, NULL, janus_config_type_category, "general");

    assert_names(janus_config_get_items(c, general), "b A ");
    assert_string_equal(value(c, "general", "a"), "3");
    janus_config_destroy(c);
}

/* ---- the tree ---- */

static void names_are_looked_up_without_regard_to_case(void **state)
{
    struct janus_config *c = parse(*state, "t.jcfg", "General: { Enabled = true }");

    assert_string_equal(value(c, "gENERAL", "enabled"), "true");
    janus_config_destroy(c);
}

static void a_lookup_finds_only_the_type_asked_for(void **state)
{
    struct janus_config *c = parse(*state, "t.jcfg", "general: { }\nitem = 1");
    struct janus_config_container *item = janus_config_get(c, NULL, janus_config_type_any, "item");

    assert_non_null(item);
    assert_null(janus_config_get(c, NULL, janus_config_type_item, "general"));
    assert_null(janus_config_get(c, NULL, janus_config_type_category, "item"));
    assert_null(janus_config_get(c, NULL, janus_config_type_item, NULL));
    assert_null(janus_config_get(c, item, janus_config_type_any, "item"));
    janus_config_destroy(c);
}

/* wsevh, rabbitmqevh and nanomsgevh do so when they have no configuration file. */
static void no_configuration_is_an_empty_one(void **state)
{
    (void)state;
    assert_null(janus_config_get(NULL, NULL, janus_config_type_item, "a"));
    assert_null(janus_config_get_create(NULL, NULL, janus_config_type_category, "general"));
    assert_null(janus_config_get_items(NULL, NULL));
    assert_null(janus_config_get_arrays(NULL, NULL));
    assert_null(janus_config_search(NULL, "a", NULL));
    assert_int_equal(janus_config_remove(NULL, NULL, "a"), -1);
    janus_config_destroy(NULL);
    janus_config_container_destroy(NULL);
    janus_config_print(NULL);
    assert_null(janus_config_create(NULL));
}

static void only_categories_and_arrays_are_created_by_a_lookup(void **state)
{
    (void)state;
    struct janus_config *c = janus_config_create("made");
    struct janus_config_container *made =
        janus_config_get_create(c, NULL, janus_config_type_category, "general");

    assert_non_null(made);
    assert_ptr_equal(janus_config_get_create(c, NULL, janus_config_type_category, "GENERAL"), made);
    assert_non_null(janus_config_get_create(c, made, janus_config_type_array, "list"));
    assert_null(janus_config_get_create(c, NULL, janus_config_type_item, "i"));
    assert_null(janus_config_get_create(c, NULL, janus_config_type_any, "i"));
    assert_null(c->list->next);
    janus_config_destroy(c);
}

static void a_search_walks_down_the_names(void **state)
{
    struct janus_config *c = parse(*state, "t.jcfg", "a: { b: { c = \"deep\" } }\ni = 1");

    assert_string_equal(janus_config_search(c, "a", "B", "c", NULL)->value, "deep");
    assert_null(janus_config_search(c, "a", "x", "c", NULL));
    assert_null(janus_config_search(c, "i", "c", NULL));
    janus_config_destroy(c);
}

static void add_and_remove_say_what_is_wrong(void **state)
{
    (void)state;
    struct janus_config *c = janus_config_create("made");
    struct janus_config_container *item = janus_config_item_create("a", "1"),
                                  *stray = janus_config_item_create("b", "2");

    assert_int_equal(janus_config_add(c, NULL, item), 0);
    assert_int_equal(janus_config_add(NULL, NULL, stray), -1);
    assert_int_equal(janus_config_add(c, NULL, NULL), -1);
    assert_int_equal(janus_config_add(c, item, stray), -2);
    assert_int_equal(janus_config_remove(c, item, "x"), -2);
    assert_int_equal(janus_config_remove(c, NULL, "x"), -3);
    assert_int_equal(janus_config_remove(c, NULL, "A"), 0);
    assert_null(c->list);
    janus_config_container_destroy(stray);
    janus_config_destroy(c);
}

static void what_is_saved_is_read_back(void **state, const char *name)
{
    struct fixture *f = *state;
    struct janus_config *c = janus_config_create(name);

    janus_config_add(c, NULL, janus_config_item_create("late", "root"));
    struct janus_config_container *general =
        janus_config_get_create(c, NULL, janus_config_type_category, "general");

    janus_config_add(c, general, janus_config_item_create("text", "a \"b\"; c\\d"));
    assert_int_equal(janus_config_save(c, f->folder, "saved"), 0);
    janus_config_destroy(c);
    g_autofree char *path = g_build_filename(f->folder, name, NULL);

    c = janus_config_parse(path);
    assert_string_equal(value(c, "general", "text"), "a \"b\"; c\\d");
    assert_string_equal(janus_config_get(c, NULL, janus_config_type_item, "late")->value, "root");
    janus_config_destroy(c);
}

static void a_saved_jcfg_is_read_back(void **state)
{
    what_is_saved_is_read_back(state, "saved.jcfg");
}

static void a_saved_ini_is_read_back(void **state)
{
    what_is_saved_is_read_back(state, "saved.cfg");
}

static void what_a_form_cannot_hold_is_not_saved(void **state)
{
    struct fixture *f = *state;
    struct janus_config *c = janus_config_create("x.jcfg");

    janus_config_add(c, NULL, janus_config_item_create("no name of libconfig's", "1"));
    assert_true(janus_config_save(c, f->folder, "x") < 0);
    janus_config_destroy(c);
    c = janus_config_create("x.cfg");
    janus_config_get_create(c, NULL, janus_config_type_array, "list");
    assert_true(janus_config_save(c, f->folder, "x") < 0);
    assert_true(janus_config_save(c, "/proc/nowhere", "x") < 0);
    janus_config_destroy(c);
}

static void printing_shows_the_tree_at_its_level(void **state)
{
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);
    struct janus_config *c = parse(*state, "t.jcfg", "general: { a = 1 }");

    janus_config_print(c);
    assert_int_equal(lines->texts->len, 0);
    janus_config_print_as(c, 4);
    assert_true(lines_have(lines, "0@- [t.jcfg]"));
    assert_true(lines_have(lines, "0@-         a: 1"));
    janus_config_destroy(c);
    host_free(host);
    lines_free(lines);
}

/* Those of the bundled handlers, as input from the world. */
static void the_installed_configurations_are_read(void **state)
{
    (void)state;
    GDir *dir = g_dir_open("/etc/janus", 0, NULL);
    const char *name;

    if (!dir)
        skip();
    while ((name = g_dir_read_name(dir))) {
        if (!g_str_has_prefix(name, "janus.eventhandler.") || !g_str_has_suffix(name, ".jcfg"))
            continue;
        g_autofree char *path = g_build_filename("/etc/janus", name, NULL);
        struct janus_config *c = janus_config_parse(path);

        if (!c)
            fail_msg("%s", path);
        janus_config_destroy(c);
    }
    g_dir_close(dir);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(values_of_all_types_become_text),
        CASE(arrays_and_lists_are_both_arrays_of_unnamed_members),
        CASE(what_cannot_be_read_is_NULL_with_an_error_logged),
        CASE(what_is_not_there_is_NULL_with_a_warning),
        CASE(the_base_name_decides_on_the_syntax),
        CASE(ini_knows_comments_escapes_arrows_and_empty_values),
        CASE(broken_ini_lines_fail_the_file),
        CASE(a_repeated_name_replaces_the_earlier_one),
        CASE(names_are_looked_up_without_regard_to_case),
        CASE(a_lookup_finds_only_the_type_asked_for),
        CASE(no_configuration_is_an_empty_one),
        CASE(only_categories_and_arrays_are_created_by_a_lookup),
        CASE(a_search_walks_down_the_names),
        CASE(add_and_remove_say_what_is_wrong),
        CASE(a_saved_jcfg_is_read_back),
        CASE(a_saved_ini_is_read_back),
        CASE(what_a_form_cannot_hold_is_not_saved),
        CASE(printing_shows_the_tree_at_its_level),
        CASE(the_installed_configurations_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

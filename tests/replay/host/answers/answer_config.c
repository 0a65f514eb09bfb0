/* SPDX-License-Identifier: GPL-3.0-or-later */

/* config.h: what configuration files are read as, and what can be done with the tree. */

#include "tests/replay/host/answers/answers.h"

#include <janus/config.h>

#include <string.h>

static void write_container(const janus_config_container *c, int depth)
{
    fprintf(out, "%*s%d '%s' '%s'\n", 2 * depth, "", (int)c->type, shown(c->name), shown(c->value));
    for (const GList *l = c->list; l; l = l->next)
        write_container(l->data, depth + 1);
}

static void write_config(const char *title, const janus_config *config)
{
    fprintf(out, "%s: %s\n", title, config ? "parsed" : "NULL");
    if (!config)
        return;
    fprintf(out, "  jcfg %d name '%s'\n", config->is_jcfg, shown(config->name));
    for (const GList *l = config->list; l; l = l->next)
        write_container(l->data, 1);
}

static void write_list(const char *title, GList *list)
{
    fprintf(out, "%s:", title);
    for (GList *l = list; l; l = l->next)
        fprintf(out, " %s", shown(((janus_config_container *)l->data)->name));
    fprintf(out, "\n");
    g_list_free(list);
}

/* Every file whose name starts with "in-", in the order of their names. */
static void answer_files(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    GList *names = NULL;
    const char *name;

    while ((name = g_dir_read_name(dir)))
        if (g_str_has_prefix(name, "in-"))
            names = g_list_insert_sorted(names, g_strdup(name), (GCompareFunc)strcmp);
    g_dir_close(dir);
    for (GList *l = names; l; l = l->next) {
        char *path = g_build_filename(folder, l->data, NULL);
        janus_config *config = janus_config_parse(path);

        write_config(l->data, config);
        janus_config_destroy(config);
        g_free(path);
    }
    g_list_free_full(names, g_free);
}

static janus_config_container *get(janus_config *c, janus_config_container *parent,
                                   janus_config_type type, const char *name)
{
    janus_config_container *found = janus_config_get(c, parent, type, name);

    fprintf(out, "get %d %s -> %s\n", (int)type, shown(name), found ? shown(found->value) : "none");
    return found;
}

static void answer_members(janus_config *c, janus_config_container *category,
                           janus_config_container *array)
{
    fprintf(out, "add item %d\n",
            janus_config_add(c, NULL, janus_config_item_create("Key", "one")));
    fprintf(out, "add %d\n", janus_config_add(c, category, janus_config_item_create("a", "1")));
    fprintf(out, "add %d\n", janus_config_add(c, category, janus_config_item_create("b", NULL)));
    fprintf(out, "add %d\n", janus_config_add(c, category, janus_config_item_create("c", "3")));
    fprintf(out, "again %d\n", janus_config_add(c, category, janus_config_item_create("A", "2")));
    fprintf(out, "again %d\n", janus_config_add(c, category, janus_config_category_create("b")));
    fprintf(out, "add %d\n", janus_config_add(c, array, janus_config_item_create("x", "1")));
    fprintf(out, "again %d\n", janus_config_add(c, array, janus_config_item_create("x", "2")));
    fprintf(out, "nameless %d\n", janus_config_add(c, array, janus_config_item_create(NULL, "3")));
    fprintf(out, "nameless %d\n", janus_config_add(c, array, janus_config_category_create(NULL)));
    write_config("made", c);
}

static void answer_lookups(janus_config *c, janus_config_container *category,
                           janus_config_container *array)
{
    get(c, NULL, janus_config_type_item, "KEY");
    get(c, NULL, janus_config_type_any, "key");
    get(c, NULL, janus_config_type_category, "key");
    get(c, NULL, janus_config_type_item, NULL);
    get(c, NULL, (janus_config_type)0, "key");
    get(c, NULL, (janus_config_type)9, "key");
    get(c, category, janus_config_type_item, "a");
    get(c, array, janus_config_type_item, "x");
    get(c, get(c, category, janus_config_type_item, "a"), janus_config_type_item, "x");
    get(NULL, NULL, janus_config_type_item, "key");
    write_list("root items", janus_config_get_items(c, NULL));
    write_list("root categories", janus_config_get_categories(c, NULL));
    write_list("root arrays", janus_config_get_arrays(c, NULL));
    write_list("category items", janus_config_get_items(c, category));
    write_list("array items", janus_config_get_items(c, array));
    write_list("null items", janus_config_get_items(NULL, NULL));
}

static void get_create(janus_config *c, janus_config_container *parent, janus_config_type type,
                       const char *name, const janus_config_container *expected)
{
    const janus_config_container *made = janus_config_get_create(c, parent, type, name);

    fprintf(out, "get_create %d %s -> %d%s\n", (int)type, name, made != NULL,
            made && made == expected ? " as before" : "");
}

static void answer_creating_lookups(janus_config *c, const janus_config_container *category)
{
    janus_config_container *item = janus_config_get(c, NULL, janus_config_type_item, "key");

    get_create(NULL, NULL, janus_config_type_category, "c", NULL);
    get_create(c, NULL, janus_config_type_item, "nope", NULL);
    get_create(c, NULL, janus_config_type_any, "nope", NULL);
    get_create(c, NULL, janus_config_type_array, "newlist", NULL);
    get_create(c, NULL, janus_config_type_category, "GENERAL", category);
    get_create(c, item, janus_config_type_category, "inside an item", NULL);
}

static void answer_searches(janus_config *c, const janus_config_container *array)
{
    const janus_config_container *found = janus_config_search(c, "general", "A", NULL);

    fprintf(out, "search %s\n", found ? found->value : "none");
    fprintf(out, "search list %d\n", janus_config_search(c, "general", "list", NULL) == array);
    fprintf(out, "search none %d\n", janus_config_search(c, "general", "zz", NULL) != NULL);
    fprintf(out, "search through item %d\n", janus_config_search(c, "key", "zz", NULL) != NULL);
    fprintf(out, "search nothing %d\n", janus_config_search(c, NULL) != NULL);
    fprintf(out, "search NULL %d\n", janus_config_search(NULL, "a", NULL) != NULL);
}

static void answer_mistakes(janus_config *c, janus_config_container *category)
{
    janus_config_container *item = janus_config_get(c, NULL, janus_config_type_item, "key"),
                           *stray = janus_config_item_create("late", "1");

    fprintf(out, "remove %d\n", janus_config_remove(c, category, "a"));
    fprintf(out, "remove again %d\n", janus_config_remove(c, category, "a"));
    fprintf(out, "remove NULL %d\n", janus_config_remove(NULL, NULL, "a"));
    fprintf(out, "remove in item %d\n", janus_config_remove(c, item, "a"));
    fprintf(out, "remove no name %d\n", janus_config_remove(c, NULL, NULL));
    fprintf(out, "add NULL item %d\n", janus_config_add(c, NULL, NULL));
    fprintf(out, "add NULL config %d\n", janus_config_add(NULL, NULL, stray));
    fprintf(out, "add to item %d\n", janus_config_add(c, item, stray));
    janus_config_container_destroy(stray);
    fprintf(out, "nameless item in root %d\n",
            janus_config_add(c, NULL, janus_config_item_create(NULL, "zz")));
    write_config("after", c);
    janus_config_destroy(NULL);
    janus_config_container_destroy(NULL);
    janus_config_print(NULL);
    fprintf(out, "create NULL %d\n", janus_config_create(NULL) != NULL);
}

static void answer_tree(void)
{
    janus_config *c = janus_config_create("made");
    janus_config_container *category =
        janus_config_get_create(c, NULL, janus_config_type_category, "general");
    janus_config_container *array =
        janus_config_get_create(c, category, janus_config_type_array, "list");

    answer_members(c, category, array);
    answer_lookups(c, category, array);
    answer_creating_lookups(c, category);
    answer_searches(c, array);
    answer_mistakes(c, category);
    janus_config_destroy(c);
}

static void answer_creation(void)
{
    janus_config *ini = janus_config_create("p.cfg"), *jcfg = janus_config_create("p.jcfg");
    janus_config_container *category = janus_config_category_create(NULL),
                           *array = janus_config_array_create(NULL);

    fprintf(out, "jcfg by name: %d %d\n", ini->is_jcfg, jcfg->is_jcfg);
    fprintf(out, "null names: item %d category %d array %d\n",
            janus_config_item_create(NULL, NULL) != NULL, category != NULL, array != NULL);
    janus_config_container_destroy(category);
    janus_config_container_destroy(array);
    janus_config_destroy(ini);
    janus_config_destroy(jcfg);
}

static void answer_saving(const char *folder)
{
    static const char *names[] = {"saved.jcfg", "saved.cfg"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        janus_config *c = janus_config_create(names[i]);
        janus_config_add(c, NULL, janus_config_item_create("root", "true"));
        janus_config_container *cat =
            janus_config_get_create(c, NULL, janus_config_type_category, "general");

        janus_config_add(c, cat, janus_config_item_create("text", "a \"quoted\"; one\\two"));
        janus_config_add(c, cat, janus_config_item_create("number", "12"));
        if (i == 0) {
            janus_config_container *arr =
                janus_config_get_create(c, cat, janus_config_type_array, "list");

            janus_config_add(c, arr, janus_config_item_create(NULL, "1"));
            janus_config_add(c, arr, janus_config_item_create(NULL, "2"));
        }
        /* Whatever the header says, the core appends the extension itself. */
        fprintf(out, "save %s: %d\n", names[i], janus_config_save(c, folder, "saved"));
        janus_config_destroy(c);
        /* Compared by what is read back: comments may differ. */
        char *path = g_build_filename(folder, names[i], NULL);

        c = janus_config_parse(path);
        write_config(names[i], c);
        janus_config_destroy(c);
        g_free(path);
    }
    fprintf(out, "save NULL %d\n", janus_config_save(NULL, folder, "x"));
    janus_config *c = janus_config_create("x.jcfg");

    fprintf(out, "save nowhere %d\n", janus_config_save(c, "/proc/nope", "x"));
    janus_config_destroy(c);
}

void answer_config(const char *folder)
{
    answer_files(folder);
    answer_tree();
    answer_creation();
    answer_saving(folder);
}

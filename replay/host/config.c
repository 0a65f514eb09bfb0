/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Configurations as handlers see them: a tree of items, categories and arrays (config.h). */

#include "replay/host/config_internal.h"
#include "replay/host/log.h"

#include <errno.h>
#include <string.h>

static bool is_parent(const struct janus_config_container *c)
{
    return c->type == janus_config_type_category || c->type == janus_config_type_array;
}

/* The list that `parent` (NULL: the root) keeps its members in; NULL for an item, which has none.
 */
static GList **members_of(struct janus_config *config, struct janus_config_container *parent)
{
    if (!config)
        return NULL;
    if (!parent)
        return &config->list;
    return is_parent(parent) ? &parent->list : NULL;
}

static bool matches(const struct janus_config_container *c, enum janus_config_type type,
                    const char *name)
{
    return (type == janus_config_type_any || c->type == type) && c->name &&
           g_ascii_strcasecmp(c->name, name) == 0;
}

static GList *find_link(GList *members, enum janus_config_type type, const char *name)
{
    for (GList *l = members; l; l = l->next)
        if (matches(l->data, type, name))
            return l;
    return NULL;
}

/* ---- making and unmaking ---- */

struct janus_config_container *config_container_new(enum janus_config_type type, const char *name,
                                                    const char *value)
{
    struct janus_config_container *c = g_new0(struct janus_config_container, 1);

    c->type = type;
    c->name = g_strdup(name);
    c->value = g_strdup(value);
    return c;
}

struct janus_config_container *janus_config_item_create(const char *name, const char *value)
{
    if (!name && !value)
        return NULL;
    return config_container_new(janus_config_type_item, name, value);
}

struct janus_config_container *janus_config_category_create(const char *name)
{
    return config_container_new(janus_config_type_category, name, NULL);
}

struct janus_config_container *janus_config_array_create(const char *name)
{
    return config_container_new(janus_config_type_array, name, NULL);
}

static void destroy_member(gpointer member)
{
    janus_config_container_destroy(member);
}

void janus_config_container_destroy(struct janus_config_container *container)
{
    if (!container)
        return;
    g_list_free_full(container->list, destroy_member);
    g_free((char *)container->name);
    g_free((char *)container->value);
    g_free(container);
}

static bool is_jcfg_name(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);

    return strstr(base, ".jcfg") != NULL;
}

struct janus_config *janus_config_create(const char *name)
{
    if (!name)
        return NULL;
    struct janus_config *config = g_new0(struct janus_config, 1);

    config->name = g_strdup(name);
    config->is_jcfg = is_jcfg_name(name);
    return config;
}

void janus_config_destroy(struct janus_config *config)
{
    if (!config)
        return;
    g_list_free_full(config->list, destroy_member);
    g_free((char *)config->name);
    g_free(config);
}

/* Handlers look for a .jcfg first, and then for the older .cfg: that one is not there is no error yet,
 * though Janus calls it one. */
static void log_unreadable(const char *config_file, int error)
{
    host_log(error == ENOENT ? HOST_LOG_WARN : HOST_LOG_ERR, "Cannot read %s: %s", config_file,
             g_strerror(error));
}

struct janus_config *janus_config_parse(const char *config_file)
{
    if (!config_file)
        return NULL;
    g_autofree char *base = g_path_get_basename(config_file);
    CONFIG_AUTO *config = janus_config_create(base);
    g_autoptr(FILE) file = fopen(config_file, "re");

    if (!file) {
        log_unreadable(config_file, errno);
        return NULL;
    }
    if (!(config->is_jcfg ? config_read_jcfg(config, file) : config_read_ini(config, file)))
        return NULL;
    return g_steal_pointer(&config);
}

/* ---- looking up ---- */

struct janus_config_container *janus_config_get(struct janus_config *config,
                                                struct janus_config_container *parent,
                                                enum janus_config_type type, const char *name)
{
    GList **members = members_of(config, parent);
    GList *link = members && name ? find_link(*members, type, name) : NULL;

    return link ? link->data : NULL;
}

struct janus_config_container *janus_config_get_create(struct janus_config *config,
                                                       struct janus_config_container *parent,
                                                       enum janus_config_type type,
                                                       const char *name)
{
    struct janus_config_container *found = janus_config_get(config, parent, type, name);

    if (found || !config || !name)
        return found;
    if (type != janus_config_type_category && type != janus_config_type_array) {
        host_log(HOST_LOG_WARN, "Only a category or an array can be created on the way to '%s'",
                 name);
        return NULL;
    }
    found = config_container_new(type, name, NULL);
    if (janus_config_add(config, parent, found) == 0)
        return found;
    janus_config_container_destroy(found);
    return NULL;
}

struct janus_config_container *janus_config_search(struct janus_config *config, ...)
{
    struct janus_config_container *found = NULL;
    va_list names;

    va_start(names, config);
    for (const char *name; (name = va_arg(names, const char *));) {
        found = janus_config_get(config, found, janus_config_type_any, name);
        if (!found)
            break;
    }
    va_end(names);
    return found;
}

static GList *members_of_type(struct janus_config *config, struct janus_config_container *parent,
                              enum janus_config_type type)
{
    GList **members = members_of(config, parent);
    GList *picked = NULL;

    for (GList *l = members ? *members : NULL; l; l = l->next)
        if (((struct janus_config_container *)l->data)->type == type)
            picked = g_list_prepend(picked, l->data);
    return g_list_reverse(picked);
}

GList *janus_config_get_items(struct janus_config *config, struct janus_config_container *parent)
{
    return members_of_type(config, parent, janus_config_type_item);
}

GList *janus_config_get_categories(struct janus_config *config,
                                   struct janus_config_container *parent)
{
    return members_of_type(config, parent, janus_config_type_category);
}

GList *janus_config_get_arrays(struct janus_config *config, struct janus_config_container *parent)
{
    return members_of_type(config, parent, janus_config_type_array);
}

/* ---- changing ---- */

static bool remove_named(GList **members, const char *name)
{
    GList *link = name ? find_link(*members, janus_config_type_any, name) : NULL;

    if (!link)
        return false;
    janus_config_container_destroy(link->data);
    *members = g_list_delete_link(*members, link);
    return true;
}

/* A name is there once: the newcomer takes its place at the end, in an array as well, against what
 * Janus's config.h says of arrays. Members without a name pile up. */
int janus_config_add(struct janus_config *config, struct janus_config_container *parent,
                     struct janus_config_container *item)
{
    if (!config || !item)
        return -1;
    GList **members = members_of(config, parent);

    if (!members)
        return -2;
    remove_named(members, item->name);
    *members = g_list_append(*members, item);
    return 0;
}

int janus_config_remove(struct janus_config *config, struct janus_config_container *parent,
                        const char *name)
{
    if (!config || !name)
        return -1;
    GList **members = members_of(config, parent);

    if (!members)
        return -2;
    return remove_named(members, name) ? 0 : -3;
}

/* ---- printing and saving ---- */

static void print_members(const GList *members, int level, int depth)
{
    for (const GList *l = members; l; l = l->next) {
        const struct janus_config_container *c = l->data;
        const char *name = c->name ? c->name : "-";

        if (c->type == janus_config_type_item)
            host_log(level, "%*s%s: %s", 4 * depth, "", name, c->value ? c->value : "(none)");
        else
            host_log(level, "%*s%s", 4 * depth, "", name);
        print_members(c->list, level, depth + 1);
    }
}

void janus_config_print_as(struct janus_config *config, int level)
{
    if (!config)
        return;
    host_log(level, "[%s]", config->name ? config->name : "-");
    print_members(config->list, level, 1);
}

void janus_config_print(struct janus_config *config)
{
    janus_config_print_as(config, HOST_LOG_VERB);
}

/* The extension follows from the configuration and is appended, whatever Janus's config.h says. */
int janus_config_save(struct janus_config *config, const char *folder, const char *filename)
{
    if (!config || !filename)
        return -1;
    if (folder && janus_mkdir(folder, 0755) < 0)
        return -2;
    g_autofree char *path =
        g_strconcat(folder ? folder : ".", "/", filename, config->is_jcfg ? ".jcfg" : ".cfg", NULL);
    FILE *file = fopen(path, "we");

    if (!file) {
        host_log(HOST_LOG_ERR, "Cannot write %s: %s", path, g_strerror(errno));
        return -3;
    }
    bool written =
        config->is_jcfg ? config_write_jcfg(config, file) : config_write_ini(config, file);

    if (fclose(file) != 0 || !written) {
        host_log(HOST_LOG_ERR, "Cannot save the configuration to %s", path);
        return -4;
    }
    return 0;
}

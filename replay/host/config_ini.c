/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Configurations in the older INI syntax (.cfg):
 *
 *     ; a comment, to the end of the line
 *     [category]
 *     key = value
 *     key => value with a \; in it
 */

#include "replay/host/config_internal.h"
#include "replay/host/log.h"

#include <stdlib.h>
#include <string.h>

/* End the line at its comment and turn "\;" into ";", in place. */
static void strip_comment(char *line)
{
    char *to = line;

    for (const char *from = line; *from != '\0' && *from != ';'; from++) {
        if (from[0] == '\\' && from[1] == ';')
            from++;
        *to++ = *from;
    }
    *to = '\0';
}

/* "[name]": the new category, or NULL when the brackets are wrong. A category that comes again
 * replaces the earlier one with all that it had, as in the core. */
static struct janus_config_container *read_category(struct janus_config *config, char *line)
{
    char *name = line + 1, *end = strchr(name, ']');

    if (!end)
        return NULL;
    *end = '\0';
    name = g_strstrip(name);
    if (*name == '\0')
        return NULL;
    struct janus_config_container *category = janus_config_category_create(name);

    janus_config_add(config, NULL, category);
    return category;
}

static bool read_item(struct janus_config *config, struct janus_config_container *category,
                      char *line)
{
    char *value = strchr(line, '=');

    if (!value)
        return false;
    *value++ = '\0';
    char *name = g_strstrip(line);

    value = g_strstrip(value);
    if (*value == '>')
        value = g_strchug(value + 1);
    if (*name == '\0')
        return false;
    janus_config_add(config, category, janus_config_item_create(name, value));
    return true;
}

static bool read_line(struct janus_config *config, struct janus_config_container **category,
                      char *line)
{
    strip_comment(line);
    line = g_strstrip(line);
    if (*line == '\0')
        return true;
    if (*line != '[')
        return read_item(config, *category, line);
    *category = read_category(config, line);
    return *category != NULL;
}

bool config_read_ini(struct janus_config *config, FILE *file)
{
    struct janus_config_container *category = NULL;
    char *line = NULL;
    size_t size = 0;
    bool ok = true;

    for (unsigned number = 1; ok && getline(&line, &size, file) >= 0; number++) {
        ok = read_line(config, &category, line);
        if (!ok)
            host_log(HOST_LOG_ERR, "Line %u of %s is neither \"[category]\" nor \"key = value\"",
                     number, config->name);
    }
    free(line);
    return ok && !ferror(file);
}

static void write_item(const struct janus_config_container *item, FILE *file)
{
    fprintf(file, "%s = ", item->name);
    for (const char *p = item->value ? item->value : ""; *p; p++)
        fprintf(file, *p == ';' ? "\\%c" : "%c", *p);
    fputc('\n', file);
}

static bool write_items(const GList *members, FILE *file)
{
    for (const GList *l = members; l; l = l->next) {
        const struct janus_config_container *c = l->data;

        if (c->type == janus_config_type_item && c->name)
            write_item(c, file);
        else if (c->type != janus_config_type_category)
            return false;
    }
    return true;
}

static bool has_category(const GList *members)
{
    for (const GList *l = members; l; l = l->next)
        if (((struct janus_config_container *)l->data)->type == janus_config_type_category)
            return true;
    return false;
}

/* The root's items come first, or they would become part of the last category. */
bool config_write_ini(const struct janus_config *config, FILE *file)
{
    bool ok = write_items(config->list, file);

    for (const GList *l = config->list; ok && l; l = l->next) {
        const struct janus_config_container *c = l->data;

        if (c->type != janus_config_type_category)
            continue;
        fprintf(file, "[%s]\n", c->name ? c->name : "");
        ok = !has_category(c->list) && write_items(c->list, file);
        fputc('\n', file);
    }
    return ok && !ferror(file);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Configurations in libconfig's syntax (.jcfg). Values of all types become text, as in the core. */

#include "replay/host/config_internal.h"
#include "replay/host/log.h"

#include <libconfig.h>

static char *value_text(config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
        return g_strdup_printf("%d", config_setting_get_int(setting));
    case CONFIG_TYPE_INT64:
        return g_strdup_printf("%lld", config_setting_get_int64(setting));
    case CONFIG_TYPE_FLOAT:
        return g_strdup_printf("%f", config_setting_get_float(setting));
    case CONFIG_TYPE_BOOL:
        return g_strdup(config_setting_get_bool(setting) ? "true" : "false");
    case CONFIG_TYPE_STRING:
        return g_strdup(config_setting_get_string(setting));
    default:
        return NULL;
    }
}

static void add_members(struct janus_config *config, struct janus_config_container *parent,
                        config_setting_t *group);

static void add_setting(struct janus_config *config, struct janus_config_container *parent,
                        config_setting_t *setting)
{
    const char *name = config_setting_name(setting);
    g_autofree char *value = value_text(setting);
    enum janus_config_type type = config_setting_is_group(setting) ? janus_config_type_category
                                  : config_setting_is_aggregate(setting) ? janus_config_type_array
                                                                         : janus_config_type_item;
    struct janus_config_container *c = config_container_new(type, name, value);

    janus_config_add(config, parent, c);
    if (type != janus_config_type_item)
        add_members(config, c, setting);
}

static void add_members(struct janus_config *config, struct janus_config_container *parent,
                        config_setting_t *group)
{
    int n = config_setting_length(group);

    for (int i = 0; i < n; i++)
        add_setting(config, parent, config_setting_get_elem(group, (unsigned)i));
}

bool config_read_jcfg(struct janus_config *config, FILE *file)
{
    config_t text;

    config_init(&text);
    bool ok = config_read(&text, file) == CONFIG_TRUE;

    if (ok)
        add_members(config, NULL, config_root_setting(&text));
    else
        host_log(HOST_LOG_ERR, "Line %d of %s cannot be understood: %s", config_error_line(&text),
                 config_error_file(&text) ? config_error_file(&text) : config->name,
                 config_error_text(&text));
    config_destroy(&text);
    return ok;
}

static int libconfig_type(enum janus_config_type type)
{
    switch (type) {
    case janus_config_type_category:
        return CONFIG_TYPE_GROUP;
    case janus_config_type_array:
        return CONFIG_TYPE_LIST;
    default:
        return CONFIG_TYPE_STRING;
    }
}

/* False when libconfig refuses a name, or a nameless member outside of a list. */
static bool write_members(config_setting_t *parent, const GList *members)
{
    for (const GList *l = members; l; l = l->next) {
        const struct janus_config_container *c = l->data;
        config_setting_t *setting = config_setting_add(parent, c->name, libconfig_type(c->type));

        if (!setting)
            return false;
        if (c->type == janus_config_type_item)
            config_setting_set_string(setting, c->value ? c->value : "");
        else if (!write_members(setting, c->list))
            return false;
    }
    return true;
}

bool config_write_jcfg(const struct janus_config *config, FILE *file)
{
    config_t text;

    config_init(&text);
    bool ok = write_members(config_root_setting(&text), config->list);

    if (ok)
        config_write(&text, file);
    config_destroy(&text);
    return ok && !ferror(file);
}

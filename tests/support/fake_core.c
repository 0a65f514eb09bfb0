/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/fake_core.h"

#include <config.h>
#include <debug.h>
#include <events/eventhandler.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int janus_log_level = LOG_INFO;
gboolean janus_log_timestamps = FALSE;
gboolean janus_log_colors = FALSE;
char *janus_log_global_prefix = NULL;

void janus_vprintf(const char *format, ...) G_GNUC_PRINTF(1, 2);
void janus_events_edit_events_mask(const char *list, janus_flags *target);

/* ---- log ---- */

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER; /* it is written to from any thread */
static char log_text[64 * 1024];

void fake_core_reset(void)
{
    pthread_mutex_lock(&log_lock);
    log_text[0] = '\0';
    pthread_mutex_unlock(&log_lock);
}

bool fake_core_logged(const char *text)
{
    pthread_mutex_lock(&log_lock);
    bool logged = strstr(log_text, text) != NULL;
    pthread_mutex_unlock(&log_lock);
    return logged;
}

const char *fake_core_log(void)
{
    return log_text;
}

void janus_vprintf(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pthread_mutex_lock(&log_lock);
    size_t len = strlen(log_text);
    vsnprintf(log_text + len, sizeof(log_text) - len, format, args);
    pthread_mutex_unlock(&log_lock);
    va_end(args);
}

/* ---- configuration ---- */

static janus_config_container *add(GList **list, janus_config_type type, const char *name,
                                   const char *value)
{
    janus_config_container *entry = g_new0(janus_config_container, 1);

    entry->type = type;
    entry->name = g_strdup(name);
    entry->value = g_strdup(value);
    *list = g_list_append(*list, entry);
    return entry;
}

static void free_list(GList *list)
{
    for (GList *at = list; at; at = at->next) {
        janus_config_container *entry = at->data;
        free_list(entry->list);
        g_free((char *)entry->name);
        g_free((char *)entry->value);
        g_free(entry);
    }
    g_list_free(list);
}

janus_config *janus_config_parse(const char *config_file)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(config_file, &text, NULL, NULL)) {
        JANUS_LOG(LOG_ERR, "Error parsing config file %s\n", config_file);
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    janus_config *config = g_new0(janus_config, 1);
    GList **list = &config->list;
    for (char **line = lines; *line; line++) {
        char *value = strchr(g_strstrip(*line), '=');
        if (**line == '[') {
            (*line)[strlen(*line) - 1] = '\0';
            list = &add(&config->list, janus_config_type_category, *line + 1, NULL)->list;
        } else if (value) {
            *value = '\0';
            add(list, janus_config_type_item, g_strstrip(*line), g_strstrip(value + 1));
        } else if (**line) {
            add(list, janus_config_type_array, *line, NULL);
        }
    }
    return config;
}

janus_config_container *janus_config_get(janus_config *config, janus_config_container *parent,
                                         janus_config_type type, const char *name)
{
    for (GList *at = parent ? parent->list : config ? config->list : NULL; at; at = at->next) {
        janus_config_container *entry = at->data;
        if (entry->type == type && strcasecmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

void janus_config_destroy(janus_config *config)
{
    if (config)
        free_list(config->list);
    g_free(config);
}

/* ---- events ---- */

/* With the traps of the real one: trailing blanks count, and what is unknown is passed by. */
void janus_events_edit_events_mask(const char *list, janus_flags *target)
{
    static const char *const labels[] = {"sessions", "handles", "external",   "jsep", "webrtc",
                                         "media",    "plugins", "transports", "core"};
    g_auto(GStrv) parts = g_strsplit(list, ",", -1);
    janus_flags mask = 0;

    if (strcasecmp(list, "all") == 0)
        mask = JANUS_EVENT_TYPE_ALL;
    for (char **part = parts; *part; part++)
        for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
            if (strcasecmp(g_strchug(*part), labels[i]) == 0)
                mask |= (janus_flags)1 << i;
    *target = mask;
}

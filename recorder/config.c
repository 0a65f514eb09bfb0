/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/config.h"

#include "evj/event_type.h"
#include "evj/limits.h"
#include "recorder/amount.h"
#include "recorder/redact.h"

#include <ctype.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Below, every event would be a block of its own; above, a live journal would look like a dead one.
 */
#define FLUSH_LEAST_S 0.01
#define FLUSH_MOST_S 3600.0

/* Of a smaller file most would be its first line and its end. */
#define ROTATE_LEAST (64u * 1024)

static bool is_one_of(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool set_enabled(struct config *config, const char *text, GString *odd)
{
    /* What janus_is_true() takes, and its opposites: anything else would silently be false there.
     */
    static const char *const yes[] = {"true", "yes", "1", NULL};
    static const char *const no[] = {"false", "no", "0", NULL};

    (void)odd;
    config->enabled = is_one_of(text, yes);
    return config->enabled || is_one_of(text, no);
}

/* The mask's label without blanks around it and in lower case. */
static void tidy_label(char *label)
{
    g_strstrip(label);
    for (; *label; label++)
        *label = (char)tolower((unsigned char)*label);
}

/*
 * Janus's own parser understands "all" and "none" only as the whole text, skips blanks before a
 * label but not behind it, and passes by what it does not know. So the list is tidied here, and the
 * unknown is named.
 */
static bool set_events(struct config *config, const char *text, GString *odd)
{
    g_auto(GStrv) labels = g_strsplit(text, ",", -1);
    g_autoptr(GString) list = g_string_new(NULL);

    for (size_t i = 0; labels[i]; i++) {
        tidy_label(labels[i]);
        bool whole = strcmp(labels[i], "all") == 0 || strcmp(labels[i], "none") == 0;
        if (whole ? labels[1] == NULL : evj_event_type_from_label(labels[i]) != 0)
            g_string_append_printf(list, "%s%s", list->len ? "," : "", labels[i]);
        else if (odd)
            g_string_append_printf(odd, "%s'%s' %s", odd->len ? ", " : "", labels[i],
                                   whole ? "cannot stand in a list" : "is no type of events");
    }
    if (list->len == 0 || list->len >= sizeof(config->events))
        return false;
    memcpy(config->events, list->str, list->len + 1);
    return true;
}

/* An absolute path: Janus changes its folder to / when it becomes a daemon. */
static bool copy_path(char *path, size_t size, const char *text)
{
    size_t len = strlen(text);

    while (len > 1 && text[len - 1] == '/')
        len--;
    if (text[0] != '/' || len >= size)
        return false;
    memcpy(path, text, len);
    path[len] = '\0';
    return true;
}

static bool set_folder(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    return copy_path(config->folder, sizeof(config->folder), text);
}

static bool set_spool_folder(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    return copy_path(config->spool_folder, sizeof(config->spool_folder), text);
}

static bool set_flush_interval(struct config *config, const char *text, GString *odd)
{
    char *end;
    double seconds = g_ascii_strtod(text, &end);

    (void)odd;
    if (end == text || *end != '\0' || !(seconds >= FLUSH_LEAST_S && seconds <= FLUSH_MOST_S))
        return false;
    config->tuning.flush_interval_us = (int64_t)(seconds * 1e6 + 0.5);
    return true;
}

static bool set_rotate_size(struct config *config, const char *text, GString *odd)
{
    uint64_t bytes;

    (void)odd;
    if (!amount_bytes(text, &bytes) || (bytes > 0 && bytes < ROTATE_LEAST))
        return false;
    config->tuning.rotate_size = bytes;
    return true;
}

static bool set_rotate_interval(struct config *config, const char *text, GString *odd)
{
    uint64_t seconds;

    (void)odd;
    if (!amount_seconds(text, &seconds))
        return false;
    config->tuning.rotate_interval_us = (int64_t)seconds * 1000000;
    return true;
}

static bool set_keep_size(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    return amount_bytes(text, &config->tuning.keep.keep_size);
}

static bool set_keep_age(struct config *config, const char *text, GString *odd)
{
    uint64_t seconds;

    (void)odd;
    if (!amount_seconds(text, &seconds))
        return false;
    config->tuning.keep.keep_age_us = (int64_t)seconds * 1000000;
    return true;
}

static bool set_disk_floor(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    return amount_bytes(text, &config->tuning.keep.disk_floor);
}

static bool set_buffer(struct config *config, const char *text, GString *odd)
{
    uint64_t bytes;

    (void)odd;
    if (!amount_bytes(text, &bytes) || bytes < EVJ_SPOOL_MIN || bytes > EVJ_SPOOL_MAX)
        return false;
    config->buffer = bytes;
    return true;
}

static bool set_compression(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    if (text[0] < '1' || text[0] > '9' || text[1] != '\0')
        return false;
    config->compression = text[0] - '0';
    return true;
}

static bool set_sync(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    config->sync_block = strcasecmp(text, "block") == 0;
    return config->sync_block || strcasecmp(text, "none") == 0;
}

static bool set_state(struct config *config, const char *text, GString *odd)
{
    static const char *const names[] = {
        [EVJ_STATE_NONE] = "none", [EVJ_STATE_SESSIONS] = "sessions", [EVJ_STATE_FULL] = "full"};

    (void)odd;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcasecmp(text, names[i]) != 0)
            continue;
        config->state = (enum evj_state_kind)i;
        return true;
    }
    return false;
}

static bool set_redact(struct config *config, const char *text, GString *odd)
{
    (void)odd;
    return redact_parse(text, &config->redact);
}

#define EXPECT_BYTES "a number of bytes, or with K, M, G or T, or 0"
#define EXPECT_TIME "a number of seconds, or with m, h or d of minutes, hours or days, or 0"

/* Returns false, and leaves the setting as it was, when the text is not what is expected. A part of
 * it that is left out is told in `odd`, if that is not NULL. */
typedef bool set_fn(struct config *config, const char *text, GString *odd);

static const struct option {
    const char *key;
    set_fn *set;
    const char *initial; /* NULL: must be configured */
    const char *expected;
    bool refuse; /* a bad value cannot be replaced by the default */
    bool change; /* while it is recorded */
} options[] = {
    {"enabled", set_enabled, "false", "true or false", false, false},
    {"events", set_events, "all",
     "\"all\", \"none\" or a list of sessions, handles, external, jsep, webrtc, media, plugins, "
     "transports, core",
     true, true},
    {"folder", set_folder, NULL, "an absolute path of at most 511 bytes", true, false},
    {"rotate_size", set_rotate_size, "256M",
     "a number of bytes from 64K, with K, M, G or T if you like, or 0 for never", false, true},
    {"rotate_interval", set_rotate_interval, "1d", EXPECT_TIME " for never", false, true},
    {"keep_size", set_keep_size, "0", EXPECT_BYTES " for no limit", false, true},
    {"keep_age", set_keep_age, "0", EXPECT_TIME " for no limit", false, true},
    {"disk_floor", set_disk_floor, "0", EXPECT_BYTES " for none", false, true},
    {"flush_interval", set_flush_interval, "5", "a number of seconds from 0.01 to 3600", false,
     true},
    {"buffer", set_buffer, "4M", "a number of bytes from 64K to 1G", false, false},
    {"compression", set_compression, "6", "a number from 1 to 9", false, true},
    {"sync", set_sync, "none", "\"none\" or \"block\"", false, false},
    {"state", set_state, "full", "\"none\", \"sessions\" or \"full\"", false, false},
    {"redact", set_redact, "none", "\"none\", \"all\" or a list of tokens, ips, sdp, names", true,
     false},
    {"spool_folder", set_spool_folder, "/dev/shm", "an absolute path of at most 199 bytes", true,
     false},
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

static const struct option *find(const char *key)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcasecmp(options[i].key, key) == 0)
            return &options[i];
    return NULL;
}

void config_init(struct config *config)
{
    memset(config, 0, sizeof(*config));
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].initial)
            options[i].set(config, options[i].initial, NULL);
}

void config_set(struct config *config, const char *key, const char *value, notice_fn *notice)
{
    const struct option *option = find(key);

    if (!option) {
        notice_put(notice, NOTICE_WARNING, "%s: no such key in the category general; ignored", key);
        return;
    }
    g_autoptr(GString) odd = g_string_new(NULL);
    if (value && option->set(config, value, odd)) {
        if (odd->len > 0)
            notice_put(notice, NOTICE_WARNING, "%s: %s; left out", option->key, odd->str);
        return;
    }

    const char *shown = value ? value : "(a list or group)";
    if (option->refuse) {
        config->refused = true;
        notice_put(notice, NOTICE_ERROR,
                   "%s = %s: not %s; nothing is recorded until this is set right", option->key,
                   shown, option->expected);
    } else {
        option->set(config, option->initial, NULL);
        notice_put(notice, NOTICE_WARNING, "%s = %s: not %s; %s is used instead", option->key,
                   shown, option->expected, option->initial);
    }
}

bool config_change(struct config *config, const char *key, const char *value, char *why,
                   size_t size)
{
    const struct option *option = find(key);
    g_autoptr(GString) odd = g_string_new(NULL);
    struct config changed = *config;

    if (!option)
        snprintf(why, size, "%s: no such setting", key);
    else if (!option->change)
        snprintf(why, size, "%s cannot be changed while Janus runs", option->key);
    else if (!value || !option->set(&changed, value, odd))
        snprintf(why, size, "%s: not %s", option->key, option->expected);
    else if (odd->len > 0)
        snprintf(why, size, "%s: %s", option->key, odd->str);
    else {
        *config = changed;
        return true;
    }
    return false;
}

bool config_is_complete(const struct config *config, notice_fn *notice)
{
    if (!config->enabled || config->refused)
        return false;
    if (config->folder[0] != '\0')
        return true;
    notice_put(notice, NOTICE_ERROR,
               "folder is not set; nothing is recorded until it names where journals go");
    return false;
}

const char *config_key(size_t number)
{
    return number < OPTIONS ? options[number].key : NULL;
}

const char *config_default(size_t number)
{
    return number < OPTIONS ? options[number].initial : NULL;
}

bool config_may_change(size_t number)
{
    return number < OPTIONS && options[number].change;
}

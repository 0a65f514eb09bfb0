/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What handlers log, taken apart into lines with their level (log.h). */

#include "replay/host/log.h"

#include "replay/host/abi.h"

#include <pthread.h>
#include <string.h>

static struct {
    pthread_mutex_t lock; /* guards all below; held while `function` runs */
    bool open;
    host_log_function *function;
    void *context;
    uint64_t seq;
    char complaint[256];
} listener = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const struct {
    const char *text;
    enum host_log_level level;
} prefixes[] = {
    {"[FATAL] ", HOST_LOG_FATAL},
    {"[ERR] ", HOST_LOG_ERR},
    {"[WARN] ", HOST_LOG_WARN},
};

static const char *prefix_of(enum host_log_level level)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (prefixes[i].level == level)
            return prefixes[i].text;
    return "";
}

/* The length of the terminal sequence (ESC [ … letter) at `p`, 0 if there is none. */
static size_t escape_length(const char *p)
{
    if (p[0] != '\033' || p[1] != '[')
        return 0;
    size_t n = 2;

    while (p[n] >= 0x20 && p[n] <= 0x3f)
        n++;
    return p[n] >= 0x40 ? n + 1 : n;
}

/* In place: without terminal sequences, and with a space for any other control character, since
 * a handler may log parts of an event, and an event may come from anywhere. */
static void clean(char *line)
{
    char *to = line;

    for (const char *from = line; *from != '\0';) {
        size_t skip = escape_length(from);

        if (skip > 0) {
            from += skip;
            continue;
        }
        *to++ = (unsigned char)*from < 0x20 || *from == 0x7f ? ' ' : *from;
        from++;
    }
    *to = '\0';
}

/* Cut the level's prefix off *line. */
static enum host_log_level take_level(const char **line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(*line, prefixes[i].text)) {
            *line += strlen(prefixes[i].text);
            return prefixes[i].level;
        }
    return HOST_LOG_PLAIN;
}

/* Behind the "[file:function:line] " that Janus puts before an error: for a sentence of ours. */
static const char *without_source(const char *text)
{
    const char *end = *text == '[' ? strstr(text, "] ") : NULL;

    return end ? end + 2 : text;
}

/* With the lock held. */
static void emit(enum host_log_level level, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const struct host_log_line line = {.level = (int)level, .seq = listener.seq, .text = valid};

    if (level >= HOST_LOG_FATAL && level <= HOST_LOG_WARN)
        g_strlcpy(listener.complaint, without_source(valid), sizeof(listener.complaint));
    if (listener.function)
        listener.function(&line, listener.context);
}

/* With the lock held. One message may be several lines; they share the level of the first. */
static void emit_lines(char *message)
{
    enum host_log_level level = HOST_LOG_PLAIN;
    bool first = true;

    for (char *rest = message, *line; (line = strsep(&rest, "\n"));) {
        clean(line);
        const char *text = line;

        if (first)
            level = take_level(&text);
        first = false;
        if (*text != '\0')
            emit(level, text);
    }
}

static void G_GNUC_PRINTF(1, 0) log_message(const char *format, va_list args)
{
    g_autofree char *message = g_strdup_vprintf(format, args);

    pthread_mutex_lock(&listener.lock);
    if (listener.open)
        emit_lines(message);
    pthread_mutex_unlock(&listener.lock);
}

void janus_vprintf(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_message(format, args);
    va_end(args);
}

void host_log(enum host_log_level level, const char *format, ...)
{
    if ((int)level > janus_log_level)
        return;
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);

    va_end(args);
    janus_vprintf("%s%s\n", prefix_of(level), text);
}

gboolean janus_log_is_stdout_enabled(void)
{
    return FALSE;
}

gboolean janus_log_is_logfile_enabled(void)
{
    return FALSE;
}

char *janus_log_get_logfile_path(void)
{
    return NULL;
}

int host_log_open(host_log_function *function, void *context, struct evj_error *err)
{
    int rc = 0;

    pthread_mutex_lock(&listener.lock);
    if (listener.open) {
        rc = evj_fail(err, EVJ_ERR_INVALID, 0,
                      "a handler host is in use already: a process can have one at a time");
    } else {
        listener.open = true;
        listener.function = function;
        listener.context = context;
        listener.seq = UINT64_MAX;
        listener.complaint[0] = '\0';
    }
    pthread_mutex_unlock(&listener.lock);
    return rc;
}

void host_log_close(void)
{
    pthread_mutex_lock(&listener.lock);
    listener.open = false;
    listener.function = NULL;
    listener.context = NULL;
    pthread_mutex_unlock(&listener.lock);
}

void host_log_set_seq(uint64_t seq)
{
    pthread_mutex_lock(&listener.lock);
    listener.seq = seq;
    pthread_mutex_unlock(&listener.lock);
}

void host_log_forget_complaint(void)
{
    pthread_mutex_lock(&listener.lock);
    listener.complaint[0] = '\0';
    pthread_mutex_unlock(&listener.lock);
}

void host_log_copy_complaint(char *text, size_t size)
{
    pthread_mutex_lock(&listener.lock);
    g_strlcpy(text, listener.complaint, size);
    pthread_mutex_unlock(&listener.lock);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event handler as Janus sees it: its table, its configuration files, its log. The only file of
 * the recorder that includes Janus's headers.
 *
 * Threads, as Janus's core has them: init() and destroy() in its main thread, incoming_event() in
 * its one events thread between the two, handle_request() in any thread at any time.
 */
#include "evj_config.h"
#include "recorder/admin.h"
#include "recorder/config.h"
#include "recorder/starting.h"

#include <config.h>
#include <debug.h>
#include <events/eventhandler.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define PACKAGE "janus.eventhandler.journalevh"

/* Janus neither starts nor ends later because of a disk that takes nothing for so long. */
#define PATIENCE_S 10

/* What the core calls itself when its configuration has no server_name (JANUS_SERVER_NAME,
 * janus.c). */
#define DEFAULT_EMITTER "MyJanusInstance"

/*
 * Exported by the core but declared in its events.h, which is not installed (src/events.h,
 * events.c; the same since 0.2.2). It overwrites *target, takes "all" and "none" only as the whole
 * list, and does not strip blanks behind a label: config.c hands it a list without such traps.
 */
void janus_events_edit_events_mask(const char *list, janus_flags *target);

janus_eventhandler *create(void) __attribute__((visibility("default")));

static struct starting *starting;
/* Guards `starting` against requests that come while it begins or ends. incoming_event() does not
 * take it: Janus calls it between init() and destroy() only. */
static pthread_mutex_t requests_lock = PTHREAD_MUTEX_INITIALIZER;
/* Why there is no recording, for who asks, as long as there is not even an attempt at one. */
static char not_recording[400] = "it is not set up yet";

/* Janus ends while a thread of ours still waits for the disk: what that says then, nobody logs. */
static atomic_bool is_left;

static void say(enum notice_level level, const char *text)
{
    if (atomic_load(&is_left))
        return;
    switch (level) {
    case NOTICE_INFO:
        JANUS_LOG(LOG_INFO, "[%s] %s\n", PACKAGE, text);
        break;
    case NOTICE_WARNING:
        JANUS_LOG(LOG_WARN, "[%s] %s\n", PACKAGE, text);
        break;
    case NOTICE_ERROR:
        JANUS_LOG(LOG_ERR, "[%s] %s\n", PACKAGE, text);
        break;
    }
}

/* ---- configuration ---- */

/* `<folder>/<name>.jcfg`, or else `.cfg`, as all of Janus does. NULL if neither can be read. */
static janus_config *parse_config(const char *folder, const char *name)
{
    static const char *const kinds[] = {"jcfg", "cfg"};
    janus_config *parsed = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !parsed; i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.%s", folder, name, kinds[i]);
        /* Asked first, because the core logs an error for a file that is not there. */
        if (access(path, R_OK) == 0)
            parsed = janus_config_parse(path);
    }
    return parsed;
}

/* The list of `general`; all else in the file is named in the log. */
static GList *general_items(janus_config *file)
{
    GList *items = NULL;

    for (GList *at = file->list; at; at = at->next) {
        const janus_config_container *entry = at->data;
        const char *name = entry->name ? entry->name : "(no name)";
        if (entry->type == janus_config_type_category && g_ascii_strcasecmp(name, "general") == 0)
            items = entry->list;
        else
            notice_put(say, NOTICE_WARNING, "%s: only the category general is known; ignored",
                       name);
    }
    return items;
}

/* Returns whether to record. */
static bool read_config(const char *folder, struct config *config)
{
    janus_config *file = parse_config(folder, PACKAGE);

    config_init(config);
    if (!file) {
        notice_put(say, NOTICE_WARNING, "disabled: no configuration could be read from %s/%s.jcfg",
                   folder, PACKAGE);
        return false;
    }
    for (GList *at = general_items(file); at; at = at->next) {
        const janus_config_container *entry = at->data;
        config_set(config, entry->name ? entry->name : "(no name)", entry->value, say);
    }
    janus_config_destroy(file);
    if (!config->enabled)
        notice_put(say, NOTICE_WARNING, "disabled in its configuration");
    return config_is_complete(config, say);
}

/* The name that the core puts into each event, from where the core has it, unless it was told
 * otherwise on its command line: of that no handler hears. */
static char *read_emitter(const char *folder)
{
    janus_config *file = parse_config(folder, "janus");
    janus_config_container *general =
        janus_config_get(file, NULL, janus_config_type_category, "general");
    janus_config_container *item =
        general ? janus_config_get(file, general, janus_config_type_item, "server_name") : NULL;
    char *emitter = g_strdup(item && item->value ? item->value : DEFAULT_EMITTER);

    if (file)
        janus_config_destroy(file);
    return emitter;
}

/* ---- what Janus calls ---- */

static janus_eventhandler handler;

static int journalevh_init(const char *config_path)
{
    struct config config;
    struct evj_error err = {0};

    if (!read_config(config_path, &config)) {
        g_strlcpy(not_recording,
                  "its configuration has it disabled, or is not complete: see the log",
                  sizeof(not_recording));
        return -1;
    }
    g_strlcpy(config.found_in, config_path, sizeof(config.found_in));
    g_autofree char *emitter = read_emitter(config_path);
    if (starting_begin(&config, emitter, PATIENCE_S * INT64_C(1000000), say, &starting, &err) < 0) {
        g_strlcpy(not_recording, err.text, sizeof(not_recording));
        return -1;
    }
    janus_events_edit_events_mask(config.events, &handler.events_mask);
    return 0;
}

/* Of a disk that does not answer: its threads still use it, while the process ends. */
static struct starting *left_starting;
static struct recording *left_recording;

/* Nobody asks any more. */
static struct starting *take_starting(void)
{
    pthread_mutex_lock(&requests_lock);
    struct starting *ending = starting;
    starting = NULL;
    g_strlcpy(not_recording, "Janus is shutting down", sizeof(not_recording));
    pthread_mutex_unlock(&requests_lock);
    return ending;
}

static void close_journal(struct recording *recording)
{
    g_autofree char *spool = g_strdup(recording_spool_path(recording));
    char journal[JOURNAL_FILE_PATH_MAX];
    struct evj_error err = {0};

    if (recording_stop(recording, journal, &err) < 0)
        notice_put(say, NOTICE_ERROR,
                   "%s could not be closed: %s. What it lacks is in %s; evj reads the two together",
                   journal, err.text, spool);
    else
        notice_put(say, NOTICE_INFO, "closed %s", journal);
}

static void leave_journal(struct recording *recording)
{
    struct recording_status status;

    left_recording = recording;
    recording_status(recording, &status);
    notice_put(
        say, NOTICE_ERROR,
        "%s is not closed: the disk has not answered for %d s, and Janus ends without it. What "
        "it lacks is in %s; evj reads the two together, and the next start completes it",
        status.writing.path, PATIENCE_S, recording_spool_path(recording));
    atomic_store(&is_left, true);
}

static void leave_starting(struct starting *ending)
{
    left_starting = ending;
    atomic_store(&is_left, true);
}

static void journalevh_destroy(void)
{
    struct starting *ending = starting ? take_starting() : NULL;

    if (!ending)
        return;
    if (!starting_await_end(ending, PATIENCE_S * INT64_C(1000000))) {
        leave_starting(ending);
        return;
    }
    struct recording *last = starting_end(ending);
    if (!last)
        return;
    if (recording_await_end(last, PATIENCE_S * INT64_C(1000000)))
        close_journal(last);
    else
        leave_journal(last);
}

/* A handler whose init() failed stays registered, but its mask is empty then. */
static void journalevh_incoming_event(json_t *event)
{
    if (starting)
        starting_offer(starting, event);
}

/* Janus's events thread reads the mask at any time. */
static void set_events(const char *events)
{
    janus_flags mask = 0;

    janus_events_edit_events_mask(events, &mask);
    __atomic_store_n(&handler.events_mask, mask, __ATOMIC_RELAXED);
}

static json_t *journalevh_handle_request(json_t *request)
{
    char why[sizeof(not_recording)];

    pthread_mutex_lock(&requests_lock);
    g_strlcpy(why, not_recording, sizeof(why));
    struct recording *recording = starting ? starting_recording(starting, why, sizeof(why)) : NULL;
    json_t *answer =
        recording ? admin_answer(recording, request, set_events) : admin_not_recording(why);
    pthread_mutex_unlock(&requests_lock);
    return answer;
}

static int journalevh_get_api_compatibility(void)
{
    return JANUS_EVENTHANDLER_API_VERSION;
}

static int journalevh_get_version(void)
{
    return 1;
}

static const char *journalevh_get_version_string(void)
{
    return EVJ_VERSION;
}

static const char *journalevh_get_description(void)
{
    return "Records all events into a compressed journal, for evj to read, compare and replay.";
}

static const char *journalevh_get_name(void)
{
    return "JANUS event journal";
}

static const char *journalevh_get_author(void)
{
    return "evj";
}

static const char *journalevh_get_package(void)
{
    return PACKAGE;
}

/* The macro sets every member to NULL, and then the ones that are given once more. */
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
static janus_eventhandler handler =
    JANUS_EVENTHANDLER_INIT(.init = journalevh_init, .destroy = journalevh_destroy,
                            .get_api_compatibility = journalevh_get_api_compatibility,
                            .get_version = journalevh_get_version,
                            .get_version_string = journalevh_get_version_string,
                            .get_description = journalevh_get_description,
                            .get_name = journalevh_get_name, .get_author = journalevh_get_author,
                            .get_package = journalevh_get_package,
                            .incoming_event = journalevh_incoming_event,
                            .handle_request = journalevh_handle_request,
                            .events_mask = JANUS_EVENT_TYPE_NONE);
#pragma GCC diagnostic pop

janus_eventhandler *create(void)
{
    return &handler;
}

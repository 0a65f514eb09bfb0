/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/admin.h"

#include "evj/path.h"
#include "recorder/admin_status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static json_t *refuse(enum admin_error code, const char *format, const char *detail)
{
    return json_pack("{s:i, s:o}", "error_code", (int)code, "error", json_sprintf(format, detail));
}

json_t *admin_not_recording(const char *why)
{
    return refuse(ADMIN_UNKNOWN_ERROR, "Nothing is recorded: %s", why);
}

/* What a request may need. */
struct asked {
    struct recording *recording;
    json_t *request;
    admin_events_fn *set_events;
};

/* ---- what the writing thread is asked for ---- */

/* `journal`: the name of the one that it is about. */
static json_t *order(struct recording *recording, enum writing_order order, const char *name,
                     const char *journal)
{
    return recording_order(recording, order, name)
               ? json_pack("{s:i, s:s}", "result", 200, "journal", journal)
               : refuse(ADMIN_UNKNOWN_ERROR, "Too many requests wait for the disk%s", "");
}

/* The open journal, as the writing thread told last. */
static const char *open_journal(struct recording *recording, struct recording_status *status)
{
    recording_status(recording, status);
    return evj_path_name(status->writing.path);
}

static json_t *answer_rotate(const struct asked *asked)
{
    struct recording_status status;

    return order(asked->recording, WRITING_TURN, "", open_journal(asked->recording, &status));
}

static bool is_listed(struct recording *recording, const char *name)
{
    size_t count;
    struct retention_file *files = recording_list(recording, &count);
    bool found = false;

    for (size_t i = 0; i < count && !found; i++)
        found = strcmp(files[i].name, name) == 0;
    recording_list_done(files);
    return found;
}

/* By its name, or by its path, as the status tells it. */
static const char *name_of_journal(struct recording *recording, const char *given)
{
    const char *name = evj_path_name(given);
    size_t folder_len = (size_t)(name - given);
    struct config config;

    recording_config(recording, &config);
    bool is_in_folder = folder_len == strlen(config.folder) + 1 &&
                        strncmp(given, config.folder, folder_len - 1) == 0;
    return is_in_folder ? name : given;
}

/* Named here and now: when the order is seen to, another one may be open. */
static json_t *pin(const struct asked *asked, enum writing_order what)
{
    json_t *journal = json_object_get(asked->request, "journal");
    struct recording_status status;
    const char *name;

    if (journal && !json_is_string(journal))
        return refuse(ADMIN_INVALID_ELEMENT, "Invalid element type (%s should be a string)",
                      "journal");
    name = journal ? name_of_journal(asked->recording, json_string_value(journal))
                   : open_journal(asked->recording, &status);
    if (journal && !is_listed(asked->recording, name))
        return refuse(ADMIN_INVALID_ELEMENT,
                      "'%s' is no journal of this recorder: the request 'list' tells their names",
                      name);
    return order(asked->recording, what, name, name);
}

static json_t *answer_pin(const struct asked *asked)
{
    return pin(asked, WRITING_PIN);
}

static json_t *answer_unpin(const struct asked *asked)
{
    return pin(asked, WRITING_UNPIN);
}

/* ---- what the events thread sees to ---- */

static json_t *pause(const struct asked *asked, bool paused)
{
    recording_pause(asked->recording, paused);
    return json_pack("{s:i, s:s}", "result", 200, "state", paused ? "paused" : "recording");
}

static json_t *answer_pause(const struct asked *asked)
{
    return pause(asked, true);
}

static json_t *answer_resume(const struct asked *asked)
{
    return pause(asked, false);
}

static json_t *answer_mark(const struct asked *asked)
{
    json_t *text = json_object_get(asked->request, "text");

    if (!text)
        return refuse(ADMIN_MISSING_ELEMENT, "Missing mandatory element (%s)", "text");
    if (!json_is_string(text))
        return refuse(ADMIN_INVALID_ELEMENT, "Invalid element type (%s should be a string)",
                      "text");
    switch (recording_mark(asked->recording, json_string_value(text))) {
    case EVJ_OK:
        return json_pack("{s:i}", "result", 200);
    case EVJ_ERR_LIMIT:
        return refuse(ADMIN_INVALID_ELEMENT, "The %s is too long: as JSON it may have 240 bytes",
                      "text");
    default:
        return refuse(ADMIN_UNKNOWN_ERROR, "Too many marks wait for the next event%s", "");
    }
}

/* ---- settings ---- */

/* A setting's value as its text in a configuration file; NULL for what is none. */
static const char *value_text(json_t *value, char text[40])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        snprintf(text, 40, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, 40, "%.17g", json_real_value(value));
    else
        return NULL;
    return text;
}

/* All of them, into a copy; an error's answer, or NULL. */
static json_t *change_all(json_t *request, struct config *config, json_t *changed)
{
    const char *key;
    json_t *value;
    char text[40], why[400];

    json_object_foreach(request, key, value)
    {
        if (strcmp(key, "request") == 0)
            continue;
        if (!config_change(config, key, value_text(value, text), why, sizeof(why)))
            return refuse(ADMIN_INVALID_ELEMENT, "Nothing was changed: %s", why);
        json_object_set(changed, key, value);
    }
    return NULL;
}

static json_t *answer_tweak(const struct asked *asked)
{
    json_auto_t *changed = json_object();
    struct config config, before;

    recording_config(asked->recording, &before);
    config = before;
    json_t *refused = change_all(asked->request, &config, changed);
    if (refused)
        return refused;
    if (json_object_size(changed) == 0)
        return refuse(ADMIN_MISSING_ELEMENT, "Missing mandatory element (%s)", "a setting");
    recording_change(asked->recording, &config);
    if (strcmp(config.events, before.events) != 0)
        asked->set_events(config.events);
    json_t *answer = json_pack("{s:i, s:O}", "result", 200, "changed", changed);
    if (config.compression != before.compression)
        json_object_set_new(answer, "note", json_string("compression: from the next file on"));
    return answer;
}

/* ---- all of them ---- */

static json_t *answer_status(const struct asked *asked)
{
    return admin_status(asked->recording);
}

static json_t *answer_list(const struct asked *asked)
{
    return admin_list(asked->recording);
}

static const struct {
    const char *name;
    json_t *(*answer)(const struct asked *asked);
} requests[] = {
    {"status", answer_status}, {"tweak", answer_tweak},   {"rotate", answer_rotate},
    {"pause", answer_pause},   {"resume", answer_resume}, {"mark", answer_mark},
    {"pin", answer_pin},       {"unpin", answer_unpin},   {"list", answer_list},
};

json_t *admin_answer(struct recording *recording, json_t *request, admin_events_fn *set_events)
{
    const struct asked asked = {recording, request, set_events};
    json_t *name = json_object_get(request, "request");

    if (!name)
        return refuse(ADMIN_MISSING_ELEMENT, "Missing mandatory element (%s)", "request");
    if (!json_is_string(name))
        return refuse(ADMIN_INVALID_ELEMENT, "Invalid element type (%s should be a string)",
                      "request");
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        if (strcasecmp(requests[i].name, json_string_value(name)) != 0)
            continue;
        json_t *answer = requests[i].answer(&asked);
        return answer ? answer
                      : refuse(ADMIN_UNKNOWN_ERROR, "No memory to answer '%s'", requests[i].name);
    }
    return refuse(ADMIN_INVALID_REQUEST, "Unknown request '%s'", json_string_value(name));
}

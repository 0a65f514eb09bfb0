/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_input.h"

#include "tools/command.h"
#include "tools/nearest.h"
#include "tools/report.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

void diff_input_done(struct diff_input *input)
{
    roster_free(input->roster);
    reading_done(&input->reading);
    g_free(input->path);
    g_free(input->session);
    g_free(input->opaque);
    g_free(input->nearest_opaque);
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

void diff_input_name(struct diff_input *input, const char *argument)
{
    const char *colon = strrchr(argument, ':');

    input->path = g_strdup(argument);
    /* Unless a file is called so, with its colon. */
    if (colon == NULL || colon == argument || colon[1] == '\0' || access(argument, F_OK) == 0)
        return;
    input->path[colon - argument] = '\0';
    g_clear_pointer(&input->session, g_free);
    g_clear_pointer(&input->opaque, g_free);
    if (is_number(colon + 1))
        input->session = g_strdup(colon + 1);
    else
        input->opaque = g_strdup(colon + 1);
}

/* ---- reading ---- */

/* A handle of a session that is meant; or remember the opaque_id that is the most like it. */
static bool fits(struct diff_input *input, const char *opaque_id)
{
    if (opaque_id == NULL)
        return false;
    if (fnmatch(input->opaque, opaque_id, 0) == 0)
        return true;
    if (input->nearest_opaque == NULL ||
        nearest_distance(opaque_id, input->opaque) <
            nearest_distance(input->nearest_opaque, input->opaque)) {
        g_free(input->nearest_opaque);
        input->nearest_opaque = g_strdup(opaque_id);
    }
    return false;
}

static bool is_meant(struct diff_input *input, const struct model_session *session)
{
    bool found = input->opaque == NULL;

    for (guint i = 0; i < session->handles->len && !found; i++)
        found =
            fits(input, ((struct model_handle *)g_ptr_array_index(session->handles, i))->opaque_id);
    return found;
}

static void take(struct model_session *session, void *context)
{
    struct diff_input *input = context;
    struct evj_error err;

    if (!input->failed && is_meant(input, session) &&
        roster_add(input->roster, session, &err) != 0) {
        input->failed = true;
        trouble_from(&err, NULL);
    }
    model_session_free(session);
}

static const enum model_scope scopes[] = {
    [EVJ_SCOPE_WHOLE] = MODEL_WHOLE,
    [EVJ_SCOPE_SPAN] = MODEL_CUT,
    [EVJ_SCOPE_SOME] = MODEL_FILTERED,
};

/* -1 to go on. */
static int read_all(struct diff_input *input)
{
    struct model *model = model_new(true);
    const struct evj_record *record;
    int status = EVJ_END;

    input->roster = roster_new();
    model_set_over(model, take, input);
    model_set_scope(model, scopes[evj_select_scope(input->reading.select)]);
    while (!input->failed && (status = reading_next(&input->reading, &record)) == 0)
        model_add(model, record);
    model_finish(model);
    roster_finish(input->roster, model);
    if (model_late_events(model) > 0)
        note("%s: %" PRIu64
             " events came long after the end of their session: they are not compared",
             input->name, model_late_events(model));
    model_free(model);
    /* A file that stops in the middle is compared as far as it goes; that it does has been said. */
    return !input->failed && status == EVJ_END ? -1 : EXIT_TROUBLE;
}

/* ---- what is not there ---- */

static void look_at_id(struct model_session *session, void *context)
{
    g_autofree char *id = g_strdup_printf("%" PRIu64, session->id);

    nearest_offer(context, id);
    model_session_free(session);
}

/* Another reading, without selection: what sessions are there? Only after a failure. */
static char *nearest_sessions(const struct diff_input *input)
{
    struct reading reading = {.select = evj_select_new()};
    struct nearest nearest = {.wanted = input->session};
    struct model *model = model_new(false);
    const struct evj_record *record;
    char *paths[] = {input->path, NULL};

    model_set_over(model, look_at_id, &nearest);
    if (reading.select != NULL && reading_open(&reading, paths) < 0) {
        while (reading_next(&reading, &record) == 0)
            model_add(model, record);
    }
    model_finish(model);
    model_free(model);
    reading_done(&reading);
    return nearest_take(&nearest);
}

static int tell_missing_session(const struct diff_input *input)
{
    g_autofree char *nearest = nearest_sessions(input);

    if (nearest == NULL)
        return trouble("%s: %s has no session %s: list those it has with evj sessions", input->name,
                       input->path, input->session);
    return trouble("%s: %s has no session %s; the nearest: %s. List all with evj sessions",
                   input->name, input->path, input->session, nearest);
}

static int tell_missing_opaque(const struct diff_input *input)
{
    if (input->nearest_opaque == NULL)
        return trouble("%s: no handle in %s has an opaque_id", input->name, input->path);
    return trouble("%s: no opaque_id in %s is like %s; the nearest: %s. List all with evj sessions",
                   input->name, input->path, input->opaque, input->nearest_opaque);
}

static int tell_empty(const struct diff_input *input)
{
    if (input->session != NULL)
        return tell_missing_session(input);
    if (input->opaque != NULL)
        return tell_missing_opaque(input);
    return trouble("%s: no session in %s%s", input->name, input->path,
                   evj_select_is_all(input->reading.select) ? "" : " that the selection matches");
}

int diff_input_read(struct diff_input *input)
{
    struct evj_error err = {0};
    char *paths[] = {input->path, NULL};
    int status;

    if (input->session != NULL &&
        evj_select_add_session(input->reading.select, input->session, &err) != 0)
        return trouble("--session: %s; see \"evj diff --help\"", err.text);
    if ((status = reading_open(&input->reading, paths)) >= 0 || (status = read_all(input)) >= 0)
        return status;
    if (roster_briefs(input->roster)->len == 0)
        return tell_empty(input);
    return -1;
}

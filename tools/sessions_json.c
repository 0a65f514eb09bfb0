/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/candidates.h"
#include "tools/sessions_print.h"

#include <jansson.h>

/* The keys are documented in evj-sessions(1) and stay. */

static json_t *string_or_null(const char *text)
{
    json_t *string = text != NULL ? json_string(text) : NULL;

    return string != NULL ? string : json_null();
}

static void set_time(json_t *line, int64_t first_us, int64_t last_us)
{
    json_object_set_new(line, "started_us", json_integer(first_us));
    json_object_set_new(line, "duration_us", json_integer(last_us - first_us));
}

static void print_line(FILE *out, json_t *line)
{
    json_dumpf(line, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(line);
}

static json_t *new_line(const char *kind, const struct model_session *session)
{
    json_t *line = json_object();

    json_object_set_new(line, "kind", json_string(kind));
    json_object_set_new(line, "session_id", json_integer((json_int_t)session->id));
    json_object_set_new(line, "emitter", string_or_null(session->emitter));
    json_object_set_new(line, "recording", json_integer(session->recording));
    return line;
}

static void print_session(FILE *out, const struct model_session *session)
{
    json_t *line = new_line("session", session);
    const bool any = session->handles->len > 0;

    json_object_set_new(line, "transport", string_or_null(session->transport_package));
    set_time(line, session->first_us, session->last_us);
    json_object_set_new(line, "events", json_integer((json_int_t)session->events));
    json_object_set_new(line, "handles", json_integer(session->handles->len));
    json_object_set_new(line, "complete",
                        json_boolean(session->created.seen && session->ended.seen));
    json_object_set_new(line, "reached",
                        string_or_null(any ? reach_name(sessions_reach(session)) : NULL));
    json_object_set_new(line, "ended", json_string(session_end_name(session->how_ended)));
    print_line(out, line);
}

static void set_network(json_t *line, const struct model_epoch *epoch)
{
    g_autofree char *pair = epoch != NULL && epoch->pair != NULL ? pair_summary(epoch->pair) : NULL;

    json_object_set_new(line, "pair", string_or_null(pair));
    json_object_set_new(line, "local_candidates",
                        json_integer(epoch != NULL ? epoch->local_candidates : 0));
    json_object_set_new(line, "remote_candidates",
                        json_integer(epoch != NULL ? epoch->remote_candidates : 0));
}

static void print_handle(FILE *out, const struct model_handle *handle)
{
    json_t *line = new_line("handle", handle->session);
    const struct sessions_end end = sessions_handle_end(handle);

    json_object_set_new(line, "handle_id", json_integer((json_int_t)handle->id));
    json_object_set_new(line, "opaque_id", string_or_null(handle->opaque_id));
    json_object_set_new(line, "plugin", string_or_null(handle->plugin));
    set_time(line, handle->first_us, handle->last_us);
    json_object_set_new(line, "events", json_integer((json_int_t)handle->events));
    json_object_set_new(line, "peer_connections", json_integer(handle->epochs->len));
    json_object_set_new(line, "reached", json_string(reach_name(model_reach(handle))));
    json_object_set_new(line, "ended", json_string(end.how));
    json_object_set_new(line, "reason", string_or_null(end.reason));
    set_network(line, sessions_last_epoch(handle));
    print_line(out, line);
}

void sessions_json_put(FILE *out, const struct model_session *session)
{
    print_session(out, session);
    for (guint i = 0; i < session->handles->len; i++)
        print_handle(out, g_ptr_array_index(session->handles, i));
}

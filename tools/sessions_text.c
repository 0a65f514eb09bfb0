/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/candidates.h"
#include "tools/columns.h"
#include "tools/report.h"
#include "tools/sessions_print.h"

#include <inttypes.h>
#include <string.h>

/* 100 columns in all, with a blank between two. */
enum { ID = 18, WHO = 22, DURATION = 12, REACH = 8, END = 18, NETWORK = 17 };

struct row {
    const char *id, *who, *duration, *reach, *end, *network;
};

static void put_row(FILE *out, const struct row *row)
{
    g_autofree char *network = columns_fit(row->network, NETWORK);

    columns_put(out, row->id, ID);
    fputc(' ', out);
    columns_put(out, row->who, WHO);
    fprintf(out, " %*s ", (int)DURATION, row->duration);
    columns_put(out, row->reach, REACH);
    fputc(' ', out);
    if (network[0] == '\0') {
        g_autofree char *end = columns_fit(row->end, END);

        fprintf(out, "%s\n", end);
        return;
    }
    columns_put(out, row->end, END);
    fprintf(out, " %s\n", network);
}

/* Without its "created" the session's own events are not here: in mid-session, or not selected. */
static char *end_of_session(const struct model_session *session)
{
    if (!session->created.seen && session->how_ended == SESSION_OPEN)
        return g_strdup("-");
    return g_strdup(session_end_name(session->how_ended));
}

static const char *short_transport(const char *package)
{
    static const char prefix[] = "janus.transport.";

    if (package == NULL)
        return "";
    return g_str_has_prefix(package, prefix) ? package + strlen(prefix) : package;
}

static void put_session(FILE *out, const struct model_session *session)
{
    g_autofree char *id = g_strdup_printf("%" PRIu64, session->id);
    g_autofree char *started = columns_utc(session->first_us);
    g_autofree char *duration = columns_duration(session->last_us - session->first_us);
    g_autofree char *end = end_of_session(session);

    put_row(out, &(struct row){
                     .id = id,
                     .who = started,
                     .duration = duration,
                     .reach = session->handles->len > 0 ? reach_name(sessions_reach(session)) : "-",
                     .end = end,
                     .network = short_transport(session->transport_package),
                 });
}

/* "host-host udp 1/5": the pair in use, candidates here and there. */
static char *network_of(const struct model_epoch *epoch)
{
    if (epoch == NULL)
        return g_strdup("");
    g_autofree char *pair = epoch->pair != NULL ? pair_summary(epoch->pair) : NULL;

    if (pair == NULL && epoch->local_candidates + epoch->remote_candidates == 0)
        return g_strdup("");
    return g_strdup_printf("%s %u/%u", pair != NULL ? pair : "no pair", epoch->local_candidates,
                           epoch->remote_candidates);
}

static void put_handle(FILE *out, const struct model_handle *handle)
{
    const char *opaque_id = handle->opaque_id;
    const struct sessions_end end = sessions_handle_end(handle);
    g_autofree char *id = g_strdup_printf("  %" PRIu64, handle->id);
    g_autofree char *who = g_strjoin(" ", columns_plugin(handle->plugin), opaque_id, NULL);
    g_autofree char *duration = columns_duration(handle->last_us - handle->first_us);
    g_autofree char *network = network_of(sessions_last_epoch(handle));

    put_row(out, &(struct row){
                     .id = id,
                     .who = who,
                     .duration = duration,
                     .reach = reach_name(model_reach(handle)),
                     .end = end.reason != NULL ? end.reason : end.how,
                     .network = network,
                 });
}

void sessions_text_heading(FILE *out)
{
    const struct row row = {.id = "SESSION",
                            .who = "STARTED (UTC)",
                            .duration = "LASTED",
                            .reach = "GOT TO",
                            .end = "ENDED",
                            .network = "TRANSPORT"};
    const struct row below = {.id = "  HANDLE",
                              .who = "PLUGIN OPAQUE_ID",
                              .duration = "",
                              .reach = "",
                              .end = "",
                              .network = "PAIR LOCAL/REMOTE"};

    put_row(out, &row);
    put_row(out, &below);
}

void sessions_text_origin(FILE *out, const char *emitter, unsigned recording)
{
    const char *name = emitter != NULL ? emitter : "unknown";

    fputs("EMITTER ", out);
    print_safely(out, name, strlen(name));
    fprintf(out, ", recording %u\n", recording + 1);
}

void sessions_text_put(FILE *out, const struct model_session *session)
{
    put_session(out, session);
    for (guint i = 0; i < session->handles->len; i++)
        put_handle(out, g_ptr_array_index(session->handles, i));
}

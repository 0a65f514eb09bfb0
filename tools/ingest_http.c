/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/limits.h"
#include "tools/gunzip.h"
#include "tools/http_listen.h"
#include "tools/ingest_sources.h"
#include "tools/json_values.h"
#include "tools/report.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS_MAX 32u /* each may hold a body of EVJ_LINE_MAX */
#define IDLE_TIMEOUT_S 60u  /* of a connection */
#define REASON_SIZE (64 + sizeof(((struct evj_error *)0)->text))

struct http_source {
    struct ingest_run *run;
    uint64_t requests; /* that began */
    int status;        /* < 0: recording cannot go on, and error says why */
    struct evj_error error;
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code, const char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_POST);
    result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- bodies ---- */

struct body {
    const unsigned char *bytes;
    size_t len;
};

static ssize_t read_body(void *context, char *buffer, size_t size)
{
    struct body *body = context;
    size_t n = MIN(size, body->len);

    if (n == 0)
        return 0;
    memcpy(buffer, body->bytes, n);
    body->bytes += n;
    body->len -= n;
    return (ssize_t)n;
}

/* What a request came to: how many events, and the first thing that was wrong with it. */
struct outcome {
    uint64_t request; /* its number */
    unsigned recorded, faults;
    char reason[REASON_SIZE];
};

/* Line 0: the request as a whole. */
static void add_fault(struct http_source *source, struct outcome *outcome, uint64_t line,
                      const struct evj_error *err)
{
    char where[64], place[32] = "";

    if (line > 0)
        snprintf(place, sizeof(place), "line %" PRIu64, line);
    snprintf(where, sizeof(where), "request %" PRIu64 "%s%s", outcome->request,
             line > 0 ? ", " : "", place);
    ingest_report_fault(source->run, where, err);
    if (outcome->faults++ == 0)
        snprintf(outcome->reason, sizeof(outcome->reason), "%s%s%s", place, line > 0 ? ": " : "",
                 err->text);
}

static void record_body(struct http_source *source, struct body body, struct outcome *outcome)
{
    struct json_values *values = json_values_new(read_body, &body);
    struct evj_slice text;
    struct evj_error err;
    int status;

    while (source->status == 0 && (status = json_values_next(values, &text, &err)) != EVJ_END) {
        if (status < 0)
            ingest_leave_out(source->run->ingest);
        else if (status == 0)
            status = ingest_add(source->run->ingest, text, &err);
        if (status == 0)
            outcome->recorded++;
        else if (ingest_can_go_on(status))
            add_fault(source, outcome, json_values_line(values), &err);
        else {
            source->status = status;
            source->error = err;
        }
    }
    json_values_free(values);
}

/* A request, from its headers to its answer. */
struct request {
    uint64_t number;
    GByteArray *body;
    bool refused; /* and told so: what else comes of it is of no interest */
};

static void leave_out(struct http_source *source, struct outcome *outcome,
                      const struct evj_error *err)
{
    ingest_leave_out(source->run->ingest);
    add_fault(source, outcome, 0, err);
}

static enum MHD_Result refuse(struct http_source *source, struct MHD_Connection *connection,
                              struct request *request, unsigned code, const struct evj_error *err)
{
    struct outcome outcome = {.request = request->number};

    request->refused = true;
    leave_out(source, &outcome, err);
    return answer(connection, code, outcome.reason);
}

static enum MHD_Result take_body(struct http_source *source, struct MHD_Connection *connection,
                                 const struct request *request, const GByteArray *body)
{
    struct outcome outcome = {.request = request->number};

    record_body(source, (struct body){body->data, body->len}, &outcome);
    if (source->status < 0)
        return answer(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, source->error.text);
    if (outcome.faults > 0)
        return answer(connection, MHD_HTTP_BAD_REQUEST, outcome.reason);
    if (outcome.recorded == 0)
        return answer(connection, MHD_HTTP_BAD_REQUEST, "no event in the body");
    return answer(connection, MHD_HTTP_OK, "");
}

static enum MHD_Result take_gzip(struct http_source *source, struct MHD_Connection *connection,
                                 struct request *request)
{
    g_autoptr(GByteArray) text = g_byte_array_new();
    struct evj_error err = {0};
    int status = gunzip(request->body->data, request->body->len, EVJ_LINE_MAX, text, &err);

    if (status == EVJ_ERR_LIMIT)
        return refuse(source, connection, request, MHD_HTTP_CONTENT_TOO_LARGE, &err);
    if (status != 0)
        return refuse(source, connection, request, MHD_HTTP_BAD_REQUEST, &err);
    return take_body(source, connection, request, text);
}

/* ---- requests ---- */

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

    return value != NULL ? value : "";
}

static enum MHD_Result take_request(struct http_source *source, struct MHD_Connection *connection,
                                    const char *method, struct request *request)
{
    const char *encoding = header_of(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
    struct evj_error err = {0};

    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0) {
        evj_fail(&err, EVJ_ERR_INVALID, 0, "%.20s: \"evj record --http\" takes events by POST",
                 method);
        return refuse(source, connection, request, MHD_HTTP_METHOD_NOT_ALLOWED, &err);
    }
    if (g_ascii_strcasecmp(encoding, "gzip") == 0)
        return take_gzip(source, connection, request);
    if (*encoding != '\0' && g_ascii_strcasecmp(encoding, "identity") != 0) {
        evj_fail(&err, EVJ_ERR_INVALID, 0, "Content-Encoding may be gzip, or absent, not %.40s",
                 encoding);
        return refuse(source, connection, request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, &err);
    }
    return take_body(source, connection, request, request->body);
}

/* A body that grows too large ends the connection: there is no answering in the middle of it. */
static enum MHD_Result collect(struct http_source *source, struct request *request,
                               const char *data, size_t *size)
{
    struct outcome outcome = {.request = request->number};
    struct evj_error err;

    if (request->refused)
        return MHD_NO;
    if (request->body->len + *size > EVJ_LINE_MAX) {
        evj_fail(&err, EVJ_ERR_LIMIT, 0, "a body of more than %u bytes", EVJ_LINE_MAX);
        request->refused = true;
        leave_out(source, &outcome, &err);
        return MHD_NO;
    }
    g_byte_array_append(request->body, (const guint8 *)data, (guint)*size);
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result begin(struct http_source *source, struct MHD_Connection *connection,
                             void **ret_request)
{
    const char *length = header_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    struct request *request = g_new0(struct request, 1);
    struct evj_error err;

    *ret_request = request;
    request->number = ++source->requests;
    request->body = g_byte_array_new();
    if (g_ascii_strtoull(length, NULL, 10) <= EVJ_LINE_MAX)
        return MHD_YES;
    evj_fail(&err, EVJ_ERR_LIMIT, 0, "a body of %.20s bytes; the limit is %u", length,
             EVJ_LINE_MAX);
    return refuse(source, connection, request, MHD_HTTP_CONTENT_TOO_LARGE, &err);
}

/* libmicrohttpd calls this for the headers, for each piece of the body, and at its end. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **request)
{
    (void)url;
    (void)version;
    if (*request == NULL)
        return begin(context, connection, request);
    if (*data_size > 0)
        return collect(context, *request, data, data_size);
    return take_request(context, connection, method, *request);
}

static void forget(void *context, struct MHD_Connection *connection, void **request,
                   enum MHD_RequestTerminationCode code)
{
    struct request *old = *request;

    (void)context;
    (void)connection;
    (void)code;
    *request = NULL;
    if (old == NULL)
        return;
    g_byte_array_unref(old->body);
    g_free(old);
}

/* ---- the loop ---- */

static struct MHD_Daemon *start(struct http_source *source, int listen_fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, source, MHD_OPTION_LISTEN_SOCKET,
                            listen_fd, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
                            MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S, MHD_OPTION_END);
}

static int wait_ms(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG ms;

    return MHD_get_timeout(daemon, &ms) == MHD_YES ? (int)MIN(ms, INGEST_FLUSH_MS)
                                                   : INGEST_FLUSH_MS;
}

static int serve(struct http_source *source, struct MHD_Daemon *daemon, struct evj_error *err)
{
    struct pollfd fds[] = {
        {.fd = source->run->stop_fd, .events = POLLIN},
        {.fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, .events = POLLIN},
    };
    int status = 0;

    while (status == 0 && fds[0].revents == 0) {
        struct ingest_totals totals;

        poll(fds, G_N_ELEMENTS(fds), wait_ms(daemon));
        MHD_run(daemon);
        if (source->status < 0) {
            *err = source->error;
            return source->status;
        }
        status = ingest_flush_if_due(source->run, err);
        ingest_totals(source->run->ingest, &totals);
        ticker_show(&source->run->ticker, "recorded", totals.recorded);
    }
    return status;
}

int ingest_from_http(struct ingest_run *run, const char *address, struct evj_error *err)
{
    struct http_source source = {.run = run};
    g_autofree char *url = NULL;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int status = http_listen(address, &listen_fd, &url, err);

    if (status != 0)
        return status;
    daemon = start(&source, listen_fd);
    if (daemon == NULL) {
        close(listen_fd);
        return evj_fail_errno(err, 0, "cannot start an HTTP server at %s", address);
    }
    note("listening at %s; Ctrl-C ends", url);
    status = serve(&source, daemon, err);
    MHD_stop_daemon(daemon);
    run->ended = "shutdown";
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/sink_http.h"

#include "replay/replay.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

struct http_sink {
    struct sink sink;
    struct replay_clock *clock;
    const atomic_int *stop;
    CURL *curl;
    struct curl_slist *headers;
    char *shown_url; /* without user and password */
    uint64_t delivered, retries;
    unsigned failed_in_a_row;
    unsigned unreached_in_a_row;
    uint64_t first_unreached_seq;
    char last_error[CURL_ERROR_SIZE + 32];
};

/* How one POST ended. */
enum outcome {
    DELIVERED,
    UNREACHED, /* no answer: nobody there, or the connection broke */
    BUSY,      /* a status that says: try again */
    REFUSED,   /* a status that says: do not */
};

static int stop_of(const struct http_sink *hs)
{
    return hs->stop != NULL ? *hs->stop : REPLAY_GO_ON;
}

/* The answer's body is nobody's business. */
static size_t ignore_body(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

/* Called by curl about once a second while it waits: a hanging backend must not outlast Ctrl-C. */
static int check_stop(void *context, curl_off_t dl_total, curl_off_t dl_now, curl_off_t ul_total,
                      curl_off_t ul_now)
{
    (void)dl_total;
    (void)dl_now;
    (void)ul_total;
    (void)ul_now;
    return stop_of(context) >= REPLAY_HURRY;
}

static enum outcome judge_status(struct http_sink *hs, long status)
{
    /* Redirects are not followed, as sampleevh does not: nobody has got the event. */
    if (status >= 200 && status < 300)
        return DELIVERED;
    snprintf(hs->last_error, sizeof(hs->last_error), "HTTP status %ld", status);
    return status >= 500 || status == 408 || status == 429 ? BUSY : REFUSED;
}

static enum outcome post(struct http_sink *hs, struct evj_slice event)
{
    char text[CURL_ERROR_SIZE] = "";
    long status = 0;
    CURLcode code;

    curl_easy_setopt(hs->curl, CURLOPT_POSTFIELDS, event.text);
    curl_easy_setopt(hs->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)event.len);
    curl_easy_setopt(hs->curl, CURLOPT_ERRORBUFFER, text);
    code = curl_easy_perform(hs->curl);
    curl_easy_setopt(hs->curl, CURLOPT_ERRORBUFFER, NULL);
    if (code != CURLE_OK) {
        if (code == CURLE_ABORTED_BY_CALLBACK)
            snprintf(text, sizeof(text), "stopped while waiting for an answer");
        snprintf(hs->last_error, sizeof(hs->last_error), "%s",
                 text[0] != '\0' ? text : curl_easy_strerror(code));
        return UNREACHED;
    }
    curl_easy_getinfo(hs->curl, CURLINFO_RESPONSE_CODE, &status);
    return judge_status(hs, status);
}

/*
 * A backend that answers every event with 500 would otherwise cost seconds for each: the retries
 * are for the first that fails, the events behind it are tried once until one gets through.
 */
static int retries_for(const struct http_sink *hs, enum outcome outcome)
{
    if (outcome == DELIVERED || outcome == REFUSED)
        return 0;
    return outcome == BUSY && hs->failed_in_a_row > 0 ? 0 : SINK_HTTP_RETRIES;
}

static enum outcome post_with_retries(struct http_sink *hs, struct evj_slice event)
{
    int64_t pause_ns = SINK_HTTP_BACKOFF_MS * NS_PER_MS;
    enum outcome outcome = post(hs, event);

    for (int n = 0; n < retries_for(hs, outcome) && stop_of(hs) == REPLAY_GO_ON; n++) {
        hs->clock->sleep_until(hs->clock, hs->clock->now(hs->clock) + pause_ns);
        pause_ns *= 2;
        hs->retries++;
        outcome = post(hs, event);
    }
    return outcome;
}

static int give_up(const struct http_sink *hs, uint64_t seq, struct evj_error *err)
{
    return evj_fail(err, EVJ_ERR_IO, 0,
                    "%s cannot be reached: %s; gave up at record %" PRIu64
                    ". Start the backend and go on with --from @%" PRIu64,
                    hs->shown_url, hs->last_error, seq, hs->first_unreached_seq);
}

static int http_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct http_sink *hs = (struct http_sink *)sink;
    enum outcome outcome = post_with_retries(hs, record->body);

    if (outcome == DELIVERED) {
        hs->delivered++;
        hs->failed_in_a_row = hs->unreached_in_a_row = 0;
        return 0;
    }
    sink->undelivered++;
    hs->failed_in_a_row++;
    if (outcome != UNREACHED) {
        hs->unreached_in_a_row = 0;
        return 0;
    }
    if (hs->unreached_in_a_row++ == 0)
        hs->first_unreached_seq = record->seq;
    return hs->unreached_in_a_row < SINK_HTTP_GIVE_UP ? 0 : give_up(hs, record->seq, err);
}

static int http_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    (void)sink;
    (void)drain_us; /* every POST has been answered */
    (void)err;
    return 0;
}

static void http_report(const struct sink *sink, json_t *report)
{
    const struct http_sink *hs = (const struct http_sink *)sink;
    json_t *http = json_pack("{s:s, s:I, s:I, s:I}", "url", hs->shown_url, "delivered",
                             (json_int_t)hs->delivered, "failed", (json_int_t)sink->undelivered,
                             "retries", (json_int_t)hs->retries);

    if (hs->last_error[0] != '\0')
        json_object_set_new(http, "last_error", json_string(hs->last_error));
    json_object_set_new(report, "http", http);
}

static void http_free(struct sink *sink)
{
    struct http_sink *hs = (struct http_sink *)sink;

    curl_easy_cleanup(hs->curl);
    curl_slist_free_all(hs->headers);
    curl_free(hs->shown_url);
    free(hs);
    curl_global_cleanup();
}

static const struct sink_ops http_ops = {
    .name = "http",
    .deliver = http_deliver,
    .finish = http_finish,
    .report = http_report,
    .free = http_free,
};

/* Is it a URL that we can post to? *ret_shown: the same without secrets; curl_free() it. */
static int check_url(const char *url, char **ret_shown, struct evj_error *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    bool fine = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

    if (fine) {
        curl_url_set(parts, CURLUPART_USER, NULL, 0);
        curl_url_set(parts, CURLUPART_PASSWORD, NULL, 0);
        fine = curl_url_get(parts, CURLUPART_URL, ret_shown, 0) == CURLUE_OK;
    }
    curl_free(scheme);
    curl_url_cleanup(parts);
    if (fine)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "\"%.100s\" is no address to post to: give one as http://host:port/path", url);
}

static void set_up(struct http_sink *hs, const char *url)
{
    curl_easy_setopt(hs->curl, CURLOPT_URL, url);
    curl_easy_setopt(hs->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(hs->curl, CURLOPT_HTTPHEADER, hs->headers);
    curl_easy_setopt(hs->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(hs->curl, CURLOPT_TIMEOUT_MS, (long)SINK_HTTP_TIMEOUT_MS);
    curl_easy_setopt(hs->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(hs->curl, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(hs->curl, CURLOPT_XFERINFOFUNCTION, check_stop);
    curl_easy_setopt(hs->curl, CURLOPT_XFERINFODATA, hs);
    curl_easy_setopt(hs->curl, CURLOPT_NOPROGRESS, 0L);
}

/* sampleevh's header; and no "Expect: 100-continue", which costs a round trip for every long event.
 */
static struct curl_slist *make_headers(void)
{
    struct curl_slist *first = curl_slist_append(NULL, "Content-Type: application/json");
    struct curl_slist *both = first == NULL ? NULL : curl_slist_append(first, "Expect:");

    if (both == NULL)
        curl_slist_free_all(first);
    return both;
}

int sink_http_new(const struct sink_http_options *options, struct sink **ret_sink,
                  struct evj_error *err)
{
    char *shown_url = NULL;
    struct http_sink *hs;
    int status = check_url(options->url, &shown_url, err);

    if (status < 0)
        return status;
    hs = calloc(1, sizeof(*hs));
    if (hs == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        curl_free(shown_url);
        free(hs);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
    }
    hs->sink.ops = &http_ops;
    hs->clock = options->clock;
    hs->stop = options->stop;
    hs->shown_url = shown_url;
    hs->curl = curl_easy_init();
    hs->headers = make_headers();
    if (hs->curl == NULL || hs->headers == NULL) {
        http_free(&hs->sink);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
    }
    set_up(hs, options->url);
    *ret_sink = &hs->sink;
    return 0;
}

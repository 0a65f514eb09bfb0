/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_text.h"

#include "tools/duration.h"
#include "tools/report.h"

#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define NS_PER_US INT64_C(1000)

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void print_text(FILE *out, const char *text)
{
    print_safely(out, text, strlen(text));
}

/* "p50 1 µs, p99 20 µs, max 3 ms": the members of `quantiles` that are named, in `unit_ns`. */
static void print_quantiles(FILE *out, const json_t *quantiles, const char *const *keys,
                            int64_t unit_ns)
{
    char text[DURATION_TEXT];

    for (; *keys != NULL; keys++) {
        json_int_t value = number(quantiles, *keys);

        /* Rounded to 0 is not 0. */
        fprintf(out, "%s %s%s", *keys,
                value == 0 && unit_ns == NS_PER_US ? "< 1 µs"
                                                   : duration_text(value * unit_ns, text),
                keys[1] != NULL ? ", " : "");
    }
}

static const char *const four[] = {"p50", "p90", "p99", "max", NULL};
static const char *const three[] = {"p50", "p99", "max", NULL};

/* ---- the replay itself ---- */

static void print_events(FILE *out, const json_t *report)
{
    const json_t *speed = json_object_get(report, "speed");
    char elapsed[DURATION_TEXT], recorded[DURATION_TEXT];
    json_int_t elapsed_us = number(report, "elapsed_us");

    fprintf(out, "  events     %" JSON_INTEGER_FORMAT " in %s, recorded over %s, ",
            number(report, "events"), duration_text(elapsed_us * NS_PER_US, elapsed),
            duration_text(number(report, "recorded_us") * NS_PER_US, recorded));
    if (!json_is_string(speed))
        fprintf(out, "at speed %g\n", json_number_value(speed));
    else if (elapsed_us > 0 && number(report, "events") > 0)
        fprintf(out, "as fast as possible (%.0f events/s)\n",
                (double)number(report, "events") * 1e6 / (double)elapsed_us);
    else
        fputs("as fast as possible\n", out);
    if (json_is_true(json_object_get(report, "interrupted")))
        fputs("  stopped    on request, before the end\n", out);
}

static void print_lateness(FILE *out, const json_t *report)
{
    char drift[DURATION_TEXT];

    if (json_is_string(json_object_get(report, "speed")) || number(report, "events") == 0)
        return;
    fputs("  lateness   ", out);
    print_quantiles(out, json_object_get(report, "lateness_us"), four, NS_PER_US);
    fprintf(out, "; drift %s\n", duration_text(number(report, "drift_us") * NS_PER_US, drift));
}

static void print_lag(FILE *out, const json_t *report)
{
    static const char *const causes[][2] = {
        {"read_us", "reading"},
        {"schedule_us", "scheduling"},
        {"deliver_us", "delivering"},
    };
    const json_t *lag = json_object_get(report, "lag");
    char text[DURATION_TEXT];

    fputs("  behind by  ", out);
    for (size_t i = 0; i < 3; i++)
        fprintf(out, "%s%s %s", i > 0 ? ", " : "", causes[i][1],
                duration_text(number(lag, causes[i][0]) * NS_PER_US, text));
    fputc('\n', out);
}

/* Where it began, and how often. */
static void print_beginnings(FILE *out, const json_t *report)
{
    json_int_t rounds = number(report, "rounds"), states = number(report, "states");
    json_int_t left_out = number(report, "states_left_out");

    if (rounds > 1)
        fprintf(out, "  rounds     %" JSON_INTEGER_FORMAT "\n", rounds);
    if (states > 0)
        fprintf(out,
                "  state      %" JSON_INTEGER_FORMAT
                " earlier event%s told first what was live where it began\n",
                states, states == 1 ? "" : "s");
    if (left_out > 0)
        fprintf(out, "  state      %" JSON_INTEGER_FORMAT " more were too many to remember\n",
                left_out);
}

static void print_order(FILE *out, const json_t *report)
{
    json_int_t count = number(report, "out_of_order");

    if (count > 0)
        fprintf(
            out,
            "  order      %" JSON_INTEGER_FORMAT
            " event%s recorded at an earlier time than one before: delivered together with it\n",
            count, count == 1 ? "" : "s");
}

static void print_gaps(FILE *out, const json_t *report)
{
    const json_t *gaps = json_object_get(report, "gaps");

    if (number(gaps, "records") > 0)
        fprintf(out,
                "  gaps       %" JSON_INTEGER_FORMAT " in the journal: %" JSON_INTEGER_FORMAT
                " events are missing\n",
                number(gaps, "records"), number(gaps, "events"));
}

/* ---- handlers ---- */

static void print_line(FILE *out, const char *label, const char *text)
{
    fprintf(out, "    %-10s ", label);
    print_text(out, text);
    fputc('\n', out);
}

static void print_ending(FILE *out, const json_t *ended)
{
    const char *text = json_string_value(json_object_get(ended, "text"));
    const json_t *frame;
    size_t i;

    if (text != NULL)
        print_line(out, "ended", text);
    json_array_foreach(json_object_get(ended, "backtrace"), i, frame)
    {
        print_line(out, i == 0 ? "at" : "", json_string_value(frame));
    }
}

/* "record 7 in 3.1 ms, 12 in 2 ms": the calls that took the longest. */
static void print_slowest(FILE *out, const json_t *slowest)
{
    const json_t *call;
    size_t i;

    fputs("    slowest    record ", out);
    json_array_foreach(slowest, i, call)
    {
        char text[DURATION_TEXT];

        fprintf(out, "%s%" JSON_INTEGER_FORMAT " in %s", i == 0 ? "" : ", ", number(call, "seq"),
                duration_text(number(call, "ns"), text));
    }
    fputc('\n', out);
}

static bool was_destroyed(const json_t *handler)
{
    const char *how = json_string_value(json_object_get(json_object_get(handler, "ended"), "how"));

    return how != NULL && strcmp(how, "destroyed") == 0;
}

static void print_held(FILE *out, const json_t *handler)
{
    json_int_t held = number(handler, "held"), leaked = number(handler, "leaked");

    if (!was_destroyed(handler))
        fprintf(out, "    held       %" JSON_INTEGER_FORMAT " event%s at the end\n", held,
                held == 1 ? "" : "s");
    else if (held == 0)
        fputs("    held       none: it had let go of every event before destroy\n", out);
    else
        fprintf(out,
                "    held       %" JSON_INTEGER_FORMAT
                " event%s when destroy was called, which may be lost; %" JSON_INTEGER_FORMAT
                " still after it\n",
                held, held == 1 ? "" : "s", leaked);
}

static void print_over_released(FILE *out, const json_t *handler)
{
    json_int_t count = number(handler, "over_released");

    if (count > 0)
        fprintf(out,
                "    released   %" JSON_INTEGER_FORMAT
                " event%s that it had not kept: Janus would crash\n",
                count, count == 1 ? "" : "s");
}

static void print_calls(FILE *out, const json_t *handler)
{
    const json_t *callback = json_object_get(handler, "callback_ns");

    fputs("    callback   ", out);
    print_quantiles(out, callback, three, 1);
    fputc('\n', out);
    print_slowest(out, json_object_get(callback, "slowest"));
    if (number(handler, "leaked") < number(handler, "delivered")) {
        fputs("    let go     ", out);
        print_quantiles(out, json_object_get(handler, "release_us"), three, NS_PER_US);
        fputc('\n', out);
    }
    print_held(out, handler);
    print_over_released(out, handler);
}

/* A handler that died in its init has left no probe behind, only how it ended. */
static void print_probe(FILE *out, const json_t *handler)
{
    json_int_t delivered = number(handler, "delivered"), masked = number(handler, "masked");

    if (json_object_get(handler, "callback_ns") == NULL)
        return;
    fprintf(out, "    delivered  %" JSON_INTEGER_FORMAT, delivered);
    if (delivered == 0 && masked > 0)
        fprintf(out,
                " of %" JSON_INTEGER_FORMAT ": its mask takes none of these events: set events = "
                "\"all\" in its configuration\n",
                masked);
    else
        fprintf(out, " (its mask kept %" JSON_INTEGER_FORMAT " from it)\n", masked);
    if (delivered > 0)
        print_calls(out, handler);
}

static void print_log_count(FILE *out, const json_t *object)
{
    json_int_t lines =
        (json_int_t)json_array_size(json_object_get(object, "log")) + number(object, "log_omitted");

    if (lines == 0)
        return;
    fprintf(out, "    log        %" JSON_INTEGER_FORMAT " line%s at warning or above", lines,
            lines == 1 ? "" : "s");
    if (number(object, "log_errors") > 0)
        fprintf(out, ", %" JSON_INTEGER_FORMAT " of them at error", number(object, "log_errors"));
    fputc('\n', out);
}

static void print_requests(FILE *out, const json_t *requests)
{
    const json_t *request;
    size_t i;

    json_array_foreach(requests, i, request)
    {
        g_autofree char *question = json_dumps(json_object_get(request, "question"), JSON_COMPACT);
        g_autofree char *answer =
            json_dumps(json_object_get(request, "answer"), JSON_COMPACT | JSON_ENCODE_ANY);
        g_autofree char *line =
            g_strdup_printf("%s: %s → %s", json_string_value(json_object_get(request, "package")),
                            question, answer);

        print_line(out, "asked", line);
    }
}

/* Of all handlers together. */
static void print_shutdown(FILE *out, const json_t *report)
{
    json_int_t threads = number(report, "threads_left");
    char text[DURATION_TEXT];

    if (json_is_true(json_object_get(report, "sending")))
        fputs("    sending    still when destroy was called: --drain gives it longer\n", out);
    if (number(report, "json_alive") > 0)
        fprintf(out, "    memory     %" JSON_INTEGER_FORMAT " of jansson's values not freed\n",
                number(report, "json_alive"));
    if (threads > 0)
        fprintf(out, "    threads    %" JSON_INTEGER_FORMAT " still ran %s after destroy\n",
                threads, duration_text(number(report, "linger_us") * NS_PER_US, text));
}

static void print_handlers(FILE *out, const json_t *report)
{
    const json_t *handler;
    size_t i;

    json_array_foreach(json_object_get(report, "handlers"), i, handler)
    {
        const char *package = json_string_value(json_object_get(handler, "package"));

        fputs("  ", out);
        print_text(out, package != NULL ? package : "the handler");
        fputc('\n', out);
        print_probe(out, handler);
        print_log_count(out, handler);
        print_ending(out, json_object_get(handler, "ended"));
    }
    print_log_count(out, report);
    print_requests(out, json_object_get(report, "requests"));
    print_shutdown(out, report);
}

/* ---- HTTP ---- */

static void print_http(FILE *out, const json_t *report)
{
    const json_t *http = json_object_get(report, "http");
    const char *url = json_string_value(json_object_get(http, "url"));
    const char *error = json_string_value(json_object_get(http, "last_error"));

    if (url == NULL)
        return;
    fputs("  ", out);
    print_text(out, url);
    fprintf(out,
            "\n    delivered  %" JSON_INTEGER_FORMAT "; failed %" JSON_INTEGER_FORMAT
            ", after %" JSON_INTEGER_FORMAT " retries\n",
            number(http, "delivered"), number(http, "failed"), number(http, "retries"));
    if (error != NULL) {
        fputs("    last error ", out);
        print_text(out, error);
        fputc('\n', out);
    }
}

void print_replay_report(FILE *out, const json_t *report)
{
    flockfile(out);
    fputs("Replay:\n", out);
    print_events(out, report);
    print_beginnings(out, report);
    print_lateness(out, report);
    print_lag(out, report);
    print_gaps(out, report);
    print_order(out, report);
    print_replay_changes(out, report);
    print_handlers(out, report);
    print_http(out, report);
    print_replay_expect(out, report);
    funlockfile(out);
}

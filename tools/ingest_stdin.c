/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/ingest_sources.h"
#include "tools/json_values.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct stdin_source {
    struct ingest_run *run;
    bool begun, stopped;
    int flush_status; /* of a flush while waiting; the detail is in flush_error */
    struct evj_error flush_error;
};

/* Wait for input or the signal to stop. False: stop. */
static bool wait_for_input(struct stdin_source *source)
{
    struct pollfd fds[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = source->run->stop_fd, .events = POLLIN},
    };
    int timeout_ms = source->run->live ? INGEST_FLUSH_MS : -1;

    do {
        source->flush_status = ingest_flush_if_due(source->run, &source->flush_error);
        if (source->flush_status < 0)
            return false;
    } while (poll(fds, G_N_ELEMENTS(fds), timeout_ms) == 0);
    source->stopped = fds[1].revents != 0;
    return !source->stopped;
}

/* Some programs begin a file of UTF-8 with a byte order mark. */
static size_t drop_mark(char *buffer, size_t len)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t mark_len = strlen(mark);

    if (len < mark_len || memcmp(buffer, mark, mark_len) != 0)
        return len;
    memmove(buffer, buffer + mark_len, len - mark_len);
    if (len == mark_len)
        buffer[0] = ' '; /* nothing would be the end */
    return MAX(len - mark_len, 1);
}

static ssize_t read_stdin(void *context, char *buffer, size_t size)
{
    struct stdin_source *source = context;
    ssize_t got = wait_for_input(source) ? read(STDIN_FILENO, buffer, size) : 0;

    if (got > 0 && !source->begun)
        got = (ssize_t)drop_mark(buffer, (size_t)got);
    source->begun = true;
    return got;
}

/* One step: an object recorded, or a fault reported. EVJ_END at the end. */
static int take_next(struct stdin_source *source, struct json_values *values, struct evj_error *err)
{
    struct evj_slice text;
    char where[40];
    int status = json_values_next(values, &text, err);

    if (status == EVJ_END)
        return status;
    if (status < 0 && ingest_can_go_on(status) && !source->stopped)
        ingest_leave_out(source->run->ingest);
    if (status == 0)
        status = ingest_add(source->run->ingest, text, err);
    if (status != 0 && ingest_can_go_on(status) && !source->stopped) {
        snprintf(where, sizeof(where), "line %" PRIu64, json_values_line(values));
        ingest_report_fault(source->run, where, err);
    }
    return ingest_can_go_on(status) ? 0 : status;
}

int ingest_from_stdin(struct ingest_run *run, struct evj_error *err)
{
    struct stdin_source source = {.run = run};
    struct json_values *values = json_values_new(read_stdin, &source);
    struct ingest_totals totals;
    int status;

    while ((status = take_next(&source, values, err)) == 0) {
        ingest_totals(run->ingest, &totals);
        ticker_show(&run->ticker, "recorded", totals.recorded);
    }
    json_values_free(values);
    run->ended = source.stopped ? "shutdown" : "end of input";
    if (source.flush_status < 0) {
        *err = source.flush_error;
        return source.flush_status;
    }
    return status == EVJ_END ? 0 : status;
}

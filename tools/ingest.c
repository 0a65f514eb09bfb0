/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/ingest.h"

#include "evj/header.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

struct ingest {
    struct ingest_options options;
    struct evj_writer *writer; /* NULL until the first event */
    struct ingest_totals totals;
    int64_t mono_us; /* of the last event */
};

int ingest_open(const struct ingest_options *options, struct ingest **ret_ingest,
                struct evj_error *err)
{
    g_autofree char *folder = g_path_get_dirname(options->path);

    if (access(options->path, F_OK) == 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "%s exists, and a journal is never overwritten: choose another name",
                        options->path);
    if (access(folder, W_OK | X_OK) != 0)
        return evj_fail_errno(err, 0, "cannot make %s: its folder cannot be written",
                              options->path);
    *ret_ingest = g_new0(struct ingest, 1);
    (*ret_ingest)->options = *options;
    return 0;
}

void ingest_free(struct ingest *ingest)
{
    if (ingest == NULL)
        return;
    evj_writer_free(ingest->writer);
    g_free(ingest);
}

static int64_t next_mono(const struct ingest *ingest, const struct evj_event *event)
{
    if (ingest->options.by_arrival)
        return evj_clock_mono_us();
    return MAX(ingest->mono_us, event->timestamp_us);
}

/* The first event tells who emitted, and for `timestamp` when it began. */
static int open_journal(struct ingest *ingest, const struct evj_event *event, int64_t mono_us,
                        struct evj_error *err)
{
    const struct evj_writer_options options = {.level = ingest->options.level};
    struct evj_header header;
    int status = evj_header_init(&header, err);

    if (status != 0)
        return status;
    evj_json_string_decode(event->emitter, header.emitter, sizeof(header.emitter));
    g_strlcpy(header.clock, EVJ_CLOCK_ARRIVAL, sizeof(header.clock));
    if (!ingest->options.by_arrival) {
        /* Another machine's wall clock, perhaps: no clock of this boot has anything to do with it.
         */
        g_strlcpy(header.clock, EVJ_CLOCK_TIMESTAMP, sizeof(header.clock));
        header.boot_id[0] = '\0';
        header.started_mono_us = header.started_wall_us = mono_us;
    }
    return evj_writer_open(ingest->options.path, &header, &options, &ingest->writer, err);
}

static int add_event(struct ingest *ingest, struct evj_slice text, struct evj_error *err)
{
    struct evj_event event;
    int64_t mono_us;
    int status = evj_event_peek(text.text, text.len, &event, err);

    if (status != 0)
        return status;
    if (event.type == 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "an object without a \"type\" is no event");
    mono_us = next_mono(ingest, &event);
    if (mono_us <= 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "a first event without a timestamp has no time; --time arrival gives one");
    if (ingest->writer == NULL)
        status = open_journal(ingest, &event, mono_us, err);
    if (status == 0)
        status = evj_writer_add_event(ingest->writer, mono_us, text.text, text.len, err);
    if (status != 0)
        return status;
    ingest->totals.set_forward +=
        event.timestamp_us > 0 && event.timestamp_us < mono_us && !ingest->options.by_arrival;
    ingest->mono_us = mono_us;
    return 0;
}

/*
 * Is it a line of a journal? Then *text becomes its event, or empty when it has none. A bare event
 * has an "event" too, but never a "seq". Janus's gelfevh puts the event into a message of its own.
 */
static int unwrap_record(struct evj_slice *text, struct evj_error *err)
{
    struct evj_slice message;
    struct evj_record record;
    int status;

    if (evj_json_member(*text, "type").len > 0)
        return 0;
    message = evj_json_member(*text, "full_message");
    if (evj_json_member(message, "type").len > 0) {
        *text = message;
        return 0;
    }
    if (evj_json_member(*text, "seq").len == 0 && evj_json_member(*text, "journal").len == 0 &&
        evj_json_member(*text, "end").len == 0)
        return 0;
    status = evj_record_parse(text->text, text->len, &record, err);
    if (status == 0)
        *text = record.kind == EVJ_RECORD_EVENT ? record.body : (struct evj_slice){0};
    return status;
}

int ingest_add(struct ingest *ingest, struct evj_slice text, struct evj_error *err)
{
    int status = unwrap_record(&text, err);

    if (status == 0 && text.len == 0) {
        ingest->totals.passed_over++;
        return 0;
    }
    if (status == 0)
        status = add_event(ingest, text, err);
    if (status == 0)
        ingest->totals.recorded++;
    else if (ingest_can_go_on(status))
        ingest->totals.left_out++;
    return status;
}

void ingest_leave_out(struct ingest *ingest)
{
    ingest->totals.left_out++;
}

bool ingest_can_go_on(int status)
{
    return status >= 0 || status == EVJ_ERR_CORRUPT || status == EVJ_ERR_LIMIT ||
           status == EVJ_ERR_INVALID;
}

int ingest_flush(struct ingest *ingest, struct evj_error *err)
{
    return ingest->writer != NULL ? evj_writer_flush(ingest->writer, err) : 0;
}

int ingest_finish(struct ingest *ingest, const char *reason, struct evj_error *err)
{
    return ingest->writer != NULL ? evj_writer_finish(ingest->writer, reason, err) : 0;
}

void ingest_totals(const struct ingest *ingest, struct ingest_totals *ret_totals)
{
    *ret_totals = ingest->totals;
    if (ingest->writer == NULL)
        return;
    ret_totals->text_bytes = evj_writer_totals(ingest->writer)->text_bytes;
    ret_totals->file_bytes = evj_writer_totals(ingest->writer)->file_bytes;
}

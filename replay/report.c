/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/report.h"

#include "replay/pacing.h"

#include <stdio.h>

#define NS_PER_US 1000

/* Janus's LOG_ERR; LOG_FATAL is below it. */
#define LEVEL_ERROR 2

void replay_report_add_log(struct replay_report *report, int level, uint64_t seq, const char *text)
{
    unsigned index = atomic_fetch_add(&report->log.count, 1);
    bool is_error = level <= LEVEL_ERROR;
    struct report_log_line *line;

    atomic_fetch_add(&report->log.errors, is_error);
    if (index >= REPORT_LOG_LINES)
        return;
    line = &report->log.lines[index];
    line->level = level;
    line->seq = seq;
    snprintf(line->text, sizeof(line->text), "%s", text);
    atomic_store(&line->complete, true);
}

/* Text that a handler made up may be no UTF-8, or cut in the middle of a character. */
static json_t *json_text(const char *text)
{
    json_t *string = json_string(text);
    char ascii[REPORT_LOG_TEXT];
    size_t i;

    if (string != NULL)
        return string;
    for (i = 0; text[i] != '\0' && i < sizeof(ascii) - 1; i++)
        ascii[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    ascii[i] = '\0';
    return json_string(ascii);
}

static json_t *json_log_line(const struct report_log_line *line)
{
    json_t *object = json_pack("{s:i, s:o}", "level", line->level, "text", json_text(line->text));

    if (line->seq != REPORT_LOG_NO_SEQ)
        json_object_set_new(object, "seq", json_integer((json_int_t)line->seq));
    return object;
}

void replay_report_put_log(const struct replay_report *report, json_t *object)
{
    unsigned count = atomic_load(&report->log.count);
    json_t *log = json_array();

    for (unsigned i = 0; i < count && i < REPORT_LOG_LINES; i++) {
        if (atomic_load(&report->log.lines[i].complete))
            json_array_append_new(log, json_log_line(&report->log.lines[i]));
    }
    json_object_set_new(object, "log", log);
    json_object_set_new(object, "log_errors", json_integer(atomic_load(&report->log.errors)));
    if (count > REPORT_LOG_LINES)
        json_object_set_new(object, "log_omitted", json_integer(count - REPORT_LOG_LINES));
}

static json_int_t rounded(uint64_t value, uint64_t unit)
{
    return (json_int_t)(value / unit + (value % unit >= (unit + 1) / 2));
}

json_t *replay_report_quantiles(const struct evj_histogram *histogram, uint64_t unit)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "p50",
                     rounded(evj_histogram_quantile(histogram, 0.5), unit), "p90",
                     rounded(evj_histogram_quantile(histogram, 0.9), unit), "p99",
                     rounded(evj_histogram_quantile(histogram, 0.99), unit), "max",
                     rounded(histogram->max, unit));
}

static json_int_t to_us(int64_t ns)
{
    return ns < 0 ? -rounded((uint64_t)-ns, NS_PER_US) : rounded((uint64_t)ns, NS_PER_US);
}

static json_t *json_speed(uint64_t speed_ppm)
{
    if (speed_ppm == PACING_SPEED_MAX)
        return json_string("max");
    if (speed_ppm % PACING_SPEED_ONE == 0)
        return json_integer((json_int_t)(speed_ppm / PACING_SPEED_ONE));
    return json_real((double)speed_ppm / (double)PACING_SPEED_ONE);
}

json_t *replay_report_json(const struct replay_report *report)
{
    json_t *object = json_pack(
        "{s:I, s:o, s:I, s:I, s:I, s:o, s:I, s:{s:I, s:I, s:I}, s:{s:I, s:I}, s:I, s:I, s:I, s:I, "
        "s:I, s:b}",
        "events", (json_int_t)report->events, "speed", json_speed(report->speed_ppm), "rounds",
        (json_int_t)report->rounds, "elapsed_us", to_us(report->elapsed_ns), "recorded_us",
        (json_int_t)report->recorded_us, "lateness_us",
        replay_report_quantiles(&report->lateness_ns, NS_PER_US), "drift_us",
        to_us(report->drift_ns), "lag", "read_us", to_us(report->lag.read_ns), "schedule_us",
        to_us(report->lag.schedule_ns), "deliver_us", to_us(report->lag.deliver_ns), "gaps",
        "records", (json_int_t)report->gaps, "events", (json_int_t)report->gap_events, "marks",
        (json_int_t)report->marks, "states", (json_int_t)report->states, "states_skipped",
        (json_int_t)report->states_skipped, "states_left_out", (json_int_t)report->states_left_out,
        "out_of_order", (json_int_t)report->out_of_order, "interrupted", report->interrupted);

    replay_report_put_changes(&report->changes, object);
    return object;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_line.h"

#include "replay/pacing.h"
#include "tools/duration.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define US_PER_TENTH INT64_C(100000)
#define US_PER_S (10 * US_PER_TENTH)
#define US_PER_MIN (60 * US_PER_S)
#define US_PER_HOUR (60 * US_PER_MIN)

/* A wait or a delay beyond this is worth a word. */
#define WAIT_NS INT64_C(1000000000)
#define LATE_NS INT64_C(100000000)

struct line {
    char *text;
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
    size_t room = REPLAY_LINE_TEXT - line->len;
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(line->text + line->len, room, format, arguments);
    va_end(arguments);
    line->len += len < 0 ? 0 : (size_t)len < room ? (size_t)len : room - 1;
}

/* A place in recorded time, µs from its beginning. */
static const char *place_text(int64_t us, char text[static DURATION_TEXT])
{
    snprintf(text, DURATION_TEXT, "%" PRId64 ":%02d:%02d.%d", us / US_PER_HOUR,
             (int)(us / US_PER_MIN % 60), (int)(us / US_PER_S % 60), (int)(us / US_PER_TENTH % 10));
    return text;
}

static void put_place(struct line *line, const struct replay_report *report, int64_t end_us)
{
    char position[DURATION_TEXT], whole[DURATION_TEXT];
    int64_t whole_us;

    put(line, "%s %s", report->paused ? "paused at" : "at",
        place_text(report->position_us, position));
    if (end_us == REPLAY_LINE_NO_END ||
        __builtin_sub_overflow(end_us, report->first_us, &whole_us) || whole_us <= 0 ||
        report->position_us > whole_us)
        return;
    put(line, " of %s (%d%%)", place_text(whole_us, whole),
        (int)((double)report->position_us / (double)whole_us * 100));
}

static void put_speed(struct line *line, uint64_t speed_ppm)
{
    if (speed_ppm == PACING_SPEED_MAX)
        put(line, ", speed max");
    else
        put(line, ", speed %g", (double)speed_ppm / (double)PACING_SPEED_ONE);
}

/* At full speed nothing is due, and during a pause time stands still. */
static void put_delay(struct line *line, const struct replay_report *report)
{
    char time[DURATION_TEXT];

    if (report->paused || report->speed_ppm == PACING_SPEED_MAX)
        return;
    if (report->next_due_ns > WAIT_NS)
        put(line, ", next in %s", duration_text(report->next_due_ns, time));
    else if (report->drift_ns > LATE_NS)
        put(line, ", %s late", duration_text(report->drift_ns, time));
    else
        put(line, ", on time");
}

void replay_line(const struct replay_report *report, int64_t end_us,
                 char text[static REPLAY_LINE_TEXT])
{
    struct line line = {.text = text};
    char time[DURATION_TEXT];

    if (report->stage == REPLAY_STAGE_STARTING) {
        put(&line, "starts in %s", duration_text(report->next_due_ns, time));
        return;
    }
    put_place(&line, report, end_us);
    put_speed(&line, report->speed_ppm);
    put_delay(&line, report);
    put(&line, ", %" PRIu64 " event%s", report->events, report->events == 1 ? "" : "s");
    if (report->rounds > 0)
        put(&line, ", round %" PRIu64, report->rounds + 1);
}

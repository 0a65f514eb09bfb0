/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj cat: prints the records of a journal. */
#include "tools/command.h"
#include "tools/describe.h"
#include "tools/json_text.h"
#include "tools/reading.h"
#include "tools/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Room for what happened, in a line of about 100 columns. */
#define TEXT_WIDTH 60
#define IDS_WIDTH 33 /* two ids of 16 digits, and what is between them */

struct cat {
    bool terminal; /* standard output is one */
    bool colour;
    GString *text; /* of the line in work */
    char day[16];  /* of the last line printed */
};

/* ---- --format line ---- */

static const char *const tone_colours[] = {
    [TONE_PLAIN] = "",
    [TONE_GOOD] = "\033[32m",
    [TONE_BAD] = "\033[31m",
    [TONE_QUIET] = "\033[2m",
};

/* Lines have the time only: a new day gets a line of its own. */
static void print_time(struct cat *cat, int64_t wall_us)
{
    time_t seconds = (time_t)(wall_us / G_USEC_PER_SEC);
    struct tm utc = {0};
    char day[16], clock[16];

    gmtime_r(&seconds, &utc);
    strftime(day, sizeof(day), "%Y-%m-%d", &utc);
    strftime(clock, sizeof(clock), "%H:%M:%S", &utc);
    if (strcmp(day, cat->day) != 0) {
        printf("%s (UTC)\n", day);
        memcpy(cat->day, day, sizeof(day));
    }
    printf("%s.%03d  ", clock, (int)(wall_us / 1000 % 1000));
}

static void print_ids(const struct evj_event *event)
{
    char ids[48] = "-";

    if (event->handle_id != 0)
        snprintf(ids, sizeof(ids), "%" PRIu64 "/%" PRIu64, event->session_id, event->handle_id);
    else if (event->session_id != 0)
        snprintf(ids, sizeof(ids), "%" PRIu64, event->session_id);
    printf("%-*s  ", IDS_WIDTH, ids);
}

static void print_line(struct cat *cat, const struct evj_record *record)
{
    const char *colour;

    g_string_truncate(cat->text, 0);
    colour = tone_colours[describe_record(record, TEXT_WIDTH, cat->text)];
    if (!cat->colour)
        colour = "";
    print_time(cat, record->wall_us);
    print_ids(&record->event);
    fputs(colour, stdout);
    print_safely(stdout, cat->text->str, cat->text->len);
    fputs(*colour != '\0' ? "\033[0m\n" : "\n", stdout);
}

/* ---- the formats for programs ---- */

/* Byte for byte, but for a terminal. Unlocked: beside the threads that read ahead, the lock of
 * standard output would cost more than the copy of a line, and only this thread prints. */
static void print_json(const struct cat *cat, struct evj_slice text)
{
    if (cat->terminal)
        json_text_print(stdout, text.text, text.len);
    else
        fwrite_unlocked(text.text, 1, text.len, stdout);
    putc_unlocked('\n', stdout);
}

static void print_event(struct cat *cat, const struct evj_record *record)
{
    if (record->kind == EVJ_RECORD_EVENT)
        print_json(cat, record->body);
}

static void print_record(struct cat *cat, const struct evj_record *record)
{
    print_json(cat, record->line);
}

static void print_pretty(struct cat *cat, const struct evj_record *record)
{
    (void)cat;
    json_text_print_indented(stdout, record->line.text, record->line.len);
    fputc('\n', stdout);
}

static const struct format {
    const char *name;
    void (*print)(struct cat *cat, const struct evj_record *record);
    bool looks_into_events;
} formats[] = {
    {"line", print_line, true},
    {"event", print_event, true}, /* as far as it goes, whatever keys stand behind it */
    {"record", print_record, false},
    {"pretty", print_pretty, false},
};

static const struct format *find_format(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

/* ---- the command ---- */

static int print_all(struct reading *reading, const struct format *format)
{
    struct cat cat = {
        .terminal = isatty(STDOUT_FILENO),
        .colour = wants_colour(stdout),
        .text = g_string_new(NULL),
    };
    const struct evj_record *record;
    int status;

    while ((status = reading_next(reading, &record)) == 0 && !ferror_unlocked(stdout))
        format->print(&cat, record);
    g_string_free(cat.text, TRUE);
    return reading_end(reading, status);
}

int cmd_cat(int argc, char **argv)
{
    static char buffer[256 * 1024];
    struct reading reading = {0};
    const struct format *format;
    g_autofree char *format_name = NULL;
    gboolean follow = FALSE;
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &format_name,
         "line (default), event, record or pretty", "FORMAT"},
        {"follow", 'F', 0, G_OPTION_ARG_NONE, &follow, "go on while it is being recorded", NULL},
        G_OPTION_ENTRY_NULL,
    };
    const struct reading_usage usage = {
        .arguments = "FILE…",
        .summary = "Prints the records of a journal: as a line for a person, as the bare event, as "
                   "the record\nthat is stored, or as indented JSON. --json is --format record.",
        .description = "Examples:\n"
                       "  evj cat call.evj.gz\n"
                       "  evj cat --session 4733726685551743 --type jsep,webrtc call.evj.gz\n"
                       "  evj cat --format event call.evj.gz | jq .type\n"
                       "  evj cat --follow --type webrtc /var/lib/janus/journals",
        .entries = entries,
    };
    int status = reading_begin(&reading, &argc, &argv, &usage);

    if (status >= 0)
        return status;
    if (format_name == NULL)
        format_name = g_strdup(reading.json ? "record" : "line");
    format = find_format(format_name);
    if (format == NULL || (reading.json && strcmp(format_name, "record") != 0)) {
        reading_done(&reading);
        return trouble("--format is line, event, record (the same as --json) or pretty, not %s",
                       format_name);
    }
    if (!format->looks_into_events)
        reading_set_places_only(&reading);
    if (follow)
        reading_set_follow(&reading);
    if (!isatty(STDOUT_FILENO))
        setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    return print_all(&reading, format);
}

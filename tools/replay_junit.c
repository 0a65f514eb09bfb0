/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_junit.h"

#include "tools/junit.h"
#include "tools/replay_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Janus's LOG_ERR; 1 is fatal, 0 a line without a level. */
#define LEVEL_ERROR 2

/* Of what nobody can say. */
static const char too_early[] = "it came to its end before";

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

/* ---- the lines of the report ---- */

static char *text_of(const json_t *report)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_replay_report(out, report);
    fclose(out);
    return text;
}

/* How far a line is indented: what belongs to it is so by more. */
static size_t depth_of(const char *line)
{
    return strspn(line, " ");
}

/* The number of lines from `at` on that belong to what the line at `at` says, itself included. */
static guint extent(char **lines, guint at)
{
    guint count = 1;

    while (lines[at + count] != NULL && depth_of(lines[at + count]) > depth_of(lines[at]))
        count++;
    return count;
}

/* A line without the blanks that make columns: "held 1 event". */
static char *sentence(const char *line, const char *label)
{
    const char *rest = line + depth_of(line) + strlen(label);

    return g_strdup_printf("%s %s", label, rest + strspn(rest, " "));
}

/* The line that begins with `label`, among lines[at … end), with what belongs to it; NULL. */
static char *lines_with(char **lines, guint at, guint end, const char *label)
{
    while (at < end && !g_str_has_prefix(lines[at] + depth_of(lines[at]), label))
        at++;
    if (at == end)
        return NULL;

    g_autofree char *first = sentence(lines[at], label);
    g_autoptr(GString) found = g_string_new(first);

    for (guint i = 1; i < extent(lines, at); i++)
        g_string_append_printf(found, "\n%s",
                               lines[at + i] + MIN(depth_of(lines[at]), strlen(lines[at + i])));
    return g_strdup(found->str);
}

/* What the report says of `label` below the line `above`; `otherwise` when it says nothing. */
static char *said_of(const json_t *report, const char *above, const char *label,
                     const char *otherwise)
{
    g_autofree char *text = text_of(report);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    char *found = NULL;

    for (guint at = 0; lines[at] != NULL && found == NULL; at++)
        if (g_str_has_prefix(lines[at] + depth_of(lines[at]), above))
            found = lines_with(lines, at, at + extent(lines, at), label);
    return found != NULL ? found : g_strdup(otherwise);
}

/* ---- what a handler must do ---- */

static bool has_not_started(const json_t *handler)
{
    const char *phase = string(json_object_get(handler, "ended"), "phase");

    return strcmp(phase, "load") == 0 || strcmp(phase, "init") == 0;
}

static bool has_died(const json_t *handler)
{
    return *string(json_object_get(handler, "ended"), "text") != '\0';
}

static bool wanted_nothing(const json_t *handler)
{
    return number(handler, "delivered") == 0 && number(handler, "masked") > 0;
}

static bool held_some(const json_t *handler)
{
    return number(handler, "held") > 0;
}

static bool leaked_some(const json_t *handler)
{
    return number(handler, "leaked") > 0;
}

static bool released_too_many(const json_t *handler)
{
    return number(handler, "over_released") > 0;
}

/* In order: when the first ones fail, nobody can say anything of those behind them. */
static const struct claim {
    const char *name;
    bool (*fails)(const json_t *handler);
    const char *label; /* of the line in the report; NULL: how it ended says it all */
    bool ends_all;
} claims[] = {
    {"loaded and started", has_not_started, NULL, true},
    {"took every event", has_died, NULL, true},
    {"wanted some of the events", wanted_nothing, "delivered", false},
    {"let go of every event before destroy", held_some, "held", false},
    {"kept no event after destroy", leaked_some, "held", false},
    {"released only what it had kept", released_too_many, "released", false},
};

static char *said_by(const json_t *report, const json_t *handler, const struct claim *claim)
{
    const char *ending = string(json_object_get(handler, "ended"), "text");

    if (claim->label == NULL)
        return g_strdup(ending);
    return said_of(report, string(handler, "package"), claim->label, ending);
}

static void add_claims(GPtrArray *suites, const json_t *report, const json_t *handler)
{
    const char *ending = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
        const struct claim *claim = &claims[i];
        g_autofree char *said = NULL;

        if (ending != NULL) {
            junit_skip(suites, claim->name, ending);
        } else if (claim->fails(handler)) {
            said = said_by(report, handler, claim);
            junit_fail(suites, claim->name, said);
            ending = claim->ends_all ? too_early : NULL;
        } else {
            junit_pass(suites, claim->name);
        }
    }
}

/* `holder` has the log: the handler, or the report when there are several. */
static void add_log(GPtrArray *suites, const json_t *holder)
{
    g_autoptr(GString) errors = g_string_new(NULL);
    const json_t *line;
    size_t i;

    json_array_foreach(json_object_get(holder, "log"), i, line)
    {
        if (number(line, "level") < 1 || number(line, "level") > LEVEL_ERROR)
            continue;
        if (errors->len > 0)
            g_string_append_c(errors, '\n');
        if (json_object_get(line, "seq") == NULL)
            g_string_append(errors, "at the start: ");
        else
            g_string_append_printf(errors, "at record %" JSON_INTEGER_FORMAT ": ",
                                   number(line, "seq"));
        g_string_append(errors, string(line, "text"));
    }
    if (json_object_get(holder, "log") == NULL)
        junit_skip(suites, "logged no error", too_early);
    else if (errors->len > 0)
        junit_fail(suites, "logged no error", errors->str);
    else
        junit_pass(suites, "logged no error");
}

/* ---- what became of the events ---- */

static const struct {
    const char *name, *kind;
} arrivals[] = {
    {"every event arrived", "lost"},        {"none arrived more than once", "duplicated"},
    {"they arrived in order", "reordered"}, {"they arrived unchanged", "altered"},
    {"nothing else arrived", "unexpected"},
};

static void add_arrivals(GPtrArray *suites, const json_t *report)
{
    const json_t *verdict = json_object_get(report, "expect");

    for (size_t i = 0; verdict != NULL && i < G_N_ELEMENTS(arrivals); i++) {
        const char *kind = arrivals[i].kind;
        g_autofree char *said = NULL;

        if (number(json_object_get(verdict, kind), "count") == 0) {
            junit_pass(suites, arrivals[i].name);
        } else {
            said = said_of(report, "expect", kind, kind);
            junit_fail(suites, arrivals[i].name, said);
        }
    }
}

/* ---- all of it ---- */

static void add_seed(GPtrArray *suites, const json_t *report)
{
    char text[32];

    if (json_object_get(report, "seed") == NULL)
        return;
    snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, number(report, "seed"));
    junit_property(suites, "seed", text);
}

static void add_handlers(GPtrArray *suites, const json_t *report)
{
    const json_t *handlers = json_object_get(report, "handlers"), *handler;
    size_t i;

    json_array_foreach(handlers, i, handler)
    {
        junit_suite(suites, string(handler, "package"));
        add_seed(suites, report);
        add_claims(suites, report, handler);
        if (json_array_size(handlers) == 1)
            add_log(suites, handler);
    }
    if (json_array_size(handlers) == 1)
        return;
    junit_suite(suites, "all handlers");
    add_log(suites, report);
}

/* Why not all of the journal was replayed; NULL when it was. */
static const char *shortfall(const json_t *report)
{
    if (json_is_true(json_object_get(report, "broken_off")))
        return "it broke off: standard error says why";
    if (json_is_true(json_object_get(report, "interrupted")))
        return "it was stopped before the end";
    if (number(report, "damages") > 0)
        return "the journal is damaged: evj verify says where";
    return number(report, "events") == 0 ? "there were no events" : NULL;
}

static bool has_one_died(const json_t *report)
{
    const json_t *handler;
    size_t i;

    json_array_foreach(json_object_get(report, "handlers"), i, handler)
    {
        if (has_died(handler))
            return true;
    }
    return false;
}

static void add_whole(GPtrArray *suites, const json_t *report)
{
    static const char name[] = "the whole journal was replayed";
    const char *why = shortfall(report);

    if (has_one_died(report))
        junit_skip(suites, name, too_early);
    else if (why != NULL)
        junit_fail(suites, name, why);
    else
        junit_pass(suites, name);
}

/* The other sinks are ours: only a backend that is posted to may fail. */
static void add_other(GPtrArray *suites, const json_t *report)
{
    const json_t *http = json_object_get(report, "http");
    const char *name = http != NULL ? string(http, "url") : string(report, "sink");
    g_autofree char *said = NULL;

    junit_suite(suites, name);
    add_seed(suites, report);
    if (number(http, "failed") == 0) {
        junit_pass(suites, "took every event");
    } else {
        said = said_of(report, name, "delivered", "some failed");
        junit_fail(suites, "took every event", said);
    }
}

int replay_junit_write(const json_t *report, const char *path, struct evj_error *err)
{
    g_autoptr(GPtrArray) suites = junit_new();

    if (json_object_get(report, "handlers") != NULL)
        add_handlers(suites, report);
    else
        add_other(suites, report);
    add_whole(suites, report);
    add_arrivals(suites, report);
    return junit_write(suites, "evj replay", path, err);
}

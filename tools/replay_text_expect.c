/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_text.h"
#include "tools/report.h"

#include <glib.h>
#include <string.h>

/* Records, and fields, that are named in a line; the rest is counted. */
#define NAMED 10u

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void print_text(FILE *out, const json_t *text)
{
    print_safely(out, json_string_value(text), json_string_length(text));
}

/* Before the one at `index` of `count` that are listed. */
static const char *between(size_t index, size_t count)
{
    if (index == 0)
        return "";
    return index + 1 < count ? ", " : " and ";
}

/* "record 7", "records 7, 9 and 12", "records 1, …, 10 and 90 more". */
static void print_records(FILE *out, const json_t *list, const char *key)
{
    const json_t *events = json_object_get(list, "events");
    const json_int_t count = number(list, "count");
    const size_t named = MIN(json_array_size(events), NAMED);
    const bool more = (json_int_t)named < count;

    fputs(count == 1 ? "record " : "records ", out);
    for (size_t i = 0; i < named; i++)
        fprintf(out, "%s%" JSON_INTEGER_FORMAT, between(i, named + more),
                number(json_array_get(events, i), key));
    if (more)
        fprintf(out, " and %" JSON_INTEGER_FORMAT " more", count - (json_int_t)named);
}

static void print_kind(FILE *out, const json_t *verdict, const char *kind, const char *key)
{
    const json_t *list = json_object_get(verdict, kind);
    const json_int_t count = number(list, "count");

    if (count == 0)
        return;
    fprintf(out, "    %-10s %" JSON_INTEGER_FORMAT ": ", kind, count);
    print_records(out, list, key);
    if (strcmp(key, "got_seq") == 0) {
        fputs(" of ", out);
        print_text(out, json_object_get(verdict, "got"));
    }
    fputc('\n', out);
}

/* "eventtype added (40)" */
static void print_path(FILE *out, const json_t *path)
{
    static const char *const hows[] = {"added", "removed", "changed"};
    const char *before = " ";

    print_text(out, json_object_get(path, "path"));
    for (size_t i = 0; i < sizeof(hows) / sizeof(hows[0]); i++) {
        if (number(path, hows[i]) == 0)
            continue;
        fprintf(out, "%s%s (%" JSON_INTEGER_FORMAT ")", before, hows[i], number(path, hows[i]));
        before = ", ";
    }
}

static void print_altered(FILE *out, const json_t *verdict)
{
    const json_t *altered = json_object_get(verdict, "altered");
    const json_t *paths = json_object_get(altered, "paths");
    const size_t named = MIN(json_array_size(paths), NAMED);

    print_kind(out, verdict, "altered", "seq");
    for (size_t i = 0; i < named; i++) {
        fputs("               ", out);
        print_path(out, json_array_get(paths, i));
        fputc('\n', out);
    }
    if (json_array_size(paths) > named)
        fprintf(out, "               and %zu more fields\n", json_array_size(paths) - named);
    if (number(altered, "unknown") > 0)
        fprintf(out,
                "               what was changed in %" JSON_INTEGER_FORMAT
                " is not known: only 512 MiB of texts are kept\n",
                number(altered, "unknown"));
}

static void print_got(FILE *out, const json_t *verdict)
{
    const json_t *gaps = json_object_get(verdict, "gaps");

    if (number(gaps, "records") > 0)
        fprintf(out,
                "    gaps       %" JSON_INTEGER_FORMAT " in it: %" JSON_INTEGER_FORMAT
                " events are missing\n",
                number(gaps, "records"), number(gaps, "events"));
    if (number(verdict, "damages") > 0)
        fprintf(out,
                "    damage     in %" JSON_INTEGER_FORMAT " places of it: evj verify says where\n",
                number(verdict, "damages"));
}

static void print_summary(FILE *out, const json_t *verdict)
{
    const json_int_t expected = number(verdict, "expected"), come = number(verdict, "come");

    fputs("  expect     ", out);
    print_text(out, json_object_get(verdict, "got"));
    if (json_is_true(json_object_get(verdict, "missing")))
        fputs(" was not made: nothing arrived there\n", out);
    else if (json_is_true(json_object_get(verdict, "ok")))
        fprintf(out, ": all %" JSON_INTEGER_FORMAT " came, once, in order and unchanged\n", come);
    else
        fprintf(out, ": %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " came\n", come,
                expected);
}

void print_replay_expect(FILE *out, const json_t *report)
{
    const json_t *verdict = json_object_get(report, "expect");

    if (verdict == NULL)
        return;
    print_summary(out, verdict);
    print_kind(out, verdict, "lost", "seq");
    print_kind(out, verdict, "duplicated", "seq");
    print_kind(out, verdict, "reordered", "seq");
    print_altered(out, verdict);
    print_kind(out, verdict, "unexpected", "got_seq");
    print_got(out, verdict);
}

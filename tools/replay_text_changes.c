/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_text.h"

#include "tools/duration.h"

#include <inttypes.h>

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *plural(json_int_t count)
{
    return count == 1 ? "" : "s";
}

static void print_moved(FILE *out, const json_t *rewritten)
{
    const json_int_t moved_us = number(rewritten, "moved_us");
    char text[DURATION_TEXT];

    duration_text((moved_us < 0 ? -moved_us : moved_us) * 1000, text);
    fprintf(out, ", timestamps %s %s", text, moved_us < 0 ? "earlier" : "later");
}

static void print_copies(FILE *out, const json_t *rewritten)
{
    const json_int_t copies = number(rewritten, "copies"), once = number(rewritten, "once");
    char text[DURATION_TEXT];

    fprintf(out, "%" JSON_INTEGER_FORMAT " copies", copies);
    if (number(rewritten, "spread_us") > 0)
        fprintf(out, ", %s apart", duration_text(number(rewritten, "spread_us") * 1000, text));
    if (once > 0)
        fprintf(out, " (but for %" JSON_INTEGER_FORMAT " event%s without any id)", once,
                plural(once));
    fputs(", ", out);
}

static void print_rewritten(FILE *out, const json_t *rewritten)
{
    const json_int_t ids = number(rewritten, "ids");

    if (rewritten == NULL)
        return;
    fputs("  rewritten  ", out);
    if (number(rewritten, "copies") > 1)
        print_copies(out, rewritten);
    fprintf(out, "%" JSON_INTEGER_FORMAT " new id%s", ids, plural(ids));
    if (number(rewritten, "copies") > 1)
        fputs(" in each", out);
    if (json_object_get(rewritten, "moved_us") != NULL)
        print_moved(out, rewritten);
    fputc('\n', out);
}

/* Of each kind of shape.h, what was done: the count, then the value. */
static const struct {
    const char *kind, *format;
} done[] = {
    {"drop", "%" JSON_INTEGER_FORMAT " dropped"},
    {"duplicate", "%" JSON_INTEGER_FORMAT " doubled"},
    {"oversize", "%" JSON_INTEGER_FORMAT " grown to %.0f bytes"},
    {"shuffle", "%" JSON_INTEGER_FORMAT " out of place, among %.0f"},
    {"trickle", "%" JSON_INTEGER_FORMAT " one by one, each %.0f ms after the one before"},
    {"burst", "in bursts of %2$.0f: %1$" JSON_INTEGER_FORMAT},
};

static void print_shaped(FILE *out, const json_t *shaped)
{
    const char *between = "  shaped     ";

    for (size_t i = 0; i < sizeof(done) / sizeof(done[0]); i++) {
        const json_t *kind = json_object_get(shaped, done[i].kind);

        if (kind == NULL)
            continue;
        fputs(between, out);
        fprintf(out, done[i].format, number(kind, "count"),
                json_number_value(json_object_get(kind, "value")));
        between = "; ";
    }
    if (json_object_size(shaped) > 0)
        fputc('\n', out);
}

void print_replay_changes(FILE *out, const json_t *report)
{
    print_rewritten(out, json_object_get(report, "rewritten"));
    print_shaped(out, json_object_get(report, "shaped"));
    if (json_object_get(report, "seed") != NULL)
        fprintf(out, "  seed       %" JSON_INTEGER_FORMAT "\n", number(report, "seed"));
}

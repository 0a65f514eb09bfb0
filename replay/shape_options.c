/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/shape.h"

#include <glib.h>
#include <string.h>

#define KIB 1024.0
#define MIB (1024 * KIB)

/* What a kind's value may be, and what it is when none is given; 0: one has to be. */
static const struct {
    const char *name;
    double least, most, otherwise;
    bool whole, is_size;
    const char *wants;
} kinds[SHAPE_KINDS] = {
    [SHAPE_BURST] = {"burst", 2, 1e6, 100, true, false, "a number of events from 2 to 1000000"},
    [SHAPE_TRICKLE] = {"trickle", 1, 3.6e6, 100, true, false, "milliseconds from 1 to 3600000"},
    [SHAPE_SHUFFLE] = {"shuffle", 2, 65536, 16, true, false, "a number of events from 2 to 65536"},
    [SHAPE_DUPLICATE] = {"duplicate", 1e-9, 1, 0.1, false, false, "a chance above 0, up to 1"},
    [SHAPE_DROP] = {"drop", 1e-9, 1, 0, false, false, "a chance above 0, up to 1"},
    [SHAPE_OVERSIZE] = {"oversize", KIB, 15 * MIB, 64 * KIB, true, true,
                        "a size from 1k to 15M: bytes, or with k or M"},
};

const char *shape_name(enum shape_kind kind)
{
    return kinds[kind].name;
}

bool shape_is_asked_for(const struct shape_options *options)
{
    for (int kind = 0; kind < SHAPE_KINDS; kind++)
        if (options->values[kind] > 0)
            return true;
    return false;
}

static int find_kind(const char *text, size_t len)
{
    for (int kind = 0; kind < SHAPE_KINDS; kind++)
        if (strlen(kinds[kind].name) == len && memcmp(kinds[kind].name, text, len) == 0)
            return kind;
    return -1;
}

/* -1 when it is none. */
static double parse_value(const char *text, bool is_size)
{
    char *end;
    double value = g_ascii_strtod(text, &end);

    /* It would read hexadecimal numbers and names, too. */
    if (end == text || !g_ascii_isdigit(*text) || strpbrk(text, "xX") != NULL)
        return -1;
    if (is_size && (*end == 'k' || *end == 'K'))
        value *= KIB;
    else if (is_size && *end == 'M')
        value *= MIB;
    else
        end--;
    return end[1] == '\0' ? value : -1;
}

static bool is_allowed(int kind, double value)
{
    return value >= kinds[kind].least && value <= kinds[kind].most &&
           (!kinds[kind].whole || value == (double)(int64_t)value);
}

int shape_parse(struct shape_options *options, const char *text, struct evj_error *err)
{
    const char *equals = strchr(text, '=');
    const int kind = find_kind(text, equals != NULL ? (size_t)(equals - text) : strlen(text));
    double value;

    if (kind < 0)
        return evj_fail(
            err, EVJ_ERR_INVALID, 0,
            "\"%.40s\" is none of burst, trickle, shuffle, duplicate, drop and oversize", text);
    value = equals != NULL ? parse_value(equals + 1, kinds[kind].is_size) : kinds[kind].otherwise;
    if (value == 0 && equals == NULL)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%s needs a value: %s", kinds[kind].name,
                        kinds[kind].wants);
    if (!is_allowed(kind, value))
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%s= wants %s, not \"%.40s\"", kinds[kind].name,
                        kinds[kind].wants, equals + 1);
    if (options->values[kind] > 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%s was given already: once is enough",
                        kinds[kind].name);
    options->values[kind] = value;
    return 0;
}

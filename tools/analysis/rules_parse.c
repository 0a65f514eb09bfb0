/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that a user adds to the table of rules. */
#include "tools/analysis/rules_internal.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

static int set_ids(struct rule *rule, const char *argument, struct evj_error *err)
{
    (void)err;
    /* Without a name they are ids of their own kind. */
    rule->ids = g_strdup(argument[0] != '\0' ? argument : rule->path);
    return 0;
}

static int set_tolerance(struct rule *rule, const char *argument, struct evj_error *err)
{
    char *end;

    rule->tolerance = g_ascii_strtod(argument, &end);
    if (argument[0] == '\0' || *end != '\0' || !(rule->tolerance > 0))
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "\"tolerant\" needs the difference from which on it counts: tolerant:5");
    return 0;
}

static int set_weight(struct rule *rule, const char *argument, struct evj_error *err)
{
    if (argument[0] == '\0')
        return 0;
    if (diff_class_from_name(argument, &rule->weight))
        return 0;
    return evj_fail(
        err, EVJ_ERR_INVALID, 0,
        "\"%.40s\" is no class of differences: outcome, structure, negotiation, identity, "
        "timing, quality, note",
        argument);
}

static int set_nothing(struct rule *rule, const char *argument, struct evj_error *err)
{
    (void)rule;
    if (argument[0] == '\0')
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0, "nothing may follow this class, but \":%.40s\" does",
                    argument);
}

/* What a user may call a class, and what may follow behind a colon. */
static const struct {
    const char *name;
    enum rule_class class;
    enum diff_class weight;
    int (*set)(struct rule *rule, const char *argument, struct evj_error *err);
} classes[] = {
    {"identity", RULE_IDENTITY, DIFF_STRUCTURE, set_nothing},
    {"correlated", RULE_CORRELATED, DIFF_IDENTITY, set_ids},
    {"volatile", RULE_VOLATILE, DIFF_NOTE, set_nothing},
    {"tolerant", RULE_TOLERANT, DIFF_QUALITY, set_tolerance},
    {"compared", RULE_COMPARED, DIFF_STRUCTURE, set_weight},
};

static int set_class(struct rule *rule, const char *text, struct evj_error *err)
{
    const size_t len = strcspn(text, ":");
    const char *argument = text[len] == ':' ? text + len + 1 : text + len;

    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (strlen(classes[i].name) != len || strncmp(classes[i].name, text, len) != 0)
            continue;
        rule->class = classes[i].class;
        rule->weight = classes[i].weight;
        return classes[i].set(rule, argument, err);
    }
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "\"%.40s\" is no class of fields: identity, correlated[:IDS], volatile, "
                    "tolerant:BY, compared[:CLASS]",
                    text);
}

int rules_add(struct rules *rules, const char *text, struct evj_error *err)
{
    /* A path may have "=" in it, a class has none. */
    const char *equals = strrchr(text, '=');

    if (equals == NULL || equals == text)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "\"%.80s\" is no rule: PATH=CLASS", text);
    struct rule *rule = g_new0(struct rule, 1);

    rule->path = g_strstrip(g_strndup(text, (gsize)(equals - text)));
    const int status = set_class(rule, equals + 1 + strspn(equals + 1, " \t"), err);

    if (status == 0) {
        rules_take(rules, rule);
        return 0;
    }
    g_free((char *)rule->path);
    g_free(rule);
    return status;
}

/* "#" at the start of a word: a path may have one within. */
static void cut_comment(char *line)
{
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '#' && (at == line || g_ascii_isspace(at[-1]))) {
            *at = '\0';
            return;
        }
    }
}

static int add_line(struct rules *rules, char *line, unsigned number, struct evj_error *err)
{
    struct evj_error why = {0};

    cut_comment(line);
    g_strstrip(line);
    if (line[0] == '\0' || rules_add(rules, line, &why) == 0)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0, "line %u: %s", number, why.text);
}

int rules_add_file(struct rules *rules, const char *path, struct evj_error *err)
{
    g_autofree char *text = NULL;

    errno = 0;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return evj_fail_errno(err, 0, "cannot read");
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    int status = 0;

    for (unsigned i = 0; status == 0 && lines[i] != NULL; i++)
        status = add_line(rules, lines[i], i + 1, err);
    return status;
}

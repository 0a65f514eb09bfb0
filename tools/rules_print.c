/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/rules_print.h"

#include "tools/columns.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

enum { PATH = 40, CLASS = 16 };

/* Does a difference in such a field ever weigh anything? */
static bool has_weight(const struct rule *rule)
{
    return rule->class != RULE_VOLATILE && rule->class != RULE_SEMANTIC &&
           rule->class != RULE_IDENTITY;
}

/* Empty when the class says it all. */
static char *meaning_of(const struct rule *rule)
{
    if (rule->class == RULE_CORRELATED)
        return g_strdup_printf("%s; %s", diff_class_name(rule->weight), rule->ids);
    if (rule->class == RULE_TOLERANT)
        return g_strdup_printf("%s from %g on", diff_class_name(rule->weight), rule->tolerance);
    return g_strdup(has_weight(rule) ? diff_class_name(rule->weight) : "");
}

static void put_row(FILE *out, const char *path, const char *class, const char *meaning)
{
    columns_put(out, path, PATH);
    fputc(' ', out);
    if (meaning[0] == '\0') {
        fprintf(out, "%s\n", class);
        return;
    }
    columns_put(out, class, CLASS);
    g_autofree char *fitted = columns_fit(meaning, PATH);

    fprintf(out, " %s\n", fitted);
}

void rules_print_text(const struct rules *rules, FILE *out)
{
    const struct rule *rule;

    put_row(out, "FIELD", "CLASS", "A DIFFERENCE IS OF");
    for (unsigned n = 0; (rule = rules_row(rules, n)) != NULL; n++) {
        g_autofree char *meaning = meaning_of(rule);

        put_row(out, rule->path, rule_class_name(rule->class), meaning);
    }
}

void rules_print_json(const struct rules *rules, FILE *out)
{
    const struct rule *rule;

    for (unsigned n = 0; (rule = rules_row(rules, n)) != NULL; n++) {
        json_t *line = json_object();

        json_object_set_new(line, "path", json_string(rule->path));
        json_object_set_new(line, "class", json_string(rule_class_name(rule->class)));
        if (has_weight(rule))
            json_object_set_new(line, "weight", json_string(diff_class_name(rule->weight)));
        if (rule->class == RULE_CORRELATED)
            json_object_set_new(line, "ids", json_string(rule->ids));
        if (rule->class == RULE_TOLERANT)
            json_object_set_new(line, "tolerance", json_real(rule->tolerance));
        json_dumpf(line, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
        fputc('\n', out);
        json_decref(line);
    }
}

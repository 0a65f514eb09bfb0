/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_text.h"
#include "tools/verify_print.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* File names and texts of strangers may be no UTF-8. */
static json_t *text(const char *bytes)
{
    g_autofree char *valid = g_utf8_make_valid(bytes, -1);

    return json_string(valid);
}

static void set(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_text(json_t *object, const char *key, const char *bytes)
{
    if (*bytes != '\0')
        json_object_set_new(object, key, text(bytes));
}

static void set_totals(json_t *object, const struct evj_verify_totals *totals)
{
    set(object, "blocks", totals->blocks);
    set(object, "file_bytes", totals->file_bytes);
    set(object, "text_bytes", totals->text_bytes);
    set(object, "records", totals->records);
    set(object, "events", totals->events);
    set(object, "states", totals->states);
    set(object, "gaps", totals->gaps);
    set(object, "dropped", totals->dropped);
    set(object, "marks", totals->marks);
    set(object, "offered", totals->offered);
    if (totals->has_seq) {
        set(object, "first_seq", totals->first_seq);
        set(object, "last_seq", totals->next_seq - 1);
    }
    set(object, "spool_records", totals->spool_records);
    set(object, "spool_events", totals->spool_events);
    set(object, "damages", totals->damages);
    set(object, "damaged_bytes", totals->damaged_bytes);
    set(object, "lost", totals->lost);
}

static json_t *finding_object(const struct evj_finding *finding)
{
    json_t *object = json_object();

    set_text(object, "kind", evj_finding_name(finding->kind));
    json_object_set_new(object, "harmless", json_boolean(evj_finding_is_harmless(finding->kind)));
    if (finding->has_bytes) {
        set(object, "from", finding->from);
        set(object, "to", finding->to);
    }
    if (finding->has_seq)
        set(object, "seq", finding->seq);
    set_text(object, "text", finding->text);
    return object;
}

static json_t *findings_array(const struct evj_verification *verification)
{
    json_t *array = json_array();

    for (size_t i = 0; i < evj_verification_findings(verification); i++)
        json_array_append_new(array, finding_object(&verification->findings[i]));
    return array;
}

static json_t *file_object(const char *path, const struct evj_verification *verification)
{
    json_t *object = json_object();

    set_text(object, "path", path);
    set_text(object, "verdict", evj_verdict_name(verification->verdict));
    json_object_set_new(object, "sound", json_boolean(verification->faults == 0));
    if (verification->verdict < EVJ_VERDICT_FOREIGN)
        set_text(object, "ending", evj_ending_name(verification->ending));
    set_text(object, "id", verification->header.id);
    set_text(object, "previous", verification->header.previous);
    set_text(object, "spool", verification->header.spool);
    set_totals(object, &verification->totals);
    set(object, "faults", verification->faults);
    json_object_set_new(object, "findings", findings_array(verification));
    set(object, "more_findings",
        verification->finding_count - evj_verification_findings(verification));
    return object;
}

void verify_print_json(const char *path, const struct evj_verification *verification)
{
    json_auto_t *object = file_object(path, verification);
    char *line = json_dumps(object, JSON_COMPACT);

    json_text_print(stdout, line, strlen(line));
    fputc('\n', stdout);
    free(line);
}

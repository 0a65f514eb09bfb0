/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_members.h"
#include "tools/json_text.h"
#include "tools/verify_print.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_totals(json_t *object, const struct evj_verify_totals *totals)
{
    json_members_set(object, "blocks", totals->blocks);
    json_members_set(object, "file_bytes", totals->file_bytes);
    json_members_set(object, "text_bytes", totals->text_bytes);
    json_members_set(object, "records", totals->records);
    json_members_set(object, "events", totals->events);
    json_members_set(object, "states", totals->states);
    json_members_set(object, "gaps", totals->gaps);
    json_members_set(object, "dropped", totals->dropped);
    json_members_set(object, "marks", totals->marks);
    json_members_set(object, "offered", totals->offered);
    if (totals->has_seq) {
        json_members_set(object, "first_seq", totals->first_seq);
        json_members_set(object, "last_seq", totals->next_seq - 1);
    }
    json_members_set(object, "spool_records", totals->spool_records);
    json_members_set(object, "spool_events", totals->spool_events);
    json_members_set(object, "damages", totals->damages);
    json_members_set(object, "damaged_bytes", totals->damaged_bytes);
    json_members_set(object, "lost", totals->lost);
}

static json_t *finding_object(const struct evj_finding *finding)
{
    json_t *object = json_object();

    json_members_set_text(object, "kind", evj_finding_name(finding->kind));
    json_object_set_new(object, "harmless", json_boolean(evj_finding_is_harmless(finding->kind)));
    if (finding->has_bytes) {
        json_members_set(object, "from", finding->from);
        json_members_set(object, "to", finding->to);
    }
    if (finding->has_seq)
        json_members_set(object, "seq", finding->seq);
    json_members_set_text(object, "text", finding->text);
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

    json_members_set_text(object, "path", path);
    json_members_set_text(object, "verdict", evj_verdict_name(verification->verdict));
    json_object_set_new(object, "sound", json_boolean(verification->faults == 0));
    if (verification->verdict < EVJ_VERDICT_FOREIGN)
        json_members_set_text(object, "ending", evj_ending_name(verification->ending));
    json_members_set_text(object, "id", verification->header.id);
    json_members_set_text(object, "previous", verification->header.previous);
    json_members_set_text(object, "spool", verification->header.spool);
    set_totals(object, &verification->totals);
    json_members_set(object, "faults", verification->faults);
    json_object_set_new(object, "findings", findings_array(verification));
    json_members_set(object, "more_findings",
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

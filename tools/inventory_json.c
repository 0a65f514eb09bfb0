/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory_print.h"
#include "tools/json_members.h"
#include "tools/json_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void set_damage(json_t *object, const struct evj_journal *journal, size_t file)
{
    const struct evj_reader_totals *totals = evj_journal_totals(journal, file);
    json_t *stretches = json_array();
    const struct evj_damage *damage;
    size_t at = 0;

    while ((damage = inventory_next_damage(journal, file, &at)) != NULL) {
        json_t *stretch = json_object();

        json_members_set(stretch, "from", damage->from);
        json_members_set(stretch, "to", damage->to);
        json_members_set(stretch, "lost", damage->lost);
        json_object_set_new(stretch, "lost_is_certain", json_boolean(damage->lost_is_certain));
        json_array_append_new(stretches, stretch);
    }
    json_members_set(object, "damages", totals->damages);
    json_members_set(object, "damaged_bytes", totals->damaged_bytes);
    json_members_set(object, "lost", totals->lost);
    json_object_set_new(object, "damaged", stretches);
}

static json_t *file_object(const struct inventory *inventory, const struct evj_journal *journal,
                           size_t file)
{
    const struct evj_header *header = evj_journal_header(journal, file);
    const struct evj_reader_totals *totals = evj_journal_totals(journal, file);
    json_t *object = json_object();

    json_members_set_text(object, "path", evj_journal_path(journal, file));
    json_members_set_text(object, "id", header->id);
    json_members_set_text(object, "recorder", header->recorder);
    json_members_set_text(object, "emitter", header->emitter);
    json_members_set_text(object, "host", header->host);
    json_members_set_text(object, "boot_id", header->boot_id);
    json_members_set_text(object, "clock", header->clock);
    json_members_set_text(object, "events", header->events);
    json_members_set_text(object, "previous", header->previous);
    json_members_set(object, "started_us", (uint64_t)header->started_wall_us);
    json_members_set(object, "started_mono_us", (uint64_t)header->started_mono_us);
    json_object_set_new(
        object, "other_time",
        json_boolean(clock_steps_other_time(&inventory->clock_steps, (unsigned)file)));
    json_members_set_text(object, "ending", evj_ending_name(evj_journal_ending(journal, file)));
    json_members_set(object, "file_bytes", evj_journal_size(journal, file));
    json_members_set(object, "text_bytes", totals->text_bytes);
    json_members_set(object, "blocks", totals->blocks);
    json_members_set(object, "blocks_skipped", totals->blocks_skipped);
    json_members_set(object, "more_recordings", totals->more_recordings);
    json_members_set(object, "spool_records", totals->spool_records);
    set_damage(object, journal, file);
    return object;
}

static json_t *files_array(const struct inventory *inventory, const struct evj_journal *journal)
{
    json_t *files = json_array();

    for (size_t i = 0; i < evj_journal_files(journal); i++)
        json_array_append_new(files, file_object(inventory, journal, i));
    return files;
}

static json_t *types_object(const struct inventory *inventory)
{
    json_t *types = json_object();

    for (unsigned i = 0; i < EVJ_EVENT_TYPES; i++)
        json_members_set(types, evj_event_type_label(1u << i), inventory->types[i]);
    if (inventory->types[EVJ_EVENT_TYPES] > 0)
        json_members_set(types, "other", inventory->types[EVJ_EVENT_TYPES]);
    return types;
}

static json_t *moment_object(const struct moment *moment)
{
    return json_pack("{s:I,s:I,s:I}", "seq", (json_int_t)moment->seq, "mono_us",
                     (json_int_t)moment->mono_us, "wall_us", (json_int_t)moment->wall_us);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of a table in the order of the alphabet, so that two runs print the same. */
static char **sorted_keys(GHashTable *table)
{
    guint count;
    char **keys = (char **)g_hash_table_get_keys_as_array(table, &count);

    qsort(keys, count, sizeof(keys[0]), compare_texts);
    return keys;
}

static json_t *counts_object(GHashTable *counts)
{
    g_autofree char **keys = sorted_keys(counts);
    json_t *object = json_object();

    for (char **key = keys; *key != NULL; key++) {
        g_autofree char *valid = g_utf8_make_valid(*key, -1);

        json_members_set(object, valid, *(const uint64_t *)g_hash_table_lookup(counts, *key));
    }
    return object;
}

static json_t *texts_array(GHashTable *texts)
{
    g_autofree char **keys = sorted_keys(texts);
    json_t *array = json_array();

    for (char **key = keys; *key != NULL; key++)
        json_array_append_new(array, json_members_text(*key));
    return array;
}

static json_t *gaps_object(const struct inventory *inventory)
{
    json_t *gaps = json_object();

    json_members_set(gaps, "records", inventory->gaps);
    json_members_set(gaps, "events", inventory->lost_events);
    json_members_set(gaps, "bytes", inventory->lost_bytes);
    json_object_set_new(gaps, "reasons", counts_object(inventory->lost_by_reason));
    json_object_set_new(gaps, "types", counts_object(inventory->lost_by_type));
    return gaps;
}

static json_t *marks_array(const GArray *marks)
{
    json_t *array = json_array();

    for (guint i = 0; i < marks->len; i++) {
        const struct inventory_mark *mark = &g_array_index(marks, struct inventory_mark, i);
        json_t *object = moment_object(&mark->at);

        json_object_set_new(object, "text", json_members_text(mark->text));
        json_members_set_text(object, "source", mark->source);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *steps_array(const GArray *steps, const struct evj_journal *journal)
{
    json_t *array = json_array();

    for (guint i = 0; i < steps->len; i++) {
        const struct clock_step *step = &g_array_index(steps, struct clock_step, i);
        const struct moment at = {step->seq, step->mono_us, step->wall_us};
        json_t *object = moment_object(&at);

        json_object_set_new(object, "step_us", json_integer((json_int_t)step->step_us));
        json_members_set_text(object, "path", evj_journal_path(journal, step->source));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *inventory_object(const struct inventory *inventory,
                                const struct evj_journal *journal)
{
    json_t *object = json_object();

    json_object_set_new(object, "files", files_array(inventory, journal));
    json_members_set(object, "events", inventory->events);
    json_members_set(object, "states", inventory->states);
    json_object_set_new(object, "types", types_object(inventory));
    json_object_set_new(object, "emitters", texts_array(inventory->emitters));
    json_members_set(object, "sessions", inventory->sessions);
    json_members_set(object, "handles", inventory->handles);
    if (inventory->events > 0) {
        json_object_set_new(object, "first", moment_object(&inventory->first));
        json_object_set_new(object, "last", moment_object(&inventory->last));
    }
    json_object_set_new(object, "gaps", gaps_object(inventory));
    json_object_set_new(object, "marks", marks_array(inventory->marks));
    json_object_set_new(object, "clock_steps", steps_array(inventory->clock_steps.found, journal));
    return object;
}

void inventory_print_json(const struct inventory *inventory, const struct evj_journal *journal)
{
    json_auto_t *object = inventory_object(inventory, journal);
    char *line = json_dumps(object, JSON_COMPACT);

    json_text_print(stdout, line, strlen(line));
    fputc('\n', stdout);
    free(line);
}

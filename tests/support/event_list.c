/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/event_list.h"

#include "tests/support/test.h"

#include "evj/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_event(gpointer event)
{
    json_decref(event);
}

json_t *event_list_parse(const char *text)
{
    json_t *event = json_loads(text, 0, NULL);

    assert_non_null(event);
    return event;
}

GPtrArray *event_list_load(const char *name)
{
    const char *folder = getenv("EVJ_TEST_DATA");
    g_autofree char *file = g_strconcat(name, ".ndjson", NULL);
    g_autofree char *path =
        g_build_filename(folder != NULL ? folder : "tests/data", "events", file, NULL);
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0')
            g_ptr_array_add(events, event_list_parse(lines[i]));
    }
    return events;
}

GPtrArray *event_list_read(const char *path)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    const struct evj_record *record;
    int status = evj_journal_open(&path, 1, &journal, &err);

    while (status == 0 && (status = evj_journal_next(journal, &record, &err)) == 0) {
        if (record->kind == EVJ_RECORD_EVENT)
            g_ptr_array_add(events, json_loadb(record->body.text, record->body.len, 0, NULL));
    }
    if (status != EVJ_END)
        fail_msg("%s: %s", path, err.text);
    return events;
}

GPtrArray *event_list_copy(const GPtrArray *events)
{
    GPtrArray *copy = g_ptr_array_new_with_free_func(free_event);

    for (guint i = 0; i < events->len; i++)
        g_ptr_array_add(copy, json_deep_copy(g_ptr_array_index(events, i)));
    return copy;
}

void event_list_visit(const GPtrArray *events,
                      void (*visit)(const struct evj_record *record, void *context), void *context)
{
    int64_t mono_us = 0;

    for (guint i = 0; i < events->len; i++) {
        char *event = json_dumps(g_ptr_array_index(events, i), JSON_COMPACT);
        struct evj_record record = {.kind = EVJ_RECORD_EVENT};

        assert_int_equal(evj_event_peek(event, strlen(event), &record.event, NULL), 0);
        mono_us = MAX(mono_us, record.event.timestamp_us);
        g_autofree char *line = g_strdup_printf(
            "{\"seq\":%u,\"mono\":%" G_GINT64_FORMAT ",\"event\":%s}", i, mono_us, event);

        assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
        record.wall_us = mono_us;
        visit(&record, context);
        free(event);
    }
}

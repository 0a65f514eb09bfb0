/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/reading.h"

#include "evj/path.h"
#include "tools/command.h"
#include "tools/options.h"
#include "tools/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- options ---- */

typedef int add_to_selection(struct evj_select *select, const char *text, struct evj_error *err);

static const struct {
    const char *name;
    add_to_selection *add;
} selection_options[] = {
    {"--session", evj_select_add_session}, {"--handle", evj_select_add_handle},
    {"--opaque", evj_select_add_opaque},   {"--type", evj_select_add_types},
    {"--plugin", evj_select_add_plugin},   {"--from", evj_select_set_from},
    {"--to", evj_select_set_to},
};

static int add_selection(struct reading *reading, const char *name, const char *value,
                         struct evj_error *err)
{
    size_t i = 0;

    while (strcmp(name, selection_options[i].name) != 0)
        i++;
    g_ptr_array_add(reading->selected, g_strdup(name));
    g_ptr_array_add(reading->selected, g_strdup(value));
    return selection_options[i].add(reading->select, value, err);
}

static gboolean take_selection(const char *name, const char *value, void *data, GError **error)
{
    struct reading *reading = data;
    struct evj_error err = {0};

    if (reading->claim != NULL && reading->claim(name, value, reading->claim_context))
        return TRUE;
    if (add_selection(reading, name, value, &err) == 0)
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", name, err.text);
    return FALSE;
}

/* FILENAME: the bytes as given, not converted from the locale's character set. */
#define SELECTION(name, help, value)                                                            \
    {                                                                                           \
        name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_selection, help, \
            value                                                                               \
    }

static const GOptionEntry selection_entries[] = {
    SELECTION("session", "events of this session", "ID"),
    SELECTION("handle", "events of this handle", "ID"),
    SELECTION("opaque", "events of handles whose opaque_id matches", "GLOB"),
    SELECTION("type", "events of these types (sessions,jsep,…)", "TYPES"),
    SELECTION("plugin", "events of this plug-in and its handles", "NAME"),
    SELECTION("from", "from here: RFC 3339, HH:MM:SS, +90s or @SEQ", "TIME"),
    SELECTION("to", "up to here, and including it", "TIME"),
    G_OPTION_ENTRY_NULL,
};

/* With a selection of everything. -1 to go on. */
static int start(struct reading *reading)
{
    reading->selected = g_ptr_array_new_with_free_func(g_free);
    reading->select = evj_select_new();
    return reading->select != NULL ? -1 : trouble("out of memory");
}

int reading_again(struct reading *reading, const struct reading *options)
{
    struct evj_error err = {0};
    int status = start(reading);

    reading->json = options->json;
    reading->strict = options->strict;
    for (guint i = 0; status < 0 && i < options->selected->len; i += 2) {
        if (add_selection(reading, g_ptr_array_index(options->selected, i),
                          g_ptr_array_index(options->selected, i + 1), &err) != 0)
            status = trouble_from(&err, NULL);
    }
    return status;
}

int reading_options(struct reading *reading, int *argc, char ***argv,
                    const struct reading_usage *usage)
{
    const struct options_usage general = {usage->arguments, usage->summary, usage->description};
    struct options options;
    gboolean json = FALSE, strict = FALSE;
    const GOptionEntry strict_entry[] = {
        {"strict", 0, 0, G_OPTION_ARG_NONE, &strict, "stop at the first damage, with exit status 2",
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    const GOptionEntry json_entry[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON, for programs", NULL},
        G_OPTION_ENTRY_NULL,
    };
    int status = start(reading);

    if (status >= 0)
        return status;
    options_init(&options, &general);
    if (usage->entries != NULL)
        options_add(&options, usage->entries);
    if (!usage->no_json)
        options_add(&options, json_entry);
    options_add(&options, strict_entry);
    for (const struct reading_group *group = usage->groups; group != NULL && group->name != NULL;
         group++)
        options_add_group(&options, group->name, group->heading, group->entries, NULL);
    options_add_group(&options, "selection", "Selection:", selection_entries, reading);
    status = options_parse(&options, *argc, *argv);
    reading->files = g_steal_pointer(&options.files);
    reading->json = json;
    reading->strict = strict;
    options_done(&options);
    if (status >= 0)
        reading_done(reading);
    return status;
}

/* ---- opening and reading ---- */

/* A copy is known as soon as the journal is open. What is wrong with a file is told when it is its
 * turn. */
static void note_copies(const struct reading *reading)
{
    for (size_t i = 0; i < evj_journal_faults(reading->journal); i++) {
        const struct evj_journal_fault *fault = evj_journal_fault(reading->journal, i);

        if (fault->err.status == EVJ_OK)
            note("%s", fault->err.text);
    }
}

/* How it is to be read. */
static void set_up_journal(const struct reading *reading)
{
    if (reading->strict)
        evj_journal_set_strict(reading->journal);
    evj_journal_set_parallel(reading->journal);
    if (!evj_select_is_all(reading->select))
        evj_journal_set_filter(reading->journal, evj_select_wants_block, reading->select);
}

static int open_files(const char *const *names, struct evj_journal **ret_journal,
                      struct evj_error *err)
{
    return evj_journal_open(names, g_strv_length((char **)names), ret_journal, err);
}

int reading_open(struct reading *reading, char **paths)
{
    const char *const *names = (const char *const *)(paths != NULL ? paths : reading->files);
    struct evj_error err = {0};

    evj_journal_free(EVJ_TAKE(reading->journal));
    if (open_files(names, &reading->journal, &err) != 0)
        return trouble_from(&err, NULL);
    note_copies(reading);
    set_up_journal(reading);
    evj_select_anchor(reading->select, evj_journal_header(reading->journal, 0));
    if (evj_select_is_backwards(reading->select))
        return trouble("--from is after --to: nothing can be between them");
    return -1;
}

const char *reading_once(const char *const *names)
{
    while (*names != NULL && !evj_path_is_stream(*names))
        names++;
    return *names != NULL ? evj_path_shown(*names) : NULL;
}

int reading_reopen(struct reading *reading, struct evj_error *err)
{
    const char *const *names = (const char *const *)reading->files;
    struct evj_journal *journal;
    int status;

    const char *once = reading_once(names);

    if (once != NULL)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%.200s can be read only once", once);
    status = open_files(names, &journal, err);
    if (status < 0)
        return status;
    reading_report_faults(reading);
    evj_journal_free(reading->journal);
    reading->journal = journal;
    set_up_journal(reading);
    return status;
}

int reading_begin(struct reading *reading, int *argc, char ***argv,
                  const struct reading_usage *usage)
{
    const char *command = (*argv)[0];
    int status = reading_options(reading, argc, argv, usage);

    if (status < 0 && reading->files[0] == NULL)
        status = trouble("which journal? Usage: %s [OPTION…] %s", command, usage->arguments);
    if (status < 0)
        status = reading_open(reading, NULL);
    if (status >= 0)
        reading_done(reading);
    return status;
}

static void report_fault(struct reading *reading, const struct evj_journal_fault *fault)
{
    const struct evj_error *err = &fault->err;

    if (err->status == EVJ_DAMAGED) {
        reading->damages++;
        trouble("%s", err->text);
    } else if (err->status != EVJ_OK && fault->records > 0) {
        trouble("%s; the %" PRIu64 " records before were read", err->text, fault->records);
    } else if (err->status != EVJ_OK) {
        trouble("%s; passed over", err->text);
    }
}

void reading_report_faults(struct reading *reading)
{
    size_t faults = evj_journal_faults(reading->journal);

    while (reading->faults_told < faults)
        report_fault(reading, evj_journal_fault(reading->journal, reading->faults_told++));
}

void reading_report_failure(struct reading *reading, const struct evj_error *err)
{
    bool is_told = false;

    reading_report_faults(reading);
    for (size_t i = 0; i < evj_journal_faults(reading->journal); i++)
        is_told |= strcmp(evj_journal_fault(reading->journal, i)->err.text, err->text) == 0;
    if (!is_told)
        trouble_from(err, NULL);
}

void reading_set_places_only(struct reading *reading)
{
    if (!evj_select_looks_into_events(reading->select))
        evj_journal_set_parser(reading->journal, evj_record_parse_place);
}

void reading_set_follow(struct reading *reading)
{
    reading->follows = true;
    evj_journal_set_follow(reading->journal);
}

/*
 * How often a living recorder's spool is looked at. It lies in shared memory, where no change can be
 * waited for; a look costs a few microseconds.
 */
#define LOOK_AGAIN_US 10000

/* All that there is was read. 0 when there is more by now; EVJ_END when no recorder lives; < 0. */
static int wait_for_more(struct reading *reading, struct evj_error *err)
{
    int status = EVJ_END;

    if (!reading->follows || fflush(stdout) != 0)
        return EVJ_END;
    while (status == EVJ_END && evj_journal_may_grow(reading->journal)) {
        status = evj_journal_continue(reading->journal, err);
        if (status == EVJ_END)
            g_usleep(LOOK_AGAIN_US);
    }
    return status;
}

/* The next record, selected or not. */
static int read_next(struct reading *reading, const struct evj_record **ret_record,
                     struct evj_error *err)
{
    int status;

    do {
        status = evj_journal_next(reading->journal, ret_record, err);
    } while (status == EVJ_END && (status = wait_for_more(reading, err)) == 0);
    return status;
}

int reading_next(struct reading *reading, const struct evj_record **ret_record)
{
    const struct evj_record *record;
    struct evj_error err = {0};
    int status;

    while ((status = read_next(reading, &record, &err)) == 0) {
        if (evj_journal_faults(reading->journal) > reading->faults_told)
            reading_report_faults(reading);
        reading->read++;
        if (record->kind == EVJ_RECORD_GAP)
            reading->gap_events += record->gap.events;
        if (!evj_select_matches(reading->select, record))
            continue;
        reading->matched++;
        *ret_record = record;
        return 0;
    }
    if (status == EVJ_END)
        reading_report_faults(reading);
    else
        reading_report_failure(reading, &err);
    return status;
}

bool reading_is_of_one(const struct reading *reading, const struct evj_record *record)
{
    if (evj_journal_more_recordings(reading->journal, record->source) == 0)
        return true;
    trouble("%s is several files, one behind the other, of more than one recording: evj repair "
            "says how to "
            "take them apart",
            evj_path_shown(evj_journal_path(reading->journal, record->source)));
    return false;
}

/* ---- ending ---- */

/* What to say of a file by the way it ended; NULL: nothing. */
static const char *ending_text(enum evj_ending ending, const struct evj_header *header)
{
    switch (ending) {
    case EVJ_ENDING_LIVE:
        return "is still being recorded; read up to its last event";
    case EVJ_ENDING_CRASHED:
        return "was not closed, its recorder died; read up to the last event in its spool";
    case EVJ_ENDING_LEFT:
        return "has no end record: its recorder goes on in another file";
    case EVJ_ENDING_OPEN:
        if (header->spool[0] == '\0')
            return "has no end record: it is still being made, or was broken off; read up to its "
                   "last block";
        return "was not closed, and its spool is not here; events after its last block are missing";
    case EVJ_ENDING_TRUNCATED:
        return "stops inside a block: if it was copied, copy it again";
    case EVJ_ENDING_CLOSED:
    case EVJ_ENDING_DAMAGED: /* reading_next() has reported why */
        break;
    }
    return NULL;
}

/* Returns whether something was left out: a spool that is there, and cannot be read. */
static bool note_ending(const struct evj_journal *journal, size_t file)
{
    const char *path = evj_path_shown(evj_journal_path(journal, file));
    const enum evj_ending ending = evj_journal_ending(journal, file);
    const char *text = ending_text(ending, evj_journal_header(journal, file));
    const char *spool = evj_journal_spool_note(journal, file);
    const bool lacks_spool = *spool != '\0' && ending != EVJ_ENDING_CLOSED;

    if (lacks_spool)
        note("%s was not closed, and its spool, which may have its last events, cannot be read: %s",
             path, spool);
    else if (text != NULL)
        note("%s %s", path, text);
    return lacks_spool;
}

static bool note_endings(const struct evj_journal *journal)
{
    bool something_left_out = false;

    for (size_t i = 0; i < evj_journal_files(journal); i++)
        something_left_out |= note_ending(journal, i);
    return something_left_out;
}

static void note_damage(const struct reading *reading)
{
    uint64_t more = evj_journal_more_faults(reading->journal);

    if (more > 0)
        note("and %" PRIu64 " more", more);
    if (reading->damages > 0)
        note("what is not damaged was read. evj verify says more; evj repair makes a whole journal "
             "of "
             "what is left");
}

int reading_end(struct reading *reading, int status)
{
    int result = status == EVJ_END || status == 0 ? EXIT_YES : EXIT_TROUBLE;

    reading_report_faults(reading);
    if (result == EXIT_YES && reading->damages > 0)
        result = EXIT_NO;
    /* Nobody has seen the end of what --strict broke off. */
    if (status != 0 && status != EVJ_ERR_MEMORY && !(reading->strict && status < 0) &&
        note_endings(reading->journal))
        result = MAX(result, EXIT_NO);
    if (reading->gap_events > 0)
        note("%" PRIu64 " event%s missing (see the gap records)", reading->gap_events,
             reading->gap_events == 1 ? " is" : "s are");
    note_damage(reading);
    if (status == EVJ_END && reading->matched == 0 && !evj_select_is_all(reading->select)) {
        note("nothing in the journal matches the selection");
        result = MAX(result, EXIT_NO);
    }
    reading_done(reading);
    return result;
}

void reading_done(struct reading *reading)
{
    evj_journal_free(EVJ_TAKE(reading->journal));
    evj_select_free(EVJ_TAKE(reading->select));
    g_clear_pointer(&reading->selected, g_ptr_array_unref);
    g_clear_pointer(&reading->files, g_strfreev);
}

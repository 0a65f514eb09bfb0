/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/journal_internal.h"
#include "format/workers_internal.h"

#include <stdio.h>
#include <stdlib.h>

int evj_journal_open(const char *const *paths, size_t path_count, struct evj_journal **ret_journal,
                     struct evj_error *err)
{
    EVJ_AUTO(journal) *journal = calloc(1, sizeof(*journal));

    if (!journal)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a journal");
    int status = evj_journal_find_files(journal, paths, path_count, err);
    if (status == EVJ_OK)
        *ret_journal = EVJ_TAKE(journal);
    return status;
}

void evj_journal_free(struct evj_journal *journal)
{
    if (!journal)
        return;
    evj_journal_keep_files(journal, 0);
    evj_workers_free(journal->workers);
    free(journal->files);
    free(journal->faults);
    free(journal);
}

/* ---- reading ---- */

static void close_file(struct journal_file *file)
{
    file->ending = evj_reader_ending(file->reader);
    file->rotated |= file->ending == EVJ_ENDING_LEFT;
    file->totals = *evj_reader_totals(file->reader);
    file->next_seq = evj_reader_next_seq(file->reader);
    snprintf(file->spool_note, sizeof(file->spool_note), "%s", evj_reader_spool_note(file->reader));
    evj_reader_free(file->reader);
    file->reader = NULL;
    file->done = true;
    evj_journal_measure(file);
}

/* May the other files be read, if this is what became of one? */
static bool is_final(const struct evj_journal *journal, int status)
{
    return status == EVJ_ERR_MEMORY || (status == EVJ_DAMAGED && journal->strict);
}

/* Keep what is wrong with a file. 0, or < 0 when nobody can go on. */
static int note_fault(struct evj_journal *journal, struct journal_file *file, int status,
                      const struct evj_error *why, struct evj_error *err)
{
    struct evj_journal_fault fault = {.err = *why, .records = file->records, .file = file->index};

    evj_journal_in_file(status, file->path, &fault.err);
    if (status == EVJ_DAMAGED)
        fault.damage = *evj_reader_damage(file->reader);
    if (!is_final(journal, status))
        return evj_journal_note_fault(journal, &fault, err);
    if (status == EVJ_DAMAGED)
        status = fault.err.status = EVJ_ERR_CORRUPT;
    if (err)
        *err = fault.err;
    return status;
}

/* State is what earlier events were: the file before has told them. */
static bool is_told(const struct journal_file *file)
{
    return file->predecessor && file->head->kind == EVJ_RECORD_STATE;
}

/* The file's next record: 0, EVJ_END or < 0. What cannot be read is noted, and passed over. */
static int next_of_file(struct evj_journal *journal, struct journal_file *file,
                        struct evj_error *err)
{
    struct evj_error why;
    int status, noted = EVJ_OK;

    do {
        status = evj_reader_next(file->reader, &file->head, &why);
        file->records += status == EVJ_OK;
        if (status == EVJ_DAMAGED)
            noted = note_fault(journal, file, status, &why, err);
    } while (noted == EVJ_OK && (status == EVJ_DAMAGED || (status == EVJ_OK && is_told(file))));
    if (status < 0)
        noted = note_fault(journal, file, status, &why, err);
    if (noted < 0)
        return noted;
    return status < 0 ? EVJ_END : status;
}

/* `cat a b`: another recording begins where the first one of the file ends. */
static void note_recording(struct evj_journal *journal, struct journal_file *file)
{
    uint64_t more = evj_reader_totals(file->reader)->more_recordings;

    if (more > file->more_recordings)
        evj_journal_number(journal, file, evj_reader_header(file->reader));
    file->more_recordings = more;
}

static void note_head(struct evj_journal *journal, struct journal_file *file)
{
    const struct evj_record *head = file->head;

    note_recording(journal, file);
    if (head->has_seq && head->wall_us > file->wall_us)
        file->wall_us = head->wall_us;
    if (head->kind == EVJ_RECORD_END)
        file->rotated = evj_json_string_is(evj_json_member(head->body, "reason"), "rotate");
}

/* Have file->head, or close the file, or wait for its recorder. */
static int advance(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    int status = next_of_file(journal, file, err);

    if (status == EVJ_OK) {
        note_head(journal, file);
        return EVJ_OK;
    }
    file->head = NULL;
    file->waits =
        status == EVJ_END && journal->follows && evj_reader_ending(file->reader) == EVJ_ENDING_LIVE;
    if (!file->waits)
        close_file(file);
    return status == EVJ_END ? EVJ_OK : status;
}

/* Text decoded ahead, of all files that are read at once. */
#define AHEAD_TEXT (4u * 1024 * 1024)

/* As long as only few files are read at once: of many, each would need a buffer or two. */
#define AHEAD_FILES 8u

static void look_ahead(struct evj_journal *journal, struct journal_file *file)
{
    size_t open = 0;

    for (size_t i = journal->finished; i < journal->count; i++)
        open += journal->files[i]->begun && !journal->files[i]->done;
    if (journal->workers && open <= AHEAD_FILES)
        evj_reader_set_ahead(file->reader, journal->workers, AHEAD_TEXT / (open > 0 ? open : 1));
}

static int begin_file(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    file->begun = true;
    if (!file->reader) {
        struct evj_error why = {0};
        int status = evj_reader_open(file->path, &file->reader, &why);
        if (status < 0) {
            file->done = true;
            file->ending = EVJ_ENDING_DAMAGED;
            return note_fault(journal, file, status, &why, err);
        }
    }
    if (file->before && file->before->wall_us > file->wall_us)
        file->wall_us = file->before->wall_us;
    /* What a living recorder's spool had when the file before was read may be in this one by now. */
    if (file->predecessor)
        evj_reader_set_start(file->reader, file->predecessor->next_seq);
    evj_reader_set_filter(file->reader, journal->wants, journal->wants_context);
    if (journal->parser)
        evj_reader_set_parser(file->reader, journal->parser);
    look_ahead(journal, file);
    return advance(journal, file, err);
}

/* A recording's files come one after the other, even when the wall clock was set back meanwhile. */
static bool is_due(const struct journal_file *file)
{
    return !file->done && !file->waits && (file->begun || !file->before || file->before->done);
}

/* The file whose head, or start, is earliest; ties go to the file that started first. */
static struct journal_file *earliest(struct evj_journal *journal)
{
    struct journal_file *best = NULL;

    while (journal->finished < journal->count && journal->files[journal->finished]->done)
        journal->finished++;
    for (size_t i = journal->finished; i < journal->count; i++) {
        struct journal_file *file = journal->files[i];
        if (best && file->header.started_wall_us > best->wall_us)
            break;
        if (is_due(file) && (!best || file->wall_us < best->wall_us))
            best = file;
    }
    return best;
}

/* All files are used up: could one of them not be read to its end? */
static int end_status(const struct evj_journal *journal, struct evj_error *err)
{
    if (journal->failure.status == EVJ_OK)
        return EVJ_END;
    if (err)
        *err = journal->failure;
    return journal->failure.status;
}

/* What a record says of its source counts only in a file that was merged of so many. */
static unsigned recording_of(const struct journal_file *file)
{
    unsigned source = file->head->recording;
    unsigned sources = evj_reader_header(file->reader)->sources;

    return file->recording + (source < sources ? source : 0);
}

int evj_journal_next(struct evj_journal *journal, const struct evj_record **ret_record,
                     struct evj_error *err)
{
    struct journal_file *next = NULL;
    int status = EVJ_OK;

    if (journal->given)
        journal->given->head = NULL;
    journal->given = NULL;
    /* A file whose head is not known is asked for it, when its time comes. */
    while (status == EVJ_OK && (next = earliest(journal)) && !next->head)
        status = next->begun ? advance(journal, next, err) : begin_file(journal, next, err);
    if (status < 0)
        return status;
    if (!next)
        return end_status(journal, err);
    journal->given = next;
    journal->record = *next->head;
    journal->record.source = next->index;
    journal->record.recording = recording_of(next);
    journal->record.wall_us = next->head->has_seq ? next->head->wall_us : next->wall_us;
    *ret_record = &journal->record;
    return EVJ_OK;
}

/* ---- queries ---- */

void evj_journal_set_parallel(struct evj_journal *journal)
{
    if (!journal->workers)
        journal->workers = evj_workers_new();
}

void evj_journal_set_parser(struct evj_journal *journal, evj_record_parser *parser)
{
    journal->parser = parser;
}

void evj_journal_set_strict(struct evj_journal *journal)
{
    journal->strict = true;
}

void evj_journal_set_filter(struct evj_journal *journal, evj_block_wanted *wants, void *context)
{
    journal->wants = wants;
    journal->wants_context = context;
}

size_t evj_journal_files(const struct evj_journal *journal)
{
    return journal->count;
}

size_t evj_journal_faults(const struct evj_journal *journal)
{
    return journal->fault_count;
}

const struct evj_journal_fault *evj_journal_fault(const struct evj_journal *journal, size_t fault)
{
    return &journal->faults[fault];
}

uint64_t evj_journal_more_faults(const struct evj_journal *journal)
{
    return journal->more_faults;
}

uint64_t evj_journal_size(const struct evj_journal *journal, size_t file)
{
    return journal->files[file]->size;
}

const struct evj_header *evj_journal_header(const struct evj_journal *journal, size_t file)
{
    return &journal->files[file]->header;
}

const char *evj_journal_path(const struct evj_journal *journal, size_t file)
{
    return journal->files[file]->path;
}

/* Without a spool, the file that goes on where this one stops tells that it was left. */
enum evj_ending evj_journal_ending(const struct evj_journal *journal, size_t file)
{
    const struct journal_file *asked = journal->files[file];

    return asked->ending == EVJ_ENDING_OPEN && asked->joined ? EVJ_ENDING_LEFT : asked->ending;
}

uint64_t evj_journal_more_recordings(const struct evj_journal *journal, size_t file)
{
    return journal->files[file]->more_recordings;
}

const struct evj_reader_totals *evj_journal_totals(const struct evj_journal *journal, size_t file)
{
    return &journal->files[file]->totals;
}

const char *evj_journal_spool_note(const struct evj_journal *journal, size_t file)
{
    return journal->files[file]->spool_note;
}

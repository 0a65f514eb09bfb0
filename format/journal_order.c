/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"
#include "format/journal_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- copies ---- */

static bool is_copy(const struct journal_file *a, const struct journal_file *b)
{
    return a->header.id[0] != '\0' && strcmp(a->header.id, b->header.id) == 0 &&
           a->header.started_mono_us == b->header.started_mono_us &&
           strcmp(a->header.previous, b->header.previous) == 0 &&
           strcmp(a->header.cut, b->header.cut) == 0;
}

/* files[i], or its longer copy, goes where the shorter one of both was. 1: it did; 0: no copy; < 0.
 */
static int merge_copy(struct evj_journal *journal, size_t kept, size_t i, struct evj_error *err)
{
    for (size_t j = kept; j > 0; j--) {
        struct journal_file *file = journal->files[i], *other = journal->files[j - 1];
        struct evj_error why = {0};

        if (other->header.started_wall_us != file->header.started_wall_us)
            break;
        if (!is_copy(other, file))
            continue;
        if (file->size > other->size)
            evj_journal_swap_files(journal, j - 1, i);
        evj_fail(&why, EVJ_OK, 0, "a copy of %.130s; only that is read",
                 journal->files[j - 1]->path);
        evj_journal_in_file(EVJ_OK, journal->files[i]->path, &why);
        int status = evj_journal_leave_out(journal, &why, err);
        return status < 0 ? status : 1;
    }
    return 0;
}

/* The files are in the order of their start, so that copies are near each other. */
static int leave_out_copies(struct evj_journal *journal, struct evj_error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < journal->count; i++) {
        int merged = merge_copy(journal, kept, i, err);
        if (merged < 0)
            return merged;
        if (!merged)
            evj_journal_swap_files(journal, kept++, i);
    }
    evj_journal_keep_files(journal, kept);
    return EVJ_OK;
}

/* ---- order ---- */

static int by_start(const void *a, const void *b)
{
    const struct journal_file *x = *(struct journal_file *const *)a;
    const struct journal_file *y = *(struct journal_file *const *)b;

    if (x->header.started_wall_us != y->header.started_wall_us)
        return x->header.started_wall_us < y->header.started_wall_us ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* The later start makes sure that no two files wait for each other. */
bool evj_journal_join(struct journal_file *before, struct journal_file *file)
{
    if (strcmp(evj_path_name(before->path), file->header.previous) != 0 ||
        strcmp(before->header.id, file->header.id) != 0 ||
        before->header.started_mono_us >= file->header.started_mono_us)
        return false;
    file->predecessor = before;
    before->joined = true;
    return true;
}

/* The last of those of the same recording that began earlier: on its own clock, since the other may
 * have been set back. */
static struct journal_file *file_before(const struct evj_journal *journal,
                                        const struct journal_file *file)
{
    struct journal_file *before = NULL;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *other = journal->files[i];
        if (strcmp(other->header.id, file->header.id) == 0 && other->header.id[0] != '\0' &&
            other->header.started_mono_us < file->header.started_mono_us &&
            (!before || other->header.started_mono_us > before->header.started_mono_us))
            before = other;
    }
    return before;
}

static void find_predecessors(struct evj_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = journal->files[i];
        file->wall_us = file->header.started_wall_us;
        file->before = file_before(journal, file);
        for (size_t j = 0; j < journal->count; j++)
            if (evj_journal_join(journal->files[j], file))
                break;
    }
}

static const struct journal_file *of_same_recording(const struct evj_journal *journal, size_t i)
{
    const char *id = journal->files[i]->header.id;

    for (size_t j = 0; j < i && id[0] != '\0'; j++)
        if (strcmp(journal->files[j]->header.id, id) == 0)
            return journal->files[j];
    return NULL;
}

void evj_journal_number(struct evj_journal *journal, struct journal_file *file,
                        const struct evj_header *header)
{
    file->recording = journal->recordings;
    journal->recordings += header->sources > 0 ? header->sources : 1;
}

static void number_recordings(struct evj_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = journal->files[i];
        const struct journal_file *same = of_same_recording(journal, i);

        file->index = (unsigned)i;
        if (same)
            file->recording = same->recording;
        else
            evj_journal_number(journal, file, &file->header);
    }
}

int evj_journal_order_files(struct evj_journal *journal, struct evj_error *err)
{
    qsort(journal->files, journal->count, sizeof(struct journal_file *), by_start);
    int status = leave_out_copies(journal, err);
    if (status < 0)
        return status;
    find_predecessors(journal);
    number_recordings(journal);
    return EVJ_OK;
}

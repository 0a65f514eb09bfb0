/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/journal.h"
#include "replay/expect_internal.h"
#include "replay/mix.h"

#include <string.h>
#include <sys/stat.h>

static void add_file(uint64_t *sum, const char *path)
{
    struct stat file;

    if (stat(path, &file) == 0)
        *sum +=
            mix((uint64_t)file.st_ino ^ mix((uint64_t)file.st_size) ^
                mix((uint64_t)file.st_mtim.tv_sec * 1000000000 + (uint64_t)file.st_mtim.tv_nsec));
}

uint64_t got_look(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    uint64_t sum = 0;

    add_file(&sum, path);
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inside = g_build_filename(path, name, NULL);

        add_file(&sum, inside);
    }
    return sum;
}

static bool is_live(const struct evj_journal *journal)
{
    for (size_t i = 0; i < evj_journal_files(journal); i++)
        if (evj_journal_ending(journal, i) == EVJ_ENDING_LIVE)
            return true;
    return false;
}

static int take(struct match *match, const struct evj_record *record, const char *const *ignored,
                struct got *got, struct evj_error *err)
{
    if (record->kind == EVJ_RECORD_EVENT)
        return match_add(match, record, event_hash(record->body, &record->event, ignored), err);
    if (record->kind == EVJ_RECORD_GAP) {
        got->gap_records++;
        got->gap_events += record->gap.events;
    }
    return 0;
}

/* Not there yet, or a folder without a journal so far. */
static bool has_nothing(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
        if (g_str_has_suffix(name, ".evj.gz"))
            return false;
    return folder != NULL || !g_file_test(path, G_FILE_TEST_EXISTS);
}

int got_read(const struct expect_options *options, struct match *match, struct got *ret_got,
             struct evj_error *err)
{
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    int status;

    *ret_got = (struct got){.is_missing = has_nothing(options->got)};
    if (ret_got->is_missing)
        return match_finish(match, err);
    status = evj_journal_open(&options->got, 1, &journal, err);
    if (status < 0)
        return status;
    evj_journal_set_parallel(journal);
    while ((status = evj_journal_next(journal, &record, err)) == 0 &&
           (status = take(match, record, options->ignored, ret_got, err)) == 0)
        ;
    ret_got->is_live = is_live(journal);
    ret_got->damages = evj_journal_faults(journal) + evj_journal_more_faults(journal);
    return status < 0 ? status : match_finish(match, err);
}

int expect_check_got(const char *got, struct evj_error *err)
{
    g_autofree char *folder = g_path_get_dirname(got);
    EVJ_AUTO(journal) *journal = NULL;

    if (*got == '\0' || strcmp(got, "-") == 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "\"%s\" is no name of a file: give the journal that evj record makes where "
                        "the events arrive",
                        got);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return evj_fail(err, EVJ_ERR_INVALID, 0, "there is no folder %s, so there will be no %s",
                        folder, got);
    return has_nothing(got) ? 0 : evj_journal_open(&got, 1, &journal, err);
}

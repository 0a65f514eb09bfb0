/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj verify: is every byte of a journal as it was written? */
#include "evj/path.h"
#include "evj/verify.h"
#include "tools/command.h"
#include "tools/options.h"
#include "tools/report.h"
#include "tools/ticker.h"
#include "tools/verify_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct work {
    gboolean json;
    struct ticker ticker;
    uint64_t events; /* of the files before */
    uint64_t sound, verdicts[EVJ_VERDICT_UNREADABLE + 1];
    int status; /* to exit with */
};

/* ---- which files ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A pipe in a folder is passed over: nobody may ever write to it. */
static void add_file_of_folder(struct work *work, GPtrArray *paths, const char *folder,
                               const char *name)
{
    char *path = g_build_filename(folder, name, NULL);

    if (!evj_path_is_stream(path)) {
        g_ptr_array_add(paths, path);
        return;
    }
    work->status = trouble("%s: not a journal: it is no file; passed over", path);
    g_free(path);
}

/* All journals of a folder, by name. */
static int add_folder(struct work *work, GPtrArray *paths, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    guint before = paths->len;
    const char *name;

    if (dir == NULL)
        return trouble("%s", error->message);
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ".evj.gz"))
            add_file_of_folder(work, paths, folder, name);
    }
    if (paths->len == before)
        return trouble("%s: no journal (*.evj.gz) in this folder", folder);
    qsort(paths->pdata + before, paths->len - before, sizeof(paths->pdata[0]), compare_names);
    return -1;
}

/* -1, or the exit status. */
static int find_files(struct work *work, GPtrArray *paths, char *const *named)
{
    int status = -1;

    for (; *named != NULL && status < 0; named++) {
        if (g_file_test(*named, G_FILE_TEST_IS_DIR))
            status = add_folder(work, paths, *named);
        else
            g_ptr_array_add(paths, g_strdup(*named));
    }
    return status;
}

/* ---- verifying ---- */

static void show_progress(const struct evj_verification *sofar, void *context)
{
    struct work *work = context;

    ticker_show(&work->ticker, "Verified", work->events + sofar->totals.events);
}

static int status_of(const struct evj_verification *verification)
{
    if (verification->verdict >= EVJ_VERDICT_FOREIGN)
        return EXIT_TROUBLE;
    return verification->faults > 0 ? EXIT_NO : EXIT_YES;
}

static void tell(struct work *work, const char *path, const struct evj_verification *verification)
{
    ticker_wipe(&work->ticker);
    if (work->json)
        verify_print_json(path, verification);
    else
        verify_print(evj_path_shown(path), verification);
    work->events += verification->totals.events;
    work->sound += verification->faults == 0;
    work->verdicts[verification->verdict] += verification->faults > 0;
    work->status = MAX(work->status, status_of(verification));
}

/* "4 files: 2 sound, 1 truncated, 1 damaged" */
static void sum_up(const struct work *work, size_t files)
{
    printf("%zu files: %" PRIu64 " sound", files, work->sound);
    for (unsigned verdict = 0; verdict < G_N_ELEMENTS(work->verdicts); verdict++) {
        if (work->verdicts[verdict] > 0)
            printf(", %" PRIu64 " %s%s", work->verdicts[verdict], evj_verdict_name(verdict),
                   verdict < EVJ_VERDICT_TRUNCATED ? " with faults" : "");
    }
    putchar('\n');
}

static int verify_chain(struct work *work, struct evj_chain *chain)
{
    size_t files = evj_chain_files(chain);

    for (size_t i = 0; i < files; i++) {
        const char *path = evj_chain_path(chain, i);
        struct evj_verification verification;
        struct evj_error err = {0};

        if (evj_chain_verify(chain, i, show_progress, work, &verification, &err) != 0)
            return trouble_from(&err, path);
        tell(work, path, &verification);
    }
    if (files > 1 && !work->json)
        sum_up(work, files);
    return work->status;
}

static int verify_files(struct work *work, char *const *named)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    EVJ_AUTO(chain) *chain = NULL;
    struct evj_error err = {0};
    int status = find_files(work, paths, named);

    if (status >= 0)
        return status;
    if (evj_chain_open((const char *const *)paths->pdata, paths->len, &chain, &err) != 0)
        return trouble_from(&err, NULL);
    ticker_init(&work->ticker, true);
    return verify_chain(work, chain);
}

int cmd_verify(int argc, char **argv)
{
    const char *command = argv[0];
    struct work work = {.status = EXIT_YES};
    struct options options;
    const struct options_usage usage = {
        .arguments = "FILE…",
        .summary =
            "Is every byte of a journal as it was written? Checks each block, what its header "
            "says of\nits lines, each line's JSON, the sequence numbers, the order of times, "
            "the end record, the\nspool, and with several files or a folder that no file of a "
            "recording is missing.",
        .description = "Examples:\n"
                       "  evj verify call.evj.gz\n"
                       "  evj verify --json /var/lib/janus/journals",
    };
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &work.json, "print JSON, one object a file", NULL},
        G_OPTION_ENTRY_NULL,
    };
    int status;

    options_init(&options, &usage);
    options_add(&options, entries);
    status = options_parse(&options, argc, argv);
    if (status < 0 && options.files[0] == NULL)
        status = trouble("which journal? Usage: %s [OPTION…] %s", command, usage.arguments);
    if (status < 0)
        status = verify_files(&work, options.files);
    options_done(&options);
    return status;
}

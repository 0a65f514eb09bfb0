/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj merge: several journals into one. */
#include "evj/path.h"
#include "tools/command.h"
#include "tools/merge.h"
#include "tools/options.h"
#include "tools/reading.h"
#include "tools/report.h"
#include "tools/writing.h"

#include <inttypes.h>
#include <string.h>

static const struct options_usage usage = {
    .arguments = "-o FILE FILE…",
    .summary =
        "Makes one journal of several: of the files of one recording, or of recordings of several\n"
        "servers, in the order of time. Events stay byte for byte what they were.",
    .description = "Examples:\n"
                   "  evj merge -o call.evj.gz gw-20261122T081530Z-1.evj.gz "
                   "gw-20261122T081530Z-2.evj.gz\n"
                   "  evj merge -o all.evj.gz gateway/ media1/ media2/",
};

/* -1 to go on, or an exit status. */
static int parse_options(int argc, char **argv, struct writing_options *output,
                         struct reading *reading)
{
    gboolean json = FALSE, strict = FALSE;
    const GOptionEntry entries[] = {
        WRITING_ENTRIES(output, "the journal to make: NAME.evj.gz, a new file"),
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print what was done as JSON, for programs", NULL},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &strict, "stop at the first damage, with exit status 2",
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    struct options options;
    int status;

    options_init(&options, &usage);
    options_add(&options, entries);
    status = options_parse(&options, argc, argv);
    reading->files = g_steal_pointer(&options.files);
    reading->json = json;
    reading->strict = strict;
    options_done(&options);
    if (status < 0 && reading->files[0] == NULL)
        status = trouble("which journals? Usage: %s [OPTION…] %s", argv[0], usage.arguments);
    return status;
}

/* -1 to go on, or EXIT_TROUBLE. */
static int name_files(struct merge *merge, const struct evj_journal *journal)
{
    for (size_t i = 0; i < evj_journal_files(journal); i++) {
        const struct evj_header *header = evj_journal_header(journal, i);
        const char *path = evj_journal_path(journal, i);
        g_autofree char *sources = header->sources > 0 ? writing_sources_of(path) : NULL;

        if (header->sources > 0 && sources == NULL)
            return trouble("%s: what this journal was merged from cannot be read twice: put it "
                           "into a file",
                           evj_path_shown(path));
        merge_file(merge, path, header, sources);
    }
    return -1;
}

static int begin(const struct merge *merge, const struct writing_options *output,
                 struct writing *writing)
{
    g_autofree char *sources = NULL, *line = NULL;
    struct evj_header header;
    struct evj_error err = {0};

    if (merge_header(merge, &header, &sources, &err) != 0)
        return trouble_from(&err, NULL);
    line = writing_first_line(&header, sources);
    return writing_begin(writing, output->output, line, output->quiet);
}

static bool put(const struct evj_record *record, void *writing)
{
    return writing_add(writing, record);
}

/* What reading ended with: EVJ_END, or < 0. *ret_merged: how merging went. */
static int merge_all(struct reading *reading, struct merge *merge, int *ret_merged,
                     struct evj_error *err)
{
    const struct evj_record *record;
    int status = 0, merged = 0;

    while (merged == 0 && (status = reading_next(reading, &record)) == 0)
        merged = reading_is_of_one(reading, record) ? merge_add(merge, record, err) : EVJ_END;
    if (merged == 0)
        merged = merge_finish(merge, err);
    *ret_merged = merged;
    return status;
}

static void say(struct merge *merge, const struct writing *writing)
{
    const struct merge_totals *totals = merge_totals(merge);

    if (totals->repeated > 0)
        note("%" PRIu64 " record%s in more than one file, and now there once", totals->repeated,
             totals->repeated == 1 ? " was" : "s were");
    if (merge_is_of_several(merge))
        note("merged %u recordings; their records tell which by \"source\"", totals->recordings);
    writing_say(writing);
}

static void print_json(struct merge *merge, const struct writing *writing)
{
    const struct merge_totals *totals = merge_totals(merge);
    json_t *object = json_object();

    writing_tell(writing, object);
    json_object_set_new(object, "recordings", json_integer(totals->recordings));
    json_object_set_new(object, "repeated", json_integer((json_int_t)totals->repeated));
    json_object_set_new(object, "missing", json_integer((json_int_t)totals->missing));
    json_object_set_new(object, "too_long", json_integer((json_int_t)totals->too_long));
    writing_print(object);
}

/* What is not in the new journal although it should be. */
static int report_losses(struct merge *merge)
{
    const struct merge_totals *totals = merge_totals(merge);

    if (totals->missing > 0)
        note("%" PRIu64 " record%s missing between the files: was one left out?", totals->missing,
             totals->missing == 1 ? " is" : "s are");
    if (totals->too_long > 0)
        note("%" PRIu64 " record%s left out: with its source, a line would be too long",
             totals->too_long, totals->too_long == 1 ? " is" : "s are");
    return totals->missing + totals->too_long > 0 ? EXIT_NO : EXIT_YES;
}

static int merge_into(struct reading *reading, struct merge *merge, struct writing *writing,
                      bool quiet)
{
    struct evj_error err = {0};
    int merged, result, losses;
    const int status = merge_all(reading, merge, &merged, &err);

    if (merged < 0)
        return trouble("%s. %s was not made", err.text, writing->path);
    if (merged == EVJ_END)
        return EXIT_TROUBLE;
    if (status == EVJ_ERR_MEMORY || (status != EVJ_END && reading->strict))
        return trouble("%s was not made", writing->path);
    if (!writing_end(writing, "merge"))
        return EXIT_TROUBLE;
    if (reading->json)
        print_json(merge, writing);
    result = reading_end(reading, status);
    losses = report_losses(merge);
    if (!quiet)
        say(merge, writing);
    return MAX(result, losses);
}

static int run(struct reading *reading, const struct writing_options *output)
{
    struct writing writing = {0};
    struct merge *merge = merge_new(put, &writing);
    int status = name_files(merge, reading->journal);

    if (status < 0)
        status = begin(merge, output, &writing);
    if (status < 0)
        status = merge_into(reading, merge, &writing, output->quiet);
    writing_done(&writing);
    merge_free(merge);
    return status;
}

int cmd_merge(int argc, char **argv)
{
    __attribute__((cleanup(writing_options_done))) struct writing_options output = {0};
    struct reading reading = {.select = evj_select_new()};
    int status = parse_options(argc, argv, &output, &reading);

    if (status < 0)
        status = writing_check(output.output);
    if (status < 0)
        status = reading_open(&reading, NULL);
    if (status < 0)
        status = run(&reading, &output);
    reading_done(&reading);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj repair: salvages what can be read of a journal into a new one. */
#include "evj/path.h"
#include "tools/command.h"
#include "tools/options.h"
#include "tools/repair.h"
#include "tools/report.h"
#include "tools/writing.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

/* Stretches that are told one by one; the others are counted, on standard error and in JSON. */
#define TOLD_MAX 20u
#define LISTED_MAX 1000u

struct damages {
    const char *input, *path; /* as it was given, and as people are told of it */
    uint64_t count;
    json_t *list; /* of objects; NULL without --json */
};

struct repair_options {
    struct writing_options output;
    gboolean json;
};

static const struct options_usage usage = {
    .arguments = "-o FILE FILE",
    .summary =
        "Salvages what can be read of a damaged, cut off or crashed journal into a new one, and\n"
        "records in it what was lost. The journal itself is not touched.",
    .description = "Several journals are repaired one by one, into a folder.\n\n"
                   "Examples:\n"
                   "  evj repair -o whole.evj.gz torn.evj.gz\n"
                   "  evj repair -o repaired/ journals/*.evj.gz",
};

static int parse_options(int argc, char **argv, struct repair_options *ret, char ***ret_files)
{
    const GOptionEntry entries[] = {
        WRITING_ENTRIES(&ret->output, "the journal to make, a new file; or a folder for it"),
        {"json", 0, 0, G_OPTION_ARG_NONE, &ret->json, "print what was done as JSON, for programs",
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    struct options options;
    int status;

    options_init(&options, &usage);
    options_add(&options, entries);
    status = options_parse(&options, argc, argv);
    if (status < 0 && options.files[0] == NULL)
        status = trouble("which journal? Usage: %s [OPTION…] %s", argv[0], usage.arguments);
    *ret_files = g_steal_pointer(&options.files);
    options_done(&options);
    return status;
}

/* ---- names ---- */

/* -1 to go on, or EXIT_TROUBLE. */
static int check_names(const char *input, const char *output)
{
    if (g_file_test(input, G_FILE_TEST_IS_DIR))
        return trouble("%s is a folder, and journals are repaired one by one: name its files "
                       "(%s/*.evj.gz), and with -o a folder for the new ones",
                       input, input);
    if (output != NULL && evj_path_is_same_file(input, output))
        return trouble("%s is %s itself, which is not touched: choose another name", output, input);
    return writing_check(output);
}

/* Where the repaired journal goes; NULL if that cannot be said, and was reported. */
static char *name_output(const char *output, const char *input)
{
    g_autofree char *name = g_path_get_basename(input);

    if (output == NULL || !g_file_test(output, G_FILE_TEST_IS_DIR))
        return g_strdup(output);
    if (!evj_path_is_stream(input))
        return g_build_filename(output, name, NULL);
    trouble("%s has no name that the journal could have in %s: give -o FILE", evj_path_shown(input),
            output);
    return NULL;
}

/* ---- telling ---- */

static void tell_damaged(const struct evj_error *err, const struct evj_damage *damage,
                         void *context)
{
    struct damages *damages = context;
    json_t *object;

    if (damages->count++ < TOLD_MAX)
        trouble("%s: %s", damages->path, err->text);
    if (damages->list == NULL || damages->count > LISTED_MAX)
        return;
    object = json_pack("{s:I,s:I,s:I,s:b,s:I}", "from", (json_int_t)damage->from, "to",
                       (json_int_t)damage->to, "lost", (json_int_t)damage->lost, "lost_is_certain",
                       (int)damage->lost_is_certain, "salvaged", (json_int_t)damage->salvaged);
    json_array_append_new(damages->list, object);
}

/* "428 events or marks", "at least 182 …", "nobody can tell how much" */
static char *loss_text(const struct repair *repair)
{
    const uint64_t lost = evj_reader_totals(repair->reader)->lost;

    if (lost == 0)
        return g_strdup(repair->lost_is_certain ? "no event or mark" : "nobody can tell how much");
    return g_strdup_printf("%s%" PRIu64 " event%s or mark%s",
                           repair->lost_is_certain ? "" : "at least ", lost, lost == 1 ? "" : "s",
                           lost == 1 ? "" : "s");
}

static void say_losses(const struct repair *repair, const struct damages *damages)
{
    const struct evj_reader_totals *totals = evj_reader_totals(repair->reader);
    g_autofree char *loss = loss_text(repair);

    if (damages->count > TOLD_MAX)
        note("and %" PRIu64 " more", damages->count - TOLD_MAX);
    if (repair->header_is_made_up)
        note("its first line is lost: the new one has an id of its own, and no emitter or host");
    if (repair->is_whole && damages->count > 0)
        note("%" PRIu64 " bytes are no part of the journal; its end record proves that no record "
             "is lost",
             totals->damaged_bytes);
    else if (damages->count > 0)
        note("lost: %s, in %" PRIu64 " stretch%s of %" PRIu64 " bytes; gap records tell where",
             loss, damages->count, damages->count == 1 ? "" : "es", totals->damaged_bytes);
}

/* What kept a journal from being closed is no damage. */
static void say_ending(const struct repair *repair, const char *path)
{
    const struct evj_reader *reader = repair->reader;
    const char *spool = evj_reader_spool_note(reader);

    if (repair->another_at > 0) /* its end was not looked for */
        return;
    switch (evj_reader_ending(reader)) {
    case EVJ_ENDING_LIVE:
        note("%s is still being recorded; copied up to its last event", path);
        break;
    case EVJ_ENDING_CRASHED:
        note("%s was not closed, its recorder died; copied up to the last event in its spool",
             path);
        break;
    case EVJ_ENDING_LEFT:
        note("%s has no end record: its recorder goes on in another file", path);
        break;
    case EVJ_ENDING_OPEN:
        note("%s was not closed; events after its last block may be missing%s%s", path,
             *spool != '\0' ? ", since its spool cannot be read: " : "", spool);
        break;
    default:
        break;
    }
}

/* There may be more, and somebody else can read it. */
static bool lacks_spool(const struct repair *repair)
{
    return evj_reader_ending(repair->reader) == EVJ_ENDING_OPEN &&
           evj_reader_spool_note(repair->reader)[0] != '\0';
}

static void say_another(const struct repair *repair, const char *path)
{
    if (repair->another_at > 0)
        trouble("%s: another recording begins at byte %" PRIu64 ", and is not in %s. Repair it on "
                "its own: tail -c +%" PRIu64 " gives it",
                path, repair->another_at, repair->output, repair->another_at + 1);
}

static void print_json(const struct repair *repair, struct damages *damages)
{
    const struct evj_reader_totals *totals = evj_reader_totals(repair->reader);
    g_autofree char *path = g_utf8_make_valid(damages->input, -1);
    json_t *object = json_pack("{s:s}", "input", path);

    writing_tell(repair->writing, object);
    json_object_set_new(object, "ending",
                        json_string(evj_ending_name(evj_reader_ending(repair->reader))));
    json_object_set_new(object, "whole", json_boolean(repair->is_whole));
    json_object_set_new(object, "lost", json_integer((json_int_t)totals->lost));
    json_object_set_new(object, "lost_is_certain", json_boolean(repair->lost_is_certain));
    json_object_set_new(object, "salvaged", json_integer((json_int_t)repair->salvaged));
    json_object_set_new(object, "damaged_bytes", json_integer((json_int_t)totals->damaged_bytes));
    json_object_set_new(object, "damages", json_integer((json_int_t)damages->count));
    json_object_set_new(object, "header_is_made_up", json_boolean(repair->header_is_made_up));
    json_object_set(object, "damaged", damages->list);
    writing_print(object);
}

/* ---- one journal ---- */

static int salvage(struct repair *repair, struct damages *damages)
{
    struct evj_error err = {0};
    const enum repair_status status = repair_run(repair, &err);

    if (status == REPAIR_NOT_MADE)
        return EXIT_TROUBLE;
    if (damages->list != NULL)
        print_json(repair, damages);
    say_losses(repair, damages);
    say_another(repair, damages->path);
    if (!repair->quiet) {
        say_ending(repair, damages->path);
        writing_say(repair->writing);
    }
    if (status == REPAIR_UNFINISHED)
        return trouble("%s: %s; what was read before is in %s", damages->path, err.text,
                       repair->output);
    return repair->is_whole && repair->another_at == 0 && !lacks_spool(repair) ? EXIT_YES : EXIT_NO;
}

static int repair_file(const char *input, const char *output, const struct repair_options *options)
{
    EVJ_AUTO(reader) *reader = NULL;
    json_auto_t *list = options->json ? json_array() : NULL;
    struct writing writing = {0};
    struct damages damages = {.input = input, .path = evj_path_shown(input), .list = list};
    struct evj_error err = {0};
    struct repair repair = {.writing = &writing,
                            .output = output,
                            .quiet = options->output.quiet,
                            .damaged = tell_damaged,
                            .context = &damages};
    int status = check_names(input, output);

    if (status >= 0)
        return status;
    if (evj_reader_open(input, &reader, &err) != 0)
        return trouble_from(&err, damages.path);
    repair.reader = reader;
    status = salvage(&repair, &damages);
    repair_done(&repair);
    writing_done(&writing);
    return status;
}

/* One by one; returns the worst status. */
static int repair_all(char **inputs, const struct repair_options *options)
{
    int worst = EXIT_YES;

    for (; *inputs != NULL; inputs++) {
        g_autofree char *output = name_output(options->output.output, *inputs);
        const int status = output != NULL || options->output.output == NULL
                               ? repair_file(*inputs, output, options)
                               : EXIT_TROUBLE;

        worst = MAX(worst, status);
    }
    return worst;
}

/* A slash behind its name says that a folder is meant: it is made if it is not there. -1 to go on. */
static int check_folder(const char *output, bool several)
{
    if (g_file_test(output, G_FILE_TEST_IS_DIR))
        return -1;
    if (g_str_has_suffix(output, "/") && g_mkdir(output, 0750) < 0)
        return trouble("cannot make the folder %s: %s", output, g_strerror(errno));
    if (several && !g_str_has_suffix(output, "/"))
        return trouble("several journals are repaired one by one, into a folder: %s is none, and "
                       "-o %s/ makes one",
                       output, output);
    return -1;
}

int cmd_repair(int argc, char **argv)
{
    struct repair_options options = {0};
    g_auto(GStrv) inputs = NULL;
    int status = parse_options(argc, argv, &options, &inputs);

    if (status < 0 && options.output.output != NULL)
        status = check_folder(options.output.output, inputs[1] != NULL);
    if (status < 0)
        status = repair_all(inputs, &options);
    writing_options_done(&options.output);
    return status;
}

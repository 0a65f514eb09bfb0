/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj cut: the selected records as a journal of their own. */
#include "evj/path.h"
#include "tools/command.h"
#include "tools/reading.h"
#include "tools/report.h"
#include "tools/writing.h"

#include <string.h>

/* ---- what was selected, as a text ---- */

static const char *const selection_options[] = {"--session", "--handle", "--opaque", "--type",
                                                "--plugin",  "--from",   "--to"};
static const char *const other_options[] = {"-o", "--output"};

static bool is_one_of(const char *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return true;
    }
    return false;
}

static void append_option(GString *text, const char *name, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    g_string_append_printf(text, "%s%s %s", text->len > 0 ? " " : "", name, valid);
}

/*
 * "--session 1 --from +10s", out of arguments that were understood: an option with a value has it
 * behind "=", or as the next argument.
 */
static char *selection_text(char **argv)
{
    GString *text = g_string_new(NULL);

    for (char **at = argv + 1; *at != NULL && strcmp(*at, "--") != 0; at++) {
        const char *equals = strchr(*at, '=');
        g_autofree char *name =
            equals != NULL ? g_strndup(*at, (gsize)(equals - *at)) : g_strdup(*at);

        if (is_one_of(name, selection_options, G_N_ELEMENTS(selection_options)))
            append_option(text, name, equals != NULL ? equals + 1 : *++at);
        else if (equals == NULL && is_one_of(name, other_options, G_N_ELEMENTS(other_options)))
            at++;
    }
    return g_string_free(text, FALSE);
}

/* ---- the new journal ---- */

/* -1 to go on, or EXIT_TROUBLE: ids and numbers of two recordings have nothing to do with each
 * other. */
static int check_recording(const struct evj_journal *journal)
{
    const char *id = evj_journal_header(journal, 0)->id;

    for (size_t i = 1; i < evj_journal_files(journal); i++) {
        if (id[0] == '\0' || strcmp(evj_journal_header(journal, i)->id, id) != 0)
            return trouble("%s and %s are of two recordings: make one journal of them first, with "
                           "evj merge",
                           evj_journal_path(journal, 0), evj_journal_path(journal, i));
    }
    return -1;
}

/* What was cut out of something cut out says both. */
static void put_cut(struct evj_header *header, const char *selection)
{
    g_autofree char *before = g_strdup(header->cut);

    if (*before != '\0' && *selection != '\0')
        g_snprintf(header->cut, sizeof(header->cut), "%s; %s", before, selection);
    else if (*selection != '\0')
        g_strlcpy(header->cut, selection, sizeof(header->cut));
    header->previous[0] = header->spool[0] = '\0';
}

/* The file that the recording began with: the order of files is that of the wall clock, which may have
 * been set. */
static size_t first_file(const struct evj_journal *journal)
{
    size_t first = 0;

    for (size_t i = 1; i < evj_journal_files(journal); i++) {
        if (evj_journal_header(journal, i)->started_mono_us <
            evj_journal_header(journal, first)->started_mono_us)
            first = i;
    }
    return first;
}

static int begin(const struct evj_journal *journal, const char *selection,
                 const struct writing_options *output, struct writing *writing)
{
    const size_t first = first_file(journal);
    struct evj_header header = *evj_journal_header(journal, first);
    const char *path = evj_journal_path(journal, first);
    g_autofree char *sources = header.sources > 0 ? writing_sources_of(path) : NULL;
    g_autofree char *line = NULL;

    if (header.sources > 0 && sources == NULL)
        return trouble("%s: what this journal was merged from cannot be read twice: put it into a "
                       "file",
                       evj_path_shown(path));
    put_cut(&header, selection);
    line = writing_first_line(&header, sources);
    return writing_begin(writing, output->output, line, output->quiet);
}

/* ---- the command ---- */

static int copy(struct reading *reading, struct writing *writing, bool quiet)
{
    const struct evj_record *record;
    int status, result;

    while ((status = reading_next(reading, &record)) == 0) {
        if (!reading_is_of_one(reading, record) || !writing_add(writing, record))
            return EXIT_TROUBLE;
    }
    if (status == EVJ_ERR_MEMORY || (status != EVJ_END && reading->strict))
        return trouble("%s was not made", writing->path);
    if (status == EVJ_END && reading->matched == 0 && !evj_select_is_all(reading->select)) {
        writing_abandon(writing);
        return reading_end(reading, status);
    }
    if (!writing_end(writing, "cut"))
        return EXIT_TROUBLE;
    if (reading->json) {
        json_t *object = json_object();

        writing_tell(writing, object);
        writing_print(object);
    }
    result = reading_end(reading, status);
    if (!quiet)
        writing_say(writing);
    return result;
}

static int run(struct reading *reading, const char *selection, const struct writing_options *output)
{
    struct writing writing = {0};
    int status = begin(reading->journal, selection, output, &writing);

    if (status < 0)
        status = copy(reading, &writing, output->quiet);
    writing_done(&writing);
    return status;
}

int cmd_cut(int argc, char **argv)
{
    __attribute__((cleanup(writing_options_done))) struct writing_options output = {0};
    g_auto(GStrv) arguments = g_strdupv(argv); /* as they are before they are understood */
    g_autofree char *selection = NULL;
    struct reading reading = {0};
    const GOptionEntry entries[] = {
        WRITING_ENTRIES(&output, "the journal to make: NAME.evj.gz, a new file"),
        G_OPTION_ENTRY_NULL,
    };
    const struct reading_usage usage = {
        .arguments = "-o FILE FILE…",
        .summary = "Copies the selected records of a journal, byte for byte, into a new one.",
        .description = "Examples:\n"
                       "  evj cut --session 4733726685551743 -o call.evj.gz gw.evj.gz\n"
                       "  evj cut --from 08:15:00 --to 08:20:00 -o crash.evj.gz journals/",
        .entries = entries,
    };
    int status = reading_begin(&reading, &argc, &argv, &usage);

    if (status >= 0)
        return status;
    status = writing_check(output.output);
    if (status < 0)
        status = check_recording(reading.journal);
    if (status < 0) {
        selection = selection_text(arguments);
        status = run(&reading, selection, &output);
    }
    reading_done(&reading);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj normalize: a journal's sessions as text for git diff and other tools that compare lines. */
#include "tools/analysis/canonical.h"
#include "tools/analysis/roster.h"
#include "tools/command.h"
#include "tools/reading.h"
#include "tools/report.h"
#include "tools/rule_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- text that was normalised before ---- */

/* The first bytes of a file, or of a pipe without taking them out of it. Returns how many, or -1. */
static ssize_t look_ahead(int fd, char *bytes, size_t size)
{
    int copy[2];
    ssize_t got = pread(fd, bytes, size, 0);

    if (got >= 0 || errno != ESPIPE || pipe2(copy, O_CLOEXEC) != 0)
        return got;
    got = tee(fd, copy[1], size, 0);
    if (got > 0)
        got = read(copy[0], bytes, (size_t)got);
    close(copy[0]);
    close(copy[1]);
    return got;
}

static bool begins_as_normalised(int fd)
{
    char bytes[sizeof(CANONICAL_FIRST_LINE)];

    return look_ahead(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes) &&
           memcmp(bytes, CANONICAL_FIRST_LINE "\n", sizeof(bytes)) == 0;
}

/* The only file, if it is such a text; NULL: read journals. */
static FILE *open_text(char *const *files)
{
    if (files[0] == NULL || files[1] != NULL)
        return NULL;
    if (strcmp(files[0], "-") == 0)
        return begins_as_normalised(STDIN_FILENO) ? fdopen(dup(STDIN_FILENO), "r") : NULL;
    FILE *file = fopen(files[0], "re");

    if (file != NULL && begins_as_normalised(fileno(file)))
        return file;
    if (file != NULL)
        fclose(file);
    return NULL;
}

static int refuse_choice(FILE *file)
{
    fclose(file);
    return trouble(
        "what evj normalize has printed has no events to choose from: give it the journal");
}

static int print_again(FILE *file)
{
    struct names *names = names_new();
    g_autoptr(GString) line = g_string_new(NULL);
    char *text = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&text, &size, file)) >= 0) {
        text[strcspn(text, "\n")] = '\0';
        g_string_truncate(line, 0);
        canonical_line(text, names, line);
        puts(line->str);
    }
    const int status = ferror(file) ? trouble("reading: %s", g_strerror(errno)) : EXIT_YES;

    free(text);
    names_free(names);
    fclose(file);
    return status;
}

/* ---- journals ---- */

/* What is read, until it is printed. */
struct normalizing {
    struct rule_options rule_options;
    struct reading reading;
    struct rules *rules;
    struct model *model;
    struct roster *roster;
    int failure;
    struct evj_error err;
};

static void keep_session(struct model_session *session, void *context)
{
    struct normalizing *normalizing = context;

    if (normalizing->failure == 0)
        normalizing->failure = roster_add(normalizing->roster, session, &normalizing->err);
    model_session_free(session);
}

/* Returns the last status of reading_next(). */
static int read_all(struct normalizing *normalizing)
{
    const struct evj_record *record;
    int status;

    model_set_over(normalizing->model, keep_session, normalizing);
    while (normalizing->failure == 0 &&
           (status = reading_next(&normalizing->reading, &record)) == 0)
        model_add(normalizing->model, record);
    model_finish(normalizing->model);
    roster_finish(normalizing->roster, normalizing->model);
    return status;
}

static void print_sessions(struct normalizing *normalizing)
{
    const GPtrArray *briefs = roster_briefs(normalizing->roster);
    struct names *names = names_new();
    g_autoptr(GString) text = g_string_new(CANONICAL_FIRST_LINE "\n");

    for (guint i = 0; i < briefs->len && normalizing->failure == 0 && !ferror(stdout); i++) {
        struct model_session *session = NULL;

        normalizing->failure = roster_load(normalizing->roster, i, &session, &normalizing->err);
        if (normalizing->failure == 0)
            canonical_session(session, normalizing->rules, names, text);
        roster_release(normalizing->roster, session);
        fwrite(text->str, 1, text->len, stdout);
        g_string_truncate(text, 0);
    }
    names_free(names);
}

static int normalize(struct normalizing *normalizing)
{
    int status = reading_open(&normalizing->reading, NULL);

    if (status >= 0)
        return status;
    status = read_all(normalizing);
    print_sessions(normalizing);
    if (normalizing->failure != 0) {
        reading_done(&normalizing->reading);
        return trouble_from(&normalizing->err, NULL);
    }
    if (status == EVJ_END && normalizing->reading.matched > 0 &&
        roster_briefs(normalizing->roster)->len == 0)
        note("no session in what was read");
    return reading_end(&normalizing->reading, status);
}

static int parse(struct normalizing *normalizing, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        RULE_OPTIONS(&normalizing->rule_options),
        G_OPTION_ENTRY_NULL,
    };
    const struct reading_usage usage = {
        .arguments = "FILE…",
        .summary =
            "Prints the sessions of a journal as lines that are the same whenever the calls are: "
            "ids\nhave names (session_1, room_1 …), what differs in any two calls is left out, and "
            "every\nstate machine is told by itself. What it printed is normalised as well: to "
            "itself.",
        .description = "Examples:\n"
                       "  evj normalize call.evj.gz > call.txt\n"
                       "  git diff --no-index <(evj normalize good.evj.gz) <(evj normalize "
                       "bad.evj.gz)\n"
                       "  evj normalize --rule 'plugins.*.display=volatile' journals/",
        .entries = entries,
        .no_json = true,
    };

    return reading_options(&normalizing->reading, argc, argv, &usage);
}

static int run(struct normalizing *normalizing)
{
    FILE *text = open_text(normalizing->reading.files);
    const struct rule_options *rules = &normalizing->rule_options;
    const bool chooses = !evj_select_is_all(normalizing->reading.select) || rules->texts != NULL ||
                         rules->files != NULL;

    if (text == NULL)
        return normalize(normalizing);
    reading_done(&normalizing->reading);
    return chooses ? refuse_choice(text) : print_again(text);
}

int cmd_normalize(int argc, char **argv)
{
    struct normalizing normalizing = {.failure = 0};
    int status = parse(&normalizing, &argc, &argv);

    normalizing.rules = rules_new();
    normalizing.model = model_new(true);
    normalizing.roster = roster_new();
    if (status < 0)
        status = rule_options_apply(&normalizing.rule_options, normalizing.rules);
    if (status < 0)
        status = run(&normalizing);
    else
        reading_done(&normalizing.reading);
    roster_free(normalizing.roster);
    model_free(normalizing.model);
    rules_free(normalizing.rules);
    rule_options_done(&normalizing.rule_options);
    return status;
}

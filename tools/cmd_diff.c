/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj diff: what is different between these two calls? */
#include "tools/analysis/diff.h"
#include "tools/command.h"
#include "tools/diff_input.h"
#include "tools/diff_output.h"
#include "tools/report.h"
#include "tools/rule_options.h"
#include "tools/rules_print.h"

#include <glib.h>
#include <inttypes.h>
#include <sys/stat.h>

/* Names of a side each: the one is given for both, or the two for A and B. */
struct picks {
    const char *option;
    char *values[2];
    int count;
};

struct comparing {
    /* As given. */
    char **maps;
    struct rule_options rules;
    char *fail_on, *timing, *baseline_folder;
    gboolean shows_rules;
    struct picks sessions, opaques;
    struct diff_output output;
    struct reading options;
    /* As understood. */
    struct diff_options how;
    struct diff_input a, b;
};

/* ---- options ---- */

static bool take_pick(struct picks *picks, const char *value)
{
    char **slot = &picks->values[MIN(picks->count, 1)];

    g_free(*slot);
    *slot = g_strdup(value);
    picks->count++;
    return true;
}

/* --session and --opaque mean one side each, while all other selection options mean both. */
static bool claim(const char *name, const char *value, void *context)
{
    struct comparing *comparing = context;
    struct picks *const all[] = {&comparing->sessions, &comparing->opaques};

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (g_str_equal(name, all[i]->option))
            return take_pick(all[i], value);
    }
    return false;
}

static int parse(struct comparing *c, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        {"map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &c->maps,
         "A's session or handle A is B's session or handle B", "A=B"},
        {"fail-on", 0, 0, G_OPTION_ARG_STRING, &c->fail_on,
         "exit 1 from this class of differences on (negotiation)", "CLASS"},
        {"timing", 0, 0, G_OPTION_ARG_STRING, &c->timing,
         "off, note (tell slow steps) or fail (exit 1 for them)", "WHAT"},
        {"baseline", 0, 0, G_OPTION_ARG_FILENAME, &c->baseline_folder,
         "what is slow is told by these good calls", "FOLDER"},
        RULE_OPTIONS(&c->rules),
        {"rules", 0, 0, G_OPTION_ARG_NONE, &c->shows_rules, "print all rules, and compare nothing",
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    const GOptionEntry output_entries[] = {DIFF_OUTPUT_ENTRIES(&c->output), G_OPTION_ENTRY_NULL};
    const struct reading_group groups[] = {{"output", "Output:", output_entries},
                                           {NULL, NULL, NULL}};
    const struct reading_usage usage = {
        .arguments = "A[:SESSION] B[:SESSION]",
        .summary =
            "Compare two sessions, or all sessions of two journals. Give --session (or --opaque, "
            "for\nthe sessions with such a handle) once for both sides, or twice: first for A, "
            "then "
            "for\nB. Exit status: 0 the same, 1 different, 2 trouble.",
        .description = "Examples:\n"
                       "  evj diff good.evj.gz bad.evj.gz\n"
                       "  evj diff --session 1234 --session 5678 a.evj.gz b.evj.gz\n"
                       "  evj diff week.evj.gz:1234 week.evj.gz:5678\n"
                       "  evj diff --baseline good/ --timing fail good/1.evj.gz new.evj.gz",
        .entries = entries,
        .groups = groups,
        .no_json = true,
    };

    c->options.claim = claim;
    c->options.claim_context = c;
    return reading_options(&c->options, argc, argv, &usage);
}

/* ---- what they mean ---- */

static int understand_map(struct comparing *c)
{
    struct evj_error err = {0};

    for (char **text = c->maps; text != NULL && *text != NULL; text++) {
        if (id_map_add(c->how.map, *text, &err) != 0)
            return trouble("--map: %s", err.text);
    }
    return -1;
}

static int understand_classes(struct comparing *c)
{
    if (c->fail_on != NULL && !diff_class_from_name(c->fail_on, &c->how.fail_on))
        return trouble(
            "--fail-on: \"%s\" is no class of differences: outcome, structure, negotiation, "
            "identity, timing, quality, note",
            c->fail_on);
    if (c->timing != NULL && !diff_timing_from_name(c->timing, &c->how.timing))
        return trouble("--timing: \"%s\" is none of off, note, fail", c->timing);
    return -1;
}

static int understand_picks(const struct picks *picks)
{
    if (picks->count > 2)
        return trouble("%s: give it once for both sides, or twice", picks->option);
    return -1;
}

static char *pick(const struct picks *picks, int side)
{
    return g_strdup(picks->values[picks->count > 1 ? side : 0]);
}

static int understand_side(struct comparing *c, struct diff_input *input, int side)
{
    input->session = pick(&c->sessions, side);
    input->opaque = pick(&c->opaques, side);
    diff_input_name(input, c->options.files[side]);
    return reading_again(&input->reading, &c->options);
}

static int understand(struct comparing *c)
{
    int status;

    if ((status = rule_options_apply(&c->rules, c->how.rules)) >= 0 ||
        (status = understand_map(c)) >= 0 || (status = understand_classes(c)) >= 0 ||
        (status = understand_picks(&c->sessions)) >= 0 ||
        (status = understand_picks(&c->opaques)) >= 0)
        return status;
    if (c->shows_rules)
        return -1;
    if (g_strv_length(c->options.files) != 2)
        return trouble("two journals are needed, A and B; see evj diff --help");
    if ((status = understand_side(c, &c->a, 0)) >= 0 ||
        (status = understand_side(c, &c->b, 1)) >= 0)
        return status;
    if (g_str_equal(c->a.path, "-") && g_str_equal(c->b.path, "-"))
        return trouble("only one of A and B can be read from standard input");
    return diff_output_understand(&c->output, &c->how);
}

/* ---- good calls ---- */

static void take_good(struct model_session *session, void *baseline)
{
    baseline_add(baseline, session);
    model_session_free(session);
}

/* -1 to go on. */
static int read_good(struct baseline *baseline, char *folder)
{
    struct reading reading = {.select = evj_select_new()};
    char *paths[] = {folder, NULL};
    const struct evj_record *record;
    int status = reading.select != NULL ? reading_open(&reading, paths) : trouble("out of memory");

    if (status >= 0) {
        reading_done(&reading);
        return status;
    }
    struct model *model = model_new(false);

    model_set_over(model, take_good, baseline);
    while ((status = reading_next(&reading, &record)) == 0)
        model_add(model, record);
    model_finish(model);
    model_free(model);
    reading_done(&reading);
    return status == EVJ_END ? -1 : EXIT_TROUBLE;
}

static int read_baseline(struct comparing *c)
{
    if (c->baseline_folder == NULL)
        return -1;
    c->how.baseline = baseline_new();
    const int status = read_good(c->how.baseline, c->baseline_folder);

    if (status < 0 && baseline_calls(c->how.baseline) < BASELINE_CALLS_MIN)
        return trouble("--baseline: %s has %u calls: what is usual is told by %u or more",
                       c->baseline_folder, baseline_calls(c->how.baseline), BASELINE_CALLS_MIN);
    return status;
}

/* ---- comparing ---- */

/* With sessions picked on one side only, the other one must leave no choice. */
static int check_choice(const struct diff_input *picked, const struct diff_input *other)
{
    const guint count = roster_briefs(other->roster)->len;

    if ((picked->session == NULL && picked->opaque == NULL) || other->session != NULL ||
        other->opaque != NULL || count == 1 || roster_briefs(picked->roster)->len > 1)
        return -1;
    return trouble("%s: %s has %u sessions: say which with --session (twice), or %s:ID",
                   other->name, other->path, count, other->path);
}

static bool knows(const struct roster *roster, uint64_t id)
{
    const GPtrArray *briefs = roster_briefs(roster);

    for (guint i = 0; i < briefs->len; i++) {
        const struct brief *brief = g_ptr_array_index(briefs, i);

        if (brief->id == id || brief_find_handle(brief, id) >= 0)
            return true;
    }
    return false;
}

/* Everybody whom --map names must be there. */
static int check_map(const struct comparing *c)
{
    uint64_t a, b;

    for (unsigned n = 0; id_map_pair(c->how.map, n, &a, &b); n++) {
        if (!knows(c->a.roster, a))
            return trouble("--map: A: %s has no session or handle %" PRIu64, c->a.path, a);
        if (!knows(c->b.roster, b))
            return trouble("--map: B: %s has no session or handle %" PRIu64, c->b.path, b);
    }
    return -1;
}

static void note_same_file(const struct comparing *c)
{
    struct stat a, b;

    if (c->a.session == NULL && c->a.opaque == NULL && c->b.session == NULL &&
        c->b.opaque == NULL && stat(c->a.path, &a) == 0 && stat(c->b.path, &b) == 0 &&
        a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        note("A and B are the same file");
}

static int compare(struct comparing *c)
{
    struct evj_error err = {0};
    struct diff_result *result = diff_rosters(c->a.roster, c->b.roster, &c->how, &err);
    const struct diff_shown shown = {.result = result,
                                     .a = {c->a.path, c->a.reading.damages},
                                     .b = {c->b.path, c->b.reading.damages}};

    if (result == NULL)
        return trouble_from(&err, NULL);
    int status = diff_output_show(&c->output, &shown);

    /* What cannot be read may differ. */
    if (status < 0)
        status = result->verdict == DIFF_DIFFERENT || shown.a.damages > 0 || shown.b.damages > 0
                     ? EXIT_NO
                     : EXIT_YES;
    diff_free(result);
    return status;
}

static int read_side(struct diff_input *input)
{
    const int status = diff_input_read(input);

    /* It is read to its end: the status will be that of the comparison. */
    if (status < 0)
        reading_end(&input->reading, EVJ_END);
    return status;
}

static int run(struct comparing *c)
{
    int status = understand(c);

    if (status >= 0)
        return status;
    if (c->shows_rules) {
        rules_print_text(c->how.rules, stdout);
        return EXIT_YES;
    }
    if ((status = read_baseline(c)) >= 0 || (status = read_side(&c->a)) >= 0 ||
        (status = read_side(&c->b)) >= 0 || (status = check_choice(&c->a, &c->b)) >= 0 ||
        (status = check_choice(&c->b, &c->a)) >= 0 || (status = check_map(c)) >= 0)
        return status;
    note_same_file(c);
    return compare(c);
}

static void done(struct comparing *c)
{
    struct picks *const picks[] = {&c->sessions, &c->opaques};

    for (size_t i = 0; i < G_N_ELEMENTS(picks); i++) {
        g_free(picks[i]->values[0]);
        g_free(picks[i]->values[1]);
    }
    diff_input_done(&c->a);
    diff_input_done(&c->b);
    diff_output_done(&c->output);
    reading_done(&c->options);
    id_map_free(c->how.map);
    rules_free(c->how.rules);
    baseline_free(c->how.baseline);
    g_strfreev(c->maps);
    rule_options_done(&c->rules);
    g_free(c->fail_on);
    g_free(c->timing);
    g_free(c->baseline_folder);
}

int cmd_diff(int argc, char **argv)
{
    struct comparing comparing = {
        .sessions.option = "--session",
        .opaques.option = "--opaque",
        .how = diff_options_default(rules_new()),
        .output.context = DIFF_CONTEXT_USUAL,
        .a.name = "A",
        .b.name = "B",
    };

    comparing.how.map = id_map_new();
    int status = parse(&comparing, &argc, &argv);

    if (status < 0)
        status = run(&comparing);
    done(&comparing);
    return status;
}

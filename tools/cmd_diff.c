/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj diff: what is different between these two calls? */
#include "evj/json.h"
#include "tools/analysis/diff.h"
#include "tools/command.h"
#include "tools/diff_text.h"
#include "tools/reading.h"
#include "tools/report.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct reading_usage usage = {
    .arguments = "A[:SESSION] B[:SESSION]",
    .summary =
        "Compare two sessions, or all sessions of two journals. Give --session once for both\n"
        "sides, or twice: first for A, then for B. Exit status: 0 the same, 1 different,\n"
        "2 trouble.",
    .description = "Examples:\n"
                   "  evj diff good.evj.gz bad.evj.gz\n"
                   "  evj diff --session 1234 --session 5678 a.evj.gz b.evj.gz\n"
                   "  evj diff week.evj.gz:1234 week.evj.gz:5678",
    .no_json = true,
};

/* One of the two journals. */
struct side {
    const char *name;
    char *path;
    char *session;    /* its id as text, or NULL: all sessions */
    bool is_selected; /* by more than its session */
    struct reading reading;
    int ending; /* what the last reading_next() came to */
    struct model *model;
    const struct model_session *chosen;
};

static void put_session(const char *values[2], int *found, const char *value)
{
    values[*found > 0 ? 1 : 0] = value;
    (*found)++;
}

/*
 * Take the --session options out of argv: they mean one side each, while all other selection
 * options mean both. Returns how many there were; the last two of them are kept.
 */
static int take_sessions(int *argc, char **argv, const char *ret_values[2])
{
    static const char option[] = "--session";
    const size_t len = strlen(option);
    int kept = 1, found = 0;

    for (int i = 1; i < *argc; i++) {
        const bool is_option = strncmp(argv[i], option, len) == 0;

        if (strcmp(argv[i], "--") == 0) {
            while (i < *argc)
                argv[kept++] = argv[i++];
        } else if (is_option && argv[i][len] == '=') {
            put_session(ret_values, &found, argv[i] + len + 1);
        } else if (is_option && argv[i][len] == '\0' && i + 1 < *argc) {
            put_session(ret_values, &found, argv[++i]);
        } else {
            argv[kept++] = argv[i];
        }
    }
    argv[kept] = NULL;
    *argc = kept;
    return found;
}

/* "call.evj.gz:1234": a session behind the last colon, unless a file is called so. */
static void split_path(struct side *side, const char *argument)
{
    const char *colon = strrchr(argument, ':');

    side->path = g_strdup(argument);
    if (colon == NULL || colon[1] == '\0' || colon[1 + strspn(colon + 1, "0123456789")] != '\0' ||
        access(argument, F_OK) == 0)
        return;
    side->path[colon - argument] = '\0';
    g_free(side->session);
    side->session = g_strdup(colon + 1);
}

static bool parse_id(const char *text, uint64_t *ret_id)
{
    const struct evj_slice slice = {.text = text, .len = strlen(text)};

    return slice.len > 0 && evj_json_to_u64(slice, ret_id);
}

/* Narrow a side's selection to its session. -1 to go on. */
static int select_session(struct side *side)
{
    struct evj_error err = {0};

    if (side->session == NULL ||
        evj_select_add_session(side->reading.select, side->session, &err) == 0)
        return -1;
    return trouble("--session: %s; see \"evj diff --help\"", err.text);
}

/* Every side has its own selection: the same options are parsed for each, but for its session. */
static int parse_for(struct side *side, guint index, int argc, char **argv)
{
    g_autofree char **copy = g_memdup2(argv, sizeof(char *) * ((gsize)argc + 1));
    char **values = copy;
    const int status = reading_options(&side->reading, &argc, &values, &usage);

    if (status >= 0)
        return status;
    if (g_strv_length(side->reading.files) != 2)
        return trouble("two journals are needed, A and B; see evj diff --help");
    split_path(side, side->reading.files[index]);
    side->is_selected = !evj_select_is_all(side->reading.select);
    return select_session(side);
}

/* How far apart two ids are as texts: leading digits in common count, for a slip in typing or
 * copying. */
static size_t common_start(const char *a, const char *b)
{
    size_t n = 0;

    while (a[n] != '\0' && a[n] == b[n])
        n++;
    return n;
}

/* Another reading, without selection: what sessions are there? Only after a failure. */
static char *nearest_session(const struct side *side)
{
    const GPtrArray *sessions = model_sessions(side->model);
    char *nearest = NULL;
    size_t best = 0;

    for (guint i = 0; i < sessions->len; i++) {
        const struct model_session *session = g_ptr_array_index(sessions, i);
        g_autofree char *id = g_strdup_printf("%" PRIu64, session->id);
        const size_t common = common_start(id, side->session);

        if (nearest == NULL || common > best) {
            g_free(nearest);
            nearest = g_steal_pointer(&id);
            best = common;
        }
    }
    return nearest;
}

/* A mark belongs to no session and is of no type: it tells whether the selection ends in time. */
static enum model_scope scope_of(const struct side *side)
{
    const struct evj_record first = {
        .kind = EVJ_RECORD_MARK, .has_seq = true, .wall_us = INT64_MIN};
    const struct evj_record last = {
        .kind = EVJ_RECORD_MARK, .has_seq = true, .seq = UINT64_MAX, .wall_us = INT64_MAX};

    if (!side->is_selected)
        return MODEL_WHOLE;
    return evj_select_matches(side->reading.select, &first) &&
                   evj_select_matches(side->reading.select, &last)
               ? MODEL_FILTERED
               : MODEL_CUT;
}

/* Read a side's records into its model. -1 to go on. */
static int read_side(struct side *side, bool keep_facts)
{
    const struct evj_record *record;
    char *paths[] = {side->path, NULL};
    int status = reading_open(&side->reading, paths);

    if (status >= 0)
        return status;
    side->model = model_new(keep_facts);
    while ((side->ending = reading_next(&side->reading, &record)) == 0)
        model_add(side->model, record);
    model_set_scope(side->model, scope_of(side));
    /* A file that stops in the middle is compared as far as it goes; that it does has been said. */
    return side->ending == EVJ_END ? -1 : EXIT_TROUBLE;
}

static int tell_missing_session(struct side *side)
{
    struct side all = {.name = side->name, .path = side->path, .session = side->session};
    g_autofree char *nearest = NULL;

    all.reading.select = evj_select_new();
    if (all.reading.select != NULL && read_side(&all, false) < 0)
        nearest = nearest_session(&all);
    model_free(all.model);
    reading_done(&all.reading);
    if (nearest == NULL)
        return trouble("%s: %s has no session %s: list those it has with evj sessions", side->name,
                       side->path, side->session);
    return trouble("%s: %s has no session %s; the nearest is %s. List all with evj sessions",
                   side->name, side->path, side->session, nearest);
}

static int tell_empty(const struct side *side)
{
    return trouble("%s: no session in %s%s", side->name, side->path,
                   evj_select_is_all(side->reading.select) ? "" : " that the selection matches");
}

static int load_side(struct side *side)
{
    uint64_t id = 0;

    int status = read_side(side, true);

    if (status >= 0)
        return status;
    if (side->session != NULL) {
        if (parse_id(side->session, &id))
            side->chosen = model_find_session(side->model, id);
        if (side->chosen == NULL)
            return tell_missing_session(side);
    } else if (model_sessions(side->model)->len == 0) {
        return tell_empty(side);
    }
    /* The status is that of the comparison. */
    reading_end(&side->reading, side->ending);
    return -1;
}

/* With a session on one side only, it is compared with the only one of the other. */
static int choose_other(struct side *side, const struct side *other)
{
    const GPtrArray *sessions = model_sessions(side->model);

    if (side->chosen != NULL || other->chosen == NULL)
        return -1;
    if (sessions->len != 1)
        return trouble("%s: %s has %u sessions: say which with --session (twice), or %s:ID",
                       side->name, side->path, sessions->len, side->path);
    side->chosen = g_ptr_array_index(sessions, 0);
    return -1;
}

static int compare(const struct side *a, const struct side *b)
{
    struct rules *rules = rules_new();
    struct diff_result *result = diff_models(a->model, a->chosen, b->model, b->chosen, rules);
    const struct diff_text_options options = {
        .a_name = a->path, .b_name = b->path, .colour = wants_colour(stdout)};
    /* What cannot be read may differ. */
    const bool is_damaged = a->reading.damages > 0 || b->reading.damages > 0;
    const int status = result->verdict == DIFF_DIFFERENT || is_damaged ? EXIT_NO : EXIT_YES;

    diff_text_print(result, &options, stdout);
    diff_free(result);
    rules_free(rules);
    return status;
}

static int run(struct side *a, struct side *b, int argc, char **argv)
{
    int status;

    if ((status = parse_for(a, 0, argc, argv)) >= 0 ||
        (status = parse_for(b, 1, argc, argv)) >= 0 || (status = load_side(a)) >= 0 ||
        (status = load_side(b)) >= 0 || (status = choose_other(a, b)) >= 0 ||
        (status = choose_other(b, a)) >= 0)
        return status;
    return compare(a, b);
}

static void side_done(struct side *side)
{
    model_free(side->model);
    reading_done(&side->reading);
    g_free(side->path);
    g_free(side->session);
}

int cmd_diff(int argc, char **argv)
{
    struct side sides[2] = {{.name = "A"}, {.name = "B"}};
    const char *sessions[2] = {NULL, NULL};
    const int given = take_sessions(&argc, argv, sessions);
    int status = given > 2 ? trouble("--session: give it once for both sides, or twice") : -1;

    for (int i = 0; i < 2 && given > 0; i++)
        sides[i].session = g_strdup(sessions[MIN(i, given - 1)]);
    if (status < 0)
        status = run(&sides[0], &sides[1], argc, argv);
    side_done(&sides[0]);
    side_done(&sides[1]);
    return status;
}

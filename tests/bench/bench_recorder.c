/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a handler costs a Janus: processor time per event, and time inside incoming_event(), which
 * is Janus's own events thread; at a steady 20,000 events a second, and at the most that it takes.
 *
 * The contenders take turns, so that whatever else the machine does hits all of them; what is
 * printed are medians over the rounds, and the quartiles. A handler's processor time is that of the
 * whole process less that of the same process a moment before, without the handler.
 */
#include "tests/bench/contest.h"
#include "tests/bench/goals.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *recorder_path, *naive_path;
static char *handlers_dir = (char *)"/usr/lib/x86_64-linux-gnu/janus/events";
static char *only;
static gboolean quick;
static gint round_count = 7, events_per_s = 20000;
static gdouble seconds = 1.5;

static const GOptionEntry entries[] = {
    {"recorder", 0, 0, G_OPTION_ARG_FILENAME, &recorder_path, "libjanus_journalevh.so", "FILE"},
    {"naive", 0, 0, G_OPTION_ARG_FILENAME, &naive_path, "libjanus_naiveevh.so", "FILE"},
    {"handlers", 0, 0, G_OPTION_ARG_FILENAME, &handlers_dir, "where Janus's own ones are", "DIR"},
    {"only", 0, 0, G_OPTION_ARG_STRING, &only, "the handlers whose name has this in it", "TEXT"},
    {"rounds", 0, 0, G_OPTION_ARG_INT, &round_count, "of each measurement (7)", "N"},
    {"rate", 0, 0, G_OPTION_ARG_INT, &events_per_s, "events a second (20000)", "N"},
    {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "of each paced run (1.5)", "S"},
    {"quick", 0, 0, G_OPTION_ARG_NONE, &quick, "only see whether it runs", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

struct figures {
    struct rounds without_us, added_us, wall_us, cpu_us, p50_ns, p99_ns, bytes, gzip_bytes, lost;
};

/* NULL: not on this machine, or nothing that could be. */
static char *library_of(const struct contender *contender)
{
    g_autofree char *path = NULL;

    if (!contender->library)
        return NULL;
    if (strstr(contender->library, "journalevh"))
        path = g_strdup(recorder_path);
    else if (strstr(contender->library, "naiveevh"))
        path = g_strdup(naive_path);
    else
        path = g_build_filename(handlers_dir, contender->library, NULL);
    return path && access(path, R_OK) == 0 ? g_steal_pointer(&path) : NULL;
}

static bool takes_part(const struct contender *contender)
{
    g_autofree char *path = library_of(contender);

    return (!only || strstr(contender->name, only)) && (path || !contender->library);
}

static void add_slices(struct figures *figures, const struct contest_result *result)
{
    for (size_t i = 0; i < CONTEST_SLICES; i++) {
        rounds_add(&figures->without_us, result->without_us[i]);
        rounds_add(&figures->added_us,
                   result->with_us[i] - result->without_us[i] + result->destroy_us);
    }
}

static void add(struct figures *figures, const struct contest *contest,
                const struct contest_result *result)
{
    double events = (double)contest->events;

    if (contest->per_second > 0)
        add_slices(figures, result);
    rounds_add(&figures->wall_us, result->wall_us);
    rounds_add(&figures->cpu_us, result->cpu_us);
    rounds_add(&figures->p50_ns, result->callback_p50_ns);
    rounds_add(&figures->p99_ns, result->callback_p99_ns);
    rounds_add(&figures->bytes, (double)result->bytes / events);
    rounds_add(&figures->gzip_bytes, (double)result->gzip_bytes / events);
    rounds_add(&figures->lost, 100 * (1 - (double)result->arrived / events));
}

/* One round: everybody once. Returns how many failed. */
static int run_round(struct contest *contest, struct figures *figures)
{
    int failed = 0;

    for (size_t i = 0; i < contender_count(); i++) {
        g_autofree char *path = library_of(contender_get(i));
        struct contest_result result;
        contest->library_path = path;
        if (!takes_part(contender_get(i)))
            continue;
        if (contest_run(contender_get(i), contest, &result) == 0)
            add(&figures[i], contest, &result);
        else
            failed++;
    }
    return failed;
}

static void add_quartiles(struct table *table, const struct rounds *rounds)
{
    table_add(table, "(%.1f … %.1f)", rounds_lower(rounds), rounds_upper(rounds));
}

/* How many times more than the recorder. */
static void add_ratio(struct table *table, double value, double of)
{
    if (value > 0 && of > 0)
        table_add(table, "%.1fx", value / of);
    else
        table_add(table, "-");
}

static void print_paced(const struct contest *contest, const struct figures *figures)
{
    static const char *const heads[] = {
        "handler",         "without µs", "added µs",  "(quartiles)", "against journalevh",
        "callback p50 ns", "p99 ns",     "bytes out", "lost %",      NULL};
    g_autofree char *title = g_strdup_printf(
        "Per event at %lu events/s: CPU time of the process without the handler, and what it adds\n"
        "medians of %zu slices of %lu events",
        (unsigned long)contest->per_second, figures[CONTENDER_RECORDER].added_us.count,
        (unsigned long)(contest->events / CONTEST_SLICES));
    double own_us = rounds_median(&figures[CONTENDER_RECORDER].added_us);
    struct table table;

    table_init(&table, title, heads);
    for (size_t i = 0; i < contender_count(); i++) {
        double added_us = rounds_median(&figures[i].added_us);
        if (figures[i].added_us.count == 0)
            continue;
        table_add(&table, "%s", contender_get(i)->name);
        table_add(&table, "%.1f", rounds_median(&figures[i].without_us));
        table_add(&table, "%.1f", added_us);
        add_quartiles(&table, &figures[i].added_us);
        add_ratio(&table, added_us, own_us);
        table_add(&table, "%.0f", rounds_median(&figures[i].p50_ns));
        table_add(&table, "%.0f", rounds_median(&figures[i].p99_ns));
        table_add(&table, "%.1f", rounds_median(&figures[i].bytes));
        table_add(&table, "%.2f", rounds_median(&figures[i].lost));
    }
    table_print(&table);
}

static void print_flood(const struct contest *contest, const struct figures *figures)
{
    static const char *const heads[] = {
        "handler", "µs per event",    "(quartiles)", "events/s", "against journalevh",
        "CPU µs",  "callback p50 ns", "lost %",      NULL};
    g_autofree char *title = g_strdup_printf(
        "As fast as possible: %lu events that were there before, until all had arrived or were on "
        "disk\nmedians of %zu rounds",
        (unsigned long)contest->events, figures[CONTENDER_RECORDER].wall_us.count);
    double own_us = rounds_median(&figures[CONTENDER_RECORDER].wall_us);
    struct table table;

    table_init(&table, title, heads);
    for (size_t i = 0; i < contender_count(); i++) {
        double wall_us = rounds_median(&figures[i].wall_us);
        if (figures[i].wall_us.count == 0)
            continue;
        table_add(&table, "%s", contender_get(i)->name);
        table_add(&table, "%.2f", wall_us);
        add_quartiles(&table, &figures[i].wall_us);
        table_add(&table, "%.0f", 1e6 / wall_us);
        add_ratio(&table, wall_us, own_us);
        table_add(&table, "%.2f", rounds_median(&figures[i].cpu_us));
        table_add(&table, "%.0f", rounds_median(&figures[i].p50_ns));
        table_add(&table, "%.2f", rounds_median(&figures[i].lost));
    }
    table_print(&table);
}

/* ---- goals ---- */

static double ratio(const struct rounds *of, const struct rounds *to)
{
    double divisor = rounds_median(to);

    return divisor > 0 ? rounds_median(of) / divisor : 0;
}

/* The least that one of Janus's own handlers adds; 0: none was measured. */
static double cheapest_us(const struct figures *figures, const char **ret_name)
{
    double least_us = 0;

    for (size_t i = 0; i < contender_count(); i++) {
        double added_us = rounds_median(&figures[i].added_us);
        if (contender_get(i)->backend == BACKEND_NONE || figures[i].added_us.count == 0 ||
            (least_us > 0 && added_us >= least_us))
            continue;
        least_us = added_us;
        *ret_name = contender_get(i)->name;
    }
    return least_us;
}

static void print_goals(const struct figures *paced, const struct figures *flood)
{
    const struct figures *naive = &paced[CONTENDER_NAIVE], *own = &paced[CONTENDER_RECORDER],
                         *copy = &paced[CONTENDER_COPY];
    const char *cheapest = "the cheapest of Janus's handlers";
    double least_us = cheapest_us(paced, &cheapest), own_us = rounds_median(&own->added_us);
    g_autofree char *than_cheapest = g_strdup_printf("CPU per event, of that of %s", cheapest);
    struct table table;

    goals_begin(&table);
    goals_add(&table, "CPU per event: naive recorder / journalevh",
              ratio(&naive->added_us, &own->added_us), GOAL_AT_LEAST, 5, "x");
    goals_add(&table, than_cheapest, least_us > 0 ? own_us / least_us : 0, GOAL_BELOW, 1, "x");
    goals_add(&table, "its file, of gzip -6 of the same lines",
              ratio(&own->bytes, &own->gzip_bytes), GOAL_AT_MOST, 1, "x");
    goals_add(&table, "its file, of the naive one, which has no seq and mono",
              ratio(&own->bytes, &naive->bytes), GOAL_AT_MOST, 1, "x");
    goals_add(&table, "time in incoming_event, of json_deep_copy: p50",
              ratio(&own->p50_ns, &copy->p50_ns), GOAL_AT_MOST, 1, "x");
    goals_add(&table, "the same: p99", ratio(&own->p99_ns, &copy->p99_ns), GOAL_AT_MOST, 1, "x");
    goals_add(&table, "time in incoming_event: p99", rounds_median(&own->p99_ns) / 1e3,
              GOAL_AT_MOST, 5, " µs");
    goals_add(&table, "sustained maximum: journalevh / naive recorder",
              ratio(&flood[CONTENDER_NAIVE].wall_us, &flood[CONTENDER_RECORDER].wall_us),
              GOAL_AT_LEAST, 3, "x");
    table_print(&table);
}

static void name_missing(void)
{
    for (size_t i = 0; i < contender_count(); i++) {
        if (!takes_part(contender_get(i)))
            printf("left out: %s\n", contender_get(i)->name);
    }
}

static int run_all(void)
{
    uint64_t slice = (uint64_t)((double)events_per_s * seconds / CONTEST_SLICES);
    struct contest paced = {
        .events = slice * CONTEST_SLICES, .per_second = (uint64_t)events_per_s, .buffer = "4M"};
    /* A ring for all of it: how fast it can be written is the question, not how much is lost. */
    struct contest flood = {.events = quick ? 5000 : 50000, .buffer = "64M"};
    g_autofree struct figures *paced_figures = g_new0(struct figures, contender_count());
    g_autofree struct figures *flood_figures = g_new0(struct figures, contender_count());
    int failed = 0;

    name_missing();
    for (gint round = 0; round < round_count; round++) {
        failed += run_round(&paced, paced_figures);
        failed += run_round(&flood, flood_figures);
    }
    print_paced(&paced, paced_figures);
    print_flood(&flood, flood_figures);
    print_goals(paced_figures, flood_figures);
    return failed;
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "bench_recorder: %s\n", error->message);
        return 2;
    }
    if (quick) {
        round_count = 1;
        seconds = 0.1;
    }
    return run_all() == 0 ? 0 : 1;
}

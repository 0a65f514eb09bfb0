/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj_generate: realistic Janus events as JSON lines on standard output. */
#include "tests/bench/generate.h"

#include <glib.h>
#include <stdio.h>

/* What the options say, in people's units. */
static gint64 seed = 1, events = 10000;
static gint sessions = 10;
static gdouble talk_s = 600, ramp_s = 10;
static gboolean steady;

static const GOptionEntry entries[] = {
    {"events", 'n', 0, G_OPTION_ARG_INT64, &events, "how many (10000)", "N"},
    {"sessions", 's', 0, G_OPTION_ARG_INT, &sessions, "at any time (10)", "N"},
    {"talk", 't', 0, G_OPTION_ARG_DOUBLE, &talk_s, "mean length of a call (600)", "SECONDS"},
    {"ramp", 'r', 0, G_OPTION_ARG_DOUBLE, &ramp_s, "the first calls begin within (10)", "SECONDS"},
    {"steady", 0, 0, G_OPTION_ARG_NONE, &steady, "begin in the middle of all calls", NULL},
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "other events (1)", "N"},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

static int print_events(void)
{
    struct generator_options options = {
        .seed = (uint64_t)seed,
        .sessions = (unsigned)MAX(sessions, 1),
        .talk_us = (int64_t)(talk_s * 1e6),
        .ramp_us = (int64_t)(ramp_s * 1e6),
        .steady = steady,
    };
    struct generator *generator = generator_new(&options);
    int failed = 0;

    for (gint64 i = 0; i < events && !failed; i++) {
        json_t *event = generator_next(generator);
        failed = json_dumpf(event, stdout, JSON_COMPACT) < 0 || putchar('\n') == EOF;
        json_decref(event);
    }
    generator_free(generator);
    return failed || fflush(stdout) != 0;
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, "Prints realistic Janus events, one a line.");
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "evj_generate: %s\n", error->message);
        return 2;
    }
    if (print_events() != 0) {
        perror("evj_generate: standard output");
        return 2;
    }
    return 0;
}

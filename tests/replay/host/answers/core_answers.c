/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An event handler whose init() asks the core about everything that a handler may rely on and
 * writes the answers to <config folder>/answers.txt. test_answers.c runs it in Debian's Janus and
 * in our host and compares the two files: what differs is a bug of ours.
 *
 * Built against Janus's own headers, as any handler is.
 */

#include "tests/replay/host/answers/answers.h"

#include <janus/debug.h>
#include <janus/mutex.h>
#include <janus/refcount.h>
#include <janus/utils.h>

#include <janus/events/eventhandler.h>

FILE *out;

janus_eventhandler *create(void);

static int answers_init(const char *folder)
{
    char *path = g_build_filename(folder, "answers.txt", NULL);

    out = fopen(path, "w");
    setvbuf(out, NULL, _IOLBF, 0);
    g_free(path);
    answer_config(folder);
    answer_utils(folder);
    answer_network();
    answer_macros();
    fprintf(out, "log level %d timestamps %d prefix %s lock %d refcount %d\n", janus_log_level,
            janus_log_timestamps, shown(janus_log_global_prefix), lock_debug, refcount_debug);
    fclose(out);
    return 0;
}

static void answers_destroy(void)
{
}

static int three(void)
{
    return JANUS_EVENTHANDLER_API_VERSION;
}

static const char *text(void)
{
    return "janus.eventhandler.answers";
}

static void ignore_event(json_t *event)
{
    (void)event;
}

static janus_eventhandler answers = {
    .init = answers_init,
    .destroy = answers_destroy,
    .get_api_compatibility = three,
    .get_version = three,
    .get_version_string = text,
    .get_description = text,
    .get_name = text,
    .get_author = text,
    .get_package = text,
    .incoming_event = ignore_event,
};

janus_eventhandler *create(void)
{
    return &answers;
}

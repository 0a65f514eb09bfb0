/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a supervised replay ended, told to people and to programs (supervise.h). */

#include "replay/supervise.h"

#include "replay/handler_report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* By enum host_phase: the name in JSON, and the place in a sentence. */
static const struct {
    const char *name, *place;
    const char *meanwhile; /* the place of the other threads */
} phases[] = {
    [HOST_PHASE_LOAD] = {"load", "while it was loaded", "while it was loaded"},
    [HOST_PHASE_INIT] = {"init", "in init", "during init"},
    [HOST_PHASE_EVENT] = {"incoming_event", "in incoming_event of", "during incoming_event of"},
    [HOST_PHASE_IDLE] = {"idle", "outside its callbacks, after", "after"},
    [HOST_PHASE_REQUEST] = {"handle_request", "in handle_request, after",
                            "during handle_request, after"},
    [HOST_PHASE_DRAIN] = {"drain", "while it was given time to finish, after",
                          "while it was given time to finish, after"},
    [HOST_PHASE_DESTROY] = {"destroy", "in destroy, after", "during destroy, after"},
    [HOST_PHASE_DONE] = {"done", "after destroy", "after destroy"},
};

static bool has_record(enum host_phase phase)
{
    return phase >= HOST_PHASE_EVENT && phase <= HOST_PHASE_DESTROY;
}

static void describe_place(const struct supervise_ending *ending, char *text, size_t size)
{
    const char *place =
        ending->elsewhere ? phases[ending->phase].meanwhile : phases[ending->phase].place;
    char thread[48] = "";

    if (ending->elsewhere)
        snprintf(thread, sizeof(thread), "in its thread \"%s\", ", ending->crash.name);
    if (!has_record(ending->phase))
        snprintf(text, size, "%s%s", thread, place);
    else if (ending->seq == UINT64_MAX)
        snprintf(text, size, "%sbefore the first event", thread);
    else
        snprintf(text, size, "%s%s record %" PRIu64, thread, place, ending->seq);
}

static const char *signal_name(int signal, char name[static 16])
{
    const char *known = sigabbrev_np(signal);

    if (known != NULL)
        snprintf(name, 16, "SIG%s", known);
    else
        snprintf(name, 16, "signal %d", signal);
    return name;
}

void supervise_describe(const struct supervise_ending *ending, char *text, size_t size)
{
    const char *who = ending->handler[0] != '\0' ? ending->handler : "the handler";
    char place[144], name[16];

    describe_place(ending, place, sizeof(place));
    switch (ending->how) {
    case SUPERVISE_RETURNED:
        snprintf(text, size, "%s was destroyed", who);
        break;
    case SUPERVISE_EXITED:
        snprintf(text, size, "%s called exit(%d) %s", who, ending->status, place);
        break;
    case SUPERVISE_SIGNALLED:
        snprintf(text, size, "%s died of %s (%s) %s", who, signal_name(ending->signal, name),
                 strsignal(ending->signal), place);
        break;
    case SUPERVISE_HUNG:
        snprintf(text, size, "%s did not return within %.3g s %s, and was killed", who,
                 (double)ending->timeout_us / 1e6, place);
        break;
    case SUPERVISE_KILLED:
        snprintf(text, size, "%s was killed on request %s", who, place);
        break;
    }
}

static const char *const how_names[] = {
    [SUPERVISE_RETURNED] = "destroyed", [SUPERVISE_EXITED] = "exit",
    [SUPERVISE_SIGNALLED] = "signal",   [SUPERVISE_HUNG] = "hung",
    [SUPERVISE_KILLED] = "killed",
};

static void put_crash(json_t *object, const struct crash *crash)
{
    json_t *backtrace = json_array();

    for (unsigned i = 0; i < crash->frames; i++)
        json_array_append_new(backtrace, json_string(crash->frame[i]));
    json_object_set_new(object, "thread", json_string(crash->name));
    json_object_set_new(object, "backtrace", backtrace);
}

json_t *supervise_ending_json(const struct supervise_ending *ending)
{
    char text[320], name[16];
    json_t *object;

    supervise_describe(ending, text, sizeof(text));
    object = json_pack("{s:s, s:s, s:s}", "how", how_names[ending->how], "phase",
                       phases[ending->phase].name, "text", text);
    if (has_record(ending->phase) && ending->seq != UINT64_MAX)
        json_object_set_new(object, "seq", json_integer((json_int_t)ending->seq));
    if (ending->how == SUPERVISE_EXITED)
        json_object_set_new(object, "status", json_integer(ending->status));
    if (ending->how == SUPERVISE_SIGNALLED)
        json_object_set_new(object, "signal", json_string(signal_name(ending->signal, name)));
    if (ending->crash.signal != 0)
        put_crash(object, &ending->crash);
    return object;
}

/* ---- what they had done ---- */

static json_t *report_handler(const struct supervised *shared, unsigned index,
                              const struct supervise_ending *ending, bool *found)
{
    char package[HOST_PACKAGE_SIZE];

    crash_copy_text(package, shared->host.handler[index].package, sizeof(package));
    bool is_culprit = strcmp(package, ending->handler) == 0;

    *found |= is_culprit;
    return handler_report_json(package, &shared->host.handler[index].probe,
                               is_culprit ? supervise_ending_json(ending)
                                          : json_pack("{s:s}", "how", "running"));
}

json_t *supervise_handlers_json(const struct supervised *shared,
                                const struct supervise_ending *ending)
{
    json_t *handlers = json_array();
    unsigned count = shared->host.handlers;
    bool found = false;

    for (unsigned i = 0; i < count && i < HOST_HANDLERS_MAX; i++)
        json_array_append_new(handlers, report_handler(shared, i, ending, &found));
    if (!found) /* it has not come through its init */
        json_array_append_new(handlers, json_pack("{s:s, s:o}", "package", ending->handler, "ended",
                                                  supervise_ending_json(ending)));
    return handlers;
}

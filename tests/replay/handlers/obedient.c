/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Does what an event's "label" says: "crash", "exit", "hang", "warn", "complain" (log an error), "keep" (for ever), "pick" (keep a
 * part of it for ever), "silence" (close its output); and, until a request comes: "hold", "send" (what nobody reads), "start" (a thread).
 * "go": a request that said "await go" may return. Others may say "crash" and "hang".
 * In init, what the environment's OBEDIENT_INIT says; with OBEDIENT_REFUSES set, init fails, and
 * OBEDIENT_LOAD makes the loading itself crash.
 */

#include "tests/replay/host/handlers/handler.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static GQueue held = G_QUEUE_INIT;
static int sent[2] = {-1, -1}; /* a socket pair with a byte in it */
static GThread *started;
static GMutex until;
static GQueue kept = G_QUEUE_INIT; /* only so that leak checkers do not see them as lost */

/* A backtrace shows it by its name. */
__attribute__((visibility("default"), noinline)) void obedient_crash(void);
void obedient_crash(void)
{
    raise(SIGSEGV);
    __asm__ volatile(""); /* or the call above would take this function's place on the stack */
}

static void obey_crash(json_t *event)
{
    (void)event;
    obedient_crash();
}

static void obey_exit(json_t *event)
{
    (void)event;
    _exit(3);
}

static void obey_hang(json_t *event)
{
    (void)event;
    for (;;)
        pause();
}

static void obey_silence(json_t *event)
{
    (void)event;
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
}

static void obey_warn(json_t *event)
{
    (void)event;
    LOG("[WARN] ", "as you wish\n");
}

static void obey_complain(json_t *event)
{
    (void)event;
    LOG("[ERR] ", "[obedient.c:obey_complain:1] alas\n");
}

static void obey_hold(json_t *event)
{
    g_queue_push_tail(&held, json_incref(event));
}

static void obey_keep(json_t *event)
{
    g_queue_push_tail(&kept, json_incref(event));
}

static void obey_pick(json_t *event)
{
    g_queue_push_tail(&kept, json_incref(json_object_get(event, "label")));
}

static void obey_send(json_t *event)
{
    (void)event;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sent) != 0 || write(sent[0], "x", 1) != 1)
        abort();
}

static gpointer live_until(gpointer unused)
{
    g_mutex_lock(&until);
    g_mutex_unlock(&until);
    return unused;
}

static void obey_start(json_t *event)
{
    (void)event;
    g_mutex_lock(&until);
    started = g_thread_new("obedient", live_until, NULL);
}

static gint gone;

static void obey_go(json_t *event)
{
    (void)event;
    g_atomic_int_set(&gone, TRUE);
}

static const struct {
    const char *label;
    void (*obey)(json_t *event);
} orders[] = {
    {"crash", obey_crash}, {"exit", obey_exit},         {"hang", obey_hang},
    {"warn", obey_warn},   {"hold", obey_hold},         {"keep", obey_keep},
    {"pick", obey_pick},   {"complain", obey_complain}, {"silence", obey_silence},
    {"send", obey_send},   {"start", obey_start},       {"go", obey_go},
};

static void obey(const char *label, json_t *event)
{
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        if (g_strcmp0(label, orders[i].label) == 0)
            orders[i].obey(event);
}

__attribute__((constructor)) static void loaded(void)
{
    if (getenv("OBEDIENT_LOAD") != NULL)
        obey_crash(NULL);
}

static int init(const char *config_path)
{
    (void)config_path;
    obey(getenv("OBEDIENT_INIT"), NULL);
    if (getenv("OBEDIENT_REFUSES") != NULL) {
        LOG("[WARN] ", "no configuration\n");
        LOG("[WARN] ", "disabled\n");
        return -1;
    }
    return 0;
}

static void incoming_event(json_t *event)
{
    obey(json_string_value(json_object_get(event, "label")), event);
}

static void read_sent(void)
{
    char byte;

    if (sent[1] >= 0 && read(sent[1], &byte, 1) != 1)
        abort();
    for (int i = 0; i < 2; i++) {
        if (sent[i] >= 0)
            close(sent[i]);
        sent[i] = -1;
    }
}

static void end_started(void)
{
    if (started == NULL)
        return;
    g_mutex_unlock(&until);
    g_thread_join(started);
    started = NULL;
}

static void release_all(void)
{
    for (json_t *event; (event = g_queue_pop_head(&held));)
        json_decref(event);
}

/* What a request says; every other one undoes what events have made it do. */
static void obey_request(const char *order)
{
    if (g_strcmp0(order, "crash") == 0)
        obedient_crash();
    if (g_strcmp0(order, "hang") == 0)
        obey_hang(NULL);
    while (g_strcmp0(order, "await go") == 0 && !g_atomic_int_get(&gone))
        g_usleep(1000);
}

static json_t *handle_request(json_t *request)
{
    const char *order = json_string_value(json_object_get(request, "request"));

    obey_request(order);
    release_all();
    read_sent();
    end_started();
    return order == NULL ? NULL : json_pack("{s:s}", "obeyed", order);
}

HANDLER("janus.eventhandler.obedient", .init = init, .destroy = release_all,
        .incoming_event = incoming_event, .handle_request = handle_request)

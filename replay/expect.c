/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/expect.h"

#include "evj/cleanup.h"
#include "replay/expect_internal.h"
#include "replay/replay.h"

#define NS_PER_US INT64_C(1000)

/* How often GOT is looked at while it is waited for. */
#define LOOK_EVERY_NS INT64_C(100000000)

/* ---- waiting ---- */

struct waiting {
    const struct expect_options *options;
    int64_t begun_ns;
    int64_t since_ns; /* when the last expected event was found */
    uint64_t come;    /* so far */
};

static int64_t now_ns(const struct expect_options *options)
{
    return options->clock->now(options->clock);
}

static bool may_wait(const struct waiting *waiting)
{
    const struct expect_options *options = waiting->options;

    return (options->stop == NULL || *options->stop < REPLAY_HURRY) &&
           now_ns(options) - waiting->since_ns < options->wait_us * NS_PER_US;
}

/* Until GOT is another than it was when it looked like `look`. False: it has had its time. */
static bool wait_for_more(struct waiting *waiting, uint64_t look, const struct got *got)
{
    const struct expect_options *options = waiting->options;
    bool has_changed = false;

    while (!has_changed && may_wait(waiting)) {
        options->clock->sleep_until(options->clock, now_ns(options) + LOOK_EVERY_NS);
        has_changed = got->is_live || got_look(options->got) != look;
    }
    return has_changed;
}

/* The time to wait begins anew with each expected event: what else comes there does not count. */
static void note_progress(struct waiting *waiting, const struct match *match)
{
    if (match->come > waiting->come)
        waiting->since_ns = now_ns(waiting->options);
    waiting->come = match->come;
    if (waiting->options->waiting != NULL)
        waiting->options->waiting(match->come, match->expected->len, waiting->options->context);
}

/* ---- reading until all is there ---- */

/* A file that is being written may be caught in the midst of a block: that is no fault of GOT's. */
static int read_until_complete(struct waiting *waiting, const GArray *expected,
                               struct event_notes *others, struct match **ret_match,
                               struct got *ret_got, struct evj_error *err)
{
    bool again = true;
    int status = 0;

    while (status == 0 && again) {
        const uint64_t look = got_look(waiting->options->got);

        match_free(*ret_match);
        *ret_match = match_new(expected, others);
        status = got_read(waiting->options, *ret_match, ret_got, err);
        if (status < 0)
            break;
        note_progress(waiting, *ret_match);
        again = (*ret_match)->come < expected->len && wait_for_more(waiting, look, ret_got);
    }
    return status;
}

/* ---- the verdict ---- */

static json_t *json_expected(const struct match *match, uint32_t index)
{
    const struct event_note *note = &g_array_index(match->expected, struct event_note, index);
    json_t *event = json_pack("{s:I, s:I, s:I}", "seq", (json_int_t)note->seq, "type",
                              (json_int_t)note->type, "session_id", (json_int_t)note->session_id);

    if (match->arrivals[index].number != EXPECT_NONE)
        json_object_set_new(event, "got_seq",
                            json_integer((json_int_t)match->arrivals[index].got_seq));
    return event;
}

/* Takes over `event`; the first ones are named. */
static void list(json_t *events, json_t *event)
{
    if (json_array_size(events) < EXPECT_NAMED)
        json_array_append_new(events, event);
    else
        json_decref(event);
}

static json_t *json_list(uint64_t count, json_t *events)
{
    return json_pack("{s:I, s:o}", "count", (json_int_t)count, "events", events);
}

static json_t *json_lost(const struct match *match)
{
    json_t *events = json_array();

    for (uint32_t i = 0; i < match->expected->len && json_array_size(events) < EXPECT_NAMED; i++)
        if (match->arrivals[i].number == EXPECT_NONE)
            list(events, json_expected(match, i));
    return json_list(match->expected->len - match->come, events);
}

static json_t *json_reordered(const struct match *match)
{
    json_t *events = json_array();
    uint64_t count;
    g_autofree bool *moved = expect_moved(match, &count);

    for (uint32_t i = 0; i < match->expected->len && json_array_size(events) < EXPECT_NAMED; i++)
        if (moved[i])
            list(events, json_expected(match, i));
    return json_list(count, events);
}

/* Those that an expected event has come to once more, or those that none has. */
static json_t *json_strays(const struct match *match, bool twins)
{
    json_t *events = json_array();
    uint64_t count = 0;

    for (guint i = 0; i < match->strays->len; i++) {
        const struct stray *stray = &g_array_index(match->strays, struct stray, i);
        json_t *event;

        if ((stray->twin != EXPECT_NONE) != twins || count++ >= EXPECT_NAMED)
            continue;
        event = json_pack("{s:I, s:I, s:I}", "got_seq", (json_int_t)stray->got_seq, "type",
                          (json_int_t)stray->type, "session_id", (json_int_t)stray->session_id);
        if (twins)
            json_object_set_new(event, "seq",
                                json_integer((json_int_t)g_array_index(
                                                 match->expected, struct event_note, stray->twin)
                                                 .seq));
        json_array_append_new(events, event);
    }
    return json_list(count, events);
}

static bool is_ok(const json_t *verdict)
{
    static const char *const wrongs[] = {"lost", "duplicated", "reordered", "altered",
                                         "unexpected"};

    for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++)
        if (json_integer_value(json_object_get(json_object_get(verdict, wrongs[i]), "count")) > 0)
            return false;
    return true;
}

static json_t *json_verdict(const struct waiting *waiting, const struct match *match,
                            const struct got *got, const struct event_notes *delivered)
{
    const struct expect_options *options = waiting->options;
    const int64_t waited_ns = now_ns(options) - waiting->begun_ns;
    json_t *verdict = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:{s:I, s:I}, s:I, s:b}", "got",
        options->got, "expected", (json_int_t)match->expected->len, "come", (json_int_t)match->come,
        "got_events", (json_int_t)match->got_events, "waited_us",
        (json_int_t)(waited_ns / NS_PER_US), "lost", json_lost(match), "duplicated",
        json_strays(match, true), "reordered", json_reordered(match), "altered",
        expect_altered(match, delivered, options->ignored), "unexpected", json_strays(match, false),
        "gaps", "records", (json_int_t)got->gap_records, "events", (json_int_t)got->gap_events,
        "damages", (json_int_t)got->damages, "missing", got->is_missing);

    json_object_set_new(verdict, "ok", json_boolean(is_ok(verdict)));
    return verdict;
}

int expect_judge(const struct expect_options *options, const struct event_notes *delivered,
                 json_t **ret_verdict, struct evj_error *err)
{
    struct waiting waiting = {.options = options, .begun_ns = now_ns(options)};
    struct event_notes *others = NULL;
    struct match *match = NULL;
    struct got got = {0};
    GArray *expected = NULL;
    int status = event_notes_load(delivered, &expected, err);

    waiting.since_ns = waiting.begun_ns;
    if (status == 0)
        status = event_notes_new(&others, err);
    if (status == 0)
        status = read_until_complete(&waiting, expected, others, &match, &got, err);
    if (status == 0)
        *ret_verdict = json_verdict(&waiting, match, &got, delivered);
    match_free(match);
    event_notes_free(others);
    g_clear_pointer(&expected, g_array_unref);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/end.h"
#include "evj/event_type.h"
#include "evj/json.h"
#include "format/verify_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An end record that is held against what was read. */
struct comparison {
    struct evj_verification *verification;
    const struct evj_place *place;
    struct evj_end told, found;
};

static void compare(const struct comparison *c, const char *what, int64_t told, int64_t found)
{
    if (told != found)
        evj_verification_add(c->verification, EVJ_FINDING_END, c->place,
                             "the end record says %" PRId64 " for the %s, but it is %" PRId64, told,
                             what, found);
}

/* One that is not there says nothing. */
static void compare_count(const struct comparison *c, struct evj_slice told, const char *what,
                          uint64_t found)
{
    uint64_t number = 0;

    if (told.len == 0)
        return;
    evj_json_to_u64(told, &number);
    compare(c, what, (int64_t)number, (int64_t)found);
}

static void compare_counts(const struct comparison *c, const struct evj_sequence *sequence,
                           struct evj_slice body)
{
    compare_count(c, evj_json_member(body, "records"), "number of records", sequence->records);
    compare_count(c, evj_json_member(body, "events"), "number of events", sequence->events);
    compare_count(c, evj_json_member(body, "dropped"), "number of dropped events",
                  sequence->dropped);
}

static void compare_types(const struct comparison *c)
{
    char what[64];

    if (!c->told.has_types || !c->found.has_types)
        return;
    for (unsigned i = 0; i <= EVJ_EVENT_TYPES; i++) {
        snprintf(what, sizeof(what), "number of events of the type %s",
                 i < EVJ_EVENT_TYPES ? evj_event_type_label(1u << i) : "other");
        compare(c, what, (int64_t)c->told.types[i], (int64_t)c->found.types[i]);
    }
}

static void compare_ids(const struct comparison *c)
{
    if (c->told.has_sessions && c->found.has_sessions)
        compare(c, "number of sessions", (int64_t)c->told.sessions, (int64_t)c->found.sessions);
    if (c->told.has_handles && c->found.has_handles)
        compare(c, "number of handles", (int64_t)c->told.handles, (int64_t)c->found.handles);
}

static void compare_emitters(const struct comparison *c)
{
    const struct evj_end *told = &c->told, *found = &c->found;

    if (!told->has_emitters || !found->has_emitters)
        return;
    bool equal = told->emitter_count == found->emitter_count;
    for (size_t i = 0; equal && i < told->emitter_count; i++)
        equal = strcmp(told->emitters[i], found->emitters[i]) == 0;
    if (!equal)
        evj_verification_add(c->verification, EVJ_FINDING_END, c->place,
                             "the end record names other emitters than the events do");
}

static void compare_span(const struct comparison *c)
{
    if (c->told.has_span && c->found.has_span) {
        compare(c, "seq of the first event", (int64_t)c->told.first.seq,
                (int64_t)c->found.first.seq);
        compare(c, "mono of the first event", c->told.first.mono_us, c->found.first.mono_us);
        compare(c, "seq of the last event", (int64_t)c->told.last.seq, (int64_t)c->found.last.seq);
        compare(c, "mono of the last event", c->told.last.mono_us, c->found.last.mono_us);
    }
    if (c->told.has_lag && c->found.has_lag) {
        compare(c, "least lag", c->told.least_lag_us, c->found.least_lag_us);
        compare(c, "greatest lag", c->told.greatest_lag_us, c->found.greatest_lag_us);
    }
}

void evj_sequence_check_end(const struct evj_sequence *sequence, const struct evj_record *record,
                            const struct evj_place *place)
{
    struct comparison c = {.verification = sequence->verification, .place = place};

    compare_counts(&c, sequence, record->body);
    if (evj_end_parse(record, &c.told, NULL) != EVJ_OK)
        return;
    evj_tally_tell(&sequence->tally, &sequence->header, &c.found);
    compare_types(&c);
    compare_ids(&c);
    compare_emitters(&c);
    compare_span(&c);
}

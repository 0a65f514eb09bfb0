/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearly all lines are events, and all events have the same members in the same order, which is that
 * of Janus's src/events.c. To know that takes a third of the time of finding it out.
 */
#include "format/json_skip_internal.h"
#include "format/record_steps_internal.h"

static bool step_u32(struct steps *steps, uint32_t *ret)
{
    uint64_t number;

    if (!step_number(steps, &number) || number > UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}

/* What every event has. */
static bool step_kind(struct steps *steps, struct evj_event *event)
{
    uint64_t timestamp;

    if (!STEP(steps, "{\"emitter\":") || !step_string(steps, &event->emitter) ||
        !STEP(steps, ",\"type\":") || !step_u32(steps, &event->type))
        return false;
    if (STEP(steps, ",\"subtype\":") && !step_u32(steps, &event->subtype))
        return false;
    if (!STEP(steps, ",\"timestamp\":") || !step_number(steps, &timestamp))
        return false;
    event->timestamp_us = (int64_t)timestamp;
    return true;
}

/* What it is about: a server, a session, or one of its handles. */
static bool step_subject(struct steps *steps, struct evj_event *event)
{
    if (STEP(steps, ",\"session_id\":") && !step_number(steps, &event->session_id))
        return false;
    if (STEP(steps, ",\"handle_id\":") && !step_number(steps, &event->handle_id))
        return false;
    return !STEP(steps, ",\"opaque_id\":") || step_string(steps, &event->opaque_id);
}

static bool step_body(struct steps *steps, struct evj_event *event)
{
    const char *begin, *after;

    if (!STEP(steps, ",\"event\":") || steps->at == steps->end ||
        (*steps->at != '{' && *steps->at != '['))
        return false;
    begin = steps->at;
    if (evj_json_skip_nested(begin, steps->end, &after) < 0)
        return false;
    event->body = (struct evj_slice){begin, (size_t)(after - begin)};
    steps->at = after;
    return STEP(steps, "}");
}

bool evj_record_parse_usual(const char *line, size_t len, struct evj_record *ret_record)
{
    struct evj_record record = {.line = {line, len}};
    struct steps steps = {line, line + len};

    if (!step_prefix(&steps, &record))
        return false;
    const char *event = steps.at;
    if (!step_kind(&steps, &record.event) || !step_subject(&steps, &record.event) ||
        !step_body(&steps, &record.event))
        return false;
    record.body = (struct evj_slice){event, (size_t)(steps.at - event)};
    if (!STEP(&steps, "}") || steps.at != steps.end)
        return false;
    *ret_record = record;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/json_skip_internal.h"
#include "format/record_steps_internal.h"

/* Up to the event of a usual line; and nothing but a bracket seems to follow that. */
static bool step_to_event(struct steps *steps, struct evj_record *record)
{
    return step_prefix(steps, record) && steps->end - steps->at >= 3 && *steps->at == '{' &&
           steps->end[-1] == '}' && steps->end[-2] == '}';
}

int evj_record_parse_place(const char *line, size_t len, struct evj_record *ret_record,
                           struct evj_error *err)
{
    struct evj_record record = {.line = {line, len}};
    struct steps steps = {line, line + len};

    if (!step_to_event(&steps, &record))
        return evj_record_parse(line, len, ret_record, err);
    *ret_record = record;
    return EVJ_OK;
}

/* Other members may follow the event: so it takes a look at its brackets to know where it ends. */
int evj_record_parse_body(const char *line, size_t len, struct evj_record *ret_record,
                          struct evj_error *err)
{
    struct evj_record record = {.line = {line, len}};
    struct steps steps = {line, line + len};
    const char *after;

    if (!step_to_event(&steps, &record) || evj_json_skip_nested(steps.at, steps.end, &after) < 0 ||
        after != steps.end - 1)
        return evj_record_parse(line, len, ret_record, err);
    record.body = (struct evj_slice){steps.at, (size_t)(after - steps.at)};
    *ret_record = record;
    return EVJ_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/record_steps_internal.h"

int evj_record_parse_place(const char *line, size_t len, struct evj_record *ret_record,
                           struct evj_error *err)
{
    struct evj_record record = {.line = {line, len}};
    struct steps steps = {line, line + len};

    if (step_prefix(&steps, &record) && steps.end - steps.at >= 3 && *steps.at == '{' &&
        steps.end[-1] == '}' && steps.end[-2] == '}') {
        *ret_record = record;
        return EVJ_OK;
    }
    return evj_record_parse(line, len, ret_record, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/handler_report.h"

#include "replay/report.h"

#include <string.h>

static json_t *slowest_json(const struct handler_probe *probe)
{
    json_t *slowest = json_array();

    for (size_t i = 0; i < HOST_SLOWEST && i < probe->delivered; i++)
        json_array_append_new(slowest,
                              json_pack("{s:I, s:I}", "seq", (json_int_t)probe->slowest[i].seq,
                                        "ns", (json_int_t)probe->slowest[i].ns));
    return slowest;
}

static json_t *callback_json(const struct handler_probe *probe)
{
    json_t *callback = replay_report_quantiles(&probe->callback_ns, 1);

    if (probe->delivered > 0)
        json_object_set_new(callback, "slowest_seq",
                            json_integer((json_int_t)probe->slowest[0].seq));
    json_object_set_new(callback, "slowest", slowest_json(probe));
    return callback;
}

/* One that died was not destroyed: what it held then is what counts. */
static uint64_t held_at_the_end(const struct handler_probe *probe, const json_t *ended)
{
    const char *how = json_string_value(json_object_get(ended, "how"));

    return how != NULL && strcmp(how, "destroyed") == 0 ? probe->unfinished : probe->held;
}

json_t *handler_report_json(const char *package, const struct handler_probe *probe, json_t *ended)
{
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:I, s:I, s:I, s:o}", "package", package,
                     "delivered", (json_int_t)probe->delivered, "masked", (json_int_t)probe->masked,
                     "callback_ns", callback_json(probe), "release_us",
                     replay_report_quantiles(&probe->release_us, 1), "held",
                     (json_int_t)held_at_the_end(probe, ended), "leaked", (json_int_t)probe->leaked,
                     "over_released", (json_int_t)probe->over_released, "ended", ended);
}

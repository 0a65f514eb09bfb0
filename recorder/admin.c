/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/admin.h"

#include <strings.h>

static json_t *refuse(enum admin_error code, const char *format, const char *detail)
{
    return json_pack("{s:i, s:o}", "error_code", (int)code, "error", json_sprintf(format, detail));
}

json_t *admin_not_recording(const char *why)
{
    return refuse(ADMIN_UNKNOWN_ERROR, "Nothing is recorded: %s", why);
}

static json_t *answer_status(struct recording *recording)
{
    struct recording_status status;

    recording_status(recording, &status);
    uint64_t offered = status.spool.offered, dropped = status.spool.dropped;
    /* The two are counted one after the other, and Janus goes on meanwhile. */
    uint64_t events = offered > dropped ? offered - dropped : 0;
    json_t *buffer =
        json_pack("{s:I, s:I, s:I}", "capacity", (json_int_t)status.spool.capacity, "used",
                  (json_int_t)status.spool.used, "most_used", (json_int_t)status.spool.most_used);
    json_t *callback =
        json_pack("{s:I, s:I, s:I, s:I}", "count", (json_int_t)status.callback_ns.count, "p50",
                  (json_int_t)status.callback_ns.p50, "p99", (json_int_t)status.callback_ns.p99,
                  "max", (json_int_t)status.callback_ns.max);
    const char *error = status.writing.error[0] ? status.writing.error : NULL;
    json_t *disk =
        json_pack("{s:b, s:s?}", "failing", (int)status.writing.failing, "last_error", error);

    return json_pack(
        "{s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "result", 200, "journal",
        recording_journal_path(recording), "spool", recording_spool_path(recording), "offered",
        (json_int_t)offered, "events", (json_int_t)events, "dropped", (json_int_t)dropped,
        "unprintable", (json_int_t)status.unprintable, "text_bytes",
        (json_int_t)status.writing.text_bytes, "file_bytes", (json_int_t)status.writing.file_bytes,
        "buffer", buffer, "callback_ns", callback, "disk", disk);
}

static const struct {
    const char *name;
    json_t *(*answer)(struct recording *recording);
} requests[] = {
    {"status", answer_status},
};

json_t *admin_answer(struct recording *recording, json_t *request)
{
    json_t *name = json_object_get(request, "request");

    if (!name)
        return refuse(ADMIN_MISSING_ELEMENT, "Missing mandatory element (%s)", "request");
    if (!json_is_string(name))
        return refuse(ADMIN_INVALID_ELEMENT, "Invalid element type (%s should be a string)",
                      "request");
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        if (strcasecmp(requests[i].name, json_string_value(name)) != 0)
            continue;
        json_t *answer = requests[i].answer(recording);
        return answer ? answer
                      : refuse(ADMIN_UNKNOWN_ERROR, "No memory to answer '%s'", requests[i].name);
    }
    return refuse(ADMIN_INVALID_REQUEST, "Unknown request '%s'", json_string_value(name));
}

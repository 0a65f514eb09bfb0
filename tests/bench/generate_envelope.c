/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_envelope.h"

static json_t *begin(int type, int subtype, int64_t now_us)
{
    json_t *event = json_object();

    json_object_set_new(event, "emitter", json_string("janus-gw-01.example.net"));
    json_object_set_new(event, "type", json_integer(type));
    if (subtype > 0)
        json_object_set_new(event, "subtype", json_integer(subtype));
    json_object_set_new(event, "timestamp", json_integer(now_us));
    return event;
}

json_t *envelope_of_server(int type, int subtype, int64_t now_us, json_t *body)
{
    json_t *event = begin(type, subtype, now_us);

    json_object_set_new(event, "event", body);
    return event;
}

json_t *envelope_of_session(const struct call *call, int type, int64_t now_us, json_t *body)
{
    json_t *event = begin(type, 0, now_us);

    json_object_set_new(event, "session_id", json_integer((json_int_t)call->session_id));
    json_object_set_new(event, "event", body);
    return event;
}

json_t *envelope_of_handle(const struct handle *handle, int type, int subtype, int64_t now_us,
                           json_t *body)
{
    json_t *event = begin(type, subtype, now_us);
    const struct call *call = handle->call;

    json_object_set_new(event, "session_id", json_integer((json_int_t)call->session_id));
    json_object_set_new(event, "handle_id", json_integer((json_int_t)handle->id));
    json_object_set_new(event, "opaque_id", json_string(call->opaque_id));
    json_object_set_new(event, "event", body);
    return event;
}

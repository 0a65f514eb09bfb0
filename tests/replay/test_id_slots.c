/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/id_slots.h"

#include <string.h>

static void find(const char *event, struct id_slots *ret_slots, int expected)
{
    struct evj_record record = {.body = {event, strlen(event)}};

    assert_int_equal(evj_event_peek(event, strlen(event), &record.event, NULL), 0);
    assert_int_equal(id_slots_find(ret_slots, &record), expected);
}

/* "kind=value" of each slot, in order, with a blank between them. */
static void assert_slots(const char *event, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);
    struct id_slots slots;

    find(event, &slots, 0);
    for (guint i = 0; slots.slots != NULL && i < slots.slots->len; i++) {
        const struct id_slot *slot = &g_array_index(slots.slots, struct id_slot, i);

        g_string_append_printf(found, "%s%s=%.*s", i > 0 ? " " : "",
                               slot->kind == EVJ_ID_NONE ? "time" : evj_id_kind_name(slot->kind),
                               (int)slot->len, event + slot->at);
    }
    assert_string_equal(found->str, expected);
    id_slots_done(&slots);
}

static void the_envelope_has_ids_and_a_time(void **state)
{
    (void)state;
    assert_slots("{\"emitter\":\"e\",\"type\":16,\"subtype\":1,\"timestamp\":99,\"session_id\":7,"
                 "\"handle_id\":8,\"opaque_id\":\"a\\\"b\",\"event\":{\"ice\":\"ready\","
                 "\"stream_id\":1}}",
                 "time=99 session=7 handle=8 opaque_id=\"a\\\"b\"");
}

static void the_body_is_searched_where_it_stands(void **state)
{
    (void)state;
    assert_slots("{\"type\":1,\"event\":{\"name\":\"created\",\"transport\":{\"transport\":"
                 "\"janus.transport.http\",\"id\":\"123\"}},\"session_id\":7,\"timestamp\":5}",
                 "transport=\"123\" session=7 time=5");
}

/* What "id" means hangs on the plug-in, which may be named behind it. */
static void a_plugins_ids_go_by_its_name(void **state)
{
    (void)state;
    assert_slots("{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.videoroom\",\"data\":{\"room\":"
                 "12,\"id\":\"u\",\"streams\":[{\"feed_id\":4,\"mid\":\"0\"},{\"feed_id\":5}]}}}",
                 "room=12 participant=\"u\" participant=4 participant=5");
    assert_slots(
        "{\"type\":64,\"event\":{\"data\":{\"id\":3},\"plugin\":\"janus.plugin.streaming\"}}",
        "mountpoint=3");
    assert_slots("{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.echolua\",\"data\":[1]}}", "");
}

static void what_cannot_be_an_id_is_none(void **state)
{
    (void)state;
    assert_slots(
        "{\"type\":64,\"session_id\":0,\"handle_id\":null,\"opaque_id\":\"\",\"timestamp\":"
        "1.5,\"event\":{\"plugin\":\"p\",\"data\":{\"room\":-1,\"id\":true,\"feed\":{}}}}",
        "");
}

static void a_string_that_is_too_long_is_no_id(void **state)
{
    g_autofree char *text = g_strnfill(2000, 'x');
    g_autofree char *event = g_strdup_printf("{\"type\":1,\"opaque_id\":\"%s\"}", text);

    (void)state;
    assert_slots(event, "");
}

static void bodies_of_all_shapes_are_searched(void **state)
{
    (void)state;
    assert_slots("{\"type\":32,\"session_id\":7,\"event\":[{\"mid\":\"0\"},{\"mid\":\"1\"}]}",
                 "session=7");
    assert_slots("{\"type\":1024,\"session_id\":7,\"event\":{\"id\":1}}", "session=7");
    assert_slots("{\"type\":64,\"event\":{}}", "");
    assert_slots("{\"type\":64,\"event\":7}", "");
}

static void an_event_that_is_no_json_is_refused(void **state)
{
    struct id_slots slots;

    (void)state;
    find("{\"type\":1,\"event\":{\"transport\":{]}}", &slots, EVJ_ERR_CORRUPT);
    id_slots_done(&slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_envelope_has_ids_and_a_time),
        cmocka_unit_test(the_body_is_searched_where_it_stands),
        cmocka_unit_test(a_plugins_ids_go_by_its_name),
        cmocka_unit_test(what_cannot_be_an_id_is_none),
        cmocka_unit_test(a_string_that_is_too_long_is_no_id),
        cmocka_unit_test(bodies_of_all_shapes_are_searched),
        cmocka_unit_test(an_event_that_is_no_json_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

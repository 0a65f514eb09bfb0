/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/id_field.h"

#include <stdio.h>
#include <string.h>

struct known {
    const char *path;
    enum evj_id_kind kind;
};

static void each_id_is_of_the_kind_that_it_is_known_for(void **state)
{
    static const struct known known[] = {
        {"session_id", EVJ_ID_SESSION},
        {"handle_id", EVJ_ID_HANDLE},
        {"opaque_id", EVJ_ID_OPAQUE},
        {"handles.opaque_id", EVJ_ID_OPAQUE},
        {"sessions.transport.id", EVJ_ID_TRANSPORT},
        {"transports.id", EVJ_ID_TRANSPORT},
        {"plugins.audiobridge.data.room", EVJ_ID_ROOM},
        {"plugins.videoroom.data.id", EVJ_ID_PARTICIPANT},
        {"plugins.videoroom.data.publisher_id", EVJ_ID_PARTICIPANT},
        {"plugins.videoroom.data.streams[].feed_id", EVJ_ID_PARTICIPANT},
        {"plugins.videoroom.data.private_id", EVJ_ID_PRIVATE},
        {"plugins.sip.data.call-id", EVJ_ID_CALL},
        {"plugins.videoroom.data.stream_id", EVJ_ID_FORWARDER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_int_equal(evj_id_kind_of(known[i].path), known[i].kind);
}

/* "id" is a participant in a room, but a mountpoint in streaming. */
static void the_same_key_means_another_id_in_another_plugin(void **state)
{
    (void)state;
    assert_int_equal(evj_id_kind_of("plugins.streaming.data.id"), EVJ_ID_MOUNTPOINT);
    assert_int_equal(evj_id_kind_of("plugins.recordplay.data.id"), EVJ_ID_RECORDING);
    assert_int_equal(evj_id_kind_of("plugins.echolua.data.id"), EVJ_ID_PARTICIPANT);
}

static void what_looks_like_an_id_elsewhere_is_none(void **state)
{
    static const char *const others[] = {
        "",
        ".",
        "id",
        "timestamp",
        "webrtc.stream_id",
        "media.session_id",
        "external.data.room",
        "plugins.videoroom.data.streams[].id",
        "plugins.videoroom.data.rooms",
        "sessions.transport.transport",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_int_equal(evj_id_kind_of(others[i]), EVJ_ID_NONE);
}

static void bodies_without_ids_are_known(void **state)
{
    (void)state;
    assert_true(evj_id_may_be_below("plugins"));
    assert_true(evj_id_may_be_below("handles"));
    assert_true(evj_id_may_be_below("sessions"));
    assert_true(evj_id_may_be_below("transports"));
    assert_false(evj_id_may_be_below("media"));
    assert_false(evj_id_may_be_below("webrtc"));
    assert_false(evj_id_may_be_below("session"));
}

/* A plug-in's name may be anything that a stranger's script says. */
static void a_path_of_any_length_is_looked_at_in_bounds(void **state)
{
    char path[2048];

    (void)state;
    for (size_t len = 1; len < 1024; len++) {
        memset(path, 'x', len);
        memcpy(path, "plugins.", len < 8 ? len : 8);
        snprintf(path + len, sizeof(path) - len, ".data.room");
        assert_true(evj_id_kind_of(path) == EVJ_ID_ROOM || len < 9 || len > 200);
    }
}

static void every_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = EVJ_ID_NONE; a < EVJ_ID_KINDS; a++) {
        assert_non_null(evj_id_kind_name(a));
        for (int b = EVJ_ID_NONE; b < a; b++)
            assert_string_not_equal(evj_id_kind_name(a), evj_id_kind_name(b));
    }
    assert_string_equal(evj_id_kind_name(EVJ_ID_KINDS), "none");
}

/* Who shows the table shows what decides. */
static void every_row_is_told_and_decides_for_its_own_path(void **state)
{
    const char *above, *key;
    enum evj_id_kind kind;
    unsigned n = 0;

    (void)state;
    for (; (kind = evj_id_field_row(n, &above, &key)) != EVJ_ID_NONE; n++) {
        char path[64];

        snprintf(path, sizeof(path), "%s%s%s", above, above[0] != '\0' ? "." : "", key);
        assert_int_equal(evj_id_kind_of(path), kind);
    }
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_id_is_of_the_kind_that_it_is_known_for),
        cmocka_unit_test(the_same_key_means_another_id_in_another_plugin),
        cmocka_unit_test(what_looks_like_an_id_elsewhere_is_none),
        cmocka_unit_test(bodies_without_ids_are_known),
        cmocka_unit_test(a_path_of_any_length_is_looked_at_in_bounds),
        cmocka_unit_test(every_kind_has_a_name_of_its_own),
        cmocka_unit_test(every_row_is_told_and_decides_for_its_own_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

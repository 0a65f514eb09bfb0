/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/event_type.h"
#include "evj/limits.h"

static const struct {
    uint32_t type;
    const char *label;
} janus[] = {
    {1, "sessions"}, {2, "handles"},  {4, "external"},     {8, "jsep"},   {16, "webrtc"},
    {32, "media"},   {64, "plugins"}, {128, "transports"}, {256, "core"},
};

/* The labels are those that Janus's own configuration uses (src/events.c). */
static void every_type_has_the_label_and_bit_of_janus(void **state)
{
    (void)state;
    assert_int_equal(sizeof(janus) / sizeof(janus[0]), EVJ_EVENT_TYPES);
    for (int i = 0; i < (int)EVJ_EVENT_TYPES; i++) {
        assert_string_equal(evj_event_type_label(janus[i].type), janus[i].label);
        assert_int_equal(evj_event_type_from_label(janus[i].label), janus[i].type);
        assert_int_equal(evj_event_type_index(janus[i].type), i);
    }
}

static void what_is_no_single_known_bit_has_no_label(void **state)
{
    static const uint32_t odd[] = {0, 3, 257, 512, 1u << 31, UINT32_MAX};

    (void)state;
    for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_null(evj_event_type_label(odd[i]));
        assert_int_equal(evj_event_type_index(odd[i]), -1);
    }
}

static void labels_are_exact(void **state)
{
    static const char *const odd[] = {"", "session", "Sessions", "sessions ", "all", "none"};

    (void)state;
    for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_int_equal(evj_event_type_from_label(odd[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_the_label_and_bit_of_janus),
        cmocka_unit_test(what_is_no_single_known_bit_has_no_label),
        cmocka_unit_test(labels_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

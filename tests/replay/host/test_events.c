/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"

static janus_flags mask_of(const char *list)
{
    janus_flags mask = 0x5a5a;

    janus_events_edit_events_mask(list, &mask);
    return mask;
}

static void no_list_leaves_the_mask_alone(void **state)
{
    (void)state;
    assert_int_equal(mask_of(NULL), 0x5a5a);
    janus_events_edit_events_mask("all", NULL);
}

static void all_and_none_stand_alone(void **state)
{
    (void)state;
    assert_int_equal(mask_of("all"), 0xffffffff);
    assert_int_equal(mask_of("none"), 0);
    assert_int_equal(mask_of("all,sessions"), 1);
    assert_int_equal(mask_of("none,core"), 256);
    assert_int_equal(mask_of(" all"), 0);
}

static void every_label_has_its_bit(void **state)
{
    (void)state;
    assert_int_equal(mask_of("sessions"), 1);
    assert_int_equal(mask_of("handles"), 2);
    assert_int_equal(mask_of("external"), 4);
    assert_int_equal(mask_of("jsep"), 8);
    assert_int_equal(mask_of("webrtc"), 16);
    assert_int_equal(mask_of("media"), 32);
    assert_int_equal(mask_of("plugins"), 64);
    assert_int_equal(mask_of("transports"), 128);
    assert_int_equal(mask_of("core"), 256);
    assert_int_equal(mask_of("no_events,core"), 256);
}

/* Which surprises administrators, in Janus as well. */
static void only_leading_blanks_are_skipped(void **state)
{
    (void)state;
    assert_int_equal(mask_of(" sessions, handles"), 3);
    assert_int_equal(mask_of("sessions ,handles"), 2);
}

static void unknown_labels_are_ignored(void **state)
{
    (void)state;
    assert_int_equal(mask_of("sessions,nonsense,core"), 257);
    assert_int_equal(mask_of(""), 0);
}

static void only_single_types_have_a_label_and_a_name(void **state)
{
    (void)state;
    assert_string_equal(janus_events_type_to_label(64), "plugins");
    assert_string_equal(janus_events_type_to_name(16), "WebRTC");
    assert_string_equal(janus_events_type_to_label(0), "no_events");
    assert_null(janus_events_type_to_label(3));
    assert_null(janus_events_type_to_name(512));
    assert_null(janus_events_type_to_label(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_list_leaves_the_mask_alone),
        cmocka_unit_test(all_and_none_stand_alone),
        cmocka_unit_test(every_label_has_its_bit),
        cmocka_unit_test(only_leading_blanks_are_skipped),
        cmocka_unit_test(unknown_labels_are_ignored),
        cmocka_unit_test(only_single_types_have_a_label_and_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

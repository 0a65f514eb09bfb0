/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader says of damage (format/damage.c): the numbers, the sentence and the gap record. */
#include "tests/support/test.h"

#include "format/damage_internal.h"

#include <stdio.h>
#include <string.h>

static struct evj_error because(const char *text)
{
    struct evj_error why = {.status = EVJ_ERR_CORRUPT};

    snprintf(why.text, sizeof(why.text), "%s", text);
    return why;
}

static struct evj_stretch stretch_of(uint64_t from, uint64_t to, const char *text)
{
    struct evj_stretch stretch = {0};
    struct evj_error why = because(text);

    evj_stretch_add(&stretch, from, to, &why);
    return stretch;
}

static void a_stretch_grows_and_keeps_its_first_reason(void **state)
{
    struct evj_stretch stretch = stretch_of(100, 200, "the first");
    struct evj_error second = because("the second");

    (void)state;
    assert_true(stretch.begun);
    evj_stretch_add(&stretch, 200, 350, &second);
    assert_int_equal(stretch.damage.from, 100);
    assert_int_equal(stretch.damage.to, 350);
    /* A line of a block within it makes it no shorter. */
    evj_stretch_add(&stretch, 200, 300, &second);
    assert_int_equal(stretch.damage.to, 350);
    assert_string_equal(stretch.why.text, "the first");
}

/* ---- what is lost ---- */

static uint64_t claim_of(const struct evj_block_info *info, bool *ret_is_last)
{
    struct evj_stretch stretch = stretch_of(0, 1, "x");

    evj_stretch_add_claim(&stretch, info);
    *ret_is_last = stretch.is_last;
    return stretch.least_seq;
}

/* Only where each line takes a seq at least is their number worth something. */
static void a_header_tells_how_many_records_its_block_had(void **state)
{
    static const struct {
        unsigned flags;
        uint32_t records;
        uint64_t least;
        bool is_last;
    } claims[] = {
        {0, 20, 1020, false},
        {EVJ_BLOCK_GAP, 20, 1020, false},
        {EVJ_BLOCK_MARK, 20, 1020, false},
        {EVJ_BLOCK_LAST, 20, 1019, true},
        {EVJ_BLOCK_LAST, 1, 1000, true},
        {EVJ_BLOCK_LAST, 0, 0, false},
        {EVJ_BLOCK_LAST | EVJ_BLOCK_MARK, 20, 1019, true},
        {EVJ_BLOCK_LAST | EVJ_BLOCK_GAP, 20, 1019, false},
        {EVJ_BLOCK_STATE, 20, 0, false},
        {EVJ_BLOCK_FIRST, 1, 0, false},
        {EVJ_BLOCK_FIRST | EVJ_BLOCK_LAST, 5, 0, false},
        {0, 0, 1000, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        const struct evj_block_info info = {
            .flags = claims[i].flags, .records = claims[i].records, .first_seq = 1000};
        bool is_last;
        assert_int_equal(claim_of(&info, &is_last), claims[i].least);
        assert_int_equal(is_last, claims[i].is_last);
    }
}

static void what_follows_tells_how_much_is_lost(void **state)
{
    struct evj_stretch stretch = stretch_of(0, 1, "x");

    (void)state;
    evj_stretch_settle(&stretch, 10, 25, true);
    assert_int_equal(stretch.damage.lost, 15);
    assert_true(stretch.damage.lost_is_certain);
    evj_stretch_settle(&stretch, 10, 10, true);
    assert_int_equal(stretch.damage.lost, 0);
    /* A seq that goes back loses nothing. */
    evj_stretch_settle(&stretch, 10, 3, false);
    assert_int_equal(stretch.damage.lost, 0);
    assert_false(stretch.damage.lost_is_certain);
    evj_stretch_settle(&stretch, 0, UINT64_MAX, true);
    assert_int_equal(stretch.damage.lost, UINT64_MAX);
}

/* ---- the sentence ---- */

static void assert_told(const struct evj_stretch *stretch, uint64_t seq, const char *text)
{
    struct evj_error err = {0};

    assert_int_equal(evj_stretch_tell(stretch, seq, &err), EVJ_DAMAGED);
    assert_int_equal(err.status, EVJ_DAMAGED);
    assert_int_equal(err.offset, stretch->damage.from);
    assert_string_equal(err.text, text);
    assert_int_equal(evj_stretch_tell(stretch, seq, NULL), EVJ_DAMAGED);
}

static void what_is_lost_is_said_as_exactly_as_it_is_known(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 8192, "block cannot be inflated");

    (void)state;
    evj_stretch_settle(&stretch, 812, 1214, true);
    assert_told(
        &stretch, 812,
        "bytes 4096 to 8191: block cannot be inflated; 402 events are lost, from seq 812 on");
    evj_stretch_settle(&stretch, 812, 813, true);
    assert_told(&stretch, 812,
                "bytes 4096 to 8191: block cannot be inflated; 1 event is lost, from seq 812 on");
    evj_stretch_settle(&stretch, 812, 813, false);
    assert_told(&stretch, 812,
                "bytes 4096 to 8191: block cannot be inflated; at least 1 event is lost, from seq "
                "812 on");
    evj_stretch_settle(&stretch, 812, 0, true);
    assert_told(&stretch, 812, "bytes 4096 to 8191: block cannot be inflated; nothing is lost");
    evj_stretch_settle(&stretch, 812, 0, false);
    assert_told(&stretch, 812,
                "bytes 4096 to 8191: block cannot be inflated; how much is lost is not known");
}

static void what_was_salvaged_is_said(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 8192, "odd");

    (void)state;
    evj_stretch_settle(&stretch, 7, 9, true);
    stretch.damage.salvaged = 1;
    assert_told(
        &stretch, 7,
        "bytes 4096 to 8191: odd; 1 record of it salvaged; 2 events are lost, from seq 7 on");
    stretch.damage.salvaged = 30;
    stretch.torn = true;
    assert_told(&stretch, 7,
                "it stops inside the block at byte 4096; 30 records of it salvaged; 2 events are "
                "lost, from seq 7 on");
    stretch.damage.salvaged = 0;
    assert_told(&stretch, 7,
                "it stops inside the block at byte 4096; 2 events are lost, from seq 7 on");
}

static void a_hole_without_bytes_is_told_by_its_place(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 4096, "records are missing here");

    (void)state;
    evj_stretch_settle(&stretch, 5, 8, true);
    assert_told(&stretch, 5,
                "at byte 4096: records are missing here; 3 events are lost, from seq 5 on");
}

/* Whatever the reason says, what is lost is said behind it. */
static void a_long_reason_hides_nothing(void **state)
{
    char text[300];
    struct evj_error err = {0};

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct evj_stretch stretch = stretch_of(UINT64_MAX - 1, UINT64_MAX, text);
    evj_stretch_settle(&stretch, 0, UINT64_MAX, false);
    stretch.damage.salvaged = UINT64_MAX;
    assert_int_equal(evj_stretch_tell(&stretch, UINT64_MAX, &err), EVJ_DAMAGED);
    assert_non_null(strstr(err.text, "18446744073709551615 records of it salvaged"));
    assert_non_null(strstr(err.text, "at least 18446744073709551615 events are lost, from seq "
                                     "18446744073709551615 on"));
}

/* ---- the gap record ---- */

static void assert_gap(const struct evj_stretch *stretch, uint64_t seq, int64_t mono_us,
                       int64_t until_us, const char *line)
{
    char out[EVJ_GAP_LINE_MAX];
    struct evj_record record;
    size_t len = evj_stretch_put_gap(out, stretch, seq, mono_us, until_us);

    assert_in_range(len, 1, EVJ_GAP_LINE_MAX - 1);
    assert_int_equal(len, strlen(line));
    assert_memory_equal(out, line, len);
    assert_int_equal(evj_record_parse(out, len, &record, NULL), EVJ_OK);
    assert_int_equal(record.kind, EVJ_RECORD_GAP);
    assert_int_equal(record.gap.events, stretch->damage.lost);
    bool is_missing = stretch->damage.from == stretch->damage.to;
    assert_int_equal(record.gap.from, is_missing ? 0 : stretch->damage.from);
    assert_int_equal(record.gap.to, is_missing ? 0 : stretch->damage.to);
}

static void the_gap_tells_how_much_is_lost_and_which_bytes(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 8192, "odd");

    (void)state;
    evj_stretch_settle(&stretch, 812, 1214, true);
    assert_gap(&stretch, 812, 5000, 7000,
               "{\"seq\":812,\"mono\":5000,\"gap\":{\"events\":402,\"reason\":\"damaged\","
               "\"until\":7000,\"from\":4096,\"to\":8192}}");
    evj_stretch_settle(&stretch, 812, 0, false);
    assert_gap(&stretch, 812, 5000, 7000,
               "{\"seq\":812,\"mono\":5000,\"gap\":{\"events\":0,\"reason\":\"damaged\","
               "\"until\":7000,\"from\":4096,\"to\":8192}}");
}

static void a_gap_without_bytes_is_missing(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 4096, "odd");

    (void)state;
    evj_stretch_settle(&stretch, 1, 3, true);
    assert_gap(&stretch, 1, -5, 7,
               "{\"seq\":1,\"mono\":-5,\"gap\":{\"events\":2,\"reason\":\"missing\",\"until\":7}}");
}

static void a_gap_never_ends_before_it_begins(void **state)
{
    struct evj_stretch stretch = stretch_of(4096, 4096, "odd");

    (void)state;
    evj_stretch_settle(&stretch, 1, 3, true);
    assert_gap(&stretch, 1, 9, 7,
               "{\"seq\":1,\"mono\":9,\"gap\":{\"events\":2,\"reason\":\"missing\",\"until\":9}}");
}

static void the_largest_numbers_have_room(void **state)
{
    struct evj_stretch stretch = stretch_of(UINT64_MAX - 1, UINT64_MAX, "odd");

    (void)state;
    evj_stretch_settle(&stretch, 0, UINT64_MAX, true);
    assert_gap(&stretch, UINT64_MAX, INT64_MIN, INT64_MIN,
               "{\"seq\":18446744073709551615,\"mono\":-9223372036854775808,\"gap\":{\"events\":"
               "18446744073709551615,\"reason\":\"damaged\",\"until\":-9223372036854775808,"
               "\"from\":18446744073709551614,\"to\":18446744073709551615}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stretch_grows_and_keeps_its_first_reason),
        cmocka_unit_test(a_header_tells_how_many_records_its_block_had),
        cmocka_unit_test(what_follows_tells_how_much_is_lost),
        cmocka_unit_test(what_is_lost_is_said_as_exactly_as_it_is_known),
        cmocka_unit_test(what_was_salvaged_is_said),
        cmocka_unit_test(a_hole_without_bytes_is_told_by_its_place),
        cmocka_unit_test(a_long_reason_hides_nothing),
        cmocka_unit_test(the_gap_tells_how_much_is_lost_and_which_bytes),
        cmocka_unit_test(a_gap_without_bytes_is_missing),
        cmocka_unit_test(a_gap_never_ends_before_it_begins),
        cmocka_unit_test(the_largest_numbers_have_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

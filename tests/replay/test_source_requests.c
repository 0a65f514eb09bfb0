/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/source_requests.h"
#include "tests/replay/text_source.h"

#include <stdio.h>

#define EVENT "{\"emitter\":\"gw\",\"type\":1,\"timestamp\":1,\"event\":{}}"

/* Something live, then events at 1, 2 and 3 s; and a gap. */
static const struct text_record records[] = {
    {500000, EVENT, 0, true},   {1000000, EVENT, 0, false}, {1500000, NULL, 5, false},
    {2000000, EVENT, 0, false}, {3000000, EVENT, 0, false},
};

/* What comes out of the source, in order: "s" state, "e" event, "g" gap, each with its second, and "?N" the
 * question N. */
struct asking {
    struct requests requests;
    struct source *source;
    GString *course;
};

static void note_question(const struct request *request, void *context)
{
    struct asking *asking = context;

    g_string_append_printf(asking->course, "?%d",
                           (int)json_integer_value(json_object_get(request->question, "n")));
}

/* The journal began, on its wall clock, with the source's time line. */
static void set_up_asking(struct asking *asking, const char *const *texts)
{
    const struct evj_header header = {.started_wall_us = TEXT_SOURCE_WALL_US};

    *asking = (struct asking){.course = g_string_new(NULL)};
    for (; *texts != NULL; texts++)
        assert_int_equal(requests_add(&asking->requests, *texts, NULL), 0);
    requests_anchor(&asking->requests, &header);
    asking->source =
        source_requests_new(text_source_new(records, sizeof(records) / sizeof(records[0]), EVJ_END),
                            &asking->requests, note_question, asking);
}

static void take_all(struct asking *asking)
{
    struct source_item item = {0};

    while (asking->source->ops->next(asking->source, &item, NULL) == 0) {
        if (item.act != NULL)
            item.act(item.context);
        else
            g_string_append(asking->course, item.record->kind == EVJ_RECORD_STATE   ? "s"
                                            : item.record->kind == EVJ_RECORD_EVENT ? "e"
                                                                                    : "g");
        g_string_append_printf(asking->course, "%.1f ", (double)item.time_us / 1e6);
    }
}

static void tear_down_asking(struct asking *asking)
{
    source_free(asking->source);
    requests_done(&asking->requests);
    g_string_free(asking->course, TRUE);
}

static void assert_course(const char *const *texts, const char *course)
{
    struct asking asking;

    set_up_asking(&asking, texts);
    take_all(&asking);
    assert_string_equal(asking.course->str, course);
    assert_int_equal(asking.source->matched, sizeof(records) / sizeof(records[0]));
    tear_down_asking(&asking);
}

static void a_request_comes_when_its_time_has_come(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@+2.5s", NULL};

    (void)state;
    assert_course(texts, "s0.5 e1.0 g1.5 e2.0 ?12.5 e3.0 ");
}

static void requests_come_in_the_order_of_their_times(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@+2.7s", "{\"n\":2}@+2.6s", "{\"n\":3}@+2.7s",
                                        NULL};

    (void)state;
    assert_course(texts, "s0.5 e1.0 g1.5 e2.0 ?22.6 ?12.7 ?32.7 e3.0 ");
}

static void a_request_without_a_time_comes_right_before_the_first_event(void **state)
{
    static const char *const texts[] = {"{\"n\":1}", "{\"n\":2}@+0.2s", NULL};

    (void)state;
    assert_course(texts, "s0.5 ?11.0 ?21.0 e1.0 g1.5 e2.0 e3.0 ");
}

/* A replay must not go on for an hour for its sake. */
static void a_request_for_later_comes_right_after_the_last_event(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@+1h", "{\"n\":2}@@99", NULL};

    (void)state;
    assert_course(texts, "s0.5 e1.0 g1.5 e2.0 e3.0 ?23.0 ?13.0 ");
}

static void a_request_at_a_record_comes_right_before_it(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@@3", NULL};

    (void)state;
    assert_course(texts, "s0.5 e1.0 g1.5 ?12.0 e2.0 e3.0 ");
}

static void each_round_asks_anew(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@+2.5s", NULL};
    struct asking asking;

    (void)state;
    set_up_asking(&asking, texts);
    take_all(&asking);
    assert_int_equal(asking.source->ops->seek(asking.source, SOURCE_BEGINNING, NULL), 0);
    take_all(&asking);
    assert_string_equal(asking.course->str, "s0.5 e1.0 g1.5 e2.0 ?12.5 e3.0 "
                                            "s0.5 e1.0 g1.5 e2.0 ?12.5 e3.0 ");
    tear_down_asking(&asking);
}

static void a_seek_leaves_out_what_lies_before(void **state)
{
    static const char *const texts[] = {"{\"n\":1}@+1.2s", "{\"n\":2}@+2.5s", "{\"n\":3}", NULL};
    struct asking asking;

    (void)state;
    set_up_asking(&asking, texts);
    assert_int_equal(asking.source->ops->seek(asking.source, 2000000, NULL), 0);
    take_all(&asking);
    assert_string_equal(asking.course->str, "e2.0 ?22.5 e3.0 ");
    tear_down_asking(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_when_its_time_has_come),
        cmocka_unit_test(requests_come_in_the_order_of_their_times),
        cmocka_unit_test(a_request_without_a_time_comes_right_before_the_first_event),
        cmocka_unit_test(a_request_for_later_comes_right_after_the_last_event),
        cmocka_unit_test(a_request_at_a_record_comes_right_before_it),
        cmocka_unit_test(each_round_asks_anew),
        cmocka_unit_test(a_seek_leaves_out_what_lies_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/sink_noting.h"

#include <string.h>

/* A sink that is told what to do. */
struct told_sink {
    struct sink sink;
    bool decline;
    int status;
    unsigned prepared, delivered;
};

static int told_prepare(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    (void)record;
    (void)err;
    ((struct told_sink *)sink)->prepared++;
    return 0;
}

static int told_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct told_sink *told = (struct told_sink *)sink;

    (void)record;
    told->delivered++;
    sink->declined = told->decline;
    return told->status < 0 ? evj_fail(err, told->status, 0, "as you wish") : 0;
}

static int told_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    (void)drain_us;
    (void)err;
    sink->undelivered = 3;
    sink->faulty = true;
    return 0;
}

static void told_report(const struct sink *sink, json_t *report)
{
    json_object_set_new(report, "told", json_integer(((const struct told_sink *)sink)->delivered));
}

static void told_free(struct sink *sink)
{
    g_free(sink);
}

static const struct sink_ops told_ops = {.name = "told",
                                         .prepare = told_prepare,
                                         .deliver = told_deliver,
                                         .finish = told_finish,
                                         .report = told_report,
                                         .free = told_free};

struct fixture {
    struct event_notes *notes;
    struct told_sink *told;
    struct sink *sink;
};

static int set_up(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->told = g_new0(struct told_sink, 1);
    f->told->sink.ops = &told_ops;
    assert_int_equal(event_notes_new(&f->notes, NULL), 0);
    f->sink = sink_noting_new(&f->told->sink, NULL, f->notes);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    sink_free(f->sink);
    event_notes_free(f->notes);
    g_free(f);
    return 0;
}

static int deliver(struct fixture *f, uint64_t seq)
{
    static const char text[] = "{\"type\":1,\"timestamp\":5}";
    struct evj_record record = {.seq = seq, .body = {text, strlen(text)}};

    assert_int_equal(evj_event_peek(text, strlen(text), &record.event, NULL), 0);
    assert_int_equal(f->sink->ops->prepare(f->sink, &record, NULL), 0);
    return f->sink->ops->deliver(f->sink, &record, NULL);
}

static void assert_noted(const struct fixture *f, const uint64_t *seqs, guint count)
{
    GArray *all = NULL;

    assert_int_equal(event_notes_load(f->notes, &all, NULL), 0);
    assert_int_equal(all->len, count);
    for (guint i = 0; i < count; i++)
        assert_int_equal(g_array_index(all, struct event_note, i).seq, seqs[i]);
    g_array_unref(all);
}

static void what_is_delivered_is_noted(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(deliver(f, 4), 0);
    assert_int_equal(deliver(f, 5), 0);
    assert_int_equal(f->told->prepared, 2);
    assert_int_equal(f->told->delivered, 2);
    assert_noted(f, (uint64_t[]){4, 5}, 2);
}

/* A handler's mask may keep an event from it: then nobody expects it. */
static void what_nobody_wanted_is_not(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(deliver(f, 4), 0);
    f->told->decline = true;
    assert_int_equal(deliver(f, 5), 0);
    f->told->decline = false;
    assert_int_equal(deliver(f, 6), 0);
    assert_noted(f, (uint64_t[]){4, 6}, 2);
}

/* An event that was handed over, and came to nothing, was to arrive. */
static void what_failed_is(void **state)
{
    struct fixture *f = *state;

    f->told->status = EVJ_ERR_IO;
    assert_int_equal(deliver(f, 4), EVJ_ERR_IO);
    assert_noted(f, (uint64_t[]){4}, 1);
}

static void it_says_what_the_sink_below_says(void **state)
{
    struct fixture *f = *state;
    json_auto_t *report = json_object();

    assert_string_equal(f->sink->ops->name, "told");
    assert_int_equal(deliver(f, 4), 0);
    assert_int_equal(f->sink->ops->finish(f->sink, 0, NULL), 0);
    assert_int_equal(f->sink->undelivered, 3);
    assert_true(f->sink->faulty);
    f->sink->ops->report(f->sink, report);
    assert_int_equal(json_integer_value(json_object_get(report, "told")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_delivered_is_noted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_wanted_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_failed_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_says_what_the_sink_below_says, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A journal's inventory comes to the same whether it was read or hopped through; and where hopping
 * cannot know, it says so.
 */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"
#include "tools/inventory_hop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000)
#define SECOND (1000 * MS)

/* ---- both ways ---- */

static struct evj_journal *open_journal(const char *path)
{
    struct evj_journal *journal = NULL;
    struct evj_error err = {0};

    if (evj_journal_open(&path, 1, &journal, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    return journal;
}

static void take_by_reading(struct inventory *inventory, const char *path)
{
    EVJ_AUTO(journal) *journal = open_journal(path);
    const struct evj_record *record;

    inventory_init(inventory);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        inventory_add(inventory, record, inventory_has_own_clock(journal, record->source));
}

/* Returns whether hopping was enough. *ret_read: blocks that were read. */
static bool take_by_hopping(struct inventory *inventory, const char *path, uint64_t *ret_read)
{
    EVJ_AUTO(journal) *journal = open_journal(path);

    inventory_init(inventory);
    bool enough = inventory_may_hop(journal) && inventory_hop(inventory, journal);
    const struct evj_reader_totals *totals = evj_journal_totals(journal, 0);
    *ret_read = totals->blocks - totals->blocks_skipped;
    return enough;
}

static void assert_same_moment(const struct moment *a, const struct moment *b)
{
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->mono_us, b->mono_us);
    assert_int_equal(a->wall_us, b->wall_us);
}

static void assert_same_keys(GHashTable *a, GHashTable *b)
{
    GHashTableIter it;
    gpointer key;

    assert_int_equal(g_hash_table_size(a), g_hash_table_size(b));
    g_hash_table_iter_init(&it, a);
    while (g_hash_table_iter_next(&it, &key, NULL))
        assert_true(g_hash_table_contains(b, key));
}

static void assert_same(const struct inventory *a, const struct inventory *b)
{
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->states, b->states);
    assert_memory_equal(a->types, b->types, sizeof(a->types));
    assert_int_equal(a->sessions, b->sessions);
    assert_int_equal(a->handles, b->handles);
    assert_same_moment(&a->first, &b->first);
    assert_same_moment(&a->last, &b->last);
    assert_same_keys(a->emitters, b->emitters);
    assert_int_equal(a->gaps, b->gaps);
    assert_int_equal(a->lost_events, b->lost_events);
    assert_int_equal(a->lost_bytes, b->lost_bytes);
    assert_same_keys(a->lost_by_reason, b->lost_by_reason);
    assert_same_keys(a->lost_by_type, b->lost_by_type);
    assert_int_equal(a->marks->len, b->marks->len);
    assert_int_equal(a->clock_steps.found->len, b->clock_steps.found->len);
    assert_int_equal(clock_steps_other_time(&a->clock_steps, 0),
                     clock_steps_other_time(&b->clock_steps, 0));
}

/* Returns whether hopping was enough; then it has come to the same. */
static bool compare_both_ways(const char *path, uint64_t *ret_read)
{
    struct inventory read, hopped;
    bool enough = take_by_hopping(&hopped, path, ret_read);

    take_by_reading(&read, path);
    if (enough)
        assert_same(&read, &hopped);
    inventory_done(&read);
    inventory_done(&hopped);
    return enough;
}

/* ---- journals ---- */

/* What a made journal is like; its events are 10 ms apart. */
struct plan {
    const char *clock;
    unsigned events;
    int64_t lag_us, drift_us; /* of the first event; more with each event */
    unsigned step_at;         /* from this event on, 0: never … */
    unsigned step_until;      /* … up to this one, 0: the last */
    int64_t step_us;          /* … timestamps are so much later */
    unsigned gap_every, mark_every, later_every, states;
    const char *emitter;
    size_t block_text;
};

static void add_text(struct evj_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_text(struct evj_writer *writer, const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    journal_line(writer, line);
}

static int64_t timestamp_of(const struct plan *plan, unsigned number)
{
    bool stepped = plan->step_at > 0 && number >= plan->step_at &&
                   (plan->step_until == 0 || number < plan->step_until);

    return JOURNAL_WALL_US + number * 10 * MS - plan->lag_us - number * plan->drift_us +
           (stepped ? plan->step_us : 0);
}

static void add_planned(struct evj_writer *writer, const struct plan *plan, unsigned number)
{
    uint64_t seq = evj_writer_totals(writer)->next_seq;
    int64_t mono_us = JOURNAL_MONO_US + number * 10 * MS;

    if (plan->gap_every > 0 && number % plan->gap_every == 1) {
        add_text(writer,
                 "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"gap\":{\"events\":3,\"bytes\":9,"
                 "\"reason\":\"paused\",\"until\":%" PRId64 ",\"types\":{\"media\":3}}}",
                 seq, mono_us, mono_us);
        seq += 3;
    }
    if (plan->mark_every > 0 && number % plan->mark_every == 1)
        add_text(writer, "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"mark\":{\"text\":\"x\"}}",
                 seq++, mono_us);
    if (plan->later_every > 0 && number % plan->later_every == 1)
        add_text(writer, "{\"later\":%u}", number);
    add_text(writer,
             "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64
             ",\"event\":{\"emitter\":\"%s%u\",\"type\":%u,"
             "\"timestamp\":%" PRId64 ",\"session_id\":%u,\"handle_id\":%u}}",
             seq, mono_us, plan->emitter ? plan->emitter : "gw", number % 3, 1u << number % 11,
             timestamp_of(plan, number), 1 + number / 17, 1 + number / 5);
}

/* Returns the path of a closed journal; the caller frees it. */
static char *make(const char *folder, const struct plan *plan)
{
    const struct evj_writer_options options = {.block_text =
                                                   plan->block_text ? plan->block_text : 2000};
    char *path = temp_path(folder, "j.evj.gz");
    struct evj_writer *writer = NULL;
    struct evj_header header;

    remove(path);
    journal_header(&header);
    if (plan->clock != NULL)
        snprintf(header.clock, sizeof(header.clock), "%s", plan->clock);
    assert_int_equal(evj_writer_open(path, &header, &options, &writer, NULL), EVJ_OK);
    for (unsigned i = 0; i < plan->states; i++)
        add_text(writer, "{\"seq\":%u,\"mono\":1,\"state\":{\"type\":1,\"session_id\":99%u}}", i,
                 i);
    for (unsigned i = 0; i < plan->events; i++)
        add_planned(writer, plan, i);
    journal_end(writer);
    return path;
}

static bool make_and_compare(const char *folder, const struct plan *plan)
{
    char *path = make(folder, plan);
    uint64_t blocks_read;
    bool enough = compare_both_ways(path, &blocks_read);

    free(path);
    return enough;
}

/* ---- claims ---- */

static void hopping_comes_to_the_same_as_reading(void **state)
{
    static const struct plan plans[] = {
        {.events = 0},
        {.events = 1},
        {.events = 2000},
        {.events = 2000, .block_text = 200000},
        {.events = 2000, .lag_us = 3 * MS},
        {.events = 2000, .lag_us = -40 * MS},
        {.events = 2000, .clock = EVJ_CLOCK_TIMESTAMP, .step_at = 700, .step_us = 3 * SECOND},
        {.events = 2000, .clock = EVJ_CLOCK_ARRIVAL, .lag_us = 5 * SECOND, .drift_us = MS},
        {.events = 2000, .states = 40},
        {.events = 2000, .gap_every = 300},
        {.events = 2000, .mark_every = 400, .states = 2},
        {.events = 2000, .later_every = 5},
        {.events = 2000, .gap_every = 7, .mark_every = 5, .later_every = 3, .states = 5},
        {.events = 2000, .emitter = "\\u00e9\\\"\\\\"},
        {.events = 2000, .lag_us = 3600 * SECOND, .drift_us = MS}, /* a replay */
        {.events = 1000, .drift_us = 100},
    };

    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        if (!make_and_compare(*state, &plans[i]))
            fail_msg("journal %zu was not hopped through", i);
    }
}

/* At a block's first event, its last, inside, over several blocks, and back again within one. */
static void where_a_clock_may_have_been_set_all_is_read(void **state)
{
    for (unsigned at = 500; at < 540; at++) {
        for (int64_t step_us = -2 * SECOND; step_us <= 2 * SECOND; step_us += 4 * SECOND) {
            struct plan plan = {.events = 1500, .step_at = at, .step_us = step_us};

            assert_false(make_and_compare(*state, &plan));
            plan.step_until = at + 3;
            assert_false(make_and_compare(*state, &plan));
        }
    }
    /* Slewed by more than a step in all. */
    assert_false(make_and_compare(*state, &(struct plan){.events = 2000, .drift_us = 100}));
}

/* What is inflated: the first block and the last, and those with anything but events. */
static void only_special_blocks_are_read(void **state)
{
    char *path = make(*state, &(struct plan){.events = 5000});
    uint64_t blocks_read;

    assert_true(compare_both_ways(path, &blocks_read));
    assert_int_equal(blocks_read, 2);
    free(path);
    path = make(*state, &(struct plan){.events = 5000, .mark_every = 1000});
    assert_true(compare_both_ways(path, &blocks_read));
    assert_int_equal(blocks_read, 2 + 5);
    free(path);
}

/* An end record of these keys, behind `events` events as add_planned() makes them. */
static bool hops_with_end(const char *folder, unsigned events, const char *end)
{
    char *path = temp_path(folder, "e.evj.gz");
    const struct plan plan = {.emitter = "gw"};
    uint64_t blocks_read;

    remove(path);
    struct evj_writer *writer = journal_begin(path, NULL);
    for (unsigned i = 0; i < events; i++)
        add_planned(writer, &plan, i);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    add_text(writer, "%s", end);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    evj_writer_free(writer);
    bool enough = compare_both_ways(path, &blocks_read);
    free(path);
    return enough;
}

#define COUNTS "\"records\":2,\"events\":2,\"dropped\":0,\"reason\":\"shutdown\""
#define TYPES ",\"types\":{\"sessions\":1,\"handles\":1}"
#define IDS ",\"sessions\":1,\"handles\":1"
#define EMITTERS ",\"emitters\":[\"gw0\",\"gw1\"]"
#define SPAN ",\"first\":{\"seq\":0,\"mono\":3600000000},\"last\":{\"seq\":1,\"mono\":3600010000}"
#define LAG ",\"lag\":{\"least\":0,\"greatest\":0}"

/* Of an older release, of another program, or made to deceive: what contradicts itself is read. */
static void an_end_that_tells_too_little_or_wrong_is_not_taken(void **state)
{
    assert_true(hops_with_end(*state, 2, "{\"end\":{" COUNTS TYPES IDS EMITTERS SPAN LAG "}}"));
    static const char *const ends[] = {
        "{\"end\":{}}",
        "{\"end\":{" COUNTS "}}",
        "{\"end\":{" COUNTS IDS EMITTERS SPAN LAG "}}",
        "{\"end\":{" COUNTS TYPES ",\"handles\":1" EMITTERS SPAN LAG "}}",
        "{\"end\":{" COUNTS TYPES ",\"sessions\":1" EMITTERS SPAN LAG "}}",
        "{\"end\":{" COUNTS TYPES IDS SPAN LAG "}}",
        "{\"end\":{" COUNTS TYPES IDS EMITTERS LAG "}}",
        "{\"end\":{" COUNTS TYPES IDS EMITTERS SPAN "}}",
        "{\"end\":{" COUNTS ",\"types\":{\"sessions\":1}" IDS EMITTERS SPAN LAG "}}",
        "{\"end\":{\"records\":3,\"events\":2" TYPES IDS EMITTERS SPAN LAG "}}",
        "{\"end\":{\"records\":1,\"events\":2" TYPES IDS EMITTERS SPAN LAG "}}",
        "{\"end\":{\"records\":2,\"events\":3,\"types\":{\"core\":3}" IDS EMITTERS SPAN LAG "}}",
        "{\"end\":{\"records\":2,\"events\":0,\"types\":{}" IDS EMITTERS SPAN LAG "}}",
    };

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (hops_with_end(*state, 2, ends[i]))
            fail_msg("%s was taken", ends[i]);
    }
}

static void a_file_without_an_end_is_read(void **state)
{
    char *path = temp_path(*state, "open.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    uint64_t blocks_read;

    journal_events(writer, 50);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    assert_false(compare_both_ways(path, &blocks_read));
    evj_writer_free(writer);
    free(path);
}

/* A completed file: its writer knows nothing of the events before the crash. */
static void a_file_that_was_gone_on_with_is_read(void **state)
{
    char *path = temp_path(*state, "resumed.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    struct evj_header header;
    uint64_t blocks_read;

    journal_header(&header);
    journal_events(writer, 50);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    struct evj_writer_totals sofar = *evj_writer_totals(writer);
    evj_writer_free(writer);
    assert_int_equal(evj_writer_resume(path, &header, &sofar, &writer, NULL), EVJ_OK);
    journal_end(writer);
    assert_false(compare_both_ways(path, &blocks_read));
    free(path);
}

/* The bytes of `second` behind those of `first`: is that hopped through? */
static bool hops_when_joined(const char *folder, const char *first, const void *second, size_t size)
{
    char *path = temp_path(folder, "joined.evj.gz");
    size_t first_size;
    char *bytes = temp_read(first, &first_size);
    uint64_t blocks_read;

    bytes = realloc(bytes, first_size + size);
    assert_non_null(bytes);
    memcpy(bytes + first_size, second, size);
    temp_write(path, bytes, first_size + size);
    bool enough = compare_both_ways(path, &blocks_read);
    free(bytes);
    free(path);
    return enough;
}

/* `cat a b > c` is a gzip file too; the end of one does not tell of the other, even of nothing. */
static void files_that_were_put_together_are_read(void **state)
{
    char *path = make(*state, &(struct plan){.events = 300});
    size_t size;
    char *bytes = temp_read(path, &size);

    assert_true(hops_when_joined(*state, path, "", 0));
    assert_false(hops_when_joined(*state, path, bytes, size));
    free(path);
    path = make(*state, &(struct plan){.events = 0});
    assert_false(hops_when_joined(*state, path, bytes, size));
    free(bytes);
    free(path);
}

/* Even where nothing is lost. */
static void a_damaged_file_is_read(void **state)
{
    char *path = make(*state, &(struct plan){.events = 3000});
    size_t size;
    char *bytes = temp_read(path, &size);
    uint64_t blocks_read;

    assert_false(hops_when_joined(*state, path, "no block", 8));
    memset(bytes + size / 3, 0, 2000);
    temp_write(path, bytes, size);
    assert_false(compare_both_ways(path, &blocks_read));
    free(bytes);
    free(path);
}

/* A session may be in both, so what the files tell cannot be added up. */
static void several_files_are_read(void **state)
{
    char *one = make(*state, &(struct plan){.events = 30});
    char *other = temp_path(*state, "other.evj.gz");
    const char *const paths[] = {one, other};
    EVJ_AUTO(journal) *journal = NULL;

    journal_make(other, 10, 0);
    assert_int_equal(evj_journal_open(paths, 2, &journal, NULL), EVJ_OK);
    assert_false(inventory_may_hop(journal));
    free(other);
    free(one);
}

/* What comes through a pipe cannot be read again. */
static void standard_input_is_read(void **state)
{
    char *path = make(*state, &(struct plan){.events = 30});
    const char *const dash[] = {"-"};
    EVJ_AUTO(journal) *journal = NULL;

    assert_non_null(freopen(path, "rb", stdin));
    assert_int_equal(evj_journal_open(dash, 1, &journal, NULL), EVJ_OK);
    assert_false(inventory_may_hop(journal));
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hopping_comes_to_the_same_as_reading),
        TEST(where_a_clock_may_have_been_set_all_is_read),
        TEST(only_special_blocks_are_read),
        TEST(an_end_that_tells_too_little_or_wrong_is_not_taken),
        TEST(a_file_without_an_end_is_read),
        TEST(a_file_that_was_gone_on_with_is_read),
        TEST(files_that_were_put_together_are_read),
        TEST(a_damaged_file_is_read),
        TEST(several_files_are_read),
        TEST(standard_input_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long it takes to make text of an event: the recorder's walker against json_dumps(), and
 * against the copy that Janus itself makes of each event when it has two handlers.
 *
 * "cold": many different trees, one after the other, as they come in a server: each is read from
 * memory. "hot": the same tree again and again, as benchmarks like it.
 */
#include "evj/error.h"
#include "recorder/serialise.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_SIZE (4u * 1024 * 1024) /* as large as the recorder's ring */
#define EVENT_MAX (64u * 1024)
#define HOT_TREES 40u
#define BATCH ((size_t)100)

/* What is measured: returns the number of bytes it made, 0 for none. */
typedef size_t method_function(json_t *event, char *out);

static size_t dump(json_t *event, size_t flags)
{
    char *text = json_dumps(event, flags);
    size_t len = text ? strlen(text) : 0;

    free(text);
    return len;
}

static size_t dump_compact(json_t *event, char *out)
{
    (void)out;
    return dump(event, JSON_COMPACT);
}

static size_t dump_indented(json_t *event, char *out)
{
    (void)out;
    return dump(event, JSON_INDENT(3) | JSON_PRESERVE_ORDER);
}

static size_t copy_and_free(json_t *event, char *out)
{
    (void)out;
    json_decref(json_deep_copy(event));
    return 0;
}

/* What Janus's events thread does for each of several handlers: they free it later. */
static GPtrArray *copies;

static size_t copy_only(json_t *event, char *out)
{
    (void)out;
    g_ptr_array_add(copies, json_deep_copy(event));
    return 0;
}

static void free_copies(void)
{
    for (guint i = 0; i < copies->len; i++)
        json_decref(copies->pdata[i]);
    g_ptr_array_set_size(copies, 0);
}

static size_t walk(json_t *event, char *out)
{
    size_t len = 0;

    if (serialise_event(event, out, EVENT_MAX, &len) != EVJ_OK)
        abort();
    return len;
}

/* Reads what any serialiser that uses jansson's public functions must read, and no more. */
static size_t traverse(json_t *value, char *out)
{
    size_t sum = 0;

    if (json_is_object(value)) {
        for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
            sum += (unsigned char)json_object_iter_key(at)[0] +
                   traverse(json_object_iter_value(at), out);
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            sum += traverse(json_array_get(value, i), out);
    } else if (json_is_string(value)) {
        sum = (unsigned char)json_string_value(value)[0];
    } else {
        sum = (size_t)json_integer_value(value);
    }
    return sum;
}

struct method {
    const char *name;
    method_function *run;
    struct rounds cold, hot; /* ns per event */
};

enum {
    METHOD_DUMP_INDENTED,
    METHOD_DUMP,
    METHOD_COPY,
    METHOD_COPY_FREE,
    METHOD_WALK,
    METHOD_TRAVERSE,
    METHODS
};

static struct method methods[METHODS] = {
    [METHOD_DUMP_INDENTED] = {.name = "json_dumps, indented", .run = dump_indented},
    [METHOD_DUMP] = {.name = "json_dumps, compact", .run = dump_compact},
    [METHOD_COPY] = {.name = "json_deep_copy", .run = copy_only},
    [METHOD_COPY_FREE] = {.name = "json_deep_copy and free", .run = copy_and_free},
    [METHOD_WALK] = {.name = "recorder's walker", .run = walk},
    [METHOD_TRAVERSE] = {.name = "reading the tree only", .run = traverse},
};

static char *output;
static volatile size_t kept; /* so that nothing is optimised away */

/* The output goes round a ring, like the recorder's. Returns the thread's time. */
static uint64_t run_batch(const struct method *method, json_t **events, size_t count)
{
    uint64_t begun_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    static size_t at;
    size_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        size_t len = method->run(events[i], output + at);
        sum += len;
        at += method->run == walk ? len : 0;
        if (at > OUTPUT_SIZE - EVENT_MAX)
            at = 0;
    }
    kept = sum;
    return clock_ns(CLOCK_THREAD_CPUTIME_ID) - begun_ns;
}

/* ns per event. What a method leaves behind is freed so often that the heap stays as it was. */
static double run_over(const struct method *method, json_t **events, size_t count)
{
    uint64_t took_ns = 0;

    for (size_t i = 0; i < count; i += BATCH) {
        took_ns += run_batch(method, events + i, MIN(BATCH, count - i));
        free_copies();
    }
    return (double)took_ns / (double)count;
}

static double run_hot(const struct method *method, json_t **events, size_t count, size_t times)
{
    json_t **same = g_new(json_t *, times);
    double sum = 0;

    for (size_t i = 0; i < HOT_TREES; i++) {
        for (size_t t = 0; t < times; t++)
            same[t] = events[i * count / HOT_TREES];
        sum += run_over(method, same, times);
    }
    g_free(same);
    return sum / HOT_TREES;
}

/* Same bytes, or the comparison means nothing. */
static int check(json_t **events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *text = json_dumps(events[i], JSON_COMPACT);
        size_t len = walk(events[i], output);
        int same = text && strlen(text) == len && memcmp(text, output, len) == 0;
        free(text);
        if (!same)
            return -1;
    }
    return 0;
}

static void print(size_t count, size_t rounds, double mean_bytes)
{
    static const char *const heads[] = {"method", "cold ns", "(quartiles)", "speed",
                                        "hot ns", "speed",   NULL};
    g_autofree char *title =
        g_strdup_printf("Serialising an event: ns per event, thread CPU time; speed against "
                        "json_dumps, compact\n%zu events, mean %.0f bytes, median of %zu rounds",
                        count, mean_bytes, rounds);
    double dumped_cold = rounds_median(&methods[METHOD_DUMP].cold);
    double dumped_hot = rounds_median(&methods[METHOD_DUMP].hot);
    struct table table;

    table_init(&table, title, heads);
    for (size_t i = 0; i < METHODS; i++) {
        const struct method *method = &methods[i];
        table_add(&table, "%s", method->name);
        table_add(&table, "%.0f", rounds_median(&method->cold));
        table_add(&table, "(%.0f … %.0f)", rounds_lower(&method->cold),
                  rounds_upper(&method->cold));
        table_add(&table, "%.2fx", dumped_cold / rounds_median(&method->cold));
        table_add(&table, "%.0f", rounds_median(&method->hot));
        table_add(&table, "%.2fx", dumped_hot / rounds_median(&method->hot));
    }
    table_print(&table);
}

static json_t **make_events(size_t count, double *ret_mean_bytes)
{
    struct generator_options options = {.seed = 1, .sessions = 1000, .steady = true};
    struct generator *generator = generator_new(&options);
    json_t **events = g_new0(json_t *, count);
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        events[i] = generator_next(generator);
        bytes += json_dumpb(events[i], NULL, 0, JSON_COMPACT);
    }
    generator_free(generator);
    *ret_mean_bytes = (double)bytes / (double)count;
    return events;
}

int main(int argc, char **argv)
{
    int quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    size_t count = quick ? 2000 : 20000, rounds = quick ? 2 : 11, hot_times = quick ? 50 : 500;
    double mean_bytes;
    json_t **events = make_events(count, &mean_bytes);

    output = g_malloc0(OUTPUT_SIZE);
    copies = g_ptr_array_new();
    if (check(events, count) < 0) {
        fprintf(stderr, "bench_serialise: the walker's text is not json_dumps()'s\n");
        return 1;
    }
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < METHODS; i++) {
            rounds_add(&methods[i].cold, run_over(&methods[i], events, count));
            rounds_add(&methods[i].hot, run_hot(&methods[i], events, count, hot_times));
        }
    print(count, rounds, mean_bytes);
    for (size_t i = 0; i < count; i++)
        json_decref(events[i]);
    g_free(events);
    g_ptr_array_free(copies, TRUE);
    g_free(output);
    return 0;
}

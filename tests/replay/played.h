/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_PLAYED_H
#define TESTS_REPLAY_PLAYED_H

/* One replay in memory, on a fake clock, and all that came of it: the fixture of the engine's tests. */

#include "replay/replay.h"
#include "tests/replay/memory_replay.h"

#define S_US INT64_C(1000000)
#define S_NS INT64_C(1000000000)
/* The clock's time at the start. */
#define START_NS (1000 * S_NS)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An order, and when it is given: ns after the start. The engine hears of it in the slice of its
 * waiting that follows. */
struct played_order {
    int64_t at_ns;
    struct replay_order order;
};

struct played {
    struct fake_clock fake;
    struct memory_source source;
    struct memory_sink sink;
    struct replay_options options;
    struct replay_control control;
    /* After a sleep that ends so long after the start or later, 0: never … */
    int64_t stop_at_ns;  /* … the stop flag is set */
    int64_t stand_at_ns; /* … the process has been stopped for `stood_ns`, once */
    int64_t stood_ns;
    atomic_int continued;
    const struct played_order *orders;
    size_t order_count, ordered;
    struct replay_report *report;
    struct evj_error err;
    int status;
};

/* For cmocka: *state is a struct played, at the recorded speed. */
int played_set_up(void **state);
int played_tear_down(void **state);

/* The clock as it is at the start. */
void played_init_clock(struct played *played);
void played_init_ends(struct played *played, const struct memory_record *records, size_t count);
void played_run(struct played *played);
/* Both. */
void played_play(struct played *played, const struct memory_record *records, size_t count);

/* Give these orders during the next replay, earliest first. */
void played_give_orders(struct played *played, const struct played_order *orders, size_t count);

/* These events, and no others, were delivered at these times after the start. */
void played_assert_delivered_at(const struct played *played, const int64_t *times_ns, size_t count);
/* In this order: a record's seq is its index. */
void played_assert_seqs(const struct played *played, const uint64_t *seqs, size_t count);

#endif

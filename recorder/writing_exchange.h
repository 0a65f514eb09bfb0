/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_WRITING_EXCHANGE_H
#define RECORDER_WRITING_EXCHANGE_H

/*
 * What the writing thread and all others tell each other: settings and orders the one way, how it
 * goes the other way. One lock, which is only held to copy: whoever asks never waits for a disk. What
 * the types mean stands in writing.h.
 */

#include "evj/error.h"
#include "recorder/series.h"
#include "recorder/upkeep.h"
#include "recorder/writing.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Orders that may wait for the disk. */
#define ORDERS_MAX 16u

struct order {
    enum writing_order kind;
    char name[256];
};

struct exchange {
    pthread_mutex_t lock; /* only held to copy these */
    struct writing_report report;
    struct retention_file *files;
    size_t file_count;
    struct writing_tuning tuning; /* to be used from the next time on */
    struct order orders[ORDERS_MAX];
    size_t order_count;
};

void exchange_init(struct exchange *exchange, const struct writing_tuning *tuning);
void exchange_done(struct exchange *exchange);

/* ---- for any thread ---- */

void exchange_tune(struct exchange *exchange, const struct writing_tuning *tuning);
/* False when too many wait already. What waits already need not wait twice, and a later word on the
 * same journal counts. */
bool exchange_order(struct exchange *exchange, enum writing_order kind, const char *name);
void exchange_report(struct exchange *exchange, struct writing_report *ret_report);
/* A copy for g_free(). */
struct retention_file *exchange_list(struct exchange *exchange, size_t *ret_count);

/* ---- for the writing thread ---- */

/* The settings from now on, and what was ordered since the last time. Returns the number of orders. */
size_t exchange_take(struct exchange *exchange, struct writing_tuning *ret_tuning,
                     struct order ret_orders[ORDERS_MAX]);
/* Something went wrong that is no failure of the disk. */
void exchange_tell_error(struct exchange *exchange, const struct evj_error *err);
/* `status` < 0: the disk fails, as `err` says. */
void exchange_tell_progress(struct exchange *exchange, const struct series *series, int status,
                            const struct evj_error *err);
/* Takes the list of files. */
void exchange_tell_files(struct exchange *exchange, const struct upkeep_report *found);

#endif

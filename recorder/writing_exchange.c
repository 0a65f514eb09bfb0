/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/writing_exchange.h"

#include "evj/header.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

void exchange_init(struct exchange *exchange, const struct writing_tuning *tuning)
{
    *exchange = (struct exchange){.tuning = *tuning, .report = {.disk_free = UINT64_MAX}};
    pthread_mutex_init(&exchange->lock, NULL);
}

void exchange_done(struct exchange *exchange)
{
    pthread_mutex_destroy(&exchange->lock);
    g_free(exchange->files);
}

/* ---- settings and orders ---- */

void exchange_tune(struct exchange *exchange, const struct writing_tuning *tuning)
{
    pthread_mutex_lock(&exchange->lock);
    exchange->tuning = *tuning;
    pthread_mutex_unlock(&exchange->lock);
}

static bool is_of_pins(const struct order *order)
{
    return order->kind == WRITING_PIN || order->kind == WRITING_UNPIN;
}

/* The same once more, or what takes it back. */
static bool replaces(const struct order *later, const struct order *earlier)
{
    return (later->kind == earlier->kind || (is_of_pins(later) && is_of_pins(earlier))) &&
           strcmp(later->name, earlier->name) == 0;
}

/* With the lock. */
static bool add_order(struct exchange *exchange, const struct order *order)
{
    for (size_t i = 0; i < exchange->order_count; i++) {
        if (!replaces(order, &exchange->orders[i]))
            continue;
        exchange->orders[i] = *order;
        return true;
    }
    if (exchange->order_count == ORDERS_MAX)
        return false;
    exchange->orders[exchange->order_count++] = *order;
    return true;
}

bool exchange_order(struct exchange *exchange, enum writing_order kind, const char *name)
{
    struct order order = {.kind = kind};

    g_strlcpy(order.name, name, sizeof(order.name));
    pthread_mutex_lock(&exchange->lock);
    bool added = add_order(exchange, &order);
    pthread_mutex_unlock(&exchange->lock);
    return added;
}

size_t exchange_take(struct exchange *exchange, struct writing_tuning *ret_tuning,
                     struct order ret_orders[ORDERS_MAX])
{
    pthread_mutex_lock(&exchange->lock);
    size_t count = exchange->order_count;
    memcpy(ret_orders, exchange->orders, count * sizeof(ret_orders[0]));
    exchange->order_count = 0;
    *ret_tuning = exchange->tuning;
    pthread_mutex_unlock(&exchange->lock);
    return count;
}

/* ---- reports ---- */

/* With the lock. */
static void note_error(struct writing_report *report, const struct evj_error *err)
{
    snprintf(report->error, sizeof(report->error), "%s", err->text);
    report->error_us = evj_clock_wall_us();
}

void exchange_tell_error(struct exchange *exchange, const struct evj_error *err)
{
    pthread_mutex_lock(&exchange->lock);
    note_error(&exchange->report, err);
    pthread_mutex_unlock(&exchange->lock);
}

void exchange_tell_progress(struct exchange *exchange, const struct series *series, int status,
                            const struct evj_error *err)
{
    struct writing_report *report = &exchange->report;

    pthread_mutex_lock(&exchange->lock);
    report->totals = series_totals(series);
    snprintf(report->path, sizeof(report->path), "%s", series_path(series));
    report->failing = status < 0;
    if (status < 0)
        note_error(report, err);
    pthread_mutex_unlock(&exchange->lock);
}

void exchange_tell_files(struct exchange *exchange, const struct upkeep_report *found)
{
    struct writing_report *report = &exchange->report;

    pthread_mutex_lock(&exchange->lock);
    struct retention_file *before = exchange->files;
    exchange->files = found->files;
    exchange->file_count = found->count;
    report->disk_free = found->disk_free;
    report->journals = found->count;
    report->journals_bytes = 0;
    for (size_t i = 0; i < found->count; i++)
        report->journals_bytes += found->files[i].bytes;
    g_strlcpy(report->oldest, found->count > 0 ? found->files[0].name : "", sizeof(report->oldest));
    pthread_mutex_unlock(&exchange->lock);
    g_free(before);
}

void exchange_report(struct exchange *exchange, struct writing_report *ret_report)
{
    pthread_mutex_lock(&exchange->lock);
    *ret_report = exchange->report;
    pthread_mutex_unlock(&exchange->lock);
}

struct retention_file *exchange_list(struct exchange *exchange, size_t *ret_count)
{
    pthread_mutex_lock(&exchange->lock);
    struct retention_file *files =
        g_memdup2(exchange->files, exchange->file_count * sizeof(*exchange->files));
    *ret_count = exchange->file_count;
    pthread_mutex_unlock(&exchange->lock);
    return files;
}

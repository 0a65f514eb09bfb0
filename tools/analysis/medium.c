/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/medium.h"

#include "tools/analysis/text.h"

#include <string.h>

/* How long a call is in its setup, and what its end is. */
#define SETUP_US (5 * G_USEC_PER_SEC)
#define END_US (10 * G_USEC_PER_SEC)

/* The most samples that are held for the end: with statistics every second there are eleven. */
#define RECENT_MAX 64u

struct medium *medium_new(const char *mid, const char *media)
{
    struct medium *medium = g_new0(struct medium, 1);

    medium->mid = g_strdup(mid);
    medium->media = g_strdup(media);
    medium->recent = g_array_new(FALSE, FALSE, sizeof(struct medium_sample));
    return medium;
}

void medium_sum_done(struct medium_sum *sum)
{
    for (unsigned i = 0; i < MEDIUM_LEVELS; i++)
        spread_done(&sum->levels[i]);
}

void medium_free(gpointer pointer)
{
    struct medium *medium = pointer;

    g_free(medium->mid);
    g_free(medium->media);
    g_free(medium->codec);
    medium_sum_done(&medium->setup);
    medium_sum_done(&medium->steady);
    g_array_unref(medium->recent);
    g_clear_pointer(&medium->unknown, g_ptr_array_unref);
    g_free(medium);
}

/* ---- sums ---- */

static void sum_add(struct medium_sum *sum, const struct medium_sample *sample)
{
    if (sum->samples++ == 0)
        sum->from_us = sample->since_us;
    sum->until_us = sample->time_us;
    for (unsigned i = 0; i < MEDIUM_COUNTERS; i++) {
        sum->told[i] |= sample->told[i];
        sum->counts[i] += sample->counts[i];
    }
    for (unsigned i = 0; i < MEDIUM_LEVELS; i++) {
        if (sample->levels[i] >= 0)
            spread_add(&sum->levels[i], (uint32_t)MIN(sample->levels[i], UINT32_MAX));
    }
}

static void sum_copy(struct medium_sum *to, const struct medium_sum *from)
{
    *to = *from;
    memset(to->levels, 0, sizeof(to->levels));
    for (unsigned i = 0; i < MEDIUM_LEVELS; i++)
        spread_add_all(&to->levels[i], &from->levels[i]);
}

void medium_sum_up(const struct medium *medium, enum medium_phase phase, struct medium_sum *ret_sum)
{
    if (phase != MEDIUM_END) {
        sum_copy(ret_sum, phase == MEDIUM_SETUP ? &medium->setup : &medium->steady);
        return;
    }
    *ret_sum = (struct medium_sum){.samples = 0};
    for (guint i = 0; i < medium->recent->len; i++)
        sum_add(ret_sum, &g_array_index(medium->recent, struct medium_sample, i));
}

/* What is older than the end of the call that may be now belongs to the time between. */
static void let_go(struct medium *medium, int64_t now_us)
{
    guint old = 0;

    while (old < medium->recent->len) {
        const struct medium_sample *sample =
            &g_array_index(medium->recent, struct medium_sample, old);

        if (sample->time_us > now_us - END_US && medium->recent->len - old <= RECENT_MAX)
            break;
        sum_add(&medium->steady, sample);
        old++;
    }
    g_array_remove_range(medium->recent, 0, old);
}

static void take_sample(struct medium *medium, const struct medium_sample *sample)
{
    if (sample->time_us - medium->first.time_us <= SETUP_US) {
        sum_add(&medium->setup, sample);
        return;
    }
    g_array_append_val(medium->recent, *sample);
    let_go(medium, sample->time_us);
}

/* ---- fields that are not known here ---- */

static void unknown_free(gpointer pointer)
{
    struct medium_unknown *unknown = pointer;

    g_free(unknown->key);
    g_free(unknown->value);
    g_free(unknown);
}

struct medium_unknown *medium_get_unknown(struct medium *medium, const char *key, size_t len)
{
    if (medium->unknown == NULL)
        medium->unknown = g_ptr_array_new_with_free_func(unknown_free);
    for (guint i = 0; i < medium->unknown->len; i++) {
        struct medium_unknown *unknown = g_ptr_array_index(medium->unknown, i);

        if (strlen(unknown->key) == len && memcmp(unknown->key, key, len) == 0)
            return unknown;
    }
    struct medium_unknown *unknown = g_new0(struct medium_unknown, 1);

    unknown->key = g_strndup(key, len);
    g_ptr_array_add(medium->unknown, unknown);
    return unknown;
}

const struct medium_unknown *medium_find_unknown(const struct medium *medium, const char *key)
{
    for (guint i = 0; medium->unknown != NULL && i < medium->unknown->len; i++) {
        const struct medium_unknown *unknown = g_ptr_array_index(medium->unknown, i);

        if (g_str_equal(unknown->key, key))
            return unknown;
    }
    return NULL;
}

static struct evj_slice lasting(struct evj_slice value)
{
    static const char number[] = "number";
    const bool is_number =
        value.len > 0 && (value.text[0] == '-' || g_ascii_isdigit(value.text[0]));

    return is_number ? (struct evj_slice){number, sizeof(number) - 1} : value;
}

static void take_unknown(struct medium *medium, const struct medium_report *report)
{
    for (unsigned i = 0; i < report->unknown_count; i++) {
        const struct evj_slice key = report->unknown[i].key;
        const struct evj_slice value = lasting(report->unknown[i].value);
        struct medium_unknown *unknown = medium_get_unknown(medium, key.text, key.len);

        if (unknown->value != NULL && evj_slice_is(value, unknown->value))
            continue;
        g_free(unknown->value);
        unknown->value = g_strndup(value.text, value.len);
    }
}

/* ---- one statistics event ---- */

/* Have the counters started again, as they may after a renegotiation? One that only goes back a bit
 * was corrected: packets that were given up as lost may come after all. */
static bool starts_again(const struct medium *medium, const struct medium_report *report)
{
    for (unsigned i = MEDIUM_PACKETS_RECEIVED; i <= MEDIUM_BYTES_SENT; i++) {
        if (report->told[i] && report->values[i] < medium->values[i] / 2)
            return true;
    }
    return false;
}

static uint64_t growth(uint64_t before, uint64_t now)
{
    return now > before ? now - before : 0;
}

/* What the counters grew by. */
static void count(struct medium *medium, const struct medium_report *report,
                  uint64_t ret_counts[MEDIUM_COUNTERS])
{
    const bool again = starts_again(medium, report);

    medium->resets += again;
    for (unsigned i = 0; i < MEDIUM_COUNTERS; i++) {
        ret_counts[i] = 0;
        if (!report->told[i])
            continue;
        ret_counts[i] = growth(again ? 0 : medium->values[i], report->values[i]);
        medium->values[i] = again ? report->values[i] : MAX(medium->values[i], report->values[i]);
        medium->totals[i] += ret_counts[i];
    }
}

void medium_add(struct medium *medium, const struct medium_report *report, uint64_t seq,
                int64_t time_us)
{
    struct medium_sample sample = {.since_us = medium->last.time_us, .time_us = time_us};
    const bool is_first = !medium->first.seen;

    if (medium->codec == NULL)
        medium->codec = text_of_string_or_null(report->codec);
    moment_note(&medium->first, seq, time_us);
    medium->last = (struct moment){.seen = true, .seq = seq, .time_us = time_us};
    medium->samples++;
    take_unknown(medium, report);
    count(medium, report, sample.counts);
    memcpy(sample.told, report->told, sizeof(sample.told));
    memcpy(sample.levels, report->levels, sizeof(sample.levels));
    if (!is_first)
        take_sample(medium, &sample);
}

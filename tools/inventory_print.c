/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory_print.h"

#include "evj/path.h"
#include "tools/columns.h"
#include "tools/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Of a kind (files, emitters, marks …) that many are listed; the others are counted. */
#define LISTED_MAX 5

static void label(const char *text)
{
    printf("%-12s ", text);
}

static void print_text(const char *text)
{
    print_safely(stdout, text, strlen(text));
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_more(uint64_t count)
{
    if (count > LISTED_MAX)
        printf("%13sand %" PRIu64 " more\n", "", count - LISTED_MAX);
}

/* ---- times ---- */

/* "2026-11-22 08:00:06.947" */
static void print_moment(int64_t wall_us)
{
    time_t seconds = (time_t)(wall_us / G_USEC_PER_SEC);
    struct tm utc = {0};
    char text[40];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &utc);
    printf("%s.%03d", text, (int)(MAX(wall_us, 0) / 1000 % 1000));
}

/* ---- files ---- */

static void print_size(uint64_t size, const struct evj_reader_totals *totals)
{
    double file = (double)totals->file_bytes; /* of what was read, as the text */
    double text = (double)totals->text_bytes;

    if (size < 10 * 1000)
        printf("%" PRIu64 " bytes", size);
    else if (size < 10 * 1000 * 1000)
        printf("%.1f kB", (double)size / 1e3);
    else
        printf("%.1f MB", (double)size / 1e6);
    if (text > file)
        printf(", %.1f times smaller than its text", text / file);
}

static void print_clock(const char *clock)
{
    if (strcmp(clock, EVJ_CLOCK_TIMESTAMP) == 0)
        printf("; times are the events' timestamps");
    else if (strcmp(clock, EVJ_CLOCK_ARRIVAL) == 0)
        printf("; times are of arrival");
}

static void print_times(const struct inventory *inventory, size_t file)
{
    if (clock_steps_other_time(&inventory->clock_steps, (unsigned)file))
        printf("%13sevents are of another time than the recording (a replay?)\n", "");
}

static void print_stretch(const struct evj_damage *damage)
{
    printf("%15s", "");
    if (damage->from == damage->to)
        printf("at byte %" PRIu64, damage->from);
    else
        printf("bytes %" PRIu64 " to %" PRIu64, damage->from, damage->to - 1);
    printf(": %s%" PRIu64 " event%s lost\n", damage->lost_is_certain ? "" : "at least ",
           damage->lost, plural(damage->lost));
}

static void print_damage(const struct evj_journal *journal, size_t file)
{
    const struct evj_reader_totals *totals = evj_journal_totals(journal, file);
    const struct evj_damage *damage;
    size_t at = 0;

    if (totals->damages == 0)
        return;
    printf("%13sdamaged at %" PRIu64 " place%s, %" PRIu64 " bytes, %" PRIu64 " event%s lost\n", "",
           totals->damages, plural(totals->damages), totals->damaged_bytes, totals->lost,
           plural(totals->lost));
    for (unsigned i = 0; i < LISTED_MAX; i++) {
        damage = inventory_next_damage(journal, file, &at);
        if (damage != NULL)
            print_stretch(damage);
    }
    if (totals->damages > LISTED_MAX)
        printf("%15sand %" PRIu64 " more\n", "", totals->damages - LISTED_MAX);
}

static void print_file(const struct evj_journal *journal, size_t file)
{
    const struct evj_header *header = evj_journal_header(journal, file);
    const struct evj_reader_totals *totals = evj_journal_totals(journal, file);

    label("File");
    print_text(evj_path_shown(evj_journal_path(journal, file)));
    printf("\n%13s%s; ", "", evj_ending_name(evj_journal_ending(journal, file)));
    print_size(evj_journal_size(journal, file), totals);
    printf("\n%13sstarted ", "");
    print_moment(header->started_wall_us);
    printf(" UTC\n%13sby ", "");
    print_text(header->recorder);
    if (header->host[0] != '\0') {
        printf(" on ");
        print_text(header->host);
    }
    print_clock(header->clock);
    printf("\n%13srecording ", "");
    print_text(header->id);
    putchar('\n');
    if (totals->more_recordings > 0)
        printf("%13sand %" PRIu64 " more behind it, as of files put one behind the other\n", "",
               totals->more_recordings);
    if (totals->spool_records > 0)
        printf("%13s%" PRIu64 " record%s still in its spool\n", "", totals->spool_records,
               totals->spool_records == 1 ? " is" : "s are");
    print_damage(journal, file);
}

static void print_files(const struct inventory *inventory, const struct evj_journal *journal)
{
    size_t files = evj_journal_files(journal);

    for (size_t i = 0; i < files && i < LISTED_MAX; i++) {
        print_file(journal, i);
        print_times(inventory, i);
    }
    print_more(files);
}

/* ---- events ---- */

static void print_emitters(GHashTable *emitters)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(emitters), (GCompareFunc)strcmp);
    unsigned listed = 0;

    for (GList *at = names; at != NULL && listed < LISTED_MAX; at = at->next, listed++) {
        label(listed == 0 ? "Emitter" : "");
        print_text(at->data);
        putchar('\n');
    }
    print_more(g_hash_table_size(emitters));
}

static void print_span(const struct inventory *inventory)
{
    const int64_t span_us = inventory->last.wall_us - inventory->first.wall_us;
    g_autofree char *lasted = columns_duration(span_us);

    if (inventory->events == 0)
        return;
    label("From");
    print_moment(inventory->first.wall_us);
    printf(" UTC\n");
    label("To");
    print_moment(inventory->last.wall_us);
    printf(" UTC");
    if (span_us >= 0) /* of several recordings the last is not always the latest */
        printf(", after %s", lasted);
    putchar('\n');
}

static void print_counts(const struct inventory *inventory)
{
    label("Events");
    printf("%" PRIu64 ", of %" PRIu64 " session%s and %" PRIu64 " handle%s\n", inventory->events,
           inventory->sessions, plural(inventory->sessions), inventory->handles,
           plural(inventory->handles));
    for (unsigned i = 0; i < EVJ_EVENT_TYPES; i++) {
        if (inventory->types[i] > 0)
            printf("%13s%-12s %8" PRIu64 "\n", "", evj_event_type_label(1u << i),
                   inventory->types[i]);
    }
    if (inventory->types[EVJ_EVENT_TYPES] > 0)
        printf("%13s%-12s %8" PRIu64 "\n", "", "other", inventory->types[EVJ_EVENT_TYPES]);
    if (inventory->states > 0)
        printf("%-12s %" PRIu64 " earlier event%s of what was alive at the start\n", "States",
               inventory->states, plural(inventory->states));
}

/* ---- what is out of the ordinary ---- */

static void print_gaps(const struct inventory *inventory)
{
    g_autoptr(GList) reasons =
        g_list_sort(g_hash_table_get_keys(inventory->lost_by_reason), (GCompareFunc)strcmp);

    if (inventory->gaps == 0)
        return;
    label("Lost");
    printf("%" PRIu64 " event%s in %" PRIu64 " gap%s\n", inventory->lost_events,
           plural(inventory->lost_events), inventory->gaps, plural(inventory->gaps));
    for (GList *at = reasons; at != NULL; at = at->next) {
        printf("%13s%" PRIu64 " ", "",
               *(uint64_t *)g_hash_table_lookup(inventory->lost_by_reason, at->data));
        print_text(at->data);
        putchar('\n');
    }
}

static void print_marks(const GArray *marks)
{
    for (guint i = 0; i < marks->len && i < LISTED_MAX; i++) {
        const struct inventory_mark *mark = &g_array_index(marks, struct inventory_mark, i);

        label(i == 0 ? "Marks" : "");
        print_moment(mark->at.wall_us);
        fputs("  ", stdout);
        print_text(mark->text);
        putchar('\n');
    }
    print_more(marks->len);
}

static void print_steps(const GArray *steps, const struct evj_journal *journal)
{
    for (guint i = 0; i < steps->len && i < LISTED_MAX; i++) {
        const struct clock_step *step = &g_array_index(steps, struct clock_step, i);

        label(i == 0 ? "Clock set" : "");
        print_moment(step->wall_us);
        printf("  by %+.3f s, before seq %" PRIu64, (double)step->step_us / G_USEC_PER_SEC,
               step->seq);
        if (evj_journal_files(journal) > 1) {
            fputs(" of ", stdout);
            print_text(evj_path_shown(evj_journal_path(journal, step->source)));
        }
        putchar('\n');
    }
    print_more(steps->len);
}

void inventory_print(const struct inventory *inventory, const struct evj_journal *journal)
{
    print_files(inventory, journal);
    print_emitters(inventory->emitters);
    print_span(inventory);
    print_counts(inventory);
    print_gaps(inventory);
    print_marks(inventory->marks);
    print_steps(inventory->clock_steps.found, journal);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/merge.h"

#include "evj/limits.h"
#include "tools/merge_line.h"
#include "tools/merge_sources.h"

#include <inttypes.h>

/* A record that waits for others of the same moment. Its line is its own. */
struct held {
    char *line;
    struct evj_record record;
    const struct merge_file *file;
    unsigned source;
    uint64_t seq; /* its place: its own, or that of the record that it came behind */
    guint64 arrival;
};

struct merge {
    merge_put *put;
    void *context;
    struct merge_sources sources;
    GPtrArray *held; /* struct held */
    gsize held_bytes;
    int64_t moment_us; /* of what is held, on the wall clock; it never goes back */
    guint64 arrivals;
    uint64_t next_seq; /* of a journal of several recordings */
    GString *line;
    struct merge_totals totals;
};

/* Records of one moment are held until the next one comes. Beyond this they go in the order in which
 * they came. */
#define HELD_BYTES_MAX (8u * 1024 * 1024)

static void free_held(gpointer pointer)
{
    struct held *held = pointer;

    g_free(held->line);
    g_free(held);
}

struct merge *merge_new(merge_put *put, void *context)
{
    struct merge *merge = g_new0(struct merge, 1);

    merge->put = put;
    merge->context = context;
    merge_sources_init(&merge->sources);
    merge->held = g_ptr_array_new_with_free_func(free_held);
    merge->moment_us = INT64_MIN;
    merge->line = g_string_new(NULL);
    return merge;
}

void merge_free(struct merge *merge)
{
    if (merge == NULL)
        return;
    merge_sources_done(&merge->sources);
    g_ptr_array_unref(merge->held);
    g_string_free(merge->line, TRUE);
    g_free(merge);
}

void merge_file(struct merge *merge, const char *path, const struct evj_header *header,
                const char *sources)
{
    merge_sources_add(&merge->sources, path, header, sources);
}

bool merge_is_of_several(const struct merge *merge)
{
    return merge_sources_are_several(&merge->sources);
}

int merge_header(const struct merge *merge, struct evj_header *ret_header, char **ret_sources,
                 struct evj_error *err)
{
    return merge_sources_header(&merge->sources, ret_header, ret_sources, err);
}

const struct merge_totals *merge_totals(struct merge *merge)
{
    merge->totals.recordings = merge->sources.sources->len;
    return &merge->totals;
}

/* ---- putting ---- */

static int put(struct merge *merge, const struct evj_record *record)
{
    return merge->put(record, merge->context) ? 0 : EVJ_END;
}

/* Numbers for `span` events in the new journal. */
static int take_seq(struct merge *merge, const struct held *held, uint64_t span, uint64_t *ret_seq,
                    struct evj_error *err)
{
    *ret_seq = merge->next_seq;
    if (!__builtin_add_overflow(merge->next_seq, span, &merge->next_seq))
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "%s: the gap at seq %" PRIu64 " is of more events than can be numbered; evj "
                    "cut --to leaves it out",
                    held->file->path, held->record.seq);
}

static int put_gap(struct merge *merge, const struct merge_gap *gap)
{
    struct evj_record record;

    merge_gap_line(gap, merge->line, &record);
    return put(merge, &record);
}

/* Beside other recordings: with its source, and a seq and mono of the new journal. */
static int put_moved(struct merge *merge, const struct held *held, struct evj_error *err)
{
    const bool is_state = held->record.kind == EVJ_RECORD_STATE;
    const uint64_t span = evj_record_seq_span(&held->record);
    struct merge_place place = {.seq = held->record.seq,
                                .mono_us = is_state ? held->record.wall_us : merge->moment_us,
                                .source = held->source};
    struct evj_record moved;
    int status = is_state ? 0 : take_seq(merge, held, span, &place.seq, err);

    if (status != 0)
        return status;
    merge_line(&held->record, &place, merge->line, &moved);
    if (merge->line->len <= EVJ_LINE_MAX)
        return put(merge, &moved);
    merge->totals.too_long++;
    return put_gap(merge, &(struct merge_gap){.seq = place.seq,
                                              .events = span,
                                              .mono_us = place.mono_us,
                                              .until_us = place.mono_us,
                                              .source = place.source,
                                              .reason = "too-long"});
}

static int put_held(struct merge *merge, const struct held *held, struct evj_error *err)
{
    return merge_is_of_several(merge) ? put_moved(merge, held, err) : put(merge, &held->record);
}

/* Between two files of its recording is a hole. */
static int put_missing(struct merge *merge, const struct held *held, struct evj_error *err)
{
    const struct merge_progress *progress = &held->file->recording->progress;
    struct merge_gap gap = {.seq = progress->next_seq,
                            .events = held->record.seq - progress->next_seq,
                            .mono_us = progress->last_us,
                            .until_us = held->record.mono_us,
                            .source = -1,
                            .reason = "missing"};
    int status = 0;

    if (merge_is_of_several(merge)) {
        gap.mono_us = gap.until_us = merge->moment_us;
        gap.source = held->source;
        status = take_seq(merge, held, gap.events, &gap.seq, err);
    }
    merge->totals.missing += gap.events;
    return status == 0 ? put_gap(merge, &gap) : status;
}

/* ---- in order ---- */

static bool is_hole(const struct held *held)
{
    const struct merge_recording *recording = held->file->recording;

    return recording->progress.begun && recording->cuts->len == 0 &&
           held->record.seq > recording->progress.next_seq;
}

static int check_order(const struct held *held, struct evj_error *err)
{
    const struct merge_progress *progress = &held->file->recording->progress;

    if (!progress->begun || held->record.seq >= progress->next_seq)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "%s: its seq %" PRIu64 " would come after seq %" PRIu64 " of the same "
                    "recording. These files tell the same twice, at different times, or the clock "
                    "was set back between them: leave one out",
                    held->file->path, held->record.seq, progress->next_seq - 1);
}

static void note_progress(const struct held *held)
{
    struct merge_progress *progress = &held->file->recording->progress;
    uint64_t next_seq;

    if (__builtin_add_overflow(held->record.seq, evj_record_seq_span(&held->record), &next_seq))
        next_seq = UINT64_MAX;
    progress->begun = true;
    progress->next_seq = next_seq;
    progress->last_us = held->record.mono_us;
}

/* State of what the files before have told: an evj_journal leaves it out only if they have kept their
 * names. */
static bool is_known_state(const struct held *held)
{
    const struct merge_progress *progress = &held->file->recording->progress;

    return held->record.kind == EVJ_RECORD_STATE && progress->begun &&
           held->record.seq < progress->next_seq;
}

static int release(struct merge *merge, const struct held *held, struct evj_error *err)
{
    int status = 0;

    if (is_known_state(held))
        return 0;
    if (evj_record_seq_span(&held->record) > 0) {
        status = check_order(held, err);
        if (status == 0 && is_hole(held))
            status = put_missing(merge, held, err);
        if (status == 0)
            note_progress(held);
    }
    return status == 0 ? put_held(merge, held, err) : status;
}

/* `state` keeps the seq of long ago. */
static bool has_place(const struct evj_record *record)
{
    return record->has_seq && record->kind != EVJ_RECORD_STATE;
}

/* Of records in one place: a gap of unknown size, which takes no seq, is before, and what came behind
 * stays behind. */
static unsigned rank(const struct held *held)
{
    if (!has_place(&held->record))
        return 2;
    return held->record.kind == EVJ_RECORD_GAP && held->record.gap.events == 0 ? 0 : 1;
}

static int compare_held(gconstpointer a, gconstpointer b)
{
    const struct held *x = *(const struct held *const *)a, *y = *(const struct held *const *)b;
    const uint64_t pairs[][2] = {{x->source, y->source},
                                 {x->seq, y->seq},
                                 {rank(x), rank(y)},
                                 {x->record.kind, y->record.kind},
                                 {x->record.seq, y->record.seq},
                                 {x->arrival, y->arrival}};

    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    }
    return 0;
}

static bool is_repeated(const struct held *held, const struct held *before)
{
    const struct evj_record *x = &held->record, *y = &before->record;

    return held->file->recording == before->file->recording && held->source == before->source &&
           x->kind == y->kind && x->has_seq && x->seq == y->seq &&
           evj_record_seq_span(x) == evj_record_seq_span(y);
}

/*
 * A recording and a journal that it was merged into before have other numbers for the same event, but
 * the same text at the same moment. `texts`: of what was released of this moment.
 */
static bool is_told_already(const struct held *held, GHashTable *texts)
{
    const struct evj_slice body = held->record.body;
    char *key;
    const void *recording;

    if (body.text == NULL)
        return false;
    key = g_strdup_printf("%u %u %.*s", held->source, held->record.kind, (int)body.len, body.text);
    recording = g_hash_table_lookup(texts, key);

    if (recording == NULL)
        g_hash_table_insert(texts, key, held->file->recording);
    else
        g_free(key);
    if (recording == NULL || recording == held->file->recording)
        return false;
    if (evj_record_seq_span(&held->record) > 0)
        note_progress(held);
    return true;
}

static int release_all(struct merge *merge, struct evj_error *err)
{
    const bool several = merge->held->len > 1;
    g_autoptr(GHashTable) texts = several && merge->sources.share
                                      ? g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)
                                      : NULL;
    int status = 0;

    if (several)
        g_ptr_array_sort(merge->held, compare_held);
    for (guint i = 0; i < merge->held->len && status == 0; i++) {
        const struct held *held = g_ptr_array_index(merge->held, i);

        if ((i > 0 && is_repeated(held, g_ptr_array_index(merge->held, i - 1))) ||
            (texts != NULL && is_told_already(held, texts)))
            merge->totals.repeated++;
        else
            status = release(merge, held, err);
    }
    g_ptr_array_set_size(merge->held, 0);
    merge->held_bytes = 0;
    return status;
}

static void hold(struct merge *merge, const struct evj_record *record)
{
    struct held *held = g_new0(struct held, 1);

    held->line = g_memdup2(record->line.text, record->line.len);
    /* It was parsed before: only its slices are to be those of the copy. */
    evj_record_parse(held->line, record->line.len, &held->record, NULL);
    held->record.wall_us = record->wall_us;
    held->file = merge_sources_file(&merge->sources, record->source);
    held->source = merge_sources_number(&merge->sources, held->file->recording, record);
    if (has_place(record))
        held->file->recording->progress.arrived_seq = record->seq;
    held->seq = held->file->recording->progress.arrived_seq;
    held->arrival = merge->arrivals++;
    g_ptr_array_add(merge->held, held);
    merge->held_bytes += record->line.len + sizeof(*held);
}

int merge_add(struct merge *merge, const struct evj_record *record, struct evj_error *err)
{
    const int64_t moment_us = MAX(merge->moment_us, record->wall_us);
    int status = 0;

    if (moment_us > merge->moment_us || merge->held_bytes > HELD_BYTES_MAX)
        status = release_all(merge, err);
    merge->moment_us = moment_us;
    if (status == 0)
        hold(merge, record);
    return status;
}

int merge_finish(struct merge *merge, struct evj_error *err)
{
    return release_all(merge, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/source_journal.h"

#include "replay/live.h"
#include "replay/timeline.h"

#include <stdlib.h>

struct journal_source {
    struct source source;
    struct source_journal_options options;
    struct timeline timeline;
    int64_t from_us; /* of a seek */
    bool before;     /* what has been read lies before the beginning */
    struct live live;
    const struct evj_record *first; /* behind the beginning, if it was read and not given */
};

static struct journal_source *self(struct source *source)
{
    return (struct journal_source *)source;
}

/* ---- blocks ---- */

/* An evj_block_wanted. */
static bool wants_block(const struct evj_header *header, const struct evj_block_info *info,
                        void *context)
{
    const struct journal_source *js = context;
    struct evj_select *select = js->options.select;

    if (js->options.no_state)
        return timeline_mono_us(&js->timeline, header, info->last_mono_us) >= js->from_us &&
               evj_select_wants_block(header, info, select);
    if (timeline_mono_us(&js->timeline, header, info->first_mono_us) < js->from_us)
        return evj_select_has_sessions(select, info);
    return evj_select_wants_block_or_state(header, info, select);
}

/* ---- records ---- */

static int read_record(struct journal_source *js, const struct evj_record **ret_record,
                       struct evj_error *err)
{
    int status = evj_journal_next(js->options.journal, ret_record, err);

    js->source.records += status == 0;
    return status;
}

static bool is_before(const struct journal_source *js, const struct evj_record *record)
{
    return !record->has_seq || timeline_record_us(&js->timeline, record) < js->from_us ||
           evj_select_is_before(js->options.select, record);
}

/* Read up to the beginning, and remember what is live there. */
static int pass_by(struct journal_source *js, struct evj_error *err)
{
    const struct evj_record *record;
    int status;

    while ((status = read_record(js, &record, err)) == 0 && is_before(js, record)) {
        /* It remembers whose handles are attached to what. */
        evj_select_matches(js->options.select, record);
        if (!js->options.no_state)
            status = live_add(&js->live, record, err);
        if (status < 0)
            return status;
    }
    if (status != 0)
        return status;
    js->before = false;
    js->first = record;
    js->source.states_left_out += live_left_out(&js->live);
    return 0;
}

/* What was live at the beginning, what ended the search for it, and then one after the other. */
static int next_record(struct journal_source *js, const struct evj_record **ret_record,
                       struct evj_error *err)
{
    int status = js->before ? pass_by(js, err) : 0;

    if (status != 0)
        return status;
    status = live_take(&js->live, ret_record, err);
    if (status != EVJ_END)
        return status;
    *ret_record = EVJ_TAKE(js->first);
    return *ret_record != NULL ? 0 : read_record(js, ret_record, err);
}

/* Is it something that a replay does or tells? Counts what it is not. */
static bool is_wanted(struct journal_source *js, const struct evj_record *record)
{
    struct evj_select *select = js->options.select;
    bool selected;

    switch (record->kind) {
    case EVJ_RECORD_EVENT:
    case EVJ_RECORD_GAP:
    case EVJ_RECORD_MARK:
        selected = evj_select_matches(select, record);
        js->source.matched += selected;
        return selected;
    case EVJ_RECORD_STATE:
        selected = evj_select_matches_state(select, record);
        js->source.states_skipped += selected && js->options.no_state;
        return selected && !js->options.no_state;
    case EVJ_RECORD_UNKNOWN:
    case EVJ_RECORD_JOURNAL:
    case EVJ_RECORD_END:
        break;
    }
    return false;
}

static int journal_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct journal_source *js = self(source);
    const struct evj_record *record;
    int status;

    while ((status = next_record(js, &record, err)) == 0) {
        if (!is_wanted(js, record))
            continue;
        *ret_item = (struct source_item){.record = record,
                                         .time_us = timeline_record_us(&js->timeline, record)};
        return 0;
    }
    return status;
}

/* ---- beginning ---- */

static void begin(struct journal_source *js, int64_t from_us)
{
    live_clear(&js->live);
    js->first = NULL;
    js->before = true;
    js->from_us = from_us;
    js->timeline = timeline_of(js->options.journal);
    evj_journal_set_filter(js->options.journal, wants_block, js);
    if (js->options.bodies_only && from_us == SOURCE_BEGINNING &&
        evj_select_is_all(js->options.select))
        evj_journal_set_parser(js->options.journal, evj_record_parse_body);
}

static int journal_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct journal_source *js = self(source);
    int status;

    if (js->options.reopen == NULL)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "this journal can be read only once");
    status = js->options.reopen(js->options.context, &js->options.journal, err);
    if (status == 0)
        begin(js, time_us);
    return status;
}

static void journal_free(struct source *source)
{
    live_clear(&self(source)->live);
    free(source);
}

static const struct source_ops journal_ops = {
    .next = journal_next, .seek = journal_seek, .free = journal_free};

struct source *source_journal_new(const struct source_journal_options *options)
{
    struct journal_source *js = calloc(1, sizeof(*js));

    if (js == NULL)
        return NULL;
    js->source.ops = &journal_ops;
    js->options = *options;
    begin(js, SOURCE_BEGINNING);
    return &js->source;
}

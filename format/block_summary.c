/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/block_summary_internal.h"

static const unsigned kind_flags[] = {
    [EVJ_RECORD_JOURNAL] = EVJ_BLOCK_FIRST, [EVJ_RECORD_END] = EVJ_BLOCK_LAST,
    [EVJ_RECORD_GAP] = EVJ_BLOCK_GAP,       [EVJ_RECORD_MARK] = EVJ_BLOCK_MARK,
    [EVJ_RECORD_STATE] = EVJ_BLOCK_STATE,   [EVJ_RECORD_EVENT] = 0,
    [EVJ_RECORD_UNKNOWN] = EVJ_BLOCK_OTHER,
};

void evj_block_summary_done(struct block_summary *summary)
{
    evj_id_set_done(&summary->sessions);
}

/* State records keep the seq and mono of long ago: they say nothing about this block's place. */
static void note_place(struct block_summary *summary, const struct evj_record *record)
{
    struct evj_block_info *info = &summary->info;

    if (!record->has_seq || record->kind == EVJ_RECORD_STATE)
        return;
    int64_t last = record->mono_us;
    if (record->kind == EVJ_RECORD_GAP && record->gap.until_us > last)
        last = record->gap.until_us;
    if (!summary->has_seq) {
        info->first_seq = record->seq;
        info->first_mono_us = record->mono_us;
        info->last_mono_us = last;
        summary->has_seq = true;
    }
    if (record->mono_us < info->first_mono_us)
        info->first_mono_us = record->mono_us;
    if (last > info->last_mono_us)
        info->last_mono_us = last;
    summary->next_seq = record->seq + evj_record_seq_span(record);
}

static bool note_event(struct block_summary *summary, const struct evj_event *event)
{
    struct evj_block_info *info = &summary->info;
    int64_t at = event->timestamp_us;

    if (!evj_id_set_add(&summary->sessions, event->session_id))
        return false;
    if (!summary->has_event || at < info->least_timestamp_us)
        info->least_timestamp_us = at;
    if (!summary->has_event || at > info->greatest_timestamp_us)
        info->greatest_timestamp_us = at;
    summary->has_event = true;
    info->types |= event->type;
    return true;
}

bool evj_block_summary_add(struct block_summary *summary, const struct evj_record *record)
{
    bool is_event = record->kind == EVJ_RECORD_EVENT || record->kind == EVJ_RECORD_STATE;

    if (is_event && !note_event(summary, &record->event))
        return false;
    note_place(summary, record);
    summary->info.flags |= kind_flags[record->kind];
    summary->info.records++;
    return true;
}

void evj_block_summary_follow(struct block_summary *summary, uint64_t next_seq,
                              int64_t last_mono_us)
{
    summary->next_seq = next_seq;
    summary->info = (struct evj_block_info){
        .first_seq = next_seq, .first_mono_us = last_mono_us, .last_mono_us = last_mono_us};
    summary->has_seq = false;
    summary->has_event = false;
    evj_id_set_clear(&summary->sessions);
}

void evj_block_summary_next(struct block_summary *summary)
{
    evj_block_summary_follow(summary, summary->next_seq, summary->info.last_mono_us);
}

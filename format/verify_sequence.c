/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"
#include "format/verify_internal.h"

#include <inttypes.h>
#include <string.h>

/* Is it one of the clocks that never go back? A merged file holds several. */
static bool keeps_time(const struct evj_header *header)
{
    static const char *const clocks[] = {EVJ_CLOCK_MONOTONIC, EVJ_CLOCK_ARRIVAL,
                                         EVJ_CLOCK_TIMESTAMP};

    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
        if (strcmp(header->clock, clocks[i]) == 0)
            return header->sources == 0;
    return false;
}

void evj_sequence_done(struct evj_sequence *sequence)
{
    evj_tally_done(&sequence->tally);
}

/* Does this file go on with the sequence numbers of the one that it was put behind? */
static bool goes_on(const struct evj_sequence *before, const struct evj_header *header)
{
    return before->has_seq && header->id[0] != '\0' && strcmp(before->header.id, header->id) == 0;
}

void evj_sequence_begin(struct evj_sequence *sequence, const struct evj_header *header)
{
    struct evj_sequence next = {
        .verification = sequence->verification,
        .header = *header,
        .is_whole = header->cut[0] == '\0',
        .keeps_time = keeps_time(header),
    };

    evj_sequence_end(sequence);
    evj_sequence_done(sequence);
    if (goes_on(sequence, header)) {
        next.has_seq = true;
        next.first_seq = next.next_seq = sequence->next_seq;
        next.is_several = sequence->is_several;
    } else {
        /* Only a recording's later files begin with another number than 0. */
        next.has_seq = next.is_whole && header->id[0] != '\0' && header->previous[0] == '\0';
        next.is_several = sequence->verification->totals.offered > 0;
    }
    *sequence = next;
}

void evj_sequence_end(struct evj_sequence *sequence)
{
    struct evj_verify_totals *totals = &sequence->verification->totals;

    if (!sequence->has_seq || sequence->next_seq == sequence->first_seq)
        return;
    if (totals->offered == 0)
        totals->first_seq = sequence->first_seq;
    totals->offered += sequence->next_seq - sequence->first_seq;
    totals->next_seq = sequence->next_seq;
    totals->has_seq = !sequence->is_several;
    sequence->first_seq = sequence->next_seq;
}

/* ---- one record ---- */

static void check_seq(struct evj_sequence *sequence, const struct evj_record *record,
                      const struct evj_place *place)
{
    uint64_t span = evj_record_seq_span(record);

    if (!sequence->has_seq)
        sequence->first_seq = record->seq;
    else if (record->seq < sequence->next_seq)
        evj_verification_add(sequence->verification, EVJ_FINDING_ORDER, place,
                             "seq %" PRIu64 " comes where %" PRIu64 " is due", record->seq,
                             sequence->next_seq);
    else if (record->seq > sequence->next_seq && sequence->is_whole)
        evj_verification_add(sequence->verification, EVJ_FINDING_HOLE, place,
                             "seq %" PRIu64 " to %" PRIu64
                             " are missing, and no gap record tells of them",
                             sequence->next_seq, record->seq - 1);
    sequence->has_seq = true;
    if (record->seq + span > sequence->next_seq)
        sequence->next_seq = record->seq + span;
}

static void check_mono(struct evj_sequence *sequence, const struct evj_record *record,
                       const struct evj_place *place)
{
    int64_t last = record->mono_us;

    if (sequence->keeps_time && sequence->has_mono && record->mono_us < sequence->mono_us)
        evj_verification_add(sequence->verification, EVJ_FINDING_TIME, place,
                             "mono goes back from %" PRId64 " to %" PRId64, sequence->mono_us,
                             record->mono_us);
    if (record->kind == EVJ_RECORD_GAP && record->gap.until_us > last)
        last = record->gap.until_us;
    sequence->mono_us = last;
    sequence->has_mono = true;
}

static void tell_after_end(struct evj_sequence *sequence, const struct evj_place *place)
{
    if (!sequence->told_after_end)
        evj_verification_add(sequence->verification, EVJ_FINDING_AFTER_END, place,
                             "records follow the end record");
    sequence->told_after_end = true;
}

static void count(struct evj_sequence *sequence, const struct evj_record *record)
{
    struct evj_verify_totals *totals = &sequence->verification->totals;

    sequence->records++;
    totals->records++;
    evj_tally_add(&sequence->tally, &sequence->header, record);
    switch (record->kind) {
    case EVJ_RECORD_EVENT:
        sequence->events++;
        totals->events++;
        break;
    case EVJ_RECORD_GAP:
        sequence->dropped += record->gap.events;
        totals->dropped += record->gap.events;
        totals->gaps++;
        break;
    case EVJ_RECORD_STATE:
        totals->states++;
        break;
    case EVJ_RECORD_MARK:
        totals->marks++;
        break;
    default:
        break;
    }
}

void evj_sequence_add(struct evj_sequence *sequence, const struct evj_record *record,
                      const struct evj_place *at)
{
    struct evj_place place = *at;

    place.has_seq = record->has_seq;
    place.seq = record->seq;
    if (sequence->ended)
        tell_after_end(sequence, &place);
    if (record->kind == EVJ_RECORD_END) {
        sequence->ended = true;
        /* Behind damage the counts cannot be right, and nothing new is told by that. */
        if (sequence->damages == 0)
            evj_sequence_check_end(sequence, record, &place);
        return;
    }
    if (evj_record_seq_span(record) > 0) {
        check_seq(sequence, record, &place);
        check_mono(sequence, record, &place);
    }
    count(sequence, record);
}

void evj_sequence_pass_damage(struct evj_sequence *sequence, const struct evj_record *gap)
{
    if (gap->gap.events == 0)
        return; /* how much is lost is not known, or nothing is */
    if (!sequence->has_seq)
        sequence->first_seq = gap->seq;
    sequence->has_seq = true;
    if (gap->seq + gap->gap.events > sequence->next_seq)
        sequence->next_seq = gap->seq + gap->gap.events;
}

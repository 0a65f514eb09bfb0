/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/verify.h"

#include "evj/path.h"
#include "evj/spool.h"
#include "format/verify_internal.h"

#include <stdio.h>
#include <string.h>

static const struct evj_place nowhere;

/* ---- reading ---- */

struct verifying {
    struct evj_verification *verification;
    struct evj_reader *reader;
    struct evj_block_check block;
    struct evj_sequence sequence;
    bool gap_may_follow; /* damage was told: the next record may stand for it */
    size_t last_damage;  /* its finding; EVJ_FINDINGS_MAX: there is none, or it was not kept */
    evj_verify_progress *progress;
    void *context;
};

/* `cat a b`: behind the first file's last block stands another first line. */
static void begin_joined(struct verifying *v, const char *text, size_t len)
{
    const char *newline = memchr(text, '\n', len);
    struct evj_record record;
    struct evj_header header;

    if (!newline || evj_record_parse(text, (size_t)(newline - text), &record, NULL) != EVJ_OK ||
        evj_header_parse(&record, &header, NULL) != EVJ_OK)
        return;
    evj_verification_add(v->verification, EVJ_FINDING_JOINED, &v->block.at,
                         "another journal file begins here: recording %s", header.id);
    evj_sequence_begin(&v->sequence, &header);
}

static void see_block(const struct evj_block_info *info, uint64_t offset, const char *text,
                      void *context)
{
    struct verifying *v = context;

    evj_block_check_seen(info, offset, text, &v->block);
    if (offset > 0 && (v->block.summary.info.flags & EVJ_BLOCK_FIRST))
        begin_joined(v, text, info->text_size);
    if (v->progress)
        v->progress(v->verification, v->context);
}

static void take_damage(struct verifying *v, const struct evj_error *err)
{
    const struct evj_damage *damage = evj_reader_damage(v->reader);
    const struct evj_place place = {.has_bytes = true, .from = damage->from, .to = damage->to};
    bool is_hole = damage->from == damage->to;

    /* Records that come twice or too late: the sequence tells of each of them. */
    if (is_hole && damage->lost == 0 && damage->lost_is_certain)
        return;
    v->last_damage = evj_verification_findings(v->verification);
    evj_verification_add(v->verification, is_hole ? EVJ_FINDING_HOLE : EVJ_FINDING_DAMAGE, &place,
                         "%s", err->text);
    v->gap_may_follow = true;
    v->sequence.damages++;
}

/* Is it the reader's own gap record, which stands for the damage that it told before? */
static bool stands_for_damage(struct verifying *v, const struct evj_record *record)
{
    const struct evj_damage *damage = evj_reader_damage(v->reader);
    bool is_missing = damage->from == damage->to;
    bool follows = v->gap_may_follow;

    v->gap_may_follow = false;
    return follows && record->kind == EVJ_RECORD_GAP && record->gap.events == damage->lost &&
           record->gap.from == (is_missing ? 0 : damage->from) &&
           record->gap.to == (is_missing ? 0 : damage->to);
}

static void take_record(struct verifying *v, const struct evj_record *record)
{
    struct evj_verify_totals *totals = &v->verification->totals;
    uint64_t in_spool = evj_reader_totals(v->reader)->spool_records;

    if (stands_for_damage(v, record)) {
        evj_sequence_pass_damage(&v->sequence, record);
        return;
    }
    if (in_spool == totals->spool_records) {
        evj_sequence_add(&v->sequence, record, &v->block.at);
        return;
    }
    totals->spool_records = in_spool;
    totals->spool_events += record->kind == EVJ_RECORD_EVENT;
    evj_verify_json(v->verification, record, &nowhere);
    evj_sequence_add(&v->sequence, record, &nowhere);
}

static int read_all(struct verifying *v, struct evj_error *err)
{
    const struct evj_record *record;
    int status;

    while ((status = evj_reader_next(v->reader, &record, err)) >= 0 && status != EVJ_END) {
        if (status == EVJ_DAMAGED)
            take_damage(v, err);
        else
            take_record(v, record);
        if (v->block.out_of_memory)
            return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a block's sessions");
    }
    return status;
}

/* ---- the end ---- */

/* A closed file's spool is gone, or serves the recording's next file, or was not deleted. */
static void look_for_leftover(struct verifying *v)
{
    struct evj_spool_snapshot spool;

    if (!evj_spool_is_named_by(&v->verification->header) ||
        evj_spool_snapshot(v->verification->header.spool, v->verification->header.id, &spool,
                           NULL) != EVJ_OK)
        return;
    if (!spool.live && evj_path_is_same_file(spool.journal, evj_reader_path(v->reader)))
        evj_verification_add(v->verification, EVJ_FINDING_LEFTOVER, &nowhere,
                             "its spool %s was not deleted when it was closed; it may be",
                             v->verification->header.spool);
    evj_spool_snapshot_done(&spool);
}

/* The last stretch that could not be read is no damage, if there was nothing but the file's end. */
static void tell_truncation(struct verifying *v)
{
    struct evj_verification *verification = v->verification;

    if (v->last_damage >= EVJ_FINDINGS_MAX)
        return;
    verification->findings[v->last_damage].kind = EVJ_FINDING_TRUNCATED;
    verification->kinds |= 1u << EVJ_FINDING_TRUNCATED;
    if (evj_reader_totals(v->reader)->damages == 1)
        verification->kinds &= ~(1u << EVJ_FINDING_DAMAGE);
}

static enum evj_verdict judge(const struct evj_verification *verification)
{
    static const enum evj_verdict verdicts[] = {
        [EVJ_ENDING_CLOSED] = EVJ_VERDICT_CLOSED,   [EVJ_ENDING_LIVE] = EVJ_VERDICT_LIVE,
        [EVJ_ENDING_CRASHED] = EVJ_VERDICT_CRASHED, [EVJ_ENDING_OPEN] = EVJ_VERDICT_OPEN,
        [EVJ_ENDING_LEFT] = EVJ_VERDICT_OPEN,       [EVJ_ENDING_TRUNCATED] = EVJ_VERDICT_TRUNCATED,
        [EVJ_ENDING_DAMAGED] = EVJ_VERDICT_DAMAGED,
    };

    return evj_verification_is_damaged(verification) ? EVJ_VERDICT_DAMAGED
                                                     : verdicts[verification->ending];
}

static void finish(struct verifying *v)
{
    struct evj_verification *verification = v->verification;
    struct evj_verify_totals *totals = &verification->totals;
    const struct evj_reader_totals *read = evj_reader_totals(v->reader);
    const char *note = evj_reader_spool_note(v->reader);

    evj_sequence_end(&v->sequence);
    totals->blocks = read->blocks;
    totals->file_bytes = read->file_bytes;
    totals->text_bytes = read->text_bytes;
    totals->damages = read->damages;
    totals->damaged_bytes = read->damaged_bytes;
    totals->lost = read->lost;
    verification->ending = evj_reader_ending(v->reader);
    if (verification->ending == EVJ_ENDING_TRUNCATED)
        tell_truncation(v);
    if (verification->ending == EVJ_ENDING_CLOSED)
        look_for_leftover(v);
    else if (note[0] != '\0')
        evj_verification_add(verification, EVJ_FINDING_SPOOL, &nowhere,
                             "its spool cannot be read, and may have its last events: %s", note);
    verification->verdict = judge(verification);
}

/* What cannot be opened, or not be read on. */
static int refuse(struct evj_verification *verification, int status, const struct evj_error *why,
                  struct evj_error *err)
{
    const struct evj_place place = {.has_bytes = true, .from = why->offset, .to = why->offset};

    if (status == EVJ_ERR_MEMORY) {
        if (err)
            *err = *why;
        return status;
    }
    verification->verdict = status == EVJ_ERR_FOREIGN   ? EVJ_VERDICT_FOREIGN
                            : status == EVJ_ERR_VERSION ? EVJ_VERDICT_LATER
                            : status == EVJ_ERR_IO      ? EVJ_VERDICT_UNREADABLE
                                                        : EVJ_VERDICT_DAMAGED;
    bool is_damage = verification->verdict == EVJ_VERDICT_DAMAGED;
    evj_verification_add(verification, is_damage ? EVJ_FINDING_DAMAGE : EVJ_FINDING_UNREADABLE,
                         is_damage ? &place : &nowhere, "%s", why->text);
    return EVJ_OK;
}

static int verify_open(struct verifying *v, struct evj_error *err)
{
    struct evj_error why = {0};

    v->verification->header = *evj_reader_header(v->reader);
    evj_sequence_begin(&v->sequence, &v->verification->header);
    evj_reader_set_observer(v->reader, see_block, v);
    int status = read_all(v, &why);
    finish(v);
    return status < 0 ? refuse(v->verification, status, &why, err) : EVJ_OK;
}

int evj_verify(const char *path, evj_verify_progress *progress, void *context,
               struct evj_verification *ret_verification, struct evj_error *err)
{
    struct verifying v = {.verification = ret_verification,
                          .last_damage = EVJ_FINDINGS_MAX,
                          .progress = progress,
                          .context = context};
    struct evj_error why = {0};

    memset(ret_verification, 0, sizeof(*ret_verification));
    v.block.verification = v.sequence.verification = ret_verification;
    int status = evj_reader_open(path, &v.reader, &why);
    status = status == EVJ_OK ? verify_open(&v, err) : refuse(ret_verification, status, &why, err);
    evj_sequence_done(&v.sequence);
    evj_block_check_done(&v.block);
    evj_reader_free(v.reader);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"
#include "evj/verify.h"

#include "format/verify_internal.h"

#include <stdarg.h>
#include <stdio.h>

const char *evj_verdict_name(enum evj_verdict verdict)
{
    static const char *const names[] = {
        [EVJ_VERDICT_CLOSED] = "closed",         [EVJ_VERDICT_LIVE] = "live",
        [EVJ_VERDICT_CRASHED] = "crashed",       [EVJ_VERDICT_OPEN] = "open",
        [EVJ_VERDICT_TRUNCATED] = "truncated",   [EVJ_VERDICT_DAMAGED] = "damaged",
        [EVJ_VERDICT_FOREIGN] = "foreign",       [EVJ_VERDICT_LATER] = "later",
        [EVJ_VERDICT_UNREADABLE] = "unreadable",
    };
    return names[verdict];
}

/* What a finding means for the file that it is made in. */
enum weight {
    HARMLESS,
    FAULT,  /* something is wrong, but not with the bytes of this file */
    DAMAGE, /* it is not as it was written */
};

static const struct {
    const char *name;
    enum weight weight;
} kinds[] = {
    [EVJ_FINDING_UNREADABLE] = {"unreadable", FAULT},
    [EVJ_FINDING_DAMAGE] = {"damage", DAMAGE},
    [EVJ_FINDING_TRUNCATED] = {"truncated", FAULT},
    [EVJ_FINDING_BLOCK] = {"block", DAMAGE},
    [EVJ_FINDING_JSON] = {"json", DAMAGE},
    [EVJ_FINDING_HOLE] = {"hole", DAMAGE},
    [EVJ_FINDING_ORDER] = {"order", DAMAGE},
    [EVJ_FINDING_TIME] = {"time", DAMAGE},
    [EVJ_FINDING_END] = {"end", DAMAGE},
    [EVJ_FINDING_AFTER_END] = {"after-end", DAMAGE},
    [EVJ_FINDING_SPOOL] = {"spool", FAULT},
    [EVJ_FINDING_MISSING] = {"missing", FAULT},
    [EVJ_FINDING_EARLIER] = {"earlier", HARMLESS},
    [EVJ_FINDING_LEFTOVER] = {"leftover", HARMLESS},
    [EVJ_FINDING_JOINED] = {"joined", HARMLESS},
    [EVJ_FINDING_COPY] = {"copy", HARMLESS},
};

const char *evj_finding_name(enum evj_finding_kind kind)
{
    return kinds[kind].name;
}

bool evj_finding_is_harmless(enum evj_finding_kind kind)
{
    return kinds[kind].weight == HARMLESS;
}

bool evj_verification_is_damaged(const struct evj_verification *verification)
{
    for (unsigned kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
        if (kinds[kind].weight == DAMAGE && (verification->kinds & 1u << kind))
            return true;
    return false;
}

size_t evj_verification_findings(const struct evj_verification *verification)
{
    uint64_t count = verification->finding_count;

    return count < EVJ_FINDINGS_MAX ? (size_t)count : EVJ_FINDINGS_MAX;
}

void evj_verification_add(struct evj_verification *verification, enum evj_finding_kind kind,
                          const struct evj_place *place, const char *format, ...)
{
    uint64_t at = verification->finding_count++;
    va_list args;

    verification->kinds |= 1u << kind;
    if (kinds[kind].weight != HARMLESS)
        verification->faults++;
    if (at >= EVJ_FINDINGS_MAX)
        return;
    struct evj_finding *finding = &verification->findings[at];
    *finding = (struct evj_finding){
        .kind = kind,
        .has_bytes = place->has_bytes,
        .has_seq = place->has_seq,
        .from = place->from,
        .to = place->to,
        .seq = place->seq,
    };
    va_start(args, format);
    vsnprintf(finding->text, sizeof(finding->text), format, args);
    va_end(args);
}

void evj_verify_json(struct evj_verification *verification, const struct evj_record *record,
                     const struct evj_place *place)
{
    size_t at;
    const char *fault = evj_json_fault(record->line.text, record->line.len, &at);
    struct evj_place here = *place;

    if (!fault)
        return;
    here.has_seq = record->has_seq;
    here.seq = record->seq;
    evj_verification_add(verification, EVJ_FINDING_JSON, &here,
                         "the line is not JSON: %s at its byte %zu", fault, at);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/damage_internal.h"

#include <inttypes.h>
#include <stdio.h>

void evj_stretch_add(struct evj_stretch *stretch, uint64_t from, uint64_t to,
                     const struct evj_error *why)
{
    if (!stretch->begun)
        *stretch =
            (struct evj_stretch){.begun = true, .damage = {.from = from, .to = to}, .why = *why};
    if (to > stretch->damage.to)
        stretch->damage.to = to;
}

/* Lines that take no seq are among a block's records; but for these, each takes one at least. */
void evj_stretch_add_claim(struct evj_stretch *stretch, const struct evj_block_info *info)
{
    bool is_last = (info->flags & EVJ_BLOCK_LAST) != 0;

    if (info->flags & (EVJ_BLOCK_FIRST | EVJ_BLOCK_STATE) || info->records < is_last)
        return;
    stretch->least_seq = info->first_seq + info->records - is_last;
    stretch->is_last = is_last && !(info->flags & EVJ_BLOCK_GAP);
}

void evj_stretch_settle(struct evj_stretch *stretch, uint64_t expected_seq, uint64_t seq,
                        bool is_certain)
{
    struct evj_damage *damage = &stretch->damage;

    damage->lost = seq > expected_seq ? seq - expected_seq : 0;
    damage->lost_is_certain = is_certain;
}

/* "nothing is lost", "402 events are lost, from seq 812 on", "at least 402 events are lost …" */
static void describe_loss(const struct evj_damage *damage, uint64_t seq, char *out, size_t size)
{
    if (damage->lost > 0)
        snprintf(out, size, "%s%" PRIu64 " event%s lost, from seq %" PRIu64 " on",
                 damage->lost_is_certain ? "" : "at least ", damage->lost,
                 damage->lost == 1 ? " is" : "s are", seq);
    else
        snprintf(out, size, "%s",
                 damage->lost_is_certain ? "nothing is lost" : "how much is lost is not known");
}

int evj_stretch_tell(const struct evj_stretch *stretch, uint64_t seq, struct evj_error *err)
{
    const struct evj_damage *damage = &stretch->damage;
    char loss[96], salvaged[64] = "";

    describe_loss(damage, seq, loss, sizeof(loss));
    if (damage->salvaged > 0)
        snprintf(salvaged, sizeof(salvaged), " %" PRIu64 " record%s of it salvaged;",
                 damage->salvaged, damage->salvaged == 1 ? "" : "s");
    if (damage->from == damage->to)
        return evj_fail(err, EVJ_DAMAGED, damage->from, "at byte %" PRIu64 ": %.90s; %s",
                        damage->from, stretch->why.text, loss);
    if (stretch->torn)
        return evj_fail(err, EVJ_DAMAGED, damage->from,
                        "it stops inside the block at byte %" PRIu64 ";%s %s", damage->from,
                        salvaged, loss);
    return evj_fail(err, EVJ_DAMAGED, damage->from, "bytes %" PRIu64 " to %" PRIu64 ": %.90s;%s %s",
                    damage->from, damage->to - 1, stretch->why.text, salvaged, loss);
}

size_t evj_stretch_put_gap(char *out, const struct evj_stretch *stretch, uint64_t seq,
                           int64_t mono_us, int64_t until_us)
{
    const struct evj_damage *damage = &stretch->damage;
    bool is_damaged = damage->from < damage->to;
    int at = snprintf(out, EVJ_GAP_LINE_MAX,
                      "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"gap\":{\"events\":%" PRIu64
                      ",\"reason\":\"%s\",\"until\":%" PRId64,
                      seq, mono_us, damage->lost, is_damaged ? "damaged" : "missing",
                      until_us > mono_us ? until_us : mono_us);

    if (is_damaged)
        at += snprintf(out + at, EVJ_GAP_LINE_MAX - (size_t)at,
                       ",\"from\":%" PRIu64 ",\"to\":%" PRIu64, damage->from, damage->to);
    return (size_t)(at + snprintf(out + at, EVJ_GAP_LINE_MAX - (size_t)at, "}}"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/verify_internal.h"

#include <inttypes.h>
#include <string.h>

void evj_block_check_done(struct evj_block_check *check)
{
    evj_block_summary_done(&check->summary);
}

static const struct {
    unsigned flag;
    const char *what;
} flags[] = {
    {EVJ_BLOCK_FIRST, "a first line"},   {EVJ_BLOCK_LAST, "an end record"},
    {EVJ_BLOCK_GAP, "a gap record"},     {EVJ_BLOCK_MARK, "a mark"},
    {EVJ_BLOCK_STATE, "a state record"},
};

static void compare_flags(struct evj_block_check *check, const struct evj_block_info *claimed)
{
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        bool claims = claimed->flags & flags[i].flag;
        bool has = check->summary.info.flags & flags[i].flag;
        if (claims != has)
            evj_verification_add(check->verification, EVJ_FINDING_BLOCK, &check->at,
                                 "the block's header says that %s is%s in it, but there is %s",
                                 flags[i].what, claims ? "" : " not", claims ? "none" : "one");
    }
}

static void compare(struct evj_block_check *check, const char *what, int64_t claimed, int64_t found)
{
    if (claimed != found)
        evj_verification_add(check->verification, EVJ_FINDING_BLOCK, &check->at,
                             "the block's header says %" PRId64 " for its %s, which is %" PRId64,
                             claimed, what, found);
}

/* A block without seq or mono of its own stands where the one before ended, if we know where. */
static void compare_place(struct evj_block_check *check, const struct evj_block_info *claimed)
{
    const struct evj_block_info *found = &check->summary.info;

    if (!check->summary.has_seq && !check->follows)
        return;
    if (claimed->first_seq != found->first_seq)
        evj_verification_add(check->verification, EVJ_FINDING_BLOCK, &check->at,
                             "the block's header says %" PRIu64
                             " for its first seq, which is %" PRIu64,
                             claimed->first_seq, found->first_seq);
    compare(check, "least mono", claimed->first_mono_us, found->first_mono_us);
    compare(check, "greatest mono", claimed->last_mono_us, found->last_mono_us);
}

/* Who looks for a session passes the block by when the filter says so. */
static void check_sessions(struct evj_block_check *check, const struct evj_block_info *claimed)
{
    const struct evj_id_set *sessions = &check->summary.sessions;

    for (size_t i = 0; i < sessions->slot_count; i++) {
        if (sessions->slots[i] != 0 && !evj_block_may_have_session(claimed, sessions->slots[i])) {
            evj_verification_add(check->verification, EVJ_FINDING_BLOCK, &check->at,
                                 "the block's session filter leaves out session %" PRIu64
                                 ", which is in it",
                                 sessions->slots[i]);
            return;
        }
    }
}

static void compare_all(struct evj_block_check *check, const struct evj_block_info *claimed)
{
    const struct evj_block_info *found = &check->summary.info;

    compare_flags(check, claimed);
    compare_place(check, claimed);
    compare(check, "least timestamp", claimed->least_timestamp_us, found->least_timestamp_us);
    compare(check, "greatest timestamp", claimed->greatest_timestamp_us,
            found->greatest_timestamp_us);
    compare(check, "types", claimed->types, found->types);
    check_sessions(check, claimed);
}

/* Sum up the block's lines. False if one of them is no record: the reader reports that. */
static bool sum_up(struct evj_block_check *check, const char *text, size_t len, uint64_t *ret_lines)
{
    const char *end = text + len;
    struct evj_record record;
    bool all = true;

    *ret_lines = 0;
    for (const char *newline; text < end; text = newline + 1, ++*ret_lines) {
        newline = memchr(text, '\n', (size_t)(end - text));
        if (!newline)
            newline = end;
        if (evj_record_parse(text, (size_t)(newline - text), &record, NULL) != EVJ_OK) {
            all = false;
            continue;
        }
        evj_verify_json(check->verification, &record, &check->at);
        if (!evj_block_summary_add(&check->summary, &record))
            check->out_of_memory = true;
    }
    return all;
}

void evj_block_check_seen(const struct evj_block_info *info, uint64_t offset, const char *text,
                          void *context)
{
    struct evj_block_check *check = context;
    bool is_next = offset == check->at.to;
    uint64_t lines;

    check->at =
        (struct evj_place){.has_bytes = true, .from = offset, .to = offset + info->member_size};
    /* Behind a first line all begins anew; behind damage nobody knows what went before. */
    check->follows = check->follows && is_next && !(info->flags & EVJ_BLOCK_FIRST);
    evj_block_summary_next(&check->summary);
    bool all = sum_up(check, text, info->text_size, &lines);
    compare(check, "number of lines", info->records, (int64_t)lines);
    if (all)
        compare_all(check, info);
    check->follows = all && (check->follows || check->summary.has_seq);
}

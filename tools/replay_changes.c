/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_changes.h"

#include "evj/header.h"
#include "replay/fresh_ids.h"
#include "tools/command.h"
#include "tools/report.h"

#include <string.h>

/* How far the last copy may be behind the first, in seconds. */
#define BEHIND_MAX 1e9

/* Seeds that any reader of JSON can hold. */
#define SEED_MAX (UINT64_C(1) << 53)

/* Of --copies: nobody means this number. */
#define NOT_GIVEN G_MININT

static struct replay_changes parsed = {.copies = NOT_GIVEN};

const GOptionEntry replay_changes_entries[] = {
    {"retime", 0, 0, G_OPTION_ARG_NONE, &parsed.retime,
     "their timestamps: the first is now, and the intervals stay", NULL},
    {"renew-ids", 0, 0, G_OPTION_ARG_NONE, &parsed.renew_ids,
     "other ids of sessions, handles, rooms …, that refer to each other as the old ones do", NULL},
    {"copies", 0, 0, G_OPTION_ARG_INT, &parsed.copies,
     "so many copies side by side, each with ids of its own", "N"},
    {"copies-spread", 0, 0, G_OPTION_ARG_DOUBLE, &parsed.spread_s,
     "each copy so much after the one before (0)", "SECONDS"},
    {"stress", 0, 0, G_OPTION_ARG_STRING_ARRAY, &parsed.stress,
     "burst[=N], trickle[=MS], shuffle[=N], duplicate[=P], drop=P or oversize[=SIZE]; may be given "
     "several times",
     "KIND"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &parsed.seed,
     "what chance decides is the same for the same N", "N"},
    G_OPTION_ENTRY_NULL,
};

void replay_changes_take(struct replay_changes *ret)
{
    *ret = parsed;
    parsed = (struct replay_changes){.copies = NOT_GIVEN};
}

void replay_changes_done(struct replay_changes *changes)
{
    g_strfreev(changes->stress);
    g_free(changes->seed);
}

/* ---- checks ---- */

static int check_copies(struct replay_changes *changes)
{
    if (changes->copies == NOT_GIVEN)
        changes->copies = 1;
    else if (changes->copies < 1 || changes->copies > (int)FRESH_IDS_COPIES_MAX)
        return trouble("--copies wants a number from 1 to %u", FRESH_IDS_COPIES_MAX);
    else
        changes->renew_ids = TRUE;
    if (changes->spread_s != 0 && changes->copies == 1)
        return trouble("--copies-spread is the time between copies: give --copies N, too");
    if (!(changes->spread_s >= 0 && changes->spread_s * changes->copies <= BEHIND_MAX))
        return trouble("--copies-spread wants a number of seconds from 0 to %.0f, for all copies "
                       "together",
                       BEHIND_MAX);
    return -1;
}

static int check_stress(struct replay_changes *changes)
{
    struct evj_error err = {0};

    for (char **kind = changes->stress; kind != NULL && *kind != NULL; kind++)
        if (shape_parse(&changes->shape, *kind, &err) < 0)
            return trouble("--stress: %s", err.text);
    return -1;
}

static int check_seed(struct replay_changes *changes)
{
    const struct evj_slice text = {changes->seed,
                                   changes->seed != NULL ? strlen(changes->seed) : 0};

    if (changes->seed == NULL)
        changes->shape.seed = g_random_int();
    else if (!evj_json_to_u64(text, &changes->shape.seed) || changes->shape.seed > SEED_MAX)
        return trouble("--seed wants a whole number from 0 to 2^53");
    return -1;
}

int replay_changes_check(struct replay_changes *changes)
{
    int status = check_copies(changes);

    if (status < 0)
        status = check_stress(changes);
    return status < 0 ? check_seed(changes) : status;
}

/* ---- doing it ---- */

bool replay_changes_are_asked_for(const struct replay_changes *changes)
{
    return changes->retime || changes->renew_ids || shape_is_asked_for(&changes->shape);
}

static struct source *apply_rewriting(const struct replay_changes *changes, struct source *source,
                                      int64_t start_us, struct report_changes *report)
{
    if (!changes->retime && !changes->renew_ids)
        return source;
    report->rewrite = (struct rewrite_options){
        .now_us = !changes->retime ? 0
                  : start_us != 0  ? start_us
                                   : evj_clock_wall_us(),
        .renew_ids = changes->renew_ids != 0,
        .copies = (unsigned)changes->copies,
        .delay_us = (int64_t)(changes->spread_s * 1e6),
        .seed = changes->shape.seed,
    };
    return source_rewrite_new(source, &report->rewrite, &report->rewritten);
}

struct source *replay_changes_apply(const struct replay_changes *changes, struct source *source,
                                    int64_t start_us, struct report_changes *report)
{
    source = apply_rewriting(changes, source, start_us, report);
    report->shape = changes->shape;
    if (!shape_is_asked_for(&changes->shape))
        return source;
    return source_shape_new(source, &report->shape, &report->shaped);
}

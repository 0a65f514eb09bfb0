/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/timeline.h"

#include <string.h>

struct timeline timeline_of(const struct evj_journal *journal)
{
    const struct evj_header *first = evj_journal_header(journal, 0);

    for (size_t i = 1; i < evj_journal_files(journal); i++) {
        const struct evj_header *header = evj_journal_header(journal, i);

        if (header->boot_id[0] == '\0' || strcmp(header->boot_id, first->boot_id) != 0 ||
            strcmp(header->clock, EVJ_CLOCK_TIMESTAMP) == 0 ||
            strcmp(first->clock, EVJ_CLOCK_TIMESTAMP) == 0)
            return (struct timeline){.one_clock = false};
    }
    return (struct timeline){.one_clock = true};
}

int64_t timeline_record_us(const struct timeline *timeline, const struct evj_record *record)
{
    return timeline->one_clock ? record->mono_us : record->wall_us;
}

int64_t timeline_mono_us(const struct timeline *timeline, const struct evj_header *header,
                         int64_t mono_us)
{
    return timeline->one_clock ? mono_us : evj_header_wall_us(header, mono_us);
}

/* ---- the end ---- */

struct end {
    struct timeline timeline;
    bool known;
    int64_t us;
};

static void note(struct end *end, int64_t time_us)
{
    if (!end->known || time_us > end->us)
        end->us = time_us;
    end->known = true;
}

/* An evj_block_wanted: what a header tells is enough. */
static bool pass_by(const struct evj_header *header, const struct evj_block_info *info,
                    void *context)
{
    struct end *end = context;

    if (info->records > 0)
        note(end, timeline_mono_us(&end->timeline, header, info->last_mono_us));
    return false;
}

int timeline_end(struct evj_journal *journal, int64_t *ret_end_us, struct evj_error *err)
{
    struct end end = {.timeline = timeline_of(journal)};
    const struct evj_record *record;
    int status;

    evj_journal_set_filter(journal, pass_by, &end);
    while ((status = evj_journal_next(journal, &record, err)) == 0)
        if (record->has_seq && record->kind != EVJ_RECORD_STATE)
            note(&end, timeline_record_us(&end.timeline, record));
    if (status != EVJ_END || !end.known)
        return status;
    *ret_end_us = end.us;
    return 0;
}

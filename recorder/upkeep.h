/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_UPKEEP_H
#define RECORDER_UPKEEP_H

/*
 * The folder of one recorder's journals: which there are, which are kept, and which are pinned. A
 * file `<journal>.pin` beside a journal keeps it, whatever the rules are. For the writing thread: all
 * of this asks the disk.
 */

#include "evj/error.h"
#include "recorder/instance.h"
#include "recorder/notice.h"
#include "recorder/retention.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct upkeep;

/* `instance`: borrowed. Without a name nothing is known as ours, and so nothing deleted. Never NULL. */
struct upkeep *upkeep_new(const char *folder, const char *emitter, struct instance *instance,
                          notice_fn *notice);
void upkeep_free(struct upkeep *upkeep);

/* How much is kept; 0: no limit. */
struct upkeep_rules {
    uint64_t keep_size; /* bytes */
    int64_t keep_age_us;
    uint64_t disk_floor; /* bytes that must stay free */
};

struct upkeep_report {
    uint64_t disk_free;           /* bytes; UINT64_MAX: not known */
    struct retention_file *files; /* of this recorder, oldest first */
    size_t count;
};

/* Delete what the rules say, and look what there is. `open_path`: the file that is being written.
 * Free the report's files with g_free(). What cannot be done is told in a notice, once. */
void upkeep_run(struct upkeep *upkeep, const struct upkeep_rules *rules, const char *open_path,
                struct upkeep_report *ret_report);

/* May something be written, or would that eat what must stay free? 0, or EVJ_ERR_IO and why. */
int upkeep_check_floor(const struct upkeep *upkeep, const struct upkeep_rules *rules,
                       struct evj_error *err);

/* Keep the journal of this name, or no longer. Returns 0 or EVJ_ERR_IO; one that is pinned already,
 * or is not, is fine. */
int upkeep_pin(struct upkeep *upkeep, const char *name, bool pinned, struct evj_error *err);

#endif

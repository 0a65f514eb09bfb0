/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_CONFIG_H
#define RECORDER_CONFIG_H

/*
 * What the category `general` of janus.eventhandler.journalevh.jcfg may say, and what it means.
 * Keys and values come in as Janus's own parser gives them: as text. Nothing that is wrong passes
 * silently: an unknown key or a bad value is named in a notice, with what is used instead or that
 * nothing will be recorded. Plain values; use from one thread.
 */

#include "evj/state.h"
#include "recorder/notice.h"
#include "recorder/writing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config {
    bool enabled;
    char events[128]; /* as janus_events_edit_events_mask() understands it: no blanks */
    char folder[512]; /* absolute */
    struct writing_tuning tuning;
    size_t buffer; /* bytes */
    int compression;
    bool sync_block;
    enum evj_state_kind state;
    unsigned redact;        /* enum redact_class */
    char spool_folder[200]; /* absolute; the journal's first line names the spool, and is limited */
    char found_in[512];     /* no key: the folder of the configuration, to tell servers apart by */
    bool refused;           /* some value was so bad that nothing must be recorded */
};

/* All defaults. */
void config_init(struct config *config);

/* One `key = value`. `value` is NULL for what is no plain value: a list, say, or a group. */
void config_set(struct config *config, const char *key, const char *value, notice_fn *notice);

/*
 * After the last key: may this be recorded with? False for `enabled = false` (without a notice),
 * for a refused value, and when a key that has no default is missing.
 */
bool config_is_complete(const struct config *config, notice_fn *notice);

/*
 * Change one setting of a running recording. Returns false, and has changed nothing, for a bad value,
 * an unknown key, or one that needs a restart: `why` says which, in a sentence.
 */
bool config_change(struct config *config, const char *key, const char *value, char *why,
                   size_t size);

/* The known keys by number, NULL behind the last; and their defaults as text, NULL for none. */
const char *config_key(size_t number);
const char *config_default(size_t number);
/* Can config_change() change it? */
bool config_may_change(size_t number);

#endif

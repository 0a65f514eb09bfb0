/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_RECORDER_FIXTURE_H
#define TESTS_RECORDER_FIXTURE_H

/*
 * What the recorder's tests share: a scratch folder, notices that can be awaited, events to record,
 * a disk that fails at a chosen size, and a journal's contents added up.
 */

#include "recorder/config.h"
#include "recorder/notice.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For cmocka: a fresh folder with `journals` and `spools` in it, removed with all that is in it. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Paths of this test's folder; borrowed, valid until the teardown. */
const char *fixture_folder(void);
const char *fixture_journals(void);
const char *fixture_spools(void);

/* A configuration that records into this test's folder. */
struct config fixture_config(void);

/* Files in a folder whose name ends in `suffix`. */
size_t fixture_count_files(const char *folder, const char *suffix);

/* The only journal in fixture_journals(); fails the test if there is another number of them. */
const char *fixture_only_journal(void);

/* ---- notices ---- */

/* A notice_fn: keeps "<level> <text>". */
void fixture_notice(enum notice_level level, const char *text);
void fixture_forget_notices(void);
size_t fixture_notices(void);
bool fixture_noticed(const char *text);
/* Wait until there is a notice with this text; fails the test after 30 seconds. */
void fixture_await_notice(const char *text);

/* ---- events ---- */

/* A media event with this number, whose text has about `size` bytes that do not compress well. */
json_t *fixture_event(unsigned number, size_t size);
/* Bytes of its text. */
size_t fixture_event_size(json_t *event);

/* ---- the disk ---- */

/* From here on, no file may grow beyond `bytes`: writes fail with EFBIG. */
void fixture_limit_files(uint64_t bytes);
void fixture_unlimit_files(void);

/* ---- journals ---- */

struct tally {
    uint64_t events, event_bytes; /* bytes: of the events' own texts */
    uint64_t gaps, lost, lost_bytes;
    uint64_t marks, states;
    size_t files;
    bool closed;
    bool in_order; /* every seq follows on the one before, from 0 */
};

/* Read a whole journal, with its spool if it still has one. Fails the test if it cannot be read. */
struct tally fixture_tally(const char *path);

/* The same for all journals in fixture_journals(), read as one. `closed`: all of them are. */
struct tally fixture_tally_all(void);

#endif

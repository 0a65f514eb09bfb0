/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CHAINS_H
#define REPLAY_CHAINS_H

/* Which of many things, numbered from 0, have a key; taken one by one, the one with the lowest number
 * first. One thread. */

#include <stddef.h>
#include <stdint.h>

#define CHAINS_NONE UINT32_MAX

struct chains;

/* For `count` things, fewer than CHAINS_NONE. Never NULL. */
struct chains *chains_new(size_t count);

/* NULL is fine. */
void chains_free(struct chains *chains);

/* Things must be put in falling order of their numbers, before any is taken. */
void chains_put(struct chains *chains, uint64_t key, uint32_t number);

/* The first that was ever put in with this key, taken or not; CHAINS_NONE. */
uint32_t chains_first(const struct chains *chains, uint64_t key);

/* Take the next one; CHAINS_NONE when none is left. */
uint32_t chains_take(struct chains *chains, uint64_t key);

#endif

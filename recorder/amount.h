/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_AMOUNT_H
#define RECORDER_AMOUNT_H

/*
 * Amounts as an administrator writes them: a whole number, and perhaps a unit, in either case. Pure
 * functions; any thread. False, and nothing is set, for anything else.
 */

#include <stdbool.h>
#include <stdint.h>

/* "300", "64K", "256M", "10G", "1T": powers of 1024, up to 2^62. */
bool amount_bytes(const char *text, uint64_t *ret_bytes);

/* "90", "90s", "15m", "6h", "7d", up to a hundred years. */
bool amount_seconds(const char *text, uint64_t *ret_seconds);

#endif

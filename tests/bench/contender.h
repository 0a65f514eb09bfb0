/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_CONTENDER_H
#define TESTS_BENCH_CONTENDER_H

/*
 * The event handlers that are measured against one another, and how each is configured to do its
 * best: compact JSON, events in groups where it can.
 */

#include "tests/bench/backend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contender {
    const char *name;    /* for the table */
    const char *library; /* file name; NULL: no handler, but what Janus does itself */
    const char *package;
    enum backend_kind backend;
    bool keeps; /* writes files into its folder, which can be counted afterwards */
    /* Lines of `general`: $FOLDER, $PORT and $BUFFER are replaced. */
    const char *config;
};

enum { CONTENDER_NAIVE, CONTENDER_RECORDER, CONTENDER_COPY };
size_t contender_count(void);
const struct contender *contender_get(size_t number);

/* Write its configuration to `config_dir`. Returns 0, or -1 with errno. */
int contender_configure(const struct contender *contender, const char *config_dir,
                        const char *data_dir, uint16_t port, const char *buffer);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/support/racing.h"

#include "tests/support/spooling.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static void *offer_all(void *spool)
{
    for (unsigned i = 0; i < RACED / 100; i++) {
        spool_offer_numbered(spool, 100);
        sched_yield();
    }
    while (!evj_spool_close_gap(spool))
        sched_yield();
    return NULL;
}

/* A recorder as a process: one thread offers, the other writes blocks, until all is written. */
static void record_in_a_hurry(const char *folder, int ready, int hold)
{
    struct recording recording;
    pthread_t producer;
    char byte;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    recording_begin(&recording, folder);
    if (write(ready, "x", 1) != 1)
        _exit(1);
    pthread_create(&producer, NULL, offer_all, recording.spool);
    while (evj_writer_totals(recording.writer)->next_seq < RACED) {
        struct evj_spool_stats stats;
        evj_spool_stats(recording.spool, &stats);
        if (stats.used > 8000 || stats.offered == RACED)
            recording_drain(&recording, true);
        sched_yield();
    }
    pthread_join(producer, NULL);
    if (read(hold, &byte, 1) != 0 ||
        evj_writer_finish(recording.writer, "shutdown", NULL) != EVJ_OK)
        _exit(1);
    evj_spool_remove(EVJ_TAKE(recording.spool));
    _exit(0);
}

pid_t racing_recorder(const char *folder, int *ret_hold)
{
    int ready[2], hold[2];
    char byte;

    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(hold[1]);
        record_in_a_hurry(folder, ready[1], hold[0]);
    }
    close(ready[1]);
    close(hold[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *ret_hold = hold[1];
    return child;
}

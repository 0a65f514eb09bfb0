/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/ingest_sources.h"

#include "tools/report.h"

#include <glib.h>

/* Faults that are told one by one; more of them are only counted. */
#define FAULTS_TOLD 10

void ingest_report_fault(struct ingest_run *run, const char *where, const struct evj_error *err)
{
    ticker_wipe(&run->ticker);
    if (run->faults < FAULTS_TOLD)
        note("%s: %s; left out", where, err->text);
    else if (run->faults == FAULTS_TOLD)
        note("%s: %s; left out, and what else is wrong is only counted", where, err->text);
    run->faults++;
}

int ingest_flush_if_due(struct ingest_run *run, struct evj_error *err)
{
    int64_t now_us = g_get_monotonic_time();

    if (!run->live || now_us < run->flush_due_us)
        return 0;
    run->flush_due_us = now_us + INGEST_FLUSH_MS * 1000;
    return ingest_flush(run->ingest, err);
}

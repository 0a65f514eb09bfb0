/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/ingest_sources.h"

#include "tools/report.h"

#include <glib.h>

void ingest_report_fault(struct ingest_run *run, const char *where, const struct evj_error *err)
{
    const char *left_out = err->status == EVJ_TRUNCATED ? "" : "; left out";

    ticker_wipe(&run->ticker);
    if (run->faults < INGEST_FAULTS_TOLD)
        note("%s: %s%s", where, err->text, left_out);
    else if (run->faults == INGEST_FAULTS_TOLD)
        note("%s: %s%s, and what else is wrong is only counted", where, err->text, left_out);
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

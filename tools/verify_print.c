/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/verify_print.h"

#include "tools/report.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void print_text(const char *text)
{
    print_safely(stdout, text, strlen(text));
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_size(uint64_t bytes)
{
    if (bytes < 10 * 1000)
        printf("%" PRIu64 " bytes", bytes);
    else if (bytes < 10 * 1000 * 1000)
        printf("%.1f kB", (double)bytes / 1e3);
    else
        printf("%.1f MB", (double)bytes / 1e6);
}

/* "812 events, 118 lost while recording, seq 0 to 930, in 14 blocks of 104.3 kB" */
static void print_totals(const struct evj_verify_totals *totals)
{
    printf("%" PRIu64 " event%s", totals->events, plural(totals->events));
    if (totals->states > 0)
        printf(", %" PRIu64 " state record%s", totals->states, plural(totals->states));
    if (totals->marks > 0)
        printf(", %" PRIu64 " mark%s", totals->marks, plural(totals->marks));
    if (totals->dropped > 0)
        printf(", %" PRIu64 " lost while recording", totals->dropped);
    if (totals->has_seq)
        printf(", seq %" PRIu64, totals->first_seq);
    if (totals->has_seq && totals->next_seq > totals->first_seq + 1)
        printf(" to %" PRIu64, totals->next_seq - 1);
    printf(", in %" PRIu64 " block%s of ", totals->blocks, plural(totals->blocks));
    print_size(totals->file_bytes);
}

static void print_verdict(const struct evj_verification *verification)
{
    fputs(evj_verdict_name(verification->verdict), stdout);
    if (verification->verdict >= EVJ_VERDICT_FOREIGN) {
        fputs(": ", stdout);
        print_text(verification->findings[0].text);
        return;
    }
    if (verification->faults == 0)
        fputs(", sound", stdout);
    else
        printf(", %" PRIu64 " fault%s", verification->faults, plural(verification->faults));
    fputs("; ", stdout);
    print_totals(&verification->totals);
}

/* ---- what the verdict means ---- */

static void explain_live(const struct evj_verification *verification)
{
    uint64_t events = verification->totals.spool_events;

    puts("  It is being recorded, and was read up to its last event.");
    if (events > 0)
        printf("  %" PRIu64 " event%s only in its spool so far.\n", events,
               events == 1 ? " is" : "s are");
}

static void explain_crash(const struct evj_verification *verification)
{
    uint64_t events = verification->totals.spool_events;

    printf("  It was not closed: its recorder died. %" PRIu64 " event%s only in its spool, ",
           events, events == 1 ? " is" : "s are");
    print_text(verification->header.spool);
    puts(".\n  The recorder's next start puts them into the file; \"evj repair\" into another.");
}

static void explain_open(const struct evj_verification *verification)
{
    if (verification->kinds & 1u << EVJ_FINDING_SPOOL)
        puts("  It was not closed.");
    else if (verification->header.spool[0] == '\0')
        puts("  It has no end record: it is still being made, or was broken off.");
    else
        puts("  It was not closed, and its spool is not here: it was copied while it was recorded, "
             "or its\n  host has restarted. Whether more had been recorded, nobody can tell.");
}

static void explain(const struct evj_verification *verification)
{
    if (verification->verdict == EVJ_VERDICT_LIVE)
        explain_live(verification);
    else if (verification->verdict == EVJ_VERDICT_CRASHED)
        explain_crash(verification);
    else if (verification->verdict == EVJ_VERDICT_OPEN)
        explain_open(verification);
}

/* ---- findings ---- */

/* These sentences say where by themselves. */
static bool names_its_place(enum evj_finding_kind kind)
{
    return kind == EVJ_FINDING_DAMAGE || kind == EVJ_FINDING_TRUNCATED ||
           kind == EVJ_FINDING_HOLE || kind == EVJ_FINDING_ORDER || kind == EVJ_FINDING_MISSING;
}

static void print_finding(const struct evj_finding *finding)
{
    fputs("  ", stdout);
    if (evj_finding_is_harmless(finding->kind))
        fputs("note: ", stdout);
    else if (finding->has_seq && !names_its_place(finding->kind))
        printf("at seq %" PRIu64 ": ", finding->seq);
    else if (finding->has_bytes && !names_its_place(finding->kind))
        printf("at byte %" PRIu64 ": ", finding->from);
    print_text(finding->text);
    putchar('\n');
}

void verify_print(const char *path, const struct evj_verification *verification)
{
    size_t kept = evj_verification_findings(verification);

    print_text(path);
    fputs(": ", stdout);
    print_verdict(verification);
    putchar('\n');
    if (verification->verdict >= EVJ_VERDICT_FOREIGN)
        return;
    explain(verification);
    for (size_t i = 0; i < kept; i++)
        print_finding(&verification->findings[i]);
    if (verification->finding_count > kept)
        printf("  and %" PRIu64 " more\n", verification->finding_count - kept);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/spooling.h"

#include "tests/support/journals.h"
#include "tests/support/temp.h"
#include "tests/support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct evj_spool *spool_begin(const char *folder)
{
    struct evj_spool *spool = NULL;
    struct evj_error err = {0};

    if (evj_spool_create(folder, JOURNAL_ID, "", 1, &spool, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    return spool;
}

bool spool_offer(struct evj_spool *spool, int64_t mono_us, uint32_t type, const char *text,
                 size_t len)
{
    size_t room;
    char *to = evj_spool_begin(spool, mono_us, &room);

    if (!to || room < len) {
        evj_spool_drop(spool, mono_us, type, len, EVJ_LOSS_BUFFER_FULL);
        return false;
    }
    memcpy(to, text, len);
    evj_spool_commit(spool, len);
    return true;
}

unsigned spool_offer_numbered(struct evj_spool *spool, unsigned count)
{
    static const char padding[] =
        "................................................................";
    struct evj_spool_stats stats;
    unsigned found_room = 0;
    char text[160];

    for (unsigned i = 0; i < count; i++) {
        evj_spool_stats(spool, &stats);
        int len =
            snprintf(text, sizeof(text), "{\"type\":%u,\"n\":%" PRIu64 ",\"p\":\"%s\"}",
                     1u << stats.offered % 9, stats.offered, padding + stats.offered * 7 % 64);
        found_room += spool_offer(spool, JOURNAL_MONO_US + (int64_t)stats.offered,
                                  1u << stats.offered % 9, text, (size_t)len);
    }
    return found_room;
}

static void check_record(const struct evj_record *record, uint64_t next_seq,
                         struct spool_count *count)
{
    uint64_t n;

    if (record->seq != next_seq)
        fail_msg("seq %" PRIu64 " after %" PRIu64 ": %.*s", record->seq, next_seq - 1,
                 (int)record->line.len, record->line.text);
    if (record->kind == EVJ_RECORD_GAP) {
        count->lost += record->gap.events;
        count->gaps++;
        return;
    }
    assert_int_equal(record->kind, EVJ_RECORD_EVENT);
    assert_true(evj_json_to_u64(evj_json_member(evj_json_member(record->line, "event"), "n"), &n));
    assert_int_equal(n, record->seq);
    assert_int_equal(record->mono_us, JOURNAL_MONO_US + (int64_t)n);
    count->events++;
}

uint64_t spool_check_text(const char *text, size_t len, uint64_t next_seq,
                          struct spool_count *count)
{
    const char *end = text + len;

    while (text < end) {
        struct evj_record record;
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        assert_non_null(newline);
        if (evj_record_parse(text, (size_t)(newline - text), &record, NULL) != EVJ_OK)
            fail_msg("no record: %.*s", (int)(newline - text), text);
        check_record(&record, next_seq, count);
        next_seq += evj_record_seq_span(&record);
        text = newline + 1;
    }
    return next_seq;
}

void recording_begin(struct recording *recording, const char *folder)
{
    struct evj_header header;
    struct evj_error err = {0};

    journal_header(&header);
    evj_boot_id(header.boot_id);
    recording->journal_path = temp_path(folder, "live.evj.gz");
    recording->spool = spool_begin(folder);
    recording->writer = NULL;
    evj_spool_set_journal(recording->spool, recording->journal_path);
    snprintf(header.spool, sizeof(header.spool), "%s", evj_spool_path(recording->spool));
    if (evj_writer_open(recording->journal_path, &header, NULL, &recording->writer, &err) != EVJ_OK)
        fail_msg("%s", err.text);
}

void recording_drain(struct recording *recording, bool release)
{
    const char *text;
    size_t len = evj_spool_pending(recording->spool, &text);
    struct evj_record record;

    for (const char *at = text, *end = text + len; at < end; at += record.line.len + 1) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(newline);
        assert_int_equal(evj_record_parse(at, (size_t)(newline - at), &record, NULL), EVJ_OK);
        assert_int_equal(evj_writer_add(recording->writer, &record, NULL), EVJ_OK);
    }
    assert_int_equal(evj_writer_flush(recording->writer, NULL), EVJ_OK);
    if (release)
        evj_spool_release(recording->spool, len);
}

void recording_leave(struct recording *recording, unsigned number)
{
    struct evj_header header;
    char *slash = strrchr(recording->journal_path, '/'), path[512];
    struct evj_error err = {0};

    evj_writer_free(EVJ_TAKE(recording->writer));
    journal_header(&header);
    evj_boot_id(header.boot_id);
    header.started_mono_us += number;
    snprintf(header.previous, sizeof(header.previous), "%.200s", slash + 1);
    snprintf(header.spool, sizeof(header.spool), "%s", evj_spool_path(recording->spool));
    snprintf(path, sizeof(path), "%.*s/next-%u.evj.gz", (int)(slash - recording->journal_path),
             recording->journal_path, number);
    if (evj_writer_open(path, &header, NULL, &recording->writer, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    free(recording->journal_path);
    recording->journal_path = strdup(path);
    evj_spool_set_journal(recording->spool, path);
}

void recording_crash(struct recording *recording)
{
    evj_writer_free(EVJ_TAKE(recording->writer));
    evj_spool_free(EVJ_TAKE(recording->spool));
}

void recording_done(struct recording *recording)
{
    recording_crash(recording);
    free(recording->journal_path);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/admin_status.h"

static json_t *whole(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *buffer_of(const struct evj_spool_stats *spool)
{
    return json_pack("{s:o, s:o, s:o}", "capacity", whole(spool->capacity), "used",
                     whole(spool->used), "most_used", whole(spool->most_used));
}

static json_t *callback_of(const struct recording_status *status)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "count", whole(status->callback_ns.count), "p50",
                     whole(status->callback_ns.p50), "p99", whole(status->callback_ns.p99), "max",
                     whole(status->callback_ns.max));
}

static json_t *lost_of(const struct recording_status *status)
{
    json_t *lost = json_object();

    for (uint32_t i = 0; i < EVJ_LOSS_REASONS; i++)
        json_object_set_new(lost, evj_loss_reason_name(i), whole(status->lost[i]));
    return lost;
}

static json_t *disk_of(const struct writing_report *writing)
{
    bool has_error = writing->error[0] != '\0';
    json_t *left = writing->disk_free == UINT64_MAX ? json_null() : whole(writing->disk_free);

    return json_pack("{s:b, s:o, s:s?, s:o}", "failing", (int)writing->failing, "free", left,
                     "last_error", has_error ? writing->error : NULL, "last_error_us",
                     has_error ? json_integer(writing->error_us) : json_null());
}

static json_t *journals_of(const struct writing_report *writing)
{
    return json_pack("{s:o, s:o, s:s?}", "count", whole(writing->journals), "bytes",
                     whole(writing->journals_bytes), "oldest",
                     writing->oldest[0] != '\0' ? writing->oldest : NULL);
}

static json_t *settings_of(struct recording *recording)
{
    struct config config;

    recording_config(recording, &config);
    const struct writing_tuning *tuning = &config.tuning;
    return json_pack(
        "{s:s, s:f, s:i, s:o, s:f, s:o, s:f, s:o}", "events", config.events, "flush_interval",
        (double)tuning->flush_interval_us / 1e6, "compression", config.compression, "rotate_size",
        whole(tuning->rotate_size), "rotate_interval", (double)tuning->rotate_interval_us / 1e6,
        "keep_size", whole(tuning->keep.keep_size), "keep_age",
        (double)tuning->keep.keep_age_us / 1e6, "disk_floor", whole(tuning->keep.disk_floor));
}

static const char *state_of(const struct recording_status *status)
{
    if (status->paused)
        return "paused";
    return status->writing.failing ? "failing" : "recording";
}

json_t *admin_status(struct recording *recording)
{
    struct recording_status status;

    recording_status(recording, &status);
    const struct writing_report *writing = &status.writing;
    const struct series_totals *totals = &writing->totals;
    uint64_t offered = status.spool.offered, dropped = status.spool.dropped;
    /* The two are counted one after the other, and Janus goes on meanwhile. */
    uint64_t events = offered > dropped ? offered - dropped : 0;
    double ratio = (double)totals->text_bytes / (double)(totals->file_bytes | 1);
    json_t *answer = json_pack(
        "{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f}", "result", 200, "state",
        state_of(&status), "journal", writing->path, "spool", recording_spool_path(recording),
        "files", whole(totals->files), "offered", whole(offered), "events", whole(events),
        "dropped", whole(dropped), "marks", whole(status.spool.marks), "text_bytes",
        whole(totals->text_bytes), "file_bytes", whole(totals->file_bytes), "ratio", ratio);

    json_object_set_new(answer, "dropped_by", lost_of(&status));
    json_object_set_new(answer, "buffer", buffer_of(&status.spool));
    json_object_set_new(answer, "callback_ns", callback_of(&status));
    json_object_set_new(answer, "disk", disk_of(writing));
    json_object_set_new(answer, "journals", journals_of(writing));
    json_object_set_new(answer, "settings", settings_of(recording));
    return answer;
}

static json_t *file_of(const struct retention_file *file)
{
    return json_pack("{s:s, s:o, s:o, s:b, s:b}", "name", file->name, "bytes", whole(file->bytes),
                     "written_us", json_integer(file->written_us), "pinned", (int)file->pinned,
                     "open", (int)file->open);
}

json_t *admin_list(struct recording *recording)
{
    size_t count;
    struct retention_file *files = recording_list(recording, &count);
    json_t *journals = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(journals, file_of(&files[i]));
    recording_list_done(files);
    recording_order(recording, WRITING_LOOK, "");
    return json_pack("{s:i, s:o}", "result", 200, "journals", journals);
}

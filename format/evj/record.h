/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_RECORD_H
#define EVJ_RECORD_H

/*
 * One line of a journal: what kind it is, its place and time, and the few top-level keys of its
 * event, all as slices into the line (docs/journal-format.md, "Records"). Nothing here allocates.
 */

#include "evj/error.h"
#include "evj/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum evj_record_kind {
    EVJ_RECORD_UNKNOWN, /* of a later minor version: readers pass it by */
    EVJ_RECORD_JOURNAL, /* first line of a file */
    EVJ_RECORD_EVENT,
    EVJ_RECORD_STATE, /* an earlier event that still describes something alive */
    EVJ_RECORD_GAP,   /* events that were offered and are not in the journal */
    EVJ_RECORD_MARK,
    EVJ_RECORD_END, /* last line of a file closed on purpose */
};

/* The envelope of a Janus event (src/events.c). Absent numbers are 0, absent texts empty slices. */
struct evj_event {
    struct evj_slice emitter;   /* JSON string value, with its quotes */
    struct evj_slice opaque_id; /* JSON string value, with its quotes */
    struct evj_slice body; /* value of "event": an object, or an array for combined statistics */
    uint32_t type, subtype;
    int64_t timestamp_us; /* wall clock, when the event was made */
    uint64_t session_id, handle_id;
};

struct evj_gap {
    uint64_t events, bytes;
    int64_t until_us;        /* mono of the last event that was lost */
    struct evj_slice reason; /* JSON string value */
    struct evj_slice types;  /* JSON object: label → count */
    uint64_t from, to; /* damaged bytes of the file that was read; 0 and 0 for other reasons */
};

/* `line`, and every slice, is borrowed from the text that was parsed. */
struct evj_record {
    enum evj_record_kind kind;
    struct evj_slice line; /* without its newline */
    struct evj_slice body; /* the value of the key that names the kind */
    bool has_seq;          /* "journal" and "end" have neither seq nor mono */
    uint64_t seq;
    int64_t mono_us;
    int64_t
        wall_us; /* mono on the wall clock of the file's first line; the reader fills it, else 0 */
    unsigned source; /* which file of an evj_journal, from 0; else 0 */
    /* Which recording: ids compare only within one. From 0: of a merged file's `sources`, and over
     * all files of an evj_journal. */
    unsigned recording;
    struct evj_event event; /* for EVENT and STATE */
    struct evj_gap gap;     /* for GAP */
};

/*
 * Parse one line, without its newline. Returns 0; EVJ_ERR_CORRUPT when it is no JSON object, or
 * lacks what its kind needs; EVJ_ERR_LIMIT for nesting. *ret_record is untouched on failure.
 */
int evj_record_parse(const char *line, size_t len, struct evj_record *ret_record,
                     struct evj_error *err);

/*
 * The same for who does not look into events: record->event and record->body may stay empty, and the
 * event need not be JSON. Quick for an event's line that begins as evj writes them.
 */
int evj_record_parse_place(const char *line, size_t len, struct evj_record *ret_record,
                           struct evj_error *err);

/* The same for who wants the event's text, and looks into it himself: record->body is known then, and
 * record->event may stay empty. */
int evj_record_parse_body(const char *line, size_t len, struct evj_record *ret_record,
                          struct evj_error *err);

/* One of the three. */
typedef int evj_record_parser(const char *line, size_t len, struct evj_record *ret_record,
                              struct evj_error *err);

/* Only the envelope of a bare event. The same returns. */
int evj_event_peek(const char *text, size_t len, struct evj_event *ret_event,
                   struct evj_error *err);

/* How many sequence numbers a record takes: 1, or a gap's number of events; 0 without seq. */
uint64_t evj_record_seq_span(const struct evj_record *record);

/* Room that evj_record_put_prefix() and evj_record_put_gap() never exceed, in bytes. */
#define EVJ_PREFIX_MAX 64u
#define EVJ_GAP_LINE_MAX 1024u

/*
 * Write `{"seq":N,"mono":M,"event":` to `out` (EVJ_PREFIX_MAX bytes of room); the event's text and
 * `}` make it a record. Returns the length. The recorder's hot path: no printf.
 */
size_t evj_record_put_prefix(char *out, uint64_t seq, int64_t mono_us);

/* Why a recorder lost events. */
enum evj_loss_reason {
    EVJ_LOSS_BUFFER_FULL, /* "buffer-full": no room in the spool */
    EVJ_LOSS_UNPRINTABLE, /* "unprintable": no JSON text can be made of them */
    EVJ_LOSS_TOO_LONG,    /* "too-long": beyond what a line may hold (EVJ_LINE_MAX) */
    EVJ_LOSS_PAUSED,      /* "paused": somebody asked for it */
    EVJ_LOSS_REASONS,     /* how many there are */
};

/* As gap records name it; "unknown" for any other number. Static text. */
const char *evj_loss_reason_name(uint32_t reason);

/* What a recorder lost, counted while it goes on. `types` is indexed as evj_event_type_index(). */
struct evj_loss {
    uint32_t reason; /* enum evj_loss_reason */
    uint64_t seq;    /* of the first */
    uint64_t events, bytes;
    int64_t first_us, until_us; /* mono of the first and the last */
    uint64_t types[16];         /* 9 known types; index 15: any other */
};

/* Write a whole gap record without newline to `out` (EVJ_GAP_LINE_MAX bytes of room). Returns its
 * length. */
size_t evj_record_put_gap(char *out, const struct evj_loss *loss);

/* Room for a mark record whose body has `len` bytes. */
#define EVJ_MARK_LINE_SIZE(len) (EVJ_PREFIX_MAX + (len) + 1u)

/* Write a whole mark record without newline. `body`: a JSON object. Returns its length. */
size_t evj_record_put_mark(char *out, uint64_t seq, int64_t mono_us, const char *body, size_t len);

#endif

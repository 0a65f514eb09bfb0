/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SDPs (RFC 8866), line by line, and candidates (RFC 8839), word by word. Attributes that are not
 * in the table are printed as they are, but for addresses. */
#include "recorder/redact_internal.h"

#include <string.h>

#define HAS_ADDRESSES (REDACT_IPS | REDACT_SDP)

/* How a line begins, and the classes that replace what follows. */
#define LINE(text) text, sizeof(text) - 1
#define NAMED (REDACT_SDP | REDACT_NAMES)

static const struct line {
    const char *begins;
    size_t len;
    unsigned classes; /* any of them */
    unsigned skip;    /* words that stay before what is replaced */
    bool each;        /* each word on its own, and not all of the rest as one */
    const char *kind; /* of the placeholder */
} lines[] = {
    {LINE("a=ice-ufrag:"), REDACT_SDP, 0, false, "ufrag"},
    {LINE("a=ice-pwd:"), REDACT_SDP, 0, false, "pwd"},
    {LINE("a=fingerprint:"), REDACT_SDP, 1, false, "fp"},
    {LINE("a=tls-id:"), REDACT_SDP, 0, false, "key"},
    {LINE("a=crypto:"), REDACT_SDP, 2, false, "key"},
    {LINE("a=key-mgmt:"), REDACT_SDP, 1, false, "key"},
    {LINE("a=identity:"), REDACT_SDP, 0, false, "key"},
    {LINE("k="), REDACT_SDP, 0, false, "key"},
    {LINE("a=msid:"), NAMED, 0, true, "name"},
    {LINE("a=msid-semantic:"), NAMED, 1, true, "name"},
    {LINE("a=ssrc:"), NAMED, 1, true, "name"},
    {LINE("a=label:"), NAMED, 0, false, "name"},
    {LINE("s="), NAMED, 0, false, "name"},
    {LINE("i="), NAMED, 0, false, "name"},
    {LINE("u="), NAMED, 0, false, "name"},
    {LINE("e="), NAMED, 0, false, "name"},
    {LINE("p="), NAMED, 0, false, "name"},
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

const char *redact_sdp_line(size_t number, unsigned *ret_class)
{
    if (number >= LINES)
        return NULL;
    *ret_class = lines[number].classes;
    return lines[number].begins;
}

/* The word (what is between blanks) that begins at or behind `*from`; its end goes to *from. False
 * at the text's end. */
static bool next_word(const char *text, size_t len, size_t *from, size_t *ret_start)
{
    size_t start = *from;

    while (start < len && text[start] == ' ')
        start++;
    *ret_start = start;
    for (*from = start; *from < len && text[*from] != ' ';)
        (*from)++;
    return start < len;
}

static bool begins(const char *text, size_t len, const char *with)
{
    size_t with_len = strlen(with);

    return len >= with_len && memcmp(text, with, with_len) == 0;
}

static const struct line *find_line(const struct redact *redact, const char *text, size_t len)
{
    for (const struct line *line = lines; line < lines + LINES; line++) {
        /* The last byte tells nearly all of them apart. */
        if (len >= line->len && text[line->len - 1] == line->begins[line->len - 1] &&
            memcmp(text, line->begins, line->len) == 0)
            return line->classes & redact->classes ? line : NULL;
    }
    return NULL;
}

static size_t put_plain(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                        size_t len)
{
    return redact->classes & HAS_ADDRESSES ? redact_put_addresses(redact, sink, at, text, len)
                                           : sink_put_text(sink, at, text, len);
}

/* "-" and "*" are no names. */
static size_t put_secret(const struct redact *redact, struct sink *sink, size_t at,
                         const char *kind, const char *text, size_t len)
{
    if (len == 1 && (text[0] == '-' || text[0] == '*'))
        return sink_put_text(sink, at, text, len);
    return redact_put_placeholder(redact, sink, at, kind, text, len);
}

/* Of "cname:…" the name of the attribute stays: source attributes (RFC 5576). */
static size_t put_word(const struct redact *redact, struct sink *sink, size_t at, const char *kind,
                       const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);
    size_t name = colon ? (size_t)(colon + 1 - text) : 0;

    at = sink_put_text(sink, at, text, name);
    return put_secret(redact, sink, at, kind, text + name, len - name);
}

static size_t put_line(const struct redact *redact, struct sink *sink, size_t at,
                       const struct line *line, const char *text, size_t len)
{
    size_t from = line->len, start = from, done = 0;

    for (unsigned i = 0; i < line->skip; i++)
        next_word(text, len, &from, &start);
    if (!line->each) {
        start = from;
        while (start < len && text[start] == ' ')
            start++;
        at = sink_put_text(sink, at, text, start);
        return put_secret(redact, sink, at, line->kind, text + start, len - start);
    }
    while (next_word(text, len, &from, &start)) {
        at = sink_put_text(sink, at, text + done, start - done);
        at = put_word(redact, sink, at, line->kind, text + start, from - start);
        done = from;
    }
    return sink_put_text(sink, at, text + done, len - done);
}

/* "o=<username> <id> <version> IN IP4 <address>" */
static size_t put_origin(const struct redact *redact, struct sink *sink, size_t at,
                         const char *text, size_t len)
{
    size_t from = 2, start;

    next_word(text, len, &from, &start);
    at = sink_put_text(sink, at, text, start);
    if (redact->classes & (REDACT_SDP | REDACT_NAMES))
        at = put_secret(redact, sink, at, "name", text + start, from - start);
    else
        at = sink_put_text(sink, at, text + start, from - start);
    return put_plain(redact, sink, at, text + from, len - from);
}

/*
 * "<foundation> <component> <protocol> <priority> <address> <port> typ host … ufrag <ufrag>". The
 * foundation goes as well: browsers make it out of the address, without any secret.
 */
size_t redact_put_candidate(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len)
{
    size_t from = begins(text, len, "a=candidate:") ? 12 : begins(text, len, "candidate:") ? 10 : 0;
    size_t start, done;
    bool is_ufrag = false;

    if (!(redact->classes & HAS_ADDRESSES))
        return sink_put_text(sink, at, text, len);
    at = sink_put_text(sink, at, text, from);
    next_word(text, len, &from, &start);
    at = redact_put_number(redact, sink, at, text + start, from - start);
    for (done = from; next_word(text, len, &from, &start);) {
        if (is_ufrag && (redact->classes & REDACT_SDP)) {
            at = redact_put_addresses(redact, sink, at, text + done, start - done);
            at = redact_put_placeholder(redact, sink, at, "ufrag", text + start, from - start);
            done = from;
        }
        is_ufrag = from - start == 5 && memcmp(text + start, "ufrag", 5) == 0;
    }
    return redact_put_addresses(redact, sink, at, text + done, len - done);
}

static size_t put_any_line(const struct redact *redact, struct sink *sink, size_t at,
                           const char *text, size_t len)
{
    const struct line *line = find_line(redact, text, len);

    if (line)
        return put_line(redact, sink, at, line, text, len);
    if (begins(text, len, "o="))
        return put_origin(redact, sink, at, text, len);
    if (begins(text, len, "a=candidate:"))
        return redact_put_candidate(redact, sink, at, text, len);
    return put_plain(redact, sink, at, text, len);
}

size_t redact_put_sdp(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                      size_t len)
{
    for (size_t from = 0, to; from < len; from = to) {
        for (to = from; to < len && text[to] != '\r' && text[to] != '\n';)
            to++;
        at = put_any_line(redact, sink, at, text + from, to - from);
        for (from = to; to < len && (text[to] == '\r' || text[to] == '\n');)
            to++;
        at = sink_put_text(sink, at, text + from, to - from);
    }
    return at;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SDPs (RFC 8866), line by line. Attributes that are not in the table are printed as they are, but for
 * addresses. */
#include "recorder/redact_internal.h"

#include <string.h>

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
    return redact->classes & REDACT_ADDRESSES ? redact_put_addresses(redact, sink, at, text, len)
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
        redact_next_word(text, len, &from, &start);
    if (!line->each) {
        start = from;
        while (start < len && text[start] == ' ')
            start++;
        at = sink_put_text(sink, at, text, start);
        return put_secret(redact, sink, at, line->kind, text + start, len - start);
    }
    while (redact_next_word(text, len, &from, &start)) {
        at = sink_put_text(sink, at, text + done, start - done);
        at = put_word(redact, sink, at, line->kind, text + start, from - start);
        done = from;
    }
    return sink_put_text(sink, at, text + done, len - done);
}

/* ---- lines of another form ---- */

/*
 * "… IN IP4 <address>[/<ttl>] …": in these lines a host's name may stand there, too. Else as any text.
 */
static size_t put_connection(const struct redact *redact, struct sink *sink, size_t at,
                             const char *text, size_t len)
{
    size_t from = 0, start, done = 0;
    bool behind = false;

    if (!(redact->classes & REDACT_ADDRESSES))
        return sink_put_text(sink, at, text, len);
    while (redact_next_word(text, len, &from, &start)) {
        const char *slash = memchr(text + start, '/', from - start);
        size_t to = slash ? (size_t)(slash - text) : from;
        if (behind) {
            at = redact_put_addresses(redact, sink, at, text + done, start - done);
            at = redact_put_address(redact, sink, at, text + start, to - start);
            done = to;
        }
        behind = redact_is_word(text + start, from - start, "IP4") ||
                 redact_is_word(text + start, from - start, "IP6");
    }
    return redact_put_addresses(redact, sink, at, text + done, len - done);
}

/* "o=<username> <id> <version> IN IP4 <address>" */
static size_t put_origin(const struct redact *redact, struct sink *sink, size_t at,
                         const char *text, size_t len)
{
    size_t from = 2, start;

    redact_next_word(text, len, &from, &start);
    at = sink_put_text(sink, at, text, start);
    if (redact->classes & NAMED)
        at = put_secret(redact, sink, at, "name", text + start, from - start);
    else
        at = sink_put_text(sink, at, text + start, from - start);
    return put_connection(redact, sink, at, text + from, len - from);
}

/* "m=<media> <port>[/<number>] …" and "a=rtcp:<port>[ IN IP4 <address>]": the port begins at `start`. */
static size_t put_port_line(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len, size_t start)
{
    size_t to = start;

    while (to < len && text[to] >= '0' && text[to] <= '9')
        to++;
    at = sink_put_text(sink, at, text, start);
    if (redact->classes & REDACT_ADDRESSES)
        at = redact_put_port(sink, at, text + start, to - start);
    else
        at = sink_put_text(sink, at, text + start, to - start);
    return put_connection(redact, sink, at, text + to, len - to);
}

static size_t put_media(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                        size_t len)
{
    size_t from = 0, start;

    redact_next_word(text, len, &from, &start);
    redact_next_word(text, len, &from, &start);
    return put_port_line(redact, sink, at, text, len, start);
}

static size_t put_rtcp(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                       size_t len)
{
    return put_port_line(redact, sink, at, text, len, strlen("a=rtcp:"));
}

/* ---- all lines ---- */

static const struct {
    const char *begins;
    size_t (*put)(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                  size_t len);
} forms[] = {
    {"o=", put_origin},
    {"c=", put_connection},
    {"m=", put_media},
    {"a=rtcp:", put_rtcp},
    {"a=candidate:", redact_put_candidate},
};

static size_t put_any_line(const struct redact *redact, struct sink *sink, size_t at,
                           const char *text, size_t len)
{
    const struct line *line = find_line(redact, text, len);

    if (line)
        return put_line(redact, sink, at, line, text, len);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (redact_begins(text, len, forms[i].begins))
            return forms[i].put(redact, sink, at, text, len);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses, wherever in a text they stand. */
#include "recorder/redact_internal.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* ---- what an address is ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What an address, a host name and a port may be made of; and what no address is without. */
enum { HOST = 1, MARK = 2 };
static const unsigned char host_chars[256] = {
    ['0' ... '9'] = HOST, ['a' ... 'z'] = HOST, ['A' ... 'Z'] = HOST, ['-'] = HOST,
    ['_'] = HOST,         ['.'] = HOST | MARK,  [':'] = HOST | MARK,
};

static bool is_host_char(char c)
{
    return host_chars[(unsigned char)c] & HOST;
}

static bool are_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return false;
    return len > 0;
}

/* Four numbers of up to three digits, leading zeros included, with dots between them. */
static bool is_ipv4(const char *text, size_t len)
{
    unsigned dots = 0, digits = 0;

    for (size_t i = 0; i < len; i++) {
        if (is_digit(text[i]) && ++digits <= 3)
            continue;
        if (text[i] != '.' || digits == 0 || digits > 3)
            return false;
        dots++;
        digits = 0;
    }
    return dots == 3 && digits > 0;
}

static bool is_ipv6(const char *text, size_t len)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char binary[16];

    if (len >= sizeof(address) || !memchr(text, ':', len))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    return inet_pton(AF_INET6, address, binary) == 1;
}

/* The name that a browser gives to its address, so as not to tell it. */
static bool is_mdns_name(const char *text, size_t len)
{
    static const char suffix[] = ".local";
    size_t suffix_len = sizeof(suffix) - 1;

    return len > suffix_len && memcmp(text + len - suffix_len, suffix, suffix_len) == 0;
}

static const char *address_kind(const char *text, size_t len)
{
    if (is_ipv6(text, len))
        return "ip6";
    return is_ipv4(text, len) || is_mdns_name(text, len) ? "ip" : NULL;
}

size_t redact_put_address(const struct redact *redact, struct sink *sink, size_t at,
                          const char *text, size_t len)
{
    const char *kind = address_kind(text, len);

    return redact_put_placeholder(redact, sink, at, kind ? kind : "ip", text, len);
}

#define PORT "9" /* "discard" (RFC 863): valid, and surely not the one that was used */

size_t redact_put_port(struct sink *sink, size_t at, const char *text, size_t len)
{
    if (!are_digits(text, len) || (len == 1 && text[0] == '0'))
        return sink_put_text(sink, at, text, len);
    return sink_put_text(sink, at, PORT, sizeof(PORT) - 1);
}

/* ---- words ---- */

/* "2001:db8::1:50000", as Janus prints an address and its port: where the port's colon is, or NULL. What
 * could be an address as a whole is taken for one. */
static const char *port_of_ipv6(const char *word, size_t len)
{
    const char *colon = memrchr(word, ':', len);
    size_t before = colon ? (size_t)(colon - word) : 0;

    return colon && are_digits(colon + 1, len - before - 1) && is_ipv6(word, before) ? colon : NULL;
}

/* An address may stand between other parts: "turn:192.0.2.1:3478". The port is what follows it. */
static size_t put_parts(const struct redact *redact, struct sink *sink, size_t at, const char *word,
                        size_t len, bool *ret_found)
{
    bool is_port = false;

    for (size_t from = 0, to; from < len; from = to) {
        for (to = from; to < len && word[to] != ':' && word[to] != '-' && word[to] != '_';)
            to++;
        bool is_address = is_ipv4(word + from, to - from);
        if (is_address)
            at = redact_put_placeholder(redact, sink, at, "ip", word + from, to - from);
        else if (is_port && are_digits(word + from, to - from))
            at = sink_put_text(sink, at, PORT, sizeof(PORT) - 1);
        else
            at = sink_put_text(sink, at, word + from, to - from);
        *ret_found = *ret_found || is_address;
        is_port = is_address && to < len && word[to] == ':';
        if (to < len)
            at = sink_put_char(sink, at, word[to++]);
    }
    return at;
}

/* A word of host characters. Stops and colons behind it are the sentence's. */
static size_t put_host_word(const struct redact *redact, struct sink *sink, size_t at,
                            const char *word, size_t len, bool *ret_found)
{
    size_t core = len;

    *ret_found = false;
    while (core > 0 && (word[core - 1] == '.' || (word[core - 1] == ':' && core > 2)))
        core--;
    if (core < len && word[len - 1] == ':' && is_ipv6(word, len))
        core = len; /* "2001:db8::" */
    const char *kind = address_kind(word, core), *port = port_of_ipv6(word, core);
    if (kind) {
        *ret_found = true;
        at = redact_put_placeholder(redact, sink, at, kind, word, core);
    } else if (port) {
        at = redact_put_placeholder(redact, sink, at, "ip6", word, (size_t)(port - word));
        at = sink_put_text(sink, at, ":" PORT, sizeof(PORT));
    } else if (memchr(word, '.', core)) {
        at = put_parts(redact, sink, at, word, core, ret_found);
    } else {
        core = 0;
    }
    return sink_put_text(sink, at, word + core, len - core);
}

/* " 54870" behind an address, as candidates have it, and behind "rport"; "]:54870" as URIs do. */
static size_t put_port_behind(struct sink *sink, size_t at, const char *text, size_t len,
                              size_t *from)
{
    bool bracket = len - *from > 1 && text[*from] == ']' && text[*from + 1] == ':';
    size_t start = *from + (bracket ? 2 : 1), to = start;

    while (to < len && is_digit(text[to]))
        to++;
    if (*from >= len || (!bracket && text[*from] != ' ') || to == start ||
        (to < len && is_host_char(text[to])))
        return at;
    at = sink_put_text(sink, at, text + *from, start - *from);
    *from = to;
    return sink_put_text(sink, at, PORT, sizeof(PORT) - 1);
}

/* Where the word of host characters ends that begins at `from`. Could it hold an address? */
static size_t host_word_end(const char *text, size_t len, size_t from, bool *ret_candidate)
{
    unsigned seen = 0, kind;
    size_t to = from;

    for (; to < len && (kind = host_chars[(unsigned char)text[to]]); to++)
        seen |= kind;
    *ret_candidate = seen & MARK;
    return to;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Where the next word of host characters begins, at or behind `from`. The digits of a character that
 * is written as in a URL ("%3D") are no part of it. */
static size_t host_word_start(const char *text, size_t len, size_t from)
{
    while (from < len && !is_host_char(text[from])) {
        bool escape =
            text[from] == '%' && len - from > 2 && is_hex(text[from + 1]) && is_hex(text[from + 2]);
        from += escape ? 3 : 1;
    }
    return from;
}

static bool is_word(const char *text, size_t from, size_t to, const char *word)
{
    return to - from == strlen(word) && memcmp(text + from, word, to - from) == 0;
}

size_t redact_put_addresses(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len)
{
    size_t done = 0, to = 0;

    for (;;) {
        bool candidate, found = false;
        size_t from = host_word_start(text, len, to);
        if (from == len)
            break;
        to = host_word_end(text, len, from, &candidate);
        if (!candidate && !is_word(text, from, to, "rport"))
            continue;
        at = sink_put_text(sink, at, text + done, from - done);
        if (candidate)
            at = put_host_word(redact, sink, at, text + from, to - from, &found);
        else
            at = sink_put_text(sink, at, text + from, to - from);
        if (found || !candidate)
            at = put_port_behind(sink, at, text, len, &to);
        done = to;
    }
    return sink_put_text(sink, at, text + done, len - done);
}

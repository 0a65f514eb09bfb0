/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Candidates (RFC 8839), word by word. */
#include "recorder/redact_internal.h"

/* A word of a candidate, by its number and the word before. */
static size_t put_candidate_word(const struct redact *redact, struct sink *sink, size_t at,
                                 unsigned number, const char *before, size_t before_len,
                                 const char *word, size_t len)
{
    if (number == 0)
        return redact_put_number(redact, sink, at, word, len);
    if (number == 4 || redact_is_word(before, before_len, "raddr"))
        return redact_put_address(redact, sink, at, word, len);
    if (number == 5 || redact_is_word(before, before_len, "rport"))
        return redact_put_port(sink, at, word, len);
    if (redact_is_word(before, before_len, "ufrag") && (redact->classes & REDACT_SDP))
        return redact_put_placeholder(redact, sink, at, "ufrag", word, len);
    return redact_put_addresses(redact, sink, at, word, len);
}

/*
 * "<foundation> <component> <protocol> <priority> <address> <port> typ host … ufrag <ufrag>". The
 * foundation goes as well: browsers make it out of the address, without any secret.
 */
size_t redact_put_candidate(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len)
{
    size_t from = redact_begins(text, len, "a=candidate:") ? 12
                  : redact_begins(text, len, "candidate:") ? 10
                                                           : 0;
    size_t start, done = from, before = from, before_len = 0;

    if (!(redact->classes & REDACT_ADDRESSES))
        return sink_put_text(sink, at, text, len);
    at = sink_put_text(sink, at, text, from);
    for (unsigned number = 0; redact_next_word(text, len, &from, &start); number++) {
        at = sink_put_text(sink, at, text + done, start - done);
        at = put_candidate_word(redact, sink, at, number, text + before, before_len, text + start,
                                from - start);
        before = start;
        before_len = from - start;
        done = from;
    }
    return sink_put_text(sink, at, text + done, len - done);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/event_string.h"

#include "evj/json_char.h"
#include "evj/plain.h"

/* What the letter behind a backslash stands for; 0 for what is no such letter. */
static char meaning_of(char letter)
{
    static const char meanings[] = {
        ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
        ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
    };

    return (unsigned char)letter < sizeof(meanings) ? meanings[(unsigned char)letter] : '\0';
}

/* `at` is behind "\u". An escape is longer than the character that it stands for. */
static const char *decode_codepoint(const char *at, const char *end, char **out)
{
    int32_t c = evj_json_escaped_codepoint(&at, end);

    if (c < 0)
        return NULL;
    *out += evj_utf8_put((uint32_t)c, *out);
    return at;
}

/* `at` is behind a backslash. */
static const char *decode_escape(const char *at, const char *end, char **out)
{
    if (at == end)
        return NULL;
    if (*at == 'u')
        return decode_codepoint(at + 1, end, out);
    if (meaning_of(*at) == '\0')
        return NULL;
    *(*out)++ = meaning_of(*at);
    return at + 1;
}

static const char *copy_character(const char *at, const char *end, char **out)
{
    size_t len = (unsigned char)*at < 0x80 ? 0 : evj_utf8_length(at, end);

    memcpy(*out, at, len);
    *out += len;
    return len > 0 ? at + len : NULL;
}

const char *event_string_decode(const char *at, const char *end, char *out, size_t *ret_len)
{
    char *begin = out;

    while (at != NULL) {
        size_t plain = evj_plain_copy(out, at, (size_t)(end - at));

        at += plain;
        out += plain;
        if (at == end)
            return NULL;
        if (*at == '"')
            break;
        at = *at == '\\' ? decode_escape(at + 1, end, &out) : copy_character(at, end, &out);
    }
    *ret_len = (size_t)(out - begin);
    return at != NULL ? at + 1 : NULL;
}

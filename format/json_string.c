/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"

#include "evj/json_char.h"

#include <string.h>

/* Where the decoded bytes go; room for the terminator is kept. */
struct decoded {
    char *out;
    size_t len, room;
};

/* All bytes of one character, or none. */
static bool put_bytes(struct decoded *to, const char *bytes, size_t len)
{
    if (len > to->room - to->len)
        return false;
    memcpy(to->out + to->len, bytes, len);
    to->len += len;
    return true;
}

size_t evj_utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static bool put_codepoint(struct decoded *to, uint32_t c)
{
    char bytes[4];

    return put_bytes(to, bytes, evj_utf8_put(c, bytes));
}

/* Four hex digits at `at`; -1 if they are none. */
static int32_t hex4(const char *at, const char *end)
{
    int32_t value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

int32_t evj_json_escaped_codepoint(const char **at, const char *end)
{
    int32_t high = hex4(*at, end);

    if (high < 0)
        return -1;
    *at += 4;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        int32_t low = hex4(*at + 2, end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *at += 6;
            return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return -1;
}

size_t evj_utf8_length(const char *at, const char *end)
{
    const unsigned char *b = (const unsigned char *)at;
    size_t len = b[0] < 0x80                   ? 1
                 : b[0] >= 0xc2 && b[0] < 0xe0 ? 2
                 : (b[0] & 0xf0) == 0xe0       ? 3
                 : b[0] >= 0xf0 && b[0] < 0xf5 ? 4
                                               : 0;

    if (len > (size_t)(end - at))
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    /* Longer than it need be, a surrogate, or beyond U+10FFFF. */
    if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] >= 0xa0) ||
        (b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] >= 0x90))
        return 0;
    return len;
}

#define REPLACEMENT_CHARACTER 0xfffdu

/* `*at` is behind "\u". What is no character is replaced. */
static bool put_escaped_codepoint(struct decoded *to, const char **at, const char *end)
{
    int32_t c = evj_json_escaped_codepoint(at, end);

    return put_codepoint(to, c < 0 ? REPLACEMENT_CHARACTER : (uint32_t)c);
}

static const char escape_letters[] = "\"\\/bfnrt";
static const char escape_values[] = "\"\\/\b\f\n\r\t";

/* `at` is behind the backslash. What cannot follow one stands for itself, and is left to the
 * caller. */
static bool put_escape(struct decoded *to, const char **at, const char *end)
{
    if (*at >= end)
        return false;
    char letter = **at;
    const char *found = letter ? strchr(escape_letters, letter) : NULL;
    if (letter == 'u' || found)
        (*at)++;
    if (letter == 'u')
        return put_escaped_codepoint(to, at, end);
    return !found || put_bytes(to, &escape_values[found - escape_letters], 1);
}

static bool put_character(struct decoded *to, const char **at, const char *end)
{
    if (**at == '\\') {
        ++*at;
        return put_escape(to, at, end);
    }
    size_t len = evj_utf8_length(*at, end);
    if (!(len > 0 ? put_bytes(to, *at, len) : put_codepoint(to, REPLACEMENT_CHARACTER)))
        return false;
    *at += len > 0 ? len : 1;
    return true;
}

size_t evj_json_string_decode(struct evj_slice value, char *out, size_t out_size)
{
    if (out_size == 0)
        return 0;
    struct decoded to = {.out = out, .room = out_size - 1};
    struct evj_slice inside = evj_json_string(value);

    if (inside.len > 0) {
        const char *at = inside.text;
        const char *end = at + inside.len;
        while (at < end && put_character(&to, &at, end))
            ;
    }
    out[to.len] = '\0';
    return to.len;
}

/* The letter behind the backslash for characters that have one; 'u' for other control characters.
 */
static char escape_letter(unsigned char c)
{
    const char *found = c ? strchr(escape_values, c) : NULL;

    if (found && *found != '/')
        return escape_letters[found - escape_values];
    return c < 0x20 ? 'u' : '\0';
}

size_t evj_json_string_encode(const char *text, size_t len, char *out, size_t out_size)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t need = 0;
    struct decoded to = {.out = out, .room = out_size};

    bool fits = put_bytes(&to, "\"", 1);
    need++;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char piece[6] = {(char)c};
        size_t piece_len = 1;
        char letter = escape_letter(c);
        if (letter) {
            piece[0] = '\\';
            piece[1] = letter;
            piece_len = 2;
        }
        if (letter == 'u') {
            memcpy(piece + 2, "00", 2);
            piece[4] = hex[c >> 4];
            piece[5] = hex[c & 15];
            piece_len = 6;
        }
        need += piece_len;
        fits = fits && put_bytes(&to, piece, piece_len);
    }
    if (fits)
        put_bytes(&to, "\"", 1);
    return need + 1;
}

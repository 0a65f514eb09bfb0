/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of a line. */
#include "recorder/redact_internal.h"

#include <string.h>

bool redact_next_word(const char *text, size_t len, size_t *from, size_t *ret_start)
{
    size_t start = *from;

    while (start < len && text[start] == ' ')
        start++;
    *ret_start = start;
    for (*from = start; *from < len && text[*from] != ' ';)
        (*from)++;
    return start < len;
}

bool redact_begins(const char *text, size_t len, const char *with)
{
    size_t with_len = strlen(with);

    return len >= with_len && memcmp(text, with, with_len) == 0;
}

bool redact_is_word(const char *word, size_t len, const char *text)
{
    return len == strlen(text) && memcmp(word, text, len) == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_random.h"

#include <stdio.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void random_text(struct random *random, char *text, size_t len, unsigned letters)
{
    for (size_t i = 0; i < len; i++)
        text[i] = alphabet[random_next(random) % letters];
    text[len] = '\0';
}

void random_ice_text(struct random *random, char *text, size_t len)
{
    random_text(random, text, len, 64);
}

void random_letters(struct random *random, char *text, size_t len)
{
    random_text(random, text, len, 62);
}

void random_uuid(struct random *random, char text[37])
{
    uint64_t high = random_next(random), low = random_next(random);

    snprintf(text, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16) & 0xFFFF, (unsigned)high & 0xFFF,
             ((unsigned)(low >> 48) & 0x3FFF) | 0x8000,
             (unsigned long long)(low & UINT64_C(0xFFFFFFFFFFFF)));
}

void random_fingerprint(struct random *random, char text[96])
{
    for (size_t i = 0; i < 32; i++)
        snprintf(text + 3 * i, 4, "%02X:", (unsigned)(random_next(random) & 0xFF));
    text[95] = '\0';
}

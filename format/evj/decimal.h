/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_DECIMAL_H
#define EVJ_DECIMAL_H

/* Integers as decimal text without printf: an event has some thirty of them. Pure; any thread. */

#include <stdint.h>
#include <string.h>

/* Digits of the largest 64-bit number, and as much as any signed one needs with its sign. */
#define EVJ_DECIMAL_MAX 20u

/* Write the digits of `value` so that they end before `end`. Returns the first one. */
static inline char *evj_decimal_before(char *end, uint64_t value)
{
    static const char pairs[] = "00010203040506070809"
                                "10111213141516171819"
                                "20212223242526272829"
                                "30313233343536373839"
                                "40414243444546474849"
                                "50515253545556575859"
                                "60616263646566676869"
                                "70717273747576777879"
                                "80818283848586878889"
                                "90919293949596979899";
    char *first = end;

    while (value >= 100) {
        first -= 2;
        memcpy(first, pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        memcpy(first, pairs + 2 * value, 2);
    } else {
        *--first = (char)('0' + value);
    }
    return first;
}

#endif

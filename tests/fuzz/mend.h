/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FUZZ_MEND_H
#define TESTS_FUZZ_MEND_H

/*
 * A checksum stops nearly every change that a fuzzer makes. So a mutated journal is mended first:
 * sizes and checksums of each block are made to fit its bytes, and the fuzzer reaches what lies
 * behind them. What its text and the other fields of its header say stays as it is.
 */

#include <stddef.h>

/* In the first byte of a member's MTIME, which readers ignore and writers leave 0: what not to mend.
 * So the fuzzer decides, block by block. */
enum mend_not {
    MEND_NOT_SIZES = 1,      /* of the member and of its text */
    MEND_NOT_HEADER_CRC = 2, /* of EJ */
    MEND_NOT_TRAILER = 4,    /* the text's CRC and size */
    MEND_NOT_STORED = 8,     /* the length of a stored (not compressed) text */
};

void mend_journal(unsigned char *bytes, size_t size);

#endif

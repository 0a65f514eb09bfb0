/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_MIX_INTERNAL_H
#define FORMAT_MIX_INTERNAL_H

#include <stdint.h>

/*
 * The finaliser of splitmix64 (Steele, Lea and Flood 2014). Janus's ids are random already, but
 * nothing may depend on that. Part of the format: the session filter is made with it.
 */
static inline uint64_t evj_mix64(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

#endif

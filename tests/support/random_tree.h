/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_RANDOM_TREE_H
#define TESTS_SUPPORT_RANDOM_TREE_H

/* Trees that nobody would think of, the same for the same number. */

#include <jansson.h>
#include <stdint.h>

/* The next number below `below`; *random is its state, at first any number. */
uint64_t random_chance(uint64_t *random, uint64_t below);

/* An object with whatever JSON has, up to eight levels deep: a new reference. */
json_t *random_object(uint64_t *random);

#endif

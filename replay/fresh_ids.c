/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/fresh_ids.h"

#include "replay/mix.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Each old id has a number, in the order of their coming; each copy of it has one, too, of these. */
struct fresh_ids {
    uint64_t seed;
    unsigned copies;
    uint64_t count, known;          /* old ids: all that there were, and those in the tables */
    uint64_t serials[EVJ_ID_KINDS]; /* the next one */
    GHashTable *numbers[EVJ_ID_KINDS], *strings[EVJ_ID_KINDS]; /* old id → its serial + 1 */
};

struct fresh_ids *fresh_ids_new(uint64_t seed, unsigned copies)
{
    struct fresh_ids *ids = g_new0(struct fresh_ids, 1);

    ids->seed = seed;
    ids->copies = copies;
    for (int kind = 0; kind < EVJ_ID_KINDS; kind++) {
        ids->numbers[kind] = g_hash_table_new(NULL, NULL);
        ids->strings[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    return ids;
}

void fresh_ids_free(struct fresh_ids *ids)
{
    if (ids == NULL)
        return;
    for (int kind = 0; kind < EVJ_ID_KINDS; kind++) {
        g_hash_table_unref(ids->numbers[kind]);
        g_hash_table_unref(ids->strings[kind]);
    }
    g_free(ids);
}

/* ---- what number an old id has ---- */

static int take_serial(struct fresh_ids *ids, enum evj_id_kind kind, uint64_t *ret,
                       struct evj_error *err)
{
    if (ids->known >= FRESH_IDS_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, 0,
                        "more than %u different ids cannot be given others: replay a part of the "
                        "journal (--from, --to, --session), or leave the ids as they are",
                        FRESH_IDS_MAX);
    ids->known++;
    ids->count++;
    *ret = ids->serials[kind]++;
    return 0;
}

static int serial_of(struct fresh_ids *ids, enum evj_id_kind kind, struct evj_slice old,
                     uint64_t *ret, struct evj_error *err)
{
    uint64_t number;
    const bool is_number = evj_json_to_u64(old, &number);
    g_autofree char *text = is_number ? NULL : g_strndup(old.text, old.len);
    GHashTable *table = is_number ? ids->numbers[kind] : ids->strings[kind];
    gpointer key = is_number ? GSIZE_TO_POINTER(number) : text;
    gpointer known = g_hash_table_lookup(table, key);
    int status = 0;

    if (known != NULL) {
        *ret = GPOINTER_TO_SIZE(known) - 1;
        return 0;
    }
    status = take_serial(ids, kind, ret, err);
    if (status == 0)
        g_hash_table_insert(table, is_number ? key : g_steal_pointer(&text),
                            GSIZE_TO_POINTER(*ret + 1));
    return status;
}

/* ---- numbers that look random, and never meet ---- */

/* A permutation of the numbers of 2 × half_bits bits: four rounds of a Feistel network. */
static uint64_t permuted(uint64_t number, unsigned half_bits, uint64_t key)
{
    const uint64_t mask = (UINT64_C(1) << half_bits) - 1;
    uint64_t left = number >> half_bits, right = number & mask;

    for (uint64_t round = 0; round < 4; round++) {
        uint64_t next = left ^ (mix(right + key + (round << 56)) & mask);

        left = right;
        right = next;
    }
    return left << half_bits | right;
}

#define NARROW_END (UINT64_C(1) << 32)
#define WIDE_END (UINT64_C(1) << 53)

/* From a number that lies between them to another: a permutation again, as both ends are on the
 * same cycle. */
static uint64_t permuted_between(uint64_t least, uint64_t end, unsigned half_bits, uint64_t number,
                                 uint64_t key)
{
    do {
        number = permuted(number, half_bits, key);
    } while (number < least || number >= end);
    return number;
}

static bool fits_narrow(uint64_t serial)
{
    return serial + 1 < NARROW_END;
}

static uint64_t narrow(uint64_t serial, uint64_t key)
{
    return permuted_between(1, NARROW_END, 16, serial + 1, key);
}

/* Above all narrow ones, so that the two never meet either. */
static uint64_t wide(uint64_t serial, uint64_t key)
{
    return permuted_between(NARROW_END, WIDE_END, 27, NARROW_END + serial, key);
}

/* ---- as JSON ---- */

static bool is_decimal(struct evj_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!g_ascii_isdigit(text.text[i]))
            return false;
    return text.len > 0;
}

static bool is_uuid(struct evj_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text.text[i] != '-' : !g_ascii_isxdigit(text.text[i]))
            return false;
    }
    return text.len == 36;
}

#define UUID_TAIL 12

static void put_string(GString *out, struct evj_slice old, uint64_t serial, uint64_t key)
{
    const struct evj_slice text = evj_json_string(old);

    g_string_append_c(out, '"');
    if (is_decimal(text)) {
        g_string_append_printf(out, "%" PRIu64, wide(serial, key));
    } else if (is_uuid(text)) {
        g_string_append_len(out, text.text, (gssize)(text.len - UUID_TAIL));
        g_string_append_printf(out, "%0*" PRIx64, UUID_TAIL, permuted(serial, 24, key));
    } else {
        g_string_append_len(out, text.text, (gssize)text.len);
        g_string_append_printf(out, fits_narrow(serial) ? "-%08" PRIx64 : "-%016" PRIx64,
                               fits_narrow(serial) ? narrow(serial, key) : wide(serial, key));
    }
    g_string_append_c(out, '"');
}

int fresh_ids_put(struct fresh_ids *ids, enum evj_id_kind kind, struct evj_slice old, unsigned copy,
                  GString *out, struct evj_error *err)
{
    const uint64_t key = mix(ids->seed + (uint64_t)kind);
    uint64_t serial = 0, number;
    int status = serial_of(ids, kind, old, &serial, err);

    if (status < 0)
        return status;
    serial = serial * ids->copies + copy;
    if (!evj_json_to_u64(old, &number))
        put_string(out, old, serial, key);
    else if (number < NARROW_END && fits_narrow(serial))
        g_string_append_printf(out, "%" PRIu64, narrow(serial, key));
    else
        g_string_append_printf(out, "%" PRIu64, wide(serial, key));
    return 0;
}

void fresh_ids_forget(struct fresh_ids *ids)
{
    for (int kind = 0; kind < EVJ_ID_KINDS; kind++) {
        g_hash_table_remove_all(ids->numbers[kind]);
        g_hash_table_remove_all(ids->strings[kind]);
    }
    ids->known = 0;
}

uint64_t fresh_ids_count(const struct fresh_ids *ids)
{
    return ids->count;
}

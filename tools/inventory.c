/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory.h"

#include "evj/json.h"

#include <string.h>

/* Ids can be held against each other only within a recording. */
struct id_key {
    uint64_t id;
    unsigned recording;
};

static guint hash_id(gconstpointer key)
{
    const struct id_key *id = key;

    return g_int64_hash(&id->id) ^ id->recording;
}

static gboolean equal_ids(gconstpointer a, gconstpointer b)
{
    const struct id_key *one = a, *other = b;

    return one->id == other->id && one->recording == other->recording;
}

static void free_mark(void *mark)
{
    g_free(((struct inventory_mark *)mark)->text);
    g_free(((struct inventory_mark *)mark)->source);
}

void inventory_init(struct inventory *inventory)
{
    *inventory = (struct inventory){
        .session_ids = g_hash_table_new_full(hash_id, equal_ids, g_free, NULL),
        .handle_ids = g_hash_table_new_full(hash_id, equal_ids, g_free, NULL),
        .emitters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .lost_by_reason = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .lost_by_type = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .marks = g_array_new(FALSE, FALSE, sizeof(struct inventory_mark)),
    };
    g_array_set_clear_func(inventory->marks, free_mark);
    clock_steps_init(&inventory->clock_steps);
}

void inventory_done(struct inventory *inventory)
{
    g_hash_table_unref(inventory->session_ids);
    g_hash_table_unref(inventory->handle_ids);
    g_hash_table_unref(inventory->emitters);
    g_hash_table_unref(inventory->lost_by_reason);
    g_hash_table_unref(inventory->lost_by_type);
    g_array_unref(inventory->marks);
    clock_steps_done(&inventory->clock_steps);
}

static char *decode(struct evj_slice value)
{
    size_t size = 3 * value.len + 1; /* a byte that is no character becomes three */
    char *text = g_malloc(size);

    text[evj_json_string_decode(value, text, size)] = '\0';
    return text;
}

static struct moment moment_of(const struct evj_record *record)
{
    return (struct moment){record->seq, record->mono_us, record->wall_us};
}

/* Returns how many there are now that were not there before. */
static unsigned remember_id(GHashTable *ids, uint64_t id, unsigned recording)
{
    const struct id_key key = {id, recording};

    if (id == 0 || g_hash_table_contains(ids, &key))
        return 0;
    g_hash_table_add(ids, g_memdup2(&key, sizeof(key)));
    return 1;
}

void inventory_add_emitter(struct inventory *inventory, const char *text)
{
    if (*text != '\0' && !g_hash_table_contains(inventory->emitters, text))
        g_hash_table_add(inventory->emitters, g_strdup(text));
}

/* What is no text, or empty, names nobody. */
static void remember_emitter(struct inventory *inventory, struct evj_slice emitter)
{
    g_autofree char *text = emitter.len > 0 ? decode(emitter) : NULL;

    if (text != NULL)
        inventory_add_emitter(inventory, text);
}

static void add_event(struct inventory *inventory, const struct evj_record *record, bool own_clock)
{
    int type = evj_event_type_index(record->event.type);

    if (inventory->events++ == 0)
        inventory->first = moment_of(record);
    inventory->last = moment_of(record);
    inventory->types[type >= 0 ? (size_t)type : EVJ_EVENT_TYPES]++;
    inventory->sessions +=
        remember_id(inventory->session_ids, record->event.session_id, record->recording);
    inventory->handles +=
        remember_id(inventory->handle_ids, record->event.handle_id, record->recording);
    remember_emitter(inventory, record->event.emitter);
    if (own_clock)
        clock_steps_add(&inventory->clock_steps, record);
}

/* Takes over `key`. */
static void add_count(GHashTable *counts, char *key, uint64_t count)
{
    uint64_t *sum = g_hash_table_lookup(counts, key);

    if (sum == NULL) {
        sum = g_new0(uint64_t, 1);
        g_hash_table_insert(counts, key, sum);
    } else {
        g_free(key);
    }
    *sum += count;
}

static void add_gap(struct inventory *inventory, const struct evj_gap *gap)
{
    struct evj_json_members it;
    struct evj_slice key, value;
    uint64_t count;

    inventory->gaps++;
    inventory->lost_events += gap->events;
    inventory->lost_bytes += gap->bytes;
    add_count(inventory->lost_by_reason, decode(gap->reason), gap->events);
    if (evj_json_members_init(&it, gap->types.text, gap->types.len) != 0)
        return;
    while (evj_json_members_next(&it, &key, &value) == 0) {
        if (evj_json_to_u64(value, &count))
            add_count(inventory->lost_by_type, g_strndup(key.text, key.len), count);
    }
}

static void add_mark(struct inventory *inventory, const struct evj_record *record)
{
    struct inventory_mark mark = {
        .at = moment_of(record),
        .text = decode(evj_json_member(record->body, "text")),
        .source = decode(evj_json_member(record->body, "source")),
    };

    g_array_append_val(inventory->marks, mark);
}

void inventory_add(struct inventory *inventory, const struct evj_record *record, bool own_clock)
{
    if (record->kind == EVJ_RECORD_EVENT)
        add_event(inventory, record, own_clock);
    else if (record->kind == EVJ_RECORD_STATE)
        inventory->states++;
    else if (record->kind == EVJ_RECORD_GAP)
        add_gap(inventory, &record->gap);
    else if (record->kind == EVJ_RECORD_MARK)
        add_mark(inventory, record);
}

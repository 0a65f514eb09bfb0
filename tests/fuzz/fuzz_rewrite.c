/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a replay does to an event without a tree: its ids are found and filled in anew, and its hash
 * does not depend on how it is written. Of what jansson reads, all of it must hold; of anything else
 * only that nothing beyond its end is touched.
 */
#include "tests/fuzz/fuzz.h"

#include "replay/event_hash.h"
#include "replay/rewrite.h"

#include <glib.h>
#include <string.h>

/* A source of one event. */
struct one_source {
    struct source source;
    struct evj_record record;
    bool given;
};

static int one_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct one_source *one = (struct one_source *)source;

    (void)err;
    if (one->given)
        return EVJ_END;
    one->given = true;
    *ret_item = (struct source_item){.record = &one->record, .time_us = 1};
    return 0;
}

static void one_free(struct source *source)
{
    g_free(source);
}

static const struct source_ops one_ops = {.next = one_next, .free = one_free};

static struct source *one_new(const struct evj_record *record)
{
    struct one_source *one = g_new0(struct one_source, 1);

    one->source.ops = &one_ops;
    one->record = *record;
    return &one->source;
}

/* ---- claims ---- */

/* Nothing asked for, nothing changed: and what is JSON stays so with other ids. */
static void check_rewriting(const struct evj_record *record, bool is_json)
{
    const struct rewrite_options same = {.copies = 1},
                                 other = {.copies = 2, .now_us = 5, .seed = 1};
    struct source *source = source_rewrite_new(one_new(record), &same, NULL);
    struct source_item item;
    size_t at;

    if (source->ops->next(source, &item, NULL) == 0)
        REQUIRE(item.record->body.len == record->body.len &&
                memcmp(item.record->body.text, record->body.text, record->body.len) == 0);
    else
        REQUIRE(!is_json);
    source_free(source);
    source = source_rewrite_new(one_new(record), &other, NULL);
    while (source->ops->next(source, &item, NULL) == 0)
        REQUIRE(!is_json ||
                evj_json_fault(item.record->body.text, item.record->body.len, &at) == NULL);
    source_free(source);
}

static struct event_hash hash_of(const char *text, size_t len)
{
    char *copy = fuzz_copy(text, len);
    struct evj_event event;
    struct event_hash hash = {0};

    if (evj_event_peek(copy, len, &event, NULL) == EVJ_OK)
        hash = event_hash((struct evj_slice){copy, len}, &event, NULL);
    free(copy);
    return hash;
}

/* However jansson prints it. */
static void check_hash(json_t *tree, struct event_hash hash)
{
    static const size_t flags[] = {
        JSON_COMPACT, JSON_INDENT(3) | JSON_SORT_KEYS | JSON_ENSURE_ASCII, JSON_ESCAPE_SLASH};

    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        char *text = json_dumps(tree, flags[i]);

        REQUIRE(text != NULL && hash_of(text, strlen(text)).content == hash.content);
        free(text);
    }
}

/* Where a recorded line holds an event, nothing stands before its bracket. */
static struct evj_slice without_blanks(const char *text, size_t size)
{
    while (size > 0 && g_ascii_isspace(*text)) {
        text++;
        size--;
    }
    while (size > 0 && g_ascii_isspace(text[size - 1]))
        size--;
    return (struct evj_slice){text, size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct evj_slice event = without_blanks((const char *)data, size);
    struct evj_record record = {.kind = EVJ_RECORD_EVENT};
    char *text = fuzz_copy(event.text, event.len);
    json_auto_t *tree = fuzz_parse(text, event.len);

    record.body = (struct evj_slice){text, event.len};
    if (evj_event_peek(text, event.len, &record.event, NULL) == EVJ_OK) {
        check_rewriting(&record, json_is_object(tree));
        if (json_is_object(tree))
            check_hash(tree, hash_of(text, event.len));
    }
    free(text);
    return 0;
}

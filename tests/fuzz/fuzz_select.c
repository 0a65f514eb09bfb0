/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Selection options and what they select. The input's lines are: times for --from and --to, a list
 * for --type, a glob for --opaque, a --plugin, a --session, and then records. A block of these must
 * be wanted if one of them is.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/block.h"
#include "evj/error.h"
#include "evj/select.h"

#include <stdlib.h>
#include <string.h>

typedef int add_option(struct evj_select *select, const char *text, struct evj_error *err);

static add_option *const options[] = {
    evj_select_set_from,   evj_select_set_to,     evj_select_add_types,
    evj_select_add_opaque, evj_select_add_plugin, evj_select_add_session,
};

/* The next line as a C string (a NUL ends it early), NULL at the end. The caller frees it. */
static char *next_line(const uint8_t **at, const uint8_t *end, size_t *ret_len)
{
    if (*at >= end)
        return NULL;
    const uint8_t *newline = memchr(*at, '\n', (size_t)(end - *at));
    size_t len = (size_t)((newline ? newline : end) - *at);
    char *line = fuzz_alloc(len + 1);

    memcpy(line, *at, len);
    line[len] = '\0';
    *at += newline ? len + 1 : len;
    *ret_len = len;
    return line;
}

static void add_options(struct evj_select *select, const uint8_t **at, const uint8_t *end)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        struct evj_error err = {0};
        size_t len;
        char *text = next_line(at, end, &len);
        if (!text)
            return;
        /* An empty line leaves an option out. */
        int status = len > 0 ? options[i](select, text, &err) : EVJ_OK;
        REQUIRE(status == EVJ_OK || status == EVJ_ERR_INVALID);
        REQUIRE(status == EVJ_OK || err.text[0] != '\0');
        free(text);
    }
}

/* Does it match? If nothing can, it must not; if everything does, it must. */
static bool match_record(struct evj_select *select, const struct evj_record *record)
{
    bool matches = evj_select_matches(select, record);
    /* What never matches, and what has no one place in time. */
    bool is_end = record->kind == EVJ_RECORD_END;
    bool is_point = record->has_seq && record->kind != EVJ_RECORD_GAP;

    REQUIRE(!evj_select_is_all(select) || matches || is_end);
    REQUIRE(!evj_select_is_backwards(select) || !matches || !is_point);
    return matches;
}

/* What a reader passes by, if it is not wanted. */
static bool may_be_passed_by(const struct evj_block_info *info)
{
    return (info->flags & (EVJ_BLOCK_FIRST | EVJ_BLOCK_LAST | EVJ_BLOCK_GAP | EVJ_BLOCK_MARK |
                           EVJ_BLOCK_STATE)) == 0;
}

static void check_block(struct evj_select *select, const struct evj_header *header,
                        struct evj_block_builder *builder, bool one_matches)
{
    const unsigned char *member;
    size_t size, header_size;
    struct evj_block_info info;

    if (evj_block_builder_records(builder) == 0)
        return;
    REQUIRE(evj_block_builder_finish(builder, &member, &size, NULL) == EVJ_OK);
    REQUIRE(evj_block_decode_header(member, size, 0, &info, &header_size, NULL) == EVJ_OK);
    if (one_matches && may_be_passed_by(&info))
        REQUIRE(evj_select_wants_block(header, &info, select));
}

static void match_records(struct evj_select *select, const struct evj_header *header,
                          const uint8_t **at, const uint8_t *end)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    bool one_matches = false, in_order = true;
    uint64_t last_seq = 0;
    size_t len;
    char *line;

    REQUIRE(evj_block_builder_new(1, &builder, NULL) == EVJ_OK);
    while ((line = next_line(at, end, &len))) {
        struct evj_record record;
        if (evj_record_parse(line, len, &record, NULL) == EVJ_OK) {
            record.wall_us = evj_header_wall_us(header, record.mono_us);
            /* Those of unknown kinds are not what a block is read for. */
            one_matches |= match_record(select, &record) && record.kind == EVJ_RECORD_EVENT;
            in_order &= !record.has_seq || record.seq >= last_seq;
            last_seq = record.has_seq ? record.seq : last_seq;
            REQUIRE(evj_block_builder_add(builder, &record, NULL) == EVJ_OK);
        }
        free(line);
    }
    check_block(select, header, builder, one_matches && in_order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct evj_header header = {.started_wall_us = INT64_C(1795335330000000),
                                      .started_mono_us = INT64_C(3600000000)};
    const uint8_t *at = data, *end = data + size;
    EVJ_AUTO(select) *select = evj_select_new();

    REQUIRE(select);
    add_options(select, &at, end);
    evj_select_anchor(select, &header);
    match_records(select, &header, &at, end);
    return 0;
}

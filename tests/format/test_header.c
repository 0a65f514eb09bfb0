/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/header.h"
#include "tests/support/journals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int parse(const char *line, size_t len, struct evj_header *ret_header, struct evj_error *err)
{
    struct evj_record record;
    int status = evj_record_parse(line, len, &record, err);

    return status == EVJ_OK ? evj_header_parse(&record, ret_header, err) : status;
}

static void a_new_header_tells_who_when_and_where(void **state)
{
    struct evj_header header;
    char host[256] = "";

    (void)state;
    assert_int_equal(evj_header_init(&header, NULL), EVJ_OK);
    gethostname(host, sizeof(host) - 1);
    assert_int_equal(header.version, EVJ_FORMAT_MAJOR);
    assert_string_equal(header.host, host);
    assert_string_equal(header.clock, EVJ_CLOCK_MONOTONIC);
    assert_int_equal(strncmp(header.recorder, "evj ", 4), 0);
    assert_string_equal(header.spool, "");
    assert_string_equal(header.previous, "");
    assert_true(header.started_wall_us > INT64_C(1700000000000000));
    assert_true(header.started_mono_us > 0);
    assert_true(header.started_mono_us <= evj_clock_mono_us());
}

static void every_recording_has_an_id_of_its_own(void **state)
{
    struct evj_header a, b;

    (void)state;
    assert_int_equal(evj_header_init(&a, NULL), EVJ_OK);
    assert_int_equal(evj_header_init(&b, NULL), EVJ_OK);
    assert_int_equal(strlen(a.id), 36);
    assert_int_equal(a.id[14], '4'); /* a random UUID, RFC 4122 */
    assert_non_null(strchr("89ab", a.id[19]));
    assert_string_not_equal(a.id, b.id);
    assert_string_equal(a.boot_id, b.boot_id);
}

static void a_header_reads_back_as_it_was_put(void **state)
{
    struct evj_header header, back;
    char line[EVJ_HEADER_LINE_MAX];

    (void)state;
    assert_int_equal(evj_header_init(&header, NULL), EVJ_OK);
    snprintf(header.emitter, sizeof(header.emitter), "gw \"alpha\"\\\n\xc3\xa4");
    snprintf(header.events, sizeof(header.events), "sessions,jsep");
    snprintf(header.previous, sizeof(header.previous), "gw-20261122T081530Z-1.evj.gz");
    snprintf(header.spool, sizeof(header.spool), "/dev/shm/evj-%s.spool", header.id);
    snprintf(header.cut, sizeof(header.cut), "--session 1 --opaque \"a*\"");
    size_t len = evj_header_put(&header, line);
    assert_int_equal(parse(line, len, &back, NULL), EVJ_OK);
    assert_memory_equal(&header, &back, sizeof(header));
}

/* The text of a header that never changes: other programs read it too. */
static void the_line_is_as_the_format_says(void **state)
{
    struct evj_header header;
    char line[EVJ_HEADER_LINE_MAX];

    (void)state;
    journal_header(&header);
    size_t len = evj_header_put(&header, line);
    line[len] = '\0';
    assert_string_equal(
        line, "{\"journal\":{\"version\":1,\"id\":\"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9\","
              "\"recorder\":\"evj test\",\"emitter\":\"gw-alpha\",\"host\":\"test-host\","
              "\"clock\":\"monotonic\",\"events\":\"all\",\"started\":{\"wall\":1795335330000000,"
              "\"mono\":3600000000}}}");
}

/* Every text full, every character of the kind that takes six when escaped. */
static void the_longest_header_fits_its_room(void **state)
{
    struct evj_header header, back;
    char *line = malloc(EVJ_HEADER_LINE_MAX);

    (void)state;
    memset(&header, '\x01', sizeof(header));
    header.version = EVJ_FORMAT_MAJOR;
    header.started_wall_us = header.started_mono_us = INT64_MIN;
    header.id[36] = header.recorder[63] = header.emitter[127] = header.host[255] = '\0';
    header.boot_id[36] = header.clock[15] = header.events[127] = header.previous[255] = '\0';
    header.spool[255] = header.cut[255] = header.instance[31] = '\0';
    header.sources = 0;
    size_t len = evj_header_put(&header, line);
    assert_in_range(len, 1, EVJ_HEADER_LINE_MAX - 1);
    assert_int_equal(parse(line, len, &back, NULL), EVJ_OK);
    assert_string_equal(back.spool, header.spool);
    assert_true(back.started_mono_us == INT64_MIN);
    free(line);
}

/* As long as it can be, too; and not with what only its own file tells. */
static void the_longest_source_fits_its_room(void **state)
{
    struct evj_header header;
    char *source = malloc(EVJ_SOURCE_MAX);

    (void)state;
    memset(&header, '\x01', sizeof(header));
    header.started_wall_us = header.started_mono_us = INT64_MIN;
    header.id[36] = header.emitter[127] = header.host[255] = header.clock[15] = '\0';
    header.cut[255] = '\0';
    assert_in_range(evj_header_put_source(&header, source), 1, EVJ_SOURCE_MAX - 1);
    free(source);
}

static void a_source_tells_who_where_and_when(void **state)
{
    struct evj_header header;
    char source[EVJ_SOURCE_MAX];

    (void)state;
    journal_header(&header);
    snprintf(header.previous, sizeof(header.previous), "x.evj.gz");
    snprintf(header.cut, sizeof(header.cut), "--session 1");
    source[evj_header_put_source(&header, source)] = '\0';
    assert_string_equal(source, "{\"id\":\"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9\","
                                "\"emitter\":\"gw-alpha\",\"host\":\"test-host\","
                                "\"clock\":\"monotonic\",\"cut\":\"--session 1\",\"started\":"
                                "{\"wall\":1795335330000000,\"mono\":3600000000}}");
}

static int parse_text(const char *line, struct evj_header *ret_header, struct evj_error *err)
{
    return parse(line, strlen(line), ret_header, err);
}

static void keys_that_nobody_knows_yet_are_passed(void **state)
{
    struct evj_header header;

    (void)state;
    assert_int_equal(parse_text("{\"journal\":{\"new\":{\"version\":9},\"version\":1,\"started\":{"
                                "\"more\":1,\"mono\":2,\"wall\":1},\"id\":\"x\",\"host\":7}}",
                                &header, NULL),
                     EVJ_OK);
    assert_string_equal(header.id, "x");
    assert_string_equal(header.host, "");
    assert_int_equal(header.started_wall_us, 1);
    assert_int_equal(header.started_mono_us, 2);
}

#define WITH_SOURCES(list)                                                          \
    "{\"journal\":{\"version\":1,\"id\":\"x\",\"started\":{\"mono\":2,\"wall\":1}," \
    "\"sources\":" list "}}"

static void the_sources_of_a_merged_file_are_counted(void **state)
{
    static const struct {
        const char *line;
        unsigned sources;
    } lines[] = {
        {WITH_SOURCES("[]"), 0},
        {WITH_SOURCES("[{\"id\":\"a\"}]"), 1},
        {WITH_SOURCES(" [ {\"id\":\"],[\"} , {\"b\":[{},{}]} ,{}]"), 3},
        {WITH_SOURCES("{}"), 0},
        {WITH_SOURCES("7"), 0},
        {WITH_SOURCES("[1,{},{}]"), 0},
        {WITH_SOURCES("[{},1,{}]"), 1},
        {WITH_SOURCES("[{}{}]"), 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct evj_header header;
        assert_int_equal(parse_text(lines[i].line, &header, NULL), EVJ_OK);
        assert_int_equal(header.sources, lines[i].sources);
    }
}

static void sources_are_given_as_they_stand_there(void **state)
{
    static const char list[] = "[{\"id\":\"a\"}, {\"id\" : \"b\",\"new\":[1,2]}]";
    struct evj_slice rest = {list, sizeof(list) - 1}, source;

    (void)state;
    assert_true(evj_header_next_source(&rest, &source));
    assert_true(evj_slice_is(source, "{\"id\":\"a\"}"));
    assert_true(evj_header_next_source(&rest, &source));
    assert_true(evj_slice_is(source, "{\"id\" : \"b\",\"new\":[1,2]}"));
    assert_false(evj_header_next_source(&rest, &source));
    assert_false(evj_header_next_source(&(struct evj_slice){NULL, 0}, &source));
}

static void a_later_version_is_refused_with_a_way_out(void **state)
{
    struct evj_header header;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(parse_text("{\"journal\":{\"version\":2,\"started\":{}}}", &header, &err),
                     EVJ_ERR_VERSION);
    assert_non_null(strstr(err.text, "version 2"));
    assert_non_null(strstr(err.text, "later evj"));
}

static void what_is_no_first_line_is_refused(void **state)
{
    static const struct {
        const char *line;
        int status;
    } odd[] = {
        {"{\"seq\":0,\"mono\":0,\"event\":{}}", EVJ_ERR_FOREIGN},
        {"{\"end\":{}}", EVJ_ERR_FOREIGN},
        {"{}", EVJ_ERR_FOREIGN},
        {"{\"journal\":{}}", EVJ_ERR_CORRUPT},
        {"{\"journal\":7}", EVJ_ERR_CORRUPT},
        {"{\"journal\":{\"version\":\"1\"}}", EVJ_ERR_CORRUPT},
        {"{\"journal\":{\"version\":1}}", EVJ_ERR_CORRUPT},
        {"{\"journal\":{\"version\":1,\"started\":{\"wall\":1}}}", EVJ_ERR_CORRUPT},
        {"{\"journal\":{\"version\":1,\"started\":{\"wall\":1,\"mono\":\"2\"}}}", EVJ_ERR_CORRUPT},
        {"{\"journal\":{\"version\":1,\"started\":{\"wall\":9223372036854775808,\"mono\":2}}}",
         EVJ_ERR_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        struct evj_header header = {.version = 99};
        assert_int_equal(parse_text(odd[i].line, &header, NULL), odd[i].status);
        assert_int_equal(header.version, 99);
    }
}

static void texts_that_are_too_long_are_cut(void **state)
{
    struct evj_header header;
    char line[1000];

    (void)state;
    int len = snprintf(line, sizeof(line),
                       "{\"journal\":{\"version\":1,\"started\":{\"wall\":1,\"mono\":2},\"id\":"
                       "\"%0100d\",\"clock\":\"%0300d\"}}",
                       0, 0);
    assert_int_equal(parse(line, (size_t)len, &header, NULL), EVJ_OK);
    assert_int_equal(strlen(header.id), 36);
    assert_int_equal(strlen(header.clock), 15);
}

static void mono_becomes_wall_clock_by_the_first_lines_anchor(void **state)
{
    struct evj_header header = {.started_wall_us = 1000000, .started_mono_us = 400};

    (void)state;
    assert_int_equal(evj_header_wall_us(&header, 400), 1000000);
    assert_int_equal(evj_header_wall_us(&header, 1400), 1001000);
    assert_int_equal(evj_header_wall_us(&header, 0), 999600);
}

/* All three numbers may be a stranger's. */
static void absurd_times_stop_at_the_ends_of_64_bits(void **state)
{
    struct evj_header late = {.started_wall_us = INT64_MAX, .started_mono_us = INT64_MIN};
    struct evj_header early = {.started_wall_us = INT64_MIN, .started_mono_us = INT64_MAX};

    (void)state;
    assert_true(evj_header_wall_us(&late, INT64_MAX) == INT64_MAX);
    assert_true(evj_header_wall_us(&late, INT64_MIN) == INT64_MAX);
    assert_true(evj_header_wall_us(&early, INT64_MIN) == INT64_MIN);
    assert_true(evj_header_wall_us(&early, INT64_MAX) == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_header_tells_who_when_and_where),
        cmocka_unit_test(every_recording_has_an_id_of_its_own),
        cmocka_unit_test(a_header_reads_back_as_it_was_put),
        cmocka_unit_test(the_line_is_as_the_format_says),
        cmocka_unit_test(the_longest_header_fits_its_room),
        cmocka_unit_test(the_longest_source_fits_its_room),
        cmocka_unit_test(a_source_tells_who_where_and_when),
        cmocka_unit_test(the_sources_of_a_merged_file_are_counted),
        cmocka_unit_test(sources_are_given_as_they_stand_there),
        cmocka_unit_test(keys_that_nobody_knows_yet_are_passed),
        cmocka_unit_test(a_later_version_is_refused_with_a_way_out),
        cmocka_unit_test(what_is_no_first_line_is_refused),
        cmocka_unit_test(texts_that_are_too_long_are_cut),
        cmocka_unit_test(mono_becomes_wall_clock_by_the_first_lines_anchor),
        cmocka_unit_test(absurd_times_stop_at_the_ends_of_64_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

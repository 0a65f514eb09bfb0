/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/config.h"
#include "tests/recorder/fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* One setting over the defaults; its notices can be asked for. */
static struct config with(const char *key, const char *value)
{
    struct config config;

    fixture_forget_notices();
    config_init(&config);
    config_set(&config, key, value, fixture_notice);
    return config;
}

static void the_defaults_are_those_that_the_sample_names(void **state)
{
    struct config config;

    (void)state;
    config_init(&config);
    assert_false(config.enabled);
    assert_string_equal(config.events, "all");
    assert_string_equal(config.folder, "");
    assert_string_equal(config.spool_folder, "/dev/shm");
    assert_int_equal(config.tuning.flush_interval_us, 5000000);
    assert_int_equal(config.buffer, 4 * 1024 * 1024);
    assert_int_equal(config.compression, 6);
    assert_int_equal(config.tuning.rotate_size, 256 * 1024 * 1024);
    assert_int_equal(config.tuning.rotate_interval_us, INT64_C(86400) * 1000000);
    assert_false(config.refused);
}

static void good_values_are_taken_without_a_word(void **state)
{
    struct config config = with("enabled", "yes");

    (void)state;
    config_set(&config, "EVENTS", "sessions,handles", fixture_notice);
    config_set(&config, "folder", "/some/where", fixture_notice);
    config_set(&config, "flush_interval", "0.500000", fixture_notice);
    config_set(&config, "buffer", "65536", fixture_notice);
    config_set(&config, "compression", "9", fixture_notice);
    config_set(&config, "spool_folder", "/run/evj", fixture_notice);
    assert_true(config_is_complete(&config, fixture_notice));
    assert_int_equal(fixture_notices(), 0);
    assert_string_equal(config.events, "sessions,handles");
    assert_string_equal(config.folder, "/some/where");
    assert_int_equal(config.tuning.flush_interval_us, 500000);
    assert_int_equal(config.buffer, 65536);
    assert_int_equal(config.compression, 9);
    assert_string_equal(config.spool_folder, "/run/evj");
}

static void buffer_sizes_may_have_a_suffix(void **state)
{
    (void)state;
    assert_int_equal(with("buffer", "64K").buffer, 64 * 1024);
    assert_int_equal(with("buffer", "16m").buffer, 16 * 1024 * 1024);
    assert_int_equal(with("buffer", "1G").buffer, 1024 * 1024 * 1024);
}

static void times_may_have_a_unit(void **state)
{
    static const struct {
        const char *value;
        int64_t seconds;
    } cases[] = {{"0", 0},
                 {"90", 90},
                 {"90s", 90},
                 {"5m", 300},
                 {"12H", 43200},
                 {"30d", 2592000},
                 {"36525d", INT64_C(3155760000)}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(with("rotate_interval", cases[i].value).tuning.rotate_interval_us,
                         cases[i].seconds * 1000000);
    assert_int_equal(with("rotate_size", "0").tuning.rotate_size, 0);
    assert_int_equal(with("rotate_size", "2T").tuning.rotate_size, INT64_C(2) << 40);
    assert_int_equal(fixture_notices(), 0);
}

/* What is replaced: the notice names key, value and replacement. */
static void bad_values_are_named_and_replaced_by_the_default(void **state)
{
    static const struct {
        const char *key, *value, *used;
    } cases[] = {
        {"enabled", "maybe", "false"},
        {"enabled", "", "false"},
        {"flush_interval", "soon", "5"},
        {"flush_interval", "0", "5"},
        {"flush_interval", "-1", "5"},
        {"flush_interval", "3601", "5"},
        {"flush_interval", "nan", "5"},
        {"flush_interval", "1s", "5"},
        {"flush_interval", "", "5"},
        {"buffer", "much", "4M"},
        {"buffer", "63K", "4M"},
        {"buffer", "2G", "4M"},
        {"buffer", "-1", "4M"},
        {"buffer", "4MB", "4M"},
        {"buffer", "4 M", "4M"},
        {"buffer", "18446744073709551617", "4M"},
        {"buffer", "17179869185G", "4M"},
        {"buffer", "", "4M"},
        {"buffer", "K", "4M"},
        {"rotate_size", "1", "256M"},
        {"rotate_size", "-1", "256M"},
        {"rotate_size", "8388609T", "256M"},
        {"rotate_interval", "1w", "1d"},
        {"rotate_interval", "36526d", "1d"},
        {"rotate_interval", "1.5h", "1d"},
        {"rotate_interval", "d", "1d"},
        {"compression", "0", "6"},
        {"compression", "10", "6"},
        {"compression", "best", "6"},
        {"compression", "6.0", "6"},
        {"compression", "", "6"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char start[128], end[128];
        struct config config = with(cases[i].key, cases[i].value), defaults;
        config_init(&defaults);
        snprintf(start, sizeof(start), "1 %s = %s: not ", cases[i].key, cases[i].value);
        snprintf(end, sizeof(end), "; %s is used instead", cases[i].used);
        assert_int_equal(fixture_notices(), 1);
        assert_true(fixture_noticed(start));
        assert_true(fixture_noticed(end));
        assert_int_equal(config.tuning.flush_interval_us, defaults.tuning.flush_interval_us);
        assert_int_equal(config.buffer, defaults.buffer);
        assert_int_equal(config.compression, defaults.compression);
        assert_int_equal(config.tuning.rotate_size, defaults.tuning.rotate_size);
        assert_int_equal(config.tuning.rotate_interval_us, defaults.tuning.rotate_interval_us);
        assert_false(config.refused);
    }
}

/* What cannot be replaced by a guess: where to write, and what. */
static void bad_values_without_a_replacement_stop_the_recording(void **state)
{
    static const struct {
        const char *key, *value;
    } cases[] = {
        {"folder", "relative/path"}, {"folder", ""},
        {"spool_folder", "shm"},     {"spool_folder", NULL},
        {"events", "fireworks"},     {"events", ""},
        {"redact", "adresses"},      {"redact", NULL},
        {"events", " , "},           {"events", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config = with("enabled", "true");
        config_set(&config, "folder", "/some/where", fixture_notice);
        config_set(&config, cases[i].key, cases[i].value, fixture_notice);
        assert_true(fixture_noticed(cases[i].key));
        assert_true(fixture_noticed("nothing is recorded until this is set right"));
        assert_false(config_is_complete(&config, fixture_notice));
    }
}

static void paths_that_are_too_long_are_refused_and_not_cut(void **state)
{
    char path[600] = "/";

    (void)state;
    memset(path + 1, 'x', sizeof(path) - 2);
    assert_true(with("folder", path).refused);
    path[200] = '\0';
    assert_true(with("spool_folder", path).refused);
    path[199] = '\0';
    assert_false(with("spool_folder", path).refused);
}

static void an_unknown_key_is_named(void **state)
{
    (void)state;
    with("colour", "blue");
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed("1 colour: no such key"));
}

/* Janus's own parser would take "handles " for an unknown type, and "all" in a list for another. */
static void the_list_of_events_is_made_safe_for_janus(void **state)
{
    static const struct {
        const char *value, *events, *unknown;
    } cases[] = {
        {"all", "all", NULL},
        {" ALL ", "all", NULL},
        {"none", "none", NULL},
        {" sessions , Handles ,\tjsep", "sessions,handles,jsep", NULL},
        {"sessions,fireworks ,core", "sessions,core", "'fireworks' is no type of events"},
        {"sessions,all", "sessions", "'all' cannot stand in a list"},
        {"sessions,,core", "sessions,core", "'' is no type of events"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config = with("events", cases[i].value);
        assert_string_equal(config.events, cases[i].events);
        assert_false(config.refused);
        assert_int_equal(fixture_notices(), cases[i].unknown ? 1 : 0);
        if (cases[i].unknown)
            assert_true(fixture_noticed(cases[i].unknown));
    }
}

static void a_folder_is_the_same_with_a_slash_behind_it(void **state)
{
    (void)state;
    assert_string_equal(with("folder", "/some/where//").folder, "/some/where");
    assert_string_equal(with("folder", "/").folder, "/");
}

static void a_recording_needs_a_folder_and_says_so(void **state)
{
    struct config config = with("enabled", "true");

    (void)state;
    assert_false(config_is_complete(&config, fixture_notice));
    assert_true(fixture_noticed("2 folder is not set"));
}

static void a_disabled_recorder_asks_for_nothing(void **state)
{
    struct config config = with("enabled", "false");

    (void)state;
    assert_false(config_is_complete(&config, fixture_notice));
    assert_int_equal(fixture_notices(), 0);
}

/* ---- changes ---- */

static void a_running_recording_may_be_changed_in_part(void **state)
{
    struct config config = with("folder", "/some/where");
    char why[200];

    (void)state;
    assert_true(config_change(&config, "keep_size", "1G", why, sizeof(why)));
    assert_true(config_change(&config, "Keep_Age", "30d", why, sizeof(why)));
    assert_true(config_change(&config, "disk_floor", "100M", why, sizeof(why)));
    assert_true(config_change(&config, "events", "jsep, core", why, sizeof(why)));
    assert_true(config_change(&config, "flush_interval", "0.5", why, sizeof(why)));
    assert_true(config_change(&config, "compression", "1", why, sizeof(why)));
    assert_int_equal(config.tuning.keep.keep_size, 1 << 30);
    assert_int_equal(config.tuning.keep.keep_age_us, INT64_C(30) * 86400 * 1000000);
    assert_int_equal(config.tuning.keep.disk_floor, 100 << 20);
    assert_string_equal(config.events, "jsep,core");
    assert_int_equal(config.tuning.flush_interval_us, 500000);
    assert_int_equal(config.compression, 1);
}

static void a_change_that_is_refused_changes_nothing_and_says_why(void **state)
{
    static const struct {
        const char *key, *value, *why;
    } cases[] = {
        {"folder", "/else/where", "folder cannot be changed while Janus runs"},
        {"buffer", "1M", "buffer cannot be changed while Janus runs"},
        {"colour", "blue", "colour: no such setting"},
        {"compression", "10", "compression: not a number from 1 to 9"},
        {"compression", NULL, "compression: not a number from 1 to 9"},
        {"events", "jsep,fireworks", "events: 'fireworks' is no type of events"},
        {"events", "fireworks", "events: not "},
        {"keep_age", "old", "keep_age: not a number of seconds"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config = with("folder", "/some/where"), before = config;
        char why[300] = "";
        assert_false(config_change(&config, cases[i].key, cases[i].value, why, sizeof(why)));
        assert_ptr_equal(strstr(why, cases[i].why), why);
        assert_memory_equal(&config, &before, sizeof(config));
    }
    assert_int_equal(fixture_notices(), 0);
}

/* ---- the sample ---- */

/* `key = …` of a line, which may be commented out; and the value without its quotes. */
static bool setting(const char *line, char key[64], char value[128])
{
    while (isspace((unsigned char)*line) || *line == '#')
        line++;
    return sscanf(line, "%63[a-z_] = \"%127[^\"]\"", key, value) == 2 ||
           sscanf(line, "%63[a-z_] = %127s", key, value) == 2;
}

static size_t number_of(const char *key)
{
    size_t number = 0;

    while (config_key(number) && strcmp(config_key(number), key) != 0)
        number++;
    return number;
}

static void the_sample_has_every_key_with_its_default(void **state)
{
    FILE *sample = fopen(SAMPLE_CONFIG, "r");
    char line[256], key[64], value[128];
    unsigned seen = 0;

    (void)state;
    assert_non_null(sample);
    while (fgets(line, sizeof(line), sample)) {
        if (!setting(line, key, value))
            continue;
        size_t number = number_of(key);
        assert_non_null(config_key(number));
        assert_int_equal(seen & (1u << number), 0);
        seen |= 1u << number;
        if (config_default(number))
            assert_string_equal(value, config_default(number));
    }
    fclose(sample);
    assert_int_equal(seen, (1u << number_of("no such key")) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_that_the_sample_names),
        cmocka_unit_test(good_values_are_taken_without_a_word),
        cmocka_unit_test(buffer_sizes_may_have_a_suffix),
        cmocka_unit_test(times_may_have_a_unit),
        cmocka_unit_test(bad_values_are_named_and_replaced_by_the_default),
        cmocka_unit_test(bad_values_without_a_replacement_stop_the_recording),
        cmocka_unit_test(paths_that_are_too_long_are_refused_and_not_cut),
        cmocka_unit_test(an_unknown_key_is_named),
        cmocka_unit_test(the_list_of_events_is_made_safe_for_janus),
        cmocka_unit_test(a_folder_is_the_same_with_a_slash_behind_it),
        cmocka_unit_test(a_recording_needs_a_folder_and_says_so),
        cmocka_unit_test(a_disabled_recorder_asks_for_nothing),
        cmocka_unit_test(a_running_recording_may_be_changed_in_part),
        cmocka_unit_test(a_change_that_is_refused_changes_nothing_and_says_why),
        cmocka_unit_test(the_sample_has_every_key_with_its_default),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}

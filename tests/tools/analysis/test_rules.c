/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/rules.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

static void each_field_has_the_class_that_it_is_known_for(void **state)
{
    static const struct {
        const char *path;
        enum rule_class class;
    } known[] = {
        {"sessions.name", RULE_IDENTITY},
        {"sessions.transport.id", RULE_SEMANTIC},
        {"transports.id", RULE_CORRELATED},
        {"handles.opaque_id", RULE_CORRELATED},
        {"handles.token", RULE_VOLATILE},
        {"jsep.jsep.sdp", RULE_SEMANTIC},
        {"webrtc.dtls", RULE_IDENTITY},
        {"webrtc.retransmissions", RULE_TOLERANT},
        {"webrtc.reason", RULE_COMPARED},
        {"webrtc.candidates.local.address", RULE_SEMANTIC},
        {"media.receiving", RULE_IDENTITY},
        {"sdp.mid:0.ice-ufrag", RULE_VOLATILE},
        {"sdp.fingerprint", RULE_VOLATILE},
        {"sdp.mid:0.direction", RULE_COMPARED},
        {"plugins.videoroom.data.event", RULE_IDENTITY},
        {"plugins.videoroom.data.room", RULE_CORRELATED},
        {"plugins.videoroom.data.streams[].feed_id", RULE_CORRELATED},
        {"plugins.videoroom.data.streams[].codec", RULE_COMPARED},
    };
    struct rules *rules = rules_new();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        assert_int_equal(rules_find(rules, known[i].path)->class, known[i].class);
    rules_free(rules);
}

static void an_unknown_field_is_compared_and_weighs(void **state)
{
    struct rules *rules = rules_new();
    const struct rule *rule = rules_find(rules, "webrtc.never.seen[].before");

    (void)state;
    assert_int_equal(rule->class, RULE_COMPARED);
    assert_true(rule->weight <= DIFF_NEGOTIATION);
    rules_free(rules);
}

/* "id" is a participant in a room, but a mountpoint in streaming. */
static void the_same_name_means_another_id_in_another_plugin(void **state)
{
    struct rules *rules = rules_new();

    (void)state;
    assert_string_equal(rules_find(rules, "plugins.videoroom.data.id")->ids, "participant");
    assert_string_equal(rules_find(rules, "plugins.streaming.data.id")->ids, "mountpoint");
    rules_free(rules);
}

static void asking_again_gives_the_same_rule(void **state)
{
    struct rules *rules = rules_new();

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        g_autofree char *path = g_strdup_printf("plugins.p%u.data.room", i);

        assert_string_equal(rules_find(rules, path)->ids, "room");
        assert_ptr_equal(rules_find(rules, path), rules_find(rules, path));
    }
    rules_free(rules);
}

/* ---- a user's own ---- */

static void a_rule_of_ones_own_goes_before_the_table(void **state)
{
    struct rules *rules = rules_new();

    (void)state;
    assert_int_equal(rules_find(rules, "webrtc.dtls")->class, RULE_IDENTITY);
    assert_int_equal(rules_add(rules, "webrtc.*=volatile", NULL), 0);
    assert_int_equal(rules_add(rules, "webrtc.dtls=compared", NULL), 0);
    /* The first that fits. */
    assert_int_equal(rules_find(rules, "webrtc.dtls")->class, RULE_VOLATILE);
    assert_int_equal(rules_find(rules, "media.mid")->class, RULE_IDENTITY);
    assert_string_equal(rules_row(rules, 0)->path, "webrtc.*");
    assert_string_equal(rules_row(rules, 1)->path, "webrtc.dtls");
    rules_free(rules);
}

static void each_class_takes_what_it_needs(void **state)
{
    struct rules *rules = rules_new();

    (void)state;
    assert_int_equal(rules_add(rules, "a=correlated", NULL), 0);
    assert_int_equal(rules_add(rules, "b=correlated:customer", NULL), 0);
    assert_int_equal(rules_add(rules, "c=tolerant:2.5", NULL), 0);
    assert_int_equal(rules_add(rules, "d=compared:note", NULL), 0);
    assert_int_equal(rules_add(rules, "e=f=identity", NULL), 0);
    assert_string_equal(rules_find(rules, "a")->ids, "a");
    assert_string_equal(rules_find(rules, "b")->ids, "customer");
    assert_float_equal(rules_find(rules, "c")->tolerance, 2.5, 0);
    assert_int_equal(rules_find(rules, "d")->weight, DIFF_NOTE);
    assert_int_equal(rules_find(rules, "e=f")->class, RULE_IDENTITY);
    rules_free(rules);
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "a",
                                      "=volatile",
                                      "a=",
                                      "a=semantic",
                                      "a=tolerant",
                                      "a=tolerant:x",
                                      "a=tolerant:-1",
                                      "a=volatile:1",
                                      "a=compared:bad",
                                      "a=Volatile",
                                      "a=tolerant:0"};
    struct rules *rules = rules_new();
    const char *first = rules_row(rules, 0)->path;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct evj_error err = {0};

        assert_int_equal(rules_add(rules, bad[i], &err), EVJ_ERR_INVALID);
        assert_true(strlen(err.text) > 10);
    }
    assert_string_equal(rules_row(rules, 0)->path, first);
    rules_free(rules);
}

static int add_text_as_file(struct rules *rules, const char *text, struct evj_error *err)
{
    g_autofree char *path = NULL;
    const int fd = g_file_open_tmp("rules-XXXXXX", &path, NULL);

    assert_true(fd >= 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    const int status = rules_add_file(rules, path, err);

    close(fd);
    unlink(path);
    return status;
}

static void a_file_has_a_rule_a_line_and_comments(void **state)
{
    struct rules *rules = rules_new();

    (void)state;
    assert_int_equal(add_text_as_file(rules,
                                      "# ours\n\n  plugins.*.data.price = volatile\r\n"
                                      "sdp.#1.direction=compared:note  # no mid\n",
                                      NULL),
                     0);
    assert_int_equal(rules_find(rules, "plugins.shop.data.price")->class, RULE_VOLATILE);
    assert_int_equal(rules_find(rules, "sdp.#1.direction")->weight, DIFF_NOTE);
    rules_free(rules);
}

static void a_mistake_in_a_file_has_a_line(void **state)
{
    struct rules *rules = rules_new();
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(add_text_as_file(rules, "# one\na=volatile\nb=nothing\n", &err),
                     EVJ_ERR_INVALID);
    assert_true(g_str_has_prefix(err.text, "line 3: "));
    assert_int_equal(rules_add_file(rules, "/nowhere/at/all", &err), EVJ_ERR_IO);
    rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_has_the_class_that_it_is_known_for),
        cmocka_unit_test(an_unknown_field_is_compared_and_weighs),
        cmocka_unit_test(the_same_name_means_another_id_in_another_plugin),
        cmocka_unit_test(asking_again_gives_the_same_rule),
        cmocka_unit_test(a_rule_of_ones_own_goes_before_the_table),
        cmocka_unit_test(each_class_takes_what_it_needs),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_file_has_a_rule_a_line_and_comments),
        cmocka_unit_test(a_mistake_in_a_file_has_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

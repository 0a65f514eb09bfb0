/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/rules.h"

#include <glib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_has_the_class_that_it_is_known_for),
        cmocka_unit_test(an_unknown_field_is_compared_and_weighs),
        cmocka_unit_test(the_same_name_means_another_id_in_another_plugin),
        cmocka_unit_test(asking_again_gives_the_same_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

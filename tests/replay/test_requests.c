/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/requests.h"

#include <string.h>

/* One request of a text that must be fine. */
static struct requests of(const char *text)
{
    struct requests requests = {0};
    struct evj_error err = {0};

    if (requests_add(&requests, text, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(requests.count, 1);
    return requests;
}

static void a_question_alone_is_for_all_before_the_first_event(void **state)
{
    struct requests requests = of("{\"request\":\"tweak\",\"backend\":\"http://a@b:1/{}\"}");

    (void)state;
    assert_null(requests.list[0].handler);
    assert_int_equal(requests.list[0].when.kind, EVJ_MOMENT_NONE);
    assert_string_equal(json_string_value(json_object_get(requests.list[0].question, "backend")),
                        "http://a@b:1/{}");
    requests_done(&requests);
}

static void a_time_follows_the_question(void **state)
{
    struct requests relative = of("{}@+90s"), place = of("{\"a\":\"}@x\"}@@812");

    (void)state;
    assert_int_equal(relative.list[0].when.kind, EVJ_MOMENT_RELATIVE);
    assert_int_equal(relative.list[0].when.us, 90000000);
    assert_int_equal(place.list[0].when.kind, EVJ_MOMENT_SEQ);
    assert_int_equal(place.list[0].when.seq, 812);
    requests_done(&relative);
    requests_done(&place);
}

static void a_handler_is_named_before_the_question(void **state)
{
    struct requests requests = of("sampleevh:{\"a\":1}@08:15:30");

    (void)state;
    assert_string_equal(requests.list[0].handler, "sampleevh");
    assert_int_equal(requests.list[0].when.kind, EVJ_MOMENT_DAY_TIME);
    assert_true(request_is_for(&requests.list[0], "janus.eventhandler.sampleevh"));
    assert_true(request_is_for(&requests.list[0], "sampleevh"));
    assert_false(request_is_for(&requests.list[0], "janus.eventhandler.mysampleevh"));
    assert_false(request_is_for(&requests.list[0], "evh"));
    requests_done(&requests);
}

static void a_mistake_is_told(void **state)
{
    static const struct {
        const char *text, *complaint;
    } mistakes[] = {
        {"", "nothing is a JSON object"},
        {"tweak", "nothing is a JSON object"},
        {"sampleevh{}", "nothing is a JSON object"},
        {":{}", "nothing is a JSON object"},
        {"[1]", "nothing is a JSON object"},
        {"{\"a\":1", "is no JSON"},
        {"{}+90s", "is no @TIME"},
        {"{} ", "is no @TIME"},
        {"{}@", "is no time"},
        {"{}@soon", "is no time"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct requests requests = {0};
        struct evj_error err = {0};

        assert_int_equal(requests_add(&requests, mistakes[i].text, &err), EVJ_ERR_INVALID);
        if (strstr(err.text, mistakes[i].complaint) == NULL)
            fail_msg("%s: %s", mistakes[i].text, err.text);
        assert_int_equal(requests.count, 0);
        requests_done(&requests);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_alone_is_for_all_before_the_first_event),
        cmocka_unit_test(a_time_follows_the_question),
        cmocka_unit_test(a_handler_is_named_before_the_question),
        cmocka_unit_test(a_mistake_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

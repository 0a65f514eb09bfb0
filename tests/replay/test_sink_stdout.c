/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/sink_stdout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int print(struct sink *sink, const char *event, struct evj_error *err)
{
    const struct evj_record record = {.body = {.text = event, .len = strlen(event)}};

    return sink->ops->deliver(sink, &record, err);
}

static void each_event_is_a_line_of_its_own_bytes(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct sink *sink = sink_stdout_new(out, false);

    (void)state;
    assert_int_equal(print(sink, "{\"type\":1}", NULL), 0);
    assert_int_equal(print(sink, "{\"type\":2,\"a\":\"\\n\"}", NULL), 0);
    assert_int_equal(sink->ops->finish(sink, 0, NULL), 0);
    assert_string_equal(text, "{\"type\":1}\n{\"type\":2,\"a\":\"\\n\"}\n");
    sink_free(sink);
    fclose(out);
    free(text);
}

static void on_time_means_at_once(void **state)
{
    FILE *out = tmpfile();
    struct sink *sink = sink_stdout_new(out, true);
    char text[32] = "";

    (void)state;
    assert_int_equal(print(sink, "{}", NULL), 0);
    assert_int_equal(pread(fileno(out), text, sizeof(text), 0), 3);
    assert_string_equal(text, "{}\n");
    sink_free(sink);
    fclose(out);
}

static void a_full_disk_is_a_failure(void **state)
{
    FILE *out = fopen("/dev/full", "w");
    struct sink *now = sink_stdout_new(out, true);
    struct sink *later = sink_stdout_new(out, false);
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(print(now, "{}", &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, ENOSPC);
    assert_int_equal(print(later, "{}", NULL), 0);
    assert_int_equal(later->ops->finish(later, 0, &err), EVJ_ERR_IO);
    sink_free(now);
    sink_free(later);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_is_a_line_of_its_own_bytes),
        cmocka_unit_test(on_time_means_at_once),
        cmocka_unit_test(a_full_disk_is_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

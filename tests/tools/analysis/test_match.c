/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/match.h"

/* A handle of which only what matters for matching is set. */
static struct model_handle *handle(const char *plugin, const char *owner, bool up)
{
    struct model_handle *made = g_new0(struct model_handle, 1);
    struct model_epoch *epoch = g_new0(struct model_epoch, 1);

    made->plugin = g_strdup(plugin);
    epoch->offer_owner = g_strdup(owner);
    epoch->moments[MILESTONE_WEBRTCUP].seen = up;
    made->epochs = g_ptr_array_new();
    g_ptr_array_add(made->epochs, epoch);
    return made;
}

static void handle_free(gpointer pointer)
{
    struct model_handle *made = pointer;
    struct model_epoch *epoch = g_ptr_array_index(made->epochs, 0);

    g_free(epoch->offer_owner);
    g_free(epoch);
    g_ptr_array_unref(made->epochs);
    g_free(made->plugin);
    g_free(made);
}

static GPtrArray *list(struct model_handle *first, struct model_handle *second)
{
    GPtrArray *handles = g_ptr_array_new_with_free_func(handle_free);

    g_ptr_array_add(handles, first);
    if (second != NULL)
        g_ptr_array_add(handles, second);
    return handles;
}

static void assert_match(const GArray *matches, guint index, int a, int b)
{
    assert_true(index < matches->len);
    assert_int_equal(g_array_index(matches, struct match, index).a, a);
    assert_int_equal(g_array_index(matches, struct match, index).b, b);
}

static void the_most_alike_are_matched_first(void **state)
{
    g_autoptr(GPtrArray) a =
        list(handle("videoroom", "remote", true), handle("videoroom", "local", true));
    g_autoptr(GPtrArray) b =
        list(handle("videoroom", "local", true), handle("videoroom", "remote", true));
    g_autoptr(GArray) matches = match_handles(a, b);

    (void)state;
    assert_match(matches, 0, 0, 1);
    assert_match(matches, 1, 1, 0);
}

/* The good one has its counterpart; the failed one is left for the failed one's. */
static void a_failed_handle_is_still_matched_by_its_plugin(void **state)
{
    g_autoptr(GPtrArray) a = list(handle("echotest", "remote", true), NULL);
    g_autoptr(GPtrArray) b = list(handle("echotest", "remote", false), NULL);
    g_autoptr(GArray) matches = match_handles(a, b);

    (void)state;
    assert_match(matches, 0, 0, 0);
}

static void equals_are_matched_by_order(void **state)
{
    g_autoptr(GPtrArray) a = list(handle("sip", "local", true), handle("sip", "local", true));
    g_autoptr(GPtrArray) b = list(handle("sip", "local", true), handle("sip", "local", true));
    g_autoptr(GArray) matches = match_handles(a, b);

    (void)state;
    assert_match(matches, 0, 0, 0);
    assert_match(matches, 1, 1, 1);
}

static void other_plugins_are_never_matched(void **state)
{
    g_autoptr(GPtrArray) a = list(handle("sip", "local", true), NULL);
    g_autoptr(GPtrArray) b = list(handle("streaming", "local", true), NULL);
    g_autoptr(GArray) matches = match_handles(a, b);

    (void)state;
    assert_int_equal(matches->len, 2);
    assert_match(matches, 0, 0, -1);
    assert_match(matches, 1, -1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_alike_are_matched_first),
        cmocka_unit_test(a_failed_handle_is_still_matched_by_its_plugin),
        cmocka_unit_test(equals_are_matched_by_order),
        cmocka_unit_test(other_plugins_are_never_matched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

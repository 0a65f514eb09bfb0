/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a result says beyond its differences: all that is needed to show a comparison. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

/* echo2 against a copy that was changed, or against another sample. To be freed with diff_free(). */
static struct diff_result *compare(const GPtrArray *a, const GPtrArray *b, bool keep_equal)
{
    struct model *left = model_of(a), *right = model_of(b);
    struct rules *rules = rules_new();
    struct diff_options options = diff_options_default(rules);

    options.keep_equal = keep_equal;
    struct diff_result *result = diff_compare(left, NULL, right, NULL, &options);

    rules_free(rules);
    model_free(left);
    model_free(right);
    return result;
}

static const struct diff_session *session_of(const struct diff_result *result)
{
    return g_ptr_array_index(result->sessions, 0);
}

static const struct diff_handle *handle_of(const struct diff_result *result)
{
    return g_ptr_array_index(session_of(result)->handles, 0);
}

static const struct diff_epoch *epoch_of(const struct diff_result *result)
{
    return g_ptr_array_index(handle_of(result)->epochs, 0);
}

static const struct diff_lane *lane_of(const GPtrArray *lanes, const char *name)
{
    for (guint i = 0; i < lanes->len; i++) {
        const struct diff_lane *lane = g_ptr_array_index(lanes, i);

        if (g_str_equal(lane->name, name))
            return lane;
    }
    fail_msg("no lane %s", name);
    return NULL;
}

static const struct diff_sdp_section *section_of(const struct diff_sdp *sdp, const char *name)
{
    for (guint i = 0; i < sdp->sections->len; i++) {
        const struct diff_sdp_section *section = g_ptr_array_index(sdp->sections, i);

        if (g_str_equal(section->name, name))
            return section;
    }
    fail_msg("no section %s", name);
    return NULL;
}

/* Put `to` instead of `from` in the offer. */
static void edit_offer(GPtrArray *events, const char *from, const char *to)
{
    const guint index = find_event(events, "event.jsep.type", "offer", 0);
    json_t *jsep = value_at(g_ptr_array_index(events, index), "event.jsep");
    g_auto(GStrv) parts = g_strsplit(json_string_value(json_object_get(jsep, "sdp")), from, -1);
    g_autofree char *edited = g_strjoinv(to, parts);

    assert_int_equal(g_strv_length(parts), 2);
    json_object_set_new(jsep, "sdp", json_string(edited));
}

/* Two timelines with links between them are drawn from this. */
static void equal_operations_are_kept_when_asked_for(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    struct diff_result *with = compare(events, events, true);
    struct diff_result *without = compare(events, events, false);
    const struct diff_lane *dtls = lane_of(epoch_of(with)->lanes, "dtls");

    (void)state;
    assert_int_equal(dtls->ops->len, dtls->equal);
    for (guint i = 0; i < dtls->ops->len; i++) {
        const struct diff_op *op = &g_array_index(dtls->ops, struct diff_op, i);

        assert_int_equal(op->kind, DIFF_OP_EQUAL);
        assert_true(op->a.seen && op->b.seen);
        assert_int_equal(op->a.seq, op->b.seq);
        assert_null(op->difference);
    }
    assert_true(dtls->equal >= 2);
    assert_int_equal(lane_of(epoch_of(without)->lanes, "dtls")->equal, dtls->equal);
    assert_int_equal(lane_of(epoch_of(without)->lanes, "dtls")->ops->len, 0);
    diff_free(with);
    diff_free(without);
}

static void steps_in_one_anothers_place_share_a_difference(void **state)
{
    struct diff_result *result = compare_samples("echo2", "dtlsfail");
    const struct diff_lane *dtls = lane_of(epoch_of(result)->lanes, "dtls");
    const struct diff_op *a = &g_array_index(dtls->ops, struct diff_op, 0);
    const struct diff_op *b = &g_array_index(dtls->ops, struct diff_op, 1);

    (void)state;
    assert_int_equal(a->kind, DIFF_OP_ONLY_A);
    assert_string_equal(a->key, "connected");
    assert_false(a->b.seen);
    assert_int_equal(b->kind, DIFF_OP_ONLY_B);
    assert_string_equal(b->key, "failed");
    assert_ptr_equal(a->difference, b->difference);
    assert_int_equal(a->difference->how, DIFF_INSTEAD);
    assert_ptr_equal(result->first, a->difference);
    assert_ptr_equal(session_of(result)->first, a->difference);
    diff_free(result);
}

static void a_milestone_says_how_long_it_took_and_whether_that_is_much(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) slow = event_list_copy(events);

    (void)state;
    for (guint i = find_event(slow, "event.dtls", "connected", 0); i < slow->len; i++) {
        json_t *timestamp = value_at(g_ptr_array_index(slow, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + 2000000);
    }
    struct diff_result *result = compare(events, slow, false);
    const struct diff_milestone *milestones = epoch_of(result)->milestones;

    assert_int_equal(milestones[MILESTONE_DTLS_CONNECTED].flag, DIFF_FLAG_SLOWER);
    assert_int_equal(milestones[MILESTONE_DTLS_CONNECTED].since, MILESTONE_ICE_CONNECTED);
    assert_int_equal(milestones[MILESTONE_DTLS_CONNECTED].b_us -
                         milestones[MILESTONE_DTLS_CONNECTED].a_us,
                     2000000);
    assert_int_equal(milestones[MILESTONE_WEBRTCUP].flag, DIFF_FLAG_NONE);
    assert_int_equal(milestones[MILESTONE_WEBRTCUP].a_us, milestones[MILESTONE_WEBRTCUP].b_us);
    diff_free(result);
}

static void a_milestone_of_one_side_says_so(void **state)
{
    struct diff_result *result = compare_samples("echo2", "dtlsfail");
    const struct diff_milestone *milestones = epoch_of(result)->milestones;

    (void)state;
    assert_int_equal(milestones[MILESTONE_WEBRTCUP].flag, DIFF_FLAG_ONLY_A);
    assert_false(milestones[MILESTONE_WEBRTCUP].has_interval);
    assert_int_equal(milestones[MILESTONE_HANGUP].flag, DIFF_FLAG_ONLY_B);
    diff_free(result);
}

static void what_changed_in_an_sdp_stands_at_its_section(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(events);

    (void)state;
    edit_offer(changed, "a=sendrecv\r\na=msid:445027c6-a4bf-4521-b164-aa268b02cd6b c0de24fb",
               "a=sendonly\r\na=msid:445027c6-a4bf-4521-b164-aa268b02cd6b c0de24fb");
    struct diff_result *result = compare(events, changed, false);
    const struct diff_sdp *offer = g_ptr_array_index(epoch_of(result)->sdps, 0);
    unsigned sections_changed = 0;

    assert_string_equal(offer->key, "remote offer");
    assert_int_equal(offer->state, DIFF_SDP_CHANGED);
    for (guint i = 0; i < offer->sections->len; i++) {
        const struct diff_sdp_section *section = g_ptr_array_index(offer->sections, i);

        sections_changed += section->state == DIFF_SDP_CHANGED;
    }
    assert_int_equal(sections_changed, 1);
    diff_free(result);
}

static void lines_in_another_order_are_no_change(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(events);

    (void)state;
    edit_offer(changed, "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtcp-xr:rcvr-rtt=all\r\na=rtpmap:96",
               "a=rtcp-rsize\r\na=rtcp-mux\r\na=rtcp-xr:rcvr-rtt=all\r\na=rtpmap:96");
    struct diff_result *result = compare(events, changed, false);
    const struct diff_sdp *offer = g_ptr_array_index(epoch_of(result)->sdps, 0);
    const struct diff_sdp_section *video = section_of(offer, "mid:1");

    assert_int_equal(result->verdict, DIFF_IDENTICAL);
    assert_int_equal(offer->state, DIFF_SDP_REORDERED);
    assert_int_equal(video->state, DIFF_SDP_REORDERED);
    assert_string_equal(video->a_kind, "video");
    assert_string_equal(g_ptr_array_index(video->reordered, 0), "lines");
    assert_int_equal(section_of(offer, "mid:0")->state, DIFF_SDP_EQUAL);
    diff_free(result);
}

/* The data channel is offered first: the sections are the same. */
static void sections_in_another_order_are_reordered(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(events);
    const guint index = find_event(changed, "event.jsep.type", "offer", 0);
    json_t *jsep = value_at(g_ptr_array_index(changed, index), "event.jsep");
    g_auto(GStrv) parts = g_strsplit(json_string_value(json_object_get(jsep, "sdp")), "m=", -1);
    g_autofree char *edited = g_strjoin("m=", parts[0], parts[3], parts[1], parts[2], NULL);

    (void)state;
    json_object_set_new(jsep, "sdp", json_string(edited));
    struct diff_result *result = compare(events, changed, false);
    const struct diff_sdp *offer = g_ptr_array_index(epoch_of(result)->sdps, 0);
    const struct diff_sdp_section *head = section_of(offer, "");

    assert_int_equal(result->verdict, DIFF_SAME);
    assert_int_equal(offer->state, DIFF_SDP_REORDERED);
    assert_int_equal(head->state, DIFF_SDP_REORDERED);
    assert_string_equal(g_ptr_array_index(head->reordered, 0), "sections");
    assert_int_equal(section_of(offer, "mid:2")->state, DIFF_SDP_EQUAL);
    diff_free(result);
}

/* The muted call went silent in its last seconds. */
static void both_sides_have_figures_of_each_phase(void **state)
{
    struct diff_result *result = compare_samples("echo2", "mute");
    const struct diff_medium *audio = g_ptr_array_index(epoch_of(result)->media, 0);
    const struct diff_figures *a = &audio->phases[DIFF_PHASE_END].a;
    const struct diff_figures *b = &audio->phases[DIFF_PHASE_END].b;

    (void)state;
    assert_string_equal(audio->media, "audio");
    assert_string_equal(audio->a_codec, "opus");
    assert_true(audio->in_a && audio->in_b);
    assert_true(audio->phases[DIFF_PHASE_SETUP].a.seen && a->seen && b->seen);
    assert_true(a->until_us - a->from_us > G_USEC_PER_SEC);
    assert_true(a->values[DIFF_SENT_KBPS] > 20);
    assert_true(b->values[DIFF_SENT_KBPS] < 1);
    assert_true(audio->phases[DIFF_PHASE_END].flagged[DIFF_SENT_KBPS]);
    assert_false(audio->phases[DIFF_PHASE_SETUP].flagged[DIFF_SENT_KBPS]);
    assert_true(handle_of(result)->evaluated[DIFF_QUALITY]);
    diff_free(result);
}

static void what_was_ignored_is_counted_by_rule(void **state)
{
    struct diff_result *result = compare_samples("echo1", "echo2");
    unsigned sum = 0, fingerprints = 0;

    (void)state;
    for (guint i = 0; i < result->ignored_rules->len; i++) {
        const struct diff_ignored *one = g_ptr_array_index(result->ignored_rules, i);

        sum += one->count;
        if (g_str_equal(one->path, "sdp*.fingerprint"))
            fingerprints = one->count;
    }
    assert_int_equal(sum, result->ignored);
    assert_true(fingerprints > 0);
    diff_free(result);
}

static void who_has_no_counterpart_is_listed(void **state)
{
    struct diff_result *result = compare_samples("echo1", "room1");
    const struct diff_lone *lone = g_ptr_array_index(result->lone_sessions, 0);

    (void)state;
    assert_int_equal(result->lone_sessions->len, 4);
    assert_int_equal(lone->side, DIFF_A);
    assert_string_equal(lone->who.plugin, "janus.plugin.echotest");
    diff_free(result);
}

static void candidates_are_listed_by_kind_also_when_nothing_differs(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    struct diff_result *result = compare(events, events, false);
    const GPtrArray *candidates = epoch_of(result)->candidates;

    (void)state;
    assert_true(candidates->len > 0);
    for (guint i = 0; i < candidates->len; i++) {
        const struct diff_candidates *one = g_ptr_array_index(candidates, i);

        assert_int_equal(one->a, one->b);
    }
    diff_free(result);
}

/* DTLS cannot be connected after webrtcup: one thread says both. */
static void an_order_that_only_one_side_keeps_is_a_difference(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");
    g_autoptr(GPtrArray) changed = event_list_copy(events);
    const guint connected = find_event(changed, "event.dtls", "connected", 0);
    gpointer moved = g_ptr_array_steal_index(changed, connected);

    (void)state;
    g_ptr_array_insert(changed, (gint)find_event(changed, "event.connection", "webrtcup", 0) + 1,
                       moved);
    struct diff_result *result = compare(events, changed, false);
    const struct difference *one = find_difference(result, DIFF_STRUCTURE, "pc");
    const struct change *change = g_ptr_array_index(one->changes, 0);

    assert_string_equal(change->path, "order.dtls connected before webrtcup");
    assert_string_equal(change->a, "kept");
    assert_string_equal(change->b, "broken");
    assert_int_equal(epoch_of(result)->edges[DIFF_EDGE_DTLS_UP].b, DIFF_ORDER_BROKEN);
    assert_int_equal(epoch_of(result)->edges[DIFF_EDGE_OFFER_ANSWER].a, DIFF_ORDER_KEPT);
    diff_free(result);
}

static void every_value_has_a_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DIFF_FIGURES; i++)
        assert_string_not_equal(diff_figure_name((enum diff_figure)i), "unknown");
    for (unsigned i = 0; i < DIFF_EDGES; i++)
        assert_string_not_equal(diff_edge_name((enum diff_edge)i), "unknown");
    assert_string_equal(diff_phase_name(DIFF_PHASE_END), "end");
    assert_string_equal(diff_sdp_state_name(DIFF_SDP_ONLY_B), "only-b");
    assert_string_equal(diff_limit_kind_name(DIFF_LIMIT_CAPPED), "capped");
    assert_string_equal(diff_limit_kind_name(DIFF_LIMIT_MIDS), "mids");
    assert_string_equal(diff_how_name(DIFF_INSTEAD), "instead");
    assert_string_equal(diff_op_sign(DIFF_OP_ONLY_B), "+");
    assert_string_equal(diff_flag_name(DIFF_FLAG_FASTER), "faster");
    assert_string_equal(diff_verdict_name(DIFF_SAME), "same");
    assert_string_equal(diff_which_name(DIFF_BOTH), "both");
    assert_string_equal(diff_figure_name(DIFF_FIGURES), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_operations_are_kept_when_asked_for),
        cmocka_unit_test(steps_in_one_anothers_place_share_a_difference),
        cmocka_unit_test(a_milestone_says_how_long_it_took_and_whether_that_is_much),
        cmocka_unit_test(a_milestone_of_one_side_says_so),
        cmocka_unit_test(what_changed_in_an_sdp_stands_at_its_section),
        cmocka_unit_test(lines_in_another_order_are_no_change),
        cmocka_unit_test(sections_in_another_order_are_reordered),
        cmocka_unit_test(both_sides_have_figures_of_each_phase),
        cmocka_unit_test(what_was_ignored_is_counted_by_rule),
        cmocka_unit_test(who_has_no_counterpart_is_listed),
        cmocka_unit_test(candidates_are_listed_by_kind_also_when_nothing_differs),
        cmocka_unit_test(an_order_that_only_one_side_keeps_is_a_difference),
        cmocka_unit_test(every_value_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole: what differs, and which sessions and handles were compared. */
#include "tools/diff_json.h"

#include "evj_config.h"
#include "tools/diff_json_internal.h"
#include "tools/json_members.h"
#include "tools/json_text.h"

#include <stdlib.h>
#include <string.h>

/* ---- differences ---- */

static json_t *make_side(const struct diff_side *side)
{
    if (side->key == NULL)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "key", diff_json_text(side->key), "detail",
                     diff_json_text(side->detail), "news", diff_json_text(side->news), "seq",
                     diff_json_seq(&side->moment), "us", diff_json_us(&side->moment));
}

static json_t *make_place(const struct diff_side *side)
{
    return side->has_place ? diff_json_number(side->place_seq) : json_null();
}

static json_t *make_difference(const struct diff_json *json, const void *item)
{
    const struct difference *one = item;
    json_t *object = json_pack(
        "{s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "class",
        diff_class_name(one->class), "how", diff_how_name(one->how), "weighs",
        (int)diff_weighs(json->shown->result, one), "lane", lane_kind_name(one->lane), "lane_name",
        diff_json_text(one->lane_name), "session", diff_json_place(one->session), "handle",
        diff_json_place(one->handle), "peer_connection", diff_json_place(one->epoch), "a",
        make_side(&one->a), "b", make_side(&one->b), "a_behind", make_place(&one->a), "b_behind",
        make_place(&one->b), "remark", diff_json_text(one->remark));

    diff_json_list(json, object, "changes", one->changes, diff_json_change);
    return object;
}

static json_t *make_counts(const unsigned counts[static DIFF_CLASSES])
{
    json_t *object = json_object();

    for (unsigned i = 0; i < DIFF_CLASSES; i++)
        json_members_set(object, diff_class_name((enum diff_class)i), counts[i]);
    return object;
}

static json_t *make_context(const struct diff_json *json, const void *item)
{
    const struct diff_context *step = item;

    (void)json;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "lane_name", diff_json_text(step->lane_name),
                     "key", diff_json_text(step->key), "seq", diff_json_seq(&step->moment), "us",
                     diff_json_us(&step->moment), "news", diff_json_text(step->news), "here",
                     (int)step->here);
}

static json_t *make_first(const struct diff_json *json, const struct difference *first,
                          const GPtrArray *context_a, const GPtrArray *context_b)
{
    if (first == NULL)
        return json_null();
    json_t *object = json_pack("{s:o}", "difference", diff_json_index(json, first));

    diff_json_list(json, object, "a", context_a, make_context);
    diff_json_list(json, object, "b", context_b, make_context);
    return object;
}

/* ---- who ---- */

static json_t *make_who(const struct diff_who *who)
{
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:o, s:s}", "id", diff_json_number(who->id),
                     "opaque_id", diff_json_text(who->opaque_id), "plugin",
                     diff_json_text(who->plugin), "started_us", (json_int_t)who->started_us,
                     "duration_us", (json_int_t)who->lasted_us, "events",
                     diff_json_number(who->events), "reached", reach_name(who->reach));
}

static json_t *make_session_who(const struct diff_who *who)
{
    json_t *object = make_who(who);

    json_object_set_new(object, "first_seq", diff_json_number(who->first_seq));
    json_object_set_new(object, "last_seq", diff_json_number(who->last_seq));
    json_object_set_new(object, "ended", json_string(session_end_name(who->ended)));
    return object;
}

static json_t *make_handle_who(const struct diff_who *who)
{
    json_t *object = make_who(who);

    json_object_set_new(object, "display", diff_json_text(who->display));
    json_object_set_new(object, "role", diff_json_text(who->role));
    json_object_set_new(object, "hangup_reason", diff_json_text(who->hangup_reason));
    return object;
}

static json_t *make_lone_session(const struct diff_json *json, const void *item)
{
    const struct diff_lone *lone = item;

    (void)json;
    return json_pack("{s:s, s:o}", "side", diff_which_name(lone->side), "session",
                     make_session_who(&lone->who));
}

static json_t *make_lone_handle(const struct diff_json *json, const void *item)
{
    const struct diff_lone *lone = item;

    (void)json;
    return json_pack("{s:s, s:o}", "side", diff_which_name(lone->side), "handle",
                     make_handle_who(&lone->who));
}

/* ---- sessions and handles ---- */

static json_t *make_evaluated(const bool evaluated[static DIFF_CLASSES])
{
    json_t *list = json_array();

    for (unsigned i = 0; i < DIFF_CLASSES; i++) {
        if (evaluated[i])
            json_array_append_new(list, json_string(diff_class_name((enum diff_class)i)));
    }
    return list;
}

static json_t *make_handle(const struct diff_json *json, const void *item)
{
    const struct diff_handle *handle = item;
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:b, s:o}", "a", make_handle_who(&handle->a), "b",
                  make_handle_who(&handle->b), "score", diff_json_real(handle->score), "mapped",
                  (int)handle->mapped, "evaluated", make_evaluated(handle->evaluated));

    diff_json_list(json, object, "lanes", handle->lanes, diff_json_lane);
    diff_json_list(json, object, "peer_connections", handle->epochs, diff_json_epoch);
    return object;
}

static json_t *make_gap(const struct diff_json *json, const void *item)
{
    const struct diff_gap *gap = item;

    (void)json;
    return json_pack("{s:s, s:I, s:I, s:o}", "side", diff_which_name(gap->side), "from_us",
                     (json_int_t)gap->from_us, "until_us", (json_int_t)gap->until_us, "events",
                     diff_json_number(gap->events));
}

static json_t *make_session(const struct diff_json *json, const void *item)
{
    const struct diff_session *session = item;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:b}", "a", make_session_who(&session->a), "b",
        make_session_who(&session->b), "score", diff_json_real(session->score), "mapped",
        (int)session->mapped, "counts", make_counts(session->counts), "first_divergence",
        make_first(json, session->first, session->context_a, session->context_b), "evaluated",
        make_evaluated(session->evaluated), "has_details", (int)session->has_details);

    diff_json_list(json, object, "lanes", session->lanes, diff_json_lane);
    diff_json_list(json, object, "handles", session->handles, make_handle);
    diff_json_list(json, object, "lone_handles", session->lone_handles, make_lone_handle);
    diff_json_list(json, object, "gaps", session->gaps, make_gap);
    return object;
}

/* ---- what was not compared ---- */

static json_t *make_limit(const struct diff_json *json, const void *item)
{
    const struct diff_limit *limit = item;

    (void)json;
    return json_pack("{s:s, s:s, s:o, s:o}", "kind", diff_limit_kind_name(limit->kind), "side",
                     diff_which_name(limit->side), "session", diff_json_place(limit->session),
                     "text", diff_json_text(limit->text));
}

static json_t *make_ignored_rule(const struct diff_json *json, const void *item)
{
    const struct diff_ignored *ignored = item;

    (void)json;
    return json_pack("{s:o, s:s, s:I}", "path", diff_json_text(ignored->path), "class",
                     rule_class_name(ignored->class), "count", (json_int_t)ignored->count);
}

static json_t *make_ignored(const struct diff_json *json)
{
    const struct diff_result *result = json->shown->result;
    json_t *object = json_pack("{s:I}", "count", (json_int_t)result->ignored);

    diff_json_list(json, object, "rules", result->ignored_rules, make_ignored_rule);
    return object;
}

/* ---- the whole ---- */

static json_t *make_file(const char *path, uint64_t damages)
{
    return json_pack("{s:o, s:o}", "path", diff_json_text(path), "damages",
                     diff_json_number(damages));
}

static json_t *make_head(const struct diff_shown *shown)
{
    const struct diff_result *result = shown->result;
    g_autofree char *sentence = diff_sentence(result, 0);

    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "schema", DIFF_JSON_SCHEMA,
                     "evj", EVJ_VERSION, "verdict", diff_verdict_name(result->verdict), "sentence",
                     diff_json_text(sentence), "fail_on", diff_class_name(result->fail_on),
                     "timing", diff_timing_name(result->timing), "counts",
                     make_counts(result->counts), "a", make_file(shown->a.path, shown->a.damages),
                     "b", make_file(shown->b.path, shown->b.damages));
}

static json_t *make_whole(const struct diff_json *json)
{
    const struct diff_result *result = json->shown->result;
    json_t *object = make_head(json->shown);

    json_object_set_new(object, "first_divergence",
                        make_first(json, result->first, result->context_a, result->context_b));
    diff_json_list(json, object, "differences", result->differences, make_difference);
    diff_json_list(json, object, "sessions", result->sessions, make_session);
    diff_json_list(json, object, "lone_sessions", result->lone_sessions, make_lone_session);
    diff_json_list(json, object, "limits", result->limits, make_limit);
    json_object_set_new(object, "ignored", make_ignored(json));
    return object;
}

void diff_json_print(const struct diff_shown *shown, FILE *out)
{
    g_autoptr(GHashTable) numbers = diff_numbers(shown->result);
    const struct diff_json json = {.shown = shown, .numbers = numbers};
    json_auto_t *object = make_whole(&json);
    char *line = json_dumps(object, JSON_COMPACT);

    json_text_print(out, line, strlen(line));
    fputc('\n', out);
    free(line);
}

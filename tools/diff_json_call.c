/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PeerConnection of each side: milestones, order, SDPs, candidates, statistics. */
#include "tools/diff_json_internal.h"

#include "tools/json_members.h"

/* ---- milestones ---- */

static json_t *make_usual(const struct usual *usual)
{
    if (usual->calls == 0)
        return json_null();
    return json_pack("{s:I, s:I, s:I}", "calls", (json_int_t)usual->calls, "median_us",
                     (json_int_t)usual->median_us, "deviation_us", (json_int_t)usual->deviation_us);
}

static json_t *make_interval(const struct diff_milestone *milestone)
{
    if (!milestone->has_interval)
        return json_null();
    return json_pack("{s:s, s:I, s:I, s:o}", "since", milestone_name(milestone->since), "a_us",
                     (json_int_t)milestone->a_us, "b_us", (json_int_t)milestone->b_us, "usual",
                     make_usual(&milestone->usual));
}

static json_t *make_milestone(enum milestone which, const struct diff_milestone *milestone)
{
    const struct moment *a = &milestone->a, *b = &milestone->b;
    const char *flag = diff_flag_name(milestone->flag);

    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", milestone_name(which),
                     "a_seq", diff_json_seq(a), "a_us", diff_json_us(a), "b_seq", diff_json_seq(b),
                     "b_us", diff_json_us(b), "delta_us",
                     a->seen && b->seen ? json_integer(b->time_us - a->time_us) : json_null(),
                     "flag", diff_json_text(*flag != '\0' ? flag : NULL), "interval",
                     make_interval(milestone));
}

/* Those that one of the two reached. */
static json_t *make_milestones(const struct diff_epoch *epoch)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < MILESTONES; i++) {
        const struct diff_milestone *milestone = &epoch->milestones[i];

        if (milestone->a.seen || milestone->b.seen)
            json_array_append_new(list, make_milestone((enum milestone)i, milestone));
    }
    return list;
}

/* ---- order ---- */

static json_t *make_order(enum diff_order order)
{
    return order == DIFF_ORDER_UNKNOWN ? json_null() : json_boolean(order == DIFF_ORDER_KEPT);
}

static json_t *make_orders(const struct diff_epoch *epoch)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < DIFF_EDGES; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o}", "order", diff_edge_name((enum diff_edge)i), "a",
                            make_order(epoch->edges[i].a), "b", make_order(epoch->edges[i].b)));
    return list;
}

/* ---- SDPs and candidates ---- */

static json_t *make_section(const struct diff_json *json, const void *item)
{
    const struct diff_sdp_section *section = item;
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:s}", "name", diff_json_text(section->name), "a_kind",
                  diff_json_text(section->a_kind), "b_kind", diff_json_text(section->b_kind),
                  "state", diff_sdp_state_name(section->state));

    diff_json_list(json, object, "changes", section->changes, diff_json_change);
    diff_json_list(json, object, "reordered", section->reordered, diff_json_string);
    return object;
}

static json_t *make_sdp(const struct diff_json *json, const void *item)
{
    const struct diff_sdp *sdp = item;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:s}", "key", diff_json_text(sdp->key), "a_seq",
        diff_json_seq(&sdp->a), "a_us", diff_json_us(&sdp->a), "b_seq", diff_json_seq(&sdp->b),
        "b_us", diff_json_us(&sdp->b), "a_restarts_ice", (int)sdp->a_restarts_ice, "b_restarts_ice",
        (int)sdp->b_restarts_ice, "state", diff_sdp_state_name(sdp->state));

    diff_json_list(json, object, "sections", sdp->sections, make_section);
    return object;
}

static json_t *make_candidates(const struct diff_json *json, const void *item)
{
    const struct diff_candidates *candidates = item;

    (void)json;
    return json_pack("{s:o, s:I, s:I}", "kind", diff_json_text(candidates->kind), "a",
                     (json_int_t)candidates->a, "b", (json_int_t)candidates->b);
}

/* ---- statistics ---- */

static json_t *make_figures(const struct diff_figures *figures)
{
    json_t *values = json_object();

    if (!figures->seen) {
        json_decref(values);
        return json_null();
    }
    for (unsigned i = 0; i < DIFF_FIGURES; i++)
        json_object_set_new(values, diff_figure_name((enum diff_figure)i),
                            diff_json_real(figures->values[i]));
    return json_pack("{s:I, s:I, s:o, s:o}", "from_us", (json_int_t)figures->from_us, "until_us",
                     (json_int_t)figures->until_us, "samples", diff_json_number(figures->samples),
                     "figures", values);
}

static json_t *make_flagged(const bool flagged[static DIFF_FIGURES])
{
    json_t *list = json_array();

    for (unsigned i = 0; i < DIFF_FIGURES; i++) {
        if (flagged[i])
            json_array_append_new(list, json_string(diff_figure_name((enum diff_figure)i)));
    }
    return list;
}

static json_t *make_phases(const struct diff_medium *medium)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < DIFF_PHASES; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "phase",
                                              diff_phase_name((enum diff_phase)i), "a",
                                              make_figures(&medium->phases[i].a), "b",
                                              make_figures(&medium->phases[i].b), "flagged",
                                              make_flagged(medium->phases[i].flagged)));
    return list;
}

static json_t *make_medium_side(bool is_there, const char *codec, unsigned resets,
                                uint64_t slow_links)
{
    if (!is_there)
        return json_null();
    return json_pack("{s:o, s:I, s:o}", "codec", diff_json_text(codec), "resets",
                     (json_int_t)resets, "slow_links", diff_json_number(slow_links));
}

static json_t *make_medium(const struct diff_json *json, const void *item)
{
    const struct diff_medium *medium = item;

    (void)json;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "mid", diff_json_text(medium->mid), "media",
        diff_json_text(medium->media), "a",
        make_medium_side(medium->in_a, medium->a_codec, medium->a_resets, medium->a_slow_links),
        "b",
        make_medium_side(medium->in_b, medium->b_codec, medium->b_resets, medium->b_slow_links),
        "phases", make_phases(medium));
}

/* ---- all of it ---- */

json_t *diff_json_epoch(const struct diff_json *json, const void *item)
{
    const struct diff_epoch *epoch = item;
    json_t *object =
        json_pack("{s:I, s:I, s:I, s:o, s:o}", "number", (json_int_t)epoch->number, "a_number",
                  (json_int_t)epoch->a_number, "b_number", (json_int_t)epoch->b_number,
                  "milestones", make_milestones(epoch), "orders", make_orders(epoch));

    diff_json_list(json, object, "lanes", epoch->lanes, diff_json_lane);
    diff_json_list(json, object, "sdp", epoch->sdps, make_sdp);
    diff_json_list(json, object, "candidates", epoch->candidates, make_candidates);
    diff_json_list(json, object, "stats", epoch->media, make_medium);
    return object;
}

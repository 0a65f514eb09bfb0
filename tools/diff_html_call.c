/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a PeerConnection is no sequence: SDPs by section, kinds of candidates, statistics. */
#include "tools/diff_html_internal.h"

#include <inttypes.h>
#include <math.h>

/* Of an SDP, of a PeerConnection: more than a call has. */
#define SDPS_SHOWN 20u
#define SECTIONS_SHOWN 20u
#define CANDIDATES_SHOWN 40u
#define MEDIA_SHOWN 20u

/* ---- SDPs ---- */

static void put_section(struct html *html, const struct diff_sdp_section *section)
{
    const char *kind = section->a_kind != NULL ? section->a_kind : section->b_kind;

    if (section->state == DIFF_SDP_EQUAL)
        return;
    html_open(html, "li", NULL);
    if (*section->name == '\0')
        html_ours(html, "strong", NULL, "session");
    else
        html_theirs(html, "strong", NULL, section->name);
    if (kind != NULL) {
        markup_text(&html->markup, " ");
        html_theirs(html, "span", NULL, kind);
    }
    html_ours(html, "span", "state", " %s", diff_sdp_state_name(section->state));
    for (guint i = 0; i < MIN(section->reordered->len, SECTIONS_SHOWN); i++) {
        html_ours(html, "span", NULL, i == 0 ? ", in another order: " : ", ");
        html_theirs(html, "span", NULL, g_ptr_array_index(section->reordered, i));
    }
    html_changes(html, section->changes);
    html_close(html, "li");
}

static void put_restart(struct html *html, const struct diff_sdp *sdp)
{
    if (sdp->a_restarts_ice != sdp->b_restarts_ice)
        html_ours(html, "span", "state", ", restarts ICE in %s only",
                  sdp->a_restarts_ice ? "A" : "B");
    else if (sdp->a_restarts_ice)
        html_ours(html, "span", NULL, ", restarts ICE in both");
}

static void put_sdp(struct html *html, const struct diff_sdp *sdp)
{
    html_open(html, "div", "sdp");
    html_open(html, "p", NULL);
    html_theirs(html, "strong", NULL, sdp->key);
    html_ours(html, "span", sdp->state == DIFF_SDP_EQUAL ? NULL : "state", ": %s",
              diff_sdp_state_name(sdp->state));
    put_restart(html, sdp);
    html_close(html, "p");
    if (sdp->state != DIFF_SDP_EQUAL) {
        html_open(html, "ul", NULL);
        for (guint i = 0; i < MIN(sdp->sections->len, SECTIONS_SHOWN); i++)
            put_section(html, g_ptr_array_index(sdp->sections, i));
        html_more(html, "li", sdp->sections->len - MIN(sdp->sections->len, SECTIONS_SHOWN));
        html_close(html, "ul");
    }
    html_close(html, "div");
}

static void put_sdps(struct html *html, const struct diff_epoch *epoch)
{
    if (epoch->sdps->len == 0)
        return;
    html_ours(html, "h4", NULL, "SDPs, by their meaning");
    for (guint i = 0; i < MIN(epoch->sdps->len, SDPS_SHOWN); i++)
        put_sdp(html, g_ptr_array_index(epoch->sdps, i));
    html_more(html, "p", epoch->sdps->len - MIN(epoch->sdps->len, SDPS_SHOWN));
}

/* ---- candidates ---- */

static void put_candidates_of(struct html *html, const struct diff_candidates *candidates)
{
    html_open(html, "tr", candidates->a != candidates->b ? "flagged" : NULL);
    html_open(html, "th", NULL);
    markup_attribute(&html->markup, "scope", "row");
    html_theirs(html, "span", NULL, candidates->kind);
    html_close(html, "th");
    html_ours(html, "td", "a", "%u", candidates->a);
    html_ours(html, "td", "b", "%u", candidates->b);
    html_close(html, "tr");
}

static void put_candidates(struct html *html, const struct diff_epoch *epoch, const char *id)
{
    static const char *const names[] = {"Kind", "A", "B"};
    const guint shown = MIN(epoch->candidates->len, CANDIDATES_SHOWN);

    if (shown == 0)
        return;
    html_open(html, "h4", NULL);
    markup_format(&html->markup, "id", "candidates-%s", id);
    markup_text(&html->markup, "Candidates");
    html_close(html, "h4");
    html_open_table(html, "figures", "Candidates");
    html_columns(html, names, G_N_ELEMENTS(names));
    html_open(html, "tbody", NULL);
    for (guint i = 0; i < shown; i++)
        put_candidates_of(html, g_ptr_array_index(epoch->candidates, i));
    html_close(html, "tbody");
    html_close_table(html);
    html_more(html, "p", epoch->candidates->len - shown);
}

/* ---- statistics ---- */

static bool is_told(const struct diff_figures *figures, enum diff_figure figure)
{
    return figures->seen && !isnan(figures->values[figure]);
}

static bool is_told_of(const struct diff_medium *medium, enum diff_figure figure)
{
    for (unsigned i = 0; i < DIFF_PHASES; i++) {
        if (is_told(&medium->phases[i].a, figure) || is_told(&medium->phases[i].b, figure))
            return true;
    }
    return false;
}

/* A short call has one phase. */
static bool has_phase(const struct diff_medium *medium, unsigned phase)
{
    return medium->phases[phase].a.seen || medium->phases[phase].b.seen;
}

static void put_phases(struct html *html, const struct diff_medium *medium)
{
    html_open(html, "thead", NULL);
    html_open(html, "tr", NULL);
    html_ours(html, "td", NULL, "%s", "");
    for (unsigned i = 0; i < DIFF_PHASES; i++) {
        if (!has_phase(medium, i))
            continue;
        html_ours(html, "th", NULL, "%s A", diff_phase_name((enum diff_phase)i));
        html_ours(html, "th", NULL, "%s B", diff_phase_name((enum diff_phase)i));
    }
    html_close(html, "tr");
    html_close(html, "thead");
}

static void put_value(struct html *html, const char *side, const struct diff_figures *figures,
                      enum diff_figure figure, bool flagged)
{
    g_autofree char *class = g_strconcat(side, flagged ? " flagged" : "", NULL);

    if (is_told(figures, figure))
        html_ours(html, "td", class, "%.1f", figures->values[figure]);
    else
        html_ours(html, "td", class, "—");
}

static void put_figure(struct html *html, const struct diff_medium *medium, enum diff_figure figure)
{
    html_open(html, "tr", NULL);
    html_open(html, "th", NULL);
    markup_attribute(&html->markup, "scope", "row");
    markup_text(&html->markup, diff_figure_name(figure));
    html_close(html, "th");
    for (unsigned i = 0; i < DIFF_PHASES; i++) {
        const bool flagged = medium->phases[i].flagged[figure];

        if (!has_phase(medium, i))
            continue;
        put_value(html, "a", &medium->phases[i].a, figure, flagged);
        put_value(html, "b", &medium->phases[i].b, figure, flagged);
    }
    html_close(html, "tr");
}

/* A medium may be known without figures. */
static bool has_figures(const struct diff_medium *medium)
{
    for (unsigned i = 0; i < DIFF_PHASES; i++) {
        if (has_phase(medium, i))
            return true;
    }
    return false;
}

static void put_figures(struct html *html, const struct diff_medium *medium)
{
    if (!has_figures(medium))
        return;
    html_open_table(html, "figures", "Statistics");
    put_phases(html, medium);
    html_open(html, "tbody", NULL);
    for (unsigned i = 0; i < DIFF_FIGURES; i++) {
        if (is_told_of(medium, (enum diff_figure)i))
            put_figure(html, medium, (enum diff_figure)i);
    }
    html_close(html, "tbody");
    html_close_table(html);
}

static void put_codec(struct html *html, const char *side, const char *codec, unsigned resets,
                      uint64_t slow_links)
{
    html_ours(html, "span", NULL, "; %s ", side);
    html_theirs(html, "span", NULL, codec);
    if (resets > 0)
        html_ours(html, "span", NULL, ", counters started again %u times", resets);
    if (slow_links > 0)
        html_ours(html, "span", NULL, ", %" PRIu64 " slow links", slow_links);
}

static void put_medium(struct html *html, const struct diff_medium *medium)
{
    html_open(html, "p", "medium");
    html_theirs(html, "strong", NULL, medium->media);
    html_ours(html, "span", NULL, " of mid ");
    html_theirs(html, "span", NULL, *medium->mid != '\0' ? medium->mid : NULL);
    if (medium->in_a)
        put_codec(html, "A", medium->a_codec, medium->a_resets, medium->a_slow_links);
    if (medium->in_b)
        put_codec(html, "B", medium->b_codec, medium->b_resets, medium->b_slow_links);
    html_close(html, "p");
    put_figures(html, medium);
}

static void put_media(struct html *html, const struct diff_epoch *epoch, const char *id)
{
    const guint shown = MIN(epoch->media->len, MEDIA_SHOWN);

    if (shown == 0)
        return;
    html_open(html, "h4", NULL);
    markup_format(&html->markup, "id", "statistics-%s", id);
    markup_text(&html->markup, "Statistics");
    html_close(html, "h4");
    for (guint i = 0; i < shown; i++)
        put_medium(html, g_ptr_array_index(epoch->media, i));
    html_more(html, "p", epoch->media->len - shown);
}

void html_call(struct html *html, int session, int handle, const struct diff_epoch *epoch)
{
    g_autofree char *place = html_place(html, session, handle, (int)epoch->number - 1);
    g_autofree char *id = g_strdup_printf("%d-%d-%u", session, handle, epoch->number - 1);

    if (!g_hash_table_contains(html->epochs, epoch) ||
        epoch->sdps->len + epoch->candidates->len + epoch->media->len == 0)
        return;
    html_ours(html, "h3", NULL, "Negotiation, candidates and media%s%s",
              *place != '\0' ? " of " : "", place);
    put_sdps(html, epoch);
    put_candidates(html, epoch, id);
    put_media(html, epoch, id);
}

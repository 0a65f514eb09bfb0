/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page as a whole: what may be done with it, the verdict, the pairs, what could not be seen. */
#include "tools/diff_html.h"

#include "tools/columns.h"
#include "tools/diff_html_internal.h"
#include "tools/diff_html_style.h"

#include "evj_config.h"

#include <inttypes.h>
#include <string.h>

/* What a browser copes with, and a person. */
#define ROWS_MAX 3000u
#define DIFFERENCES_MAX 500u
#define EPOCHS_MAX 60u
#define PAIRS_MAX 500u /* in the overview */
#define LIMITS_MAX 40u
#define NAMES_WIDTH 160u

/* ---- head ---- */

/* The one style of the page, by its hash, is all that a browser may use. */
static char *policy(void)
{
    guint8 digest[32];
    gsize size = sizeof(digest);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(checksum, (const guchar *)DIFF_HTML_STYLE, strlen(DIFF_HTML_STYLE));
    g_checksum_get_digest(checksum, digest, &size);
    g_autofree char *hash = g_base64_encode(digest, size);

    return g_strdup_printf(
        "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", hash);
}

static void put_meta(struct html *html, const char *key, const char *name, const char *content)
{
    html_open(html, "meta", NULL);
    markup_attribute(&html->markup, key, name);
    markup_attribute(&html->markup, "content", content);
    markup_end(&html->markup);
}

/* The text of a style is no markup: nothing in it is escaped. */
static void put_style(struct html *html)
{
    html_open(html, "style", NULL);
    markup_text(&html->markup, "");
    fputs(DIFF_HTML_STYLE, html->markup.out);
    html_close(html, "style");
}

static void put_head(struct html *html)
{
    g_autofree char *content = policy();

    html_open(html, "head", NULL);
    html_open(html, "meta", NULL);
    markup_attribute(&html->markup, "charset", "utf-8");
    markup_end(&html->markup);
    put_meta(html, "http-equiv", "Content-Security-Policy", content);
    put_meta(html, "name", "viewport", "width=device-width, initial-scale=1");
    put_meta(html, "name", "color-scheme", "light dark");
    put_meta(html, "name", "referrer", "no-referrer");
    html_ours(html, "title", NULL, "evj diff: %s", diff_verdict_name(html->result->verdict));
    put_style(html);
    html_close(html, "head");
}

/* ---- verdict ---- */

static void put_file(struct html *html, const char *side, const char *class, const char *path,
                     uint64_t damages)
{
    html_open(html, "p", class);
    html_ours(html, "strong", "side", "%s", side);
    markup_text(&html->markup, " ");
    html_theirs(html, "span", NULL, path);
    if (damages > 0)
        html_ours(html, "span", "state", ", of which %" PRIu64 " stretches could not be read",
                  damages);
    html_close(html, "p");
}

static void put_counts(struct html *html)
{
    html_open(html, "ul", "counts");
    for (unsigned i = 0; i < DIFF_CLASSES; i++) {
        const enum diff_class class = (enum diff_class)i;

        if (html->result->counts[i] > 0)
            html_ours(html, "li",
                      html_weighs(html, html->result->differences, class) ? "weighs" : NULL,
                      "%u %s", html->result->counts[i], diff_class_name(class));
    }
    html_close(html, "ul");
}

static void put_verdict(struct html *html)
{
    g_autofree char *sentence = diff_sentence(html->result, NAMES_WIDTH);

    html_open(html, "header", diff_verdict_name(html->result->verdict));
    html_theirs(html, "h1", NULL, sentence);
    if (html->result->differences->len > 0)
        put_counts(html);
    put_file(html, "A", "file a", html->shown->a.path, html->shown->a.damages);
    put_file(html, "B", "file b", html->shown->b.path, html->shown->b.damages);
    html_close(html, "header");
}

/* ---- which pairs ---- */

static const GPtrArray *differences_of(const struct html *html, guint session)
{
    return g_ptr_array_index(html->by_session, session);
}

/* Of many pairs, those that differ; and as far as anything was kept of them. */
static bool is_detailed(const struct html *html, guint session)
{
    const struct diff_session *pair = g_ptr_array_index(html->result->sessions, session);

    return html->result->sessions->len == 1 ||
           (pair->has_details && differences_of(html, session)->len > 0);
}

static void put_session(struct html *html, const char *class, const struct diff_who *who)
{
    html_open(html, "td", class);
    html_ours(html, "span", "id", "%" PRIu64, who->id);
    markup_text(&html->markup, " ");
    html_theirs(html, "span", NULL, columns_plugin(who->plugin));
    markup_text(&html->markup, " ");
    html_theirs(html, "span", NULL, who->opaque_id);
    html_close(html, "td");
}

static void put_number(struct html *html, guint session)
{
    html_open(html, "th", NULL);
    markup_attribute(&html->markup, "scope", "row");
    if (is_detailed(html, session)) {
        html_open(html, "a", NULL);
        markup_format(&html->markup, "href", "#pair-%u", session + 1);
        html_ours(html, "span", NULL, "%u", session + 1);
        html_close(html, "a");
    } else {
        html_ours(html, "span", NULL, "%u", session + 1);
    }
    html_close(html, "th");
}

/* To be freed with g_free(). */
static char *outline_of(const struct diff_session *pair, bool differs)
{
    if (pair->first != NULL)
        return diff_sentence_of_first(pair->first, NAMES_WIDTH);
    return g_strdup(differs ? "nothing that weighs" : "alike");
}

static void put_outline(struct html *html, guint session)
{
    const struct diff_session *pair = g_ptr_array_index(html->result->sessions, session);
    g_autofree char *counts = diff_counts(pair->counts);
    g_autofree char *outline = outline_of(pair, differences_of(html, session)->len > 0);

    html_open(html, "tr", pair->first != NULL ? "flagged" : NULL);
    put_number(html, session);
    put_session(html, "a", &pair->a);
    put_session(html, "b", &pair->b);
    html_ours(html, "td", NULL, "%s", counts);
    html_theirs(html, "td", NULL, outline);
    html_close(html, "tr");
}

/* First those that differ, then those that do not, as many as there is room for. */
static guint put_outlines(struct html *html, bool differ, guint room)
{
    guint shown = 0;

    for (guint i = 0; i < html->result->sessions->len && shown < room; i++) {
        if ((differences_of(html, i)->len > 0) != differ)
            continue;
        put_outline(html, i);
        shown++;
    }
    return shown;
}

static void put_overview(struct html *html)
{
    static const char *const names[] = {"Pair", "A", "B", "Differences", "First"};
    const guint count = html->result->sessions->len;

    if (count < 2)
        return;
    html_open(html, "section", NULL);
    html_ours(html, "h2", NULL, "%u pairs of sessions", count);
    html_open_table(html, "overview", "Pairs of sessions");
    html_columns(html, names, G_N_ELEMENTS(names));
    html_open(html, "tbody", NULL);
    guint shown = put_outlines(html, true, PAIRS_MAX);

    shown += put_outlines(html, false, PAIRS_MAX - shown);
    html_close(html, "tbody");
    html_close_table(html);
    html_more(html, "p", count - shown);
    html_close(html, "section");
}

static void put_pairs(struct html *html)
{
    for (guint i = 0; i < html->result->sessions->len; i++) {
        if (is_detailed(html, i))
            html_pair(html, (int)i);
    }
}

/* ---- the rest ---- */

static void put_lone(struct html *html)
{
    const GPtrArray *lone = g_ptr_array_index(html->by_session, html->result->sessions->len);

    if (lone->len == 0)
        return;
    html_open(html, "section", NULL);
    html_ours(html, "h2", NULL, "Sessions without counterpart");
    html_plan_differences(html, lone);
    html_differences(html, "h3", lone);
    html_close(html, "section");
}

static void put_limits(struct html *html)
{
    const GPtrArray *limits = html->result->limits;
    const guint shown = MIN(limits->len, LIMITS_MAX);

    if (shown == 0)
        return;
    html_open(html, "section", NULL);
    html_ours(html, "h2", NULL, "What this comparison could not see");
    html_open(html, "ul", NULL);
    for (guint i = 0; i < shown; i++)
        html_theirs(html, "li", NULL, ((struct diff_limit *)g_ptr_array_index(limits, i))->text);
    html_more(html, "li", limits->len - shown);
    html_close(html, "ul");
    html_close(html, "section");
}

static void put_rule(struct html *html, const struct diff_ignored *ignored)
{
    html_open(html, "li", NULL);
    html_theirs(html, "code", NULL, ignored->path);
    html_ours(html, "span", NULL, " (%s): %u", rule_class_name(ignored->class), ignored->count);
    html_close(html, "li");
}

static void put_ignored(struct html *html)
{
    const GPtrArray *rules = html->result->ignored_rules;
    const guint shown = MIN(rules->len, LIMITS_MAX);

    html_open(html, "section", "ignored");
    html_ours(html, "h2", NULL, "%u field%s ignored by rules", html->result->ignored,
              html->result->ignored == 1 ? "" : "s");
    html_open(html, "ul", NULL);
    for (guint i = 0; i < shown; i++)
        put_rule(html, g_ptr_array_index(rules, i));
    html_more(html, "li", rules->len - shown);
    html_close(html, "ul");
    html_close(html, "section");
}

static void put_body(struct html *html)
{
    html_open(html, "body", NULL);
    put_verdict(html);
    html_open(html, "main", NULL);
    put_limits(html); /* before what they make weaker */
    put_overview(html);
    put_lone(html);
    put_pairs(html);
    put_ignored(html);
    html_close(html, "main");
    html_ours(html, "footer", NULL,
              "evj %s diff. @N is the seq of an event: evj cat --from @N "
              "--to @N FILE shows it.",
              EVJ_VERSION);
    html_close(html, "body");
}

static void put_page(struct html *html)
{
    fputs("<!DOCTYPE html>\n", html->markup.out);
    html_open(html, "html", NULL);
    markup_attribute(&html->markup, "lang", "en");
    put_head(html);
    put_body(html);
    html_close(html, "html");
    fputc('\n', html->markup.out);
}

void diff_html_print(const struct diff_shown *shown, FILE *out)
{
    g_autoptr(GPtrArray) by_session = diff_by_session(shown->result);
    g_autoptr(GHashTable) numbers = diff_numbers(shown->result);
    g_autoptr(GHashTable) listed = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) placed = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) epochs = g_hash_table_new(NULL, NULL);
    struct html html = {
        .markup.out = out,
        .shown = shown,
        .result = shown->result,
        .by_session = by_session,
        .numbers = numbers,
        .listed = listed,
        .placed = placed,
        .epochs = epochs,
        .rows_left = ROWS_MAX,
        .differences_left = DIFFERENCES_MAX,
        .epochs_left = EPOCHS_MAX,
    };

    put_page(&html);
}

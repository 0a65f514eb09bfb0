/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The differences one by one, heaviest first, each with a link to its place in the timelines. */
#include "tools/diff_html_internal.h"

#include <inttypes.h>

static const struct diff_epoch *epoch_of(const struct html *html, const struct difference *one)
{
    if (one->session < 0 || one->handle < 0 || one->epoch < 0)
        return NULL;
    const struct diff_session *pair = g_ptr_array_index(html->result->sessions, one->session);

    if (one->handle >= (int)pair->handles->len)
        return NULL;
    const struct diff_handle *handle = g_ptr_array_index(pair->handles, one->handle);

    return one->epoch < (int)handle->epochs->len ? g_ptr_array_index(handle->epochs, one->epoch)
                                                 : NULL;
}

/* Where on the page it is to be seen: "at-3" in a timeline, or in a table of what is no sequence. NULL:
 * nowhere. To be freed with g_free(). */
static char *target_of(const struct html *html, const struct difference *one)
{
    const struct diff_epoch *epoch = epoch_of(html, one);

    if (g_hash_table_contains(html->placed, one))
        return g_strdup_printf("at-%u", GPOINTER_TO_UINT(g_hash_table_lookup(html->numbers, one)));
    if (epoch == NULL || !g_hash_table_contains(html->epochs, epoch))
        return NULL;
    if (one->lane == LANE_CANDIDATES && epoch->candidates->len > 0)
        return g_strdup_printf("candidates-%d-%d-%d", one->session, one->handle, one->epoch);
    if (one->lane == LANE_STATS && epoch->media->len > 0)
        return g_strdup_printf("statistics-%d-%d-%d", one->session, one->handle, one->epoch);
    return NULL;
}

static void put_name(struct html *html, const struct difference *one)
{
    g_autofree char *target = target_of(html, one);
    g_autofree char *place = html_place(html, one->session, one->handle, one->epoch);

    html_open(html, "p", "where");
    if (target != NULL) {
        html_open(html, "a", NULL);
        markup_format(&html->markup, "href", "#%s", target);
        html_theirs(html, "span", NULL, one->lane_name);
        html_close(html, "a");
    } else {
        html_theirs(html, "strong", NULL, one->lane_name);
    }
    if (*place != '\0')
        html_ours(html, "span", "place", " %s", place);
    html_close(html, "p");
}

static void put_side(struct html *html, const char *name, const char *class,
                     const struct diff_side *side)
{
    html_open(html, "div", class);
    html_ours(html, "dt", NULL, "%s", name);
    html_open(html, "dd", NULL);
    if (side->key != NULL) {
        html_theirs(html, "span", "step", side->key);
        html_open(html, "span", "when");
        markup_text(&html->markup, " ");
        html_time(html, &side->moment);
        html_ours(html, "span", "seq", " @%" PRIu64, side->moment.seq);
        html_close(html, "span");
        if (side->detail != NULL && *side->detail != '\0')
            html_theirs(html, "small", "detail", side->detail);
    } else {
        markup_text(&html->markup, "—");
    }
    html_close(html, "dd");
    html_close(html, "div");
}

static void put_difference(struct html *html, const struct difference *one)
{
    const guint number = GPOINTER_TO_UINT(g_hash_table_lookup(html->numbers, one));

    html_open(html, "li", NULL);
    markup_format(&html->markup, "id", "d-%u", number);
    markup_format(&html->markup, "value", "%u", number);
    put_name(html, one);
    html_open(html, "dl", "sides");
    put_side(html, "A", "a", &one->a);
    put_side(html, "B", "b", &one->b);
    html_close(html, "dl");
    html_changes(html, one->changes);
    if (one->remark != NULL)
        html_theirs(html, "p", "remark", one->remark);
    html_close(html, "li");
}

bool html_weighs(const struct html *html, const GPtrArray *differences, enum diff_class class)
{
    for (guint i = 0; i < differences->len; i++) {
        const struct difference *one = g_ptr_array_index(differences, i);

        if (one->class == class && diff_weighs(html->result, one))
            return true;
    }
    return false;
}

/* Those of one class, as far as there is room on the page. */
static void put_class(struct html *html, const char *heading, const GPtrArray *differences,
                      enum diff_class class)
{
    guint found = 0, shown = 0;

    for (guint i = 0; i < differences->len; i++) {
        const struct difference *one = g_ptr_array_index(differences, i);

        if (one->class != class)
            continue;
        if (found++ == 0) {
            html_ours(html, heading,
                      html_weighs(html, differences, class) ? "class weighs" : "class", "%s",
                      diff_class_name(class));
            html_open(html, "ol", "differences");
        }
        if (g_hash_table_contains(html->listed, one)) {
            shown++;
            put_difference(html, one);
        }
    }
    if (found > 0)
        html_close(html, "ol");
    html_more(html, "p", found - shown);
}

void html_plan_differences(struct html *html, const GPtrArray *differences)
{
    for (guint i = 0; i < differences->len && html->differences_left > 0; i++) {
        g_hash_table_add(html->listed, g_ptr_array_index(differences, i));
        html->differences_left--;
    }
}

void html_differences(struct html *html, const char *heading, const GPtrArray *differences)
{
    for (unsigned i = 0; i < DIFF_CLASSES; i++)
        put_class(html, heading, differences, (enum diff_class)i);
}

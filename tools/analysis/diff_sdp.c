/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two SDPs, media section by media section: what changed, and what only stands in another order. */
#include "tools/analysis/diff_internal.h"

#include <string.h>

#define HEAD ""

/* "sdp.mid:0.direction" → "mid:0"; what belongs to no section is of the head. NULL: of no SDP. To be
 * freed with g_free(). */
static char *section_of(const char *path)
{
    static const char prefix[] = "sdp.";

    if (!g_str_has_prefix(path, prefix))
        return NULL;
    path += strlen(prefix);
    if (path[0] != '#' && !g_str_has_prefix(path, "mid:"))
        return g_strdup(HEAD);
    return g_strndup(path, strcspn(path, "."));
}

/* Is this what names the section, with its kind for a value? */
static bool names_section(const struct attribute *attribute, const char *section)
{
    return section[0] != '\0' && g_str_has_suffix(attribute->path, section) &&
           strlen(attribute->path) == strlen("sdp.") + strlen(section);
}

static struct diff_sdp_section *find_section(struct diff_sdp *sdp, const char *name)
{
    for (guint i = 0; i < sdp->sections->len; i++) {
        struct diff_sdp_section *section = g_ptr_array_index(sdp->sections, i);

        if (g_str_equal(section->name, name))
            return section;
    }
    struct diff_sdp_section *section = diff_sdp_section_new();

    section->name = g_strdup(name);
    g_ptr_array_add(sdp->sections, section);
    return section;
}

/* ---- in the order of the SDP ---- */

static gint by_order(gconstpointer left, gconstpointer right)
{
    const struct attribute *a = *(struct attribute *const *)left;
    const struct attribute *b = *(struct attribute *const *)right;

    return a->order < b->order ? -1 : a->order > b->order;
}

/* Borrowed from the list. */
static GPtrArray *in_order(const GPtrArray *attributes)
{
    GPtrArray *ordered = g_ptr_array_copy((GPtrArray *)attributes, NULL, NULL);

    g_ptr_array_set_free_func(ordered, NULL);
    g_ptr_array_sort(ordered, by_order);
    return ordered;
}

/* The sections of one side, in the order of its m= lines. */
static void take_sections(struct diff_sdp *sdp, const GPtrArray *ordered, bool in_a)
{
    for (guint i = 0; i < ordered->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(ordered, i);
        g_autofree char *name = section_of(attribute->path);

        if (name == NULL || !names_section(attribute, name))
            continue;
        struct diff_sdp_section *section = find_section(sdp, name);
        char **kind = in_a ? &section->a_kind : &section->b_kind;

        g_free(*kind);
        *kind = g_strdup(attribute->value);
    }
}

/* What a section says in its own lines that counts, one after the other. The order of codecs is
 * told apart. */
static char *lines_of(const GPtrArray *ordered, const char *section)
{
    GString *lines = g_string_new(NULL);

    for (guint i = 0; i < ordered->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(ordered, i);
        g_autofree char *name = section_of(attribute->path);

        if (name != NULL && g_str_equal(name, section) && !names_section(attribute, name) &&
            attribute->rule->class == RULE_COMPARED && !diff_is_order(attribute->path) &&
            strstr(attribute->path, ".codec.") == NULL)
            g_string_append_printf(lines, "%s\n", attribute->path);
    }
    return g_string_free(lines, FALSE);
}

/* ---- what differs ---- */

static void take_change(struct diff_sdp *sdp, const struct change *change)
{
    g_autofree char *name = section_of(change->path);

    if (name == NULL)
        return;
    struct diff_sdp_section *section = find_section(sdp, name);

    if (!diff_is_order(change->path))
        changes_add(section->changes, change->path, change->a, change->b, change->weight);
    else
        g_ptr_array_add(section->reordered, g_strdup(name[0] == '\0' ? "sections" : "codecs"));
}

static enum diff_sdp_state state_of(const struct diff_sdp_section *section)
{
    if ((section->a_kind == NULL) != (section->b_kind == NULL))
        return section->b_kind == NULL ? DIFF_SDP_ONLY_A : DIFF_SDP_ONLY_B;
    if (section->changes->len > 0)
        return DIFF_SDP_CHANGED;
    return section->reordered->len > 0 ? DIFF_SDP_REORDERED : DIFF_SDP_EQUAL;
}

static void finish_section(struct diff_sdp *sdp, struct diff_sdp_section *section,
                           const GPtrArray *a, const GPtrArray *b)
{
    g_autofree char *a_lines = lines_of(a, section->name);
    g_autofree char *b_lines = lines_of(b, section->name);

    if (section->changes->len == 0 && strcmp(a_lines, b_lines) != 0)
        g_ptr_array_add(section->reordered, g_strdup("lines"));
    section->state = state_of(section);
    /* A section that is missing changes the SDP. */
    sdp->state = MAX(sdp->state, MIN(section->state, DIFF_SDP_CHANGED));
}

static bool restarts_ice(const struct step *step)
{
    return attributes_get(step->attributes, "sdp.ice-restart") != NULL;
}

void diff_sdp_pair(struct comparing *at, const struct step *a, const struct step *b,
                   const GPtrArray *changes)
{
    struct diff_sdp *sdp = diff_sdp_new();
    g_autoptr(GPtrArray) a_ordered = in_order(a->attributes);
    g_autoptr(GPtrArray) b_ordered = in_order(b->attributes);

    sdp->key = g_strdup(a->key);
    sdp->a = (struct moment){true, a->seq, a->time_us - at->a->first_us, false};
    sdp->b = (struct moment){true, b->seq, b->time_us - at->b->first_us, false};
    sdp->a_restarts_ice = restarts_ice(a);
    sdp->b_restarts_ice = restarts_ice(b);
    find_section(sdp, HEAD);
    take_sections(sdp, a_ordered, true);
    take_sections(sdp, b_ordered, false);
    for (guint i = 0; i < changes->len; i++)
        take_change(sdp, g_ptr_array_index(changes, i));
    for (guint i = 0; i < sdp->sections->len; i++)
        finish_section(sdp, g_ptr_array_index(sdp->sections, i), a_ordered, b_ordered);
    g_ptr_array_add(at->epoch_pair->sdps, sdp);
    diff_evaluated(at, DIFF_NEGOTIATION);
}

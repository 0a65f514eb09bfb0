/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_junit.h"

#include "tools/columns.h"
#include "tools/junit.h"

#include <inttypes.h>

/* Of one case, and of one step: a CI shows them in a small window. */
#define DIFFERENCES_SHOWN 40u
#define CHANGES_SHOWN 12u

/* ---- differences as lines ---- */

/* "A connected +0.161 s @20" */
static void tell_side(GString *text, const char *name, const struct diff_side *side)
{
    g_string_append_printf(text, "%s %s", name, side->key);
    if (side->detail != NULL && side->detail[0] != '\0')
        g_string_append_printf(text, " %s", side->detail);
    g_string_append_printf(text, " %+.3f s @%" PRIu64,
                           (double)side->moment.time_us / G_USEC_PER_SEC, side->moment.seq);
}

/* The first line is all that many a CI shows. What is no step, as candidates are, may have no sides. */
static void tell_sides(GString *text, const struct difference *one)
{
    const char *between = ": ";

    g_string_append(text, one->lane_name);
    if (one->a.key != NULL) {
        g_string_append(text, between);
        tell_side(text, "A", &one->a);
        between = " | ";
    }
    if (one->b.key != NULL) {
        g_string_append(text, between);
        tell_side(text, "B", &one->b);
    }
}

static void tell_what_changed(GString *text, const GPtrArray *changes)
{
    if (changes->len == 0)
        return;
    g_string_append_printf(text, ", differs in %s",
                           ((struct change *)g_ptr_array_index(changes, 0))->path);
    if (changes->len > 1)
        g_string_append_printf(text, " and %u more", changes->len - 1);
}

static void tell_changes(GString *text, const GPtrArray *changes)
{
    for (guint i = 0; i < MIN(changes->len, CHANGES_SHOWN); i++) {
        const struct change *change = g_ptr_array_index(changes, i);

        g_string_append_printf(text, "\n  %s: %s | %s", change->path, diff_value_shown(change->a),
                               diff_value_shown(change->b));
    }
    if (changes->len > CHANGES_SHOWN)
        g_string_append_printf(text, "\n  … and %u more", changes->len - CHANGES_SHOWN);
}

static void tell(GString *text, const struct difference *one)
{
    if (text->len > 0)
        g_string_append_c(text, '\n');
    tell_sides(text, one);
    tell_what_changed(text, one->changes);
    tell_changes(text, one->changes);
    if (one->remark != NULL)
        g_string_append_printf(text, "\n  (%s)", one->remark);
}

/* ---- a suite ---- */

/* A session itself (handle -1), or one of its handles. */
struct part {
    const struct diff_result *result;
    const char *name;
    const GPtrArray *differences; /* of the session */
    int handle;
    const bool *evaluated;
};

/* Some CIs show a case without its suite: so it has the suite's name in its own. A session itself has no
 * SDPs, say: of what it cannot have there is no case. */
static void add_class(GPtrArray *suites, const struct part *part, enum diff_class class)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *name = g_strdup_printf("%s: %s", part->name, diff_class_name(class));
    unsigned found = 0;
    bool weighs = false;

    for (guint i = 0; i < part->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(part->differences, i);

        if (one->class != class || one->handle != part->handle)
            continue;
        weighs |= diff_weighs(part->result, one);
        if (found++ < DIFFERENCES_SHOWN)
            tell(text, one);
    }
    if (found > DIFFERENCES_SHOWN)
        g_string_append_printf(text, "\n… and %u more", found - DIFFERENCES_SHOWN);
    if (weighs)
        junit_fail(suites, name, text->str);
    else if (found > 0)
        junit_pass_noting(suites, name, text->str);
    else if (part->evaluated[class])
        junit_pass(suites, name);
    else if (part->handle >= 0 || class == DIFF_OUTCOME)
        junit_skip(suites, name, "nothing of this class could be seen on both sides");
}

static void add_classes(GPtrArray *suites, const struct part *part)
{
    for (unsigned i = 0; i < DIFF_CLASSES; i++)
        add_class(suites, part, (enum diff_class)i);
}

static void add_who(GPtrArray *suites, const char *side, const char *what,
                    const struct diff_who *who, const char *path)
{
    g_autofree char *text = g_strdup_printf("%s %" PRIu64 " of %s", what, who->id, path);

    junit_property(suites, side, text);
}

static void add_limits(GPtrArray *suites, const struct diff_result *result, int session)
{
    for (guint i = 0; i < result->limits->len; i++) {
        const struct diff_limit *limit = g_ptr_array_index(result->limits, i);

        if (limit->session == session)
            junit_property(suites, "limit", limit->text);
    }
}

/* "session 1", "session 1, handle 2 (videoroom alice)" */
static char *name_of(int session, int handle, const struct diff_who *who)
{
    const char *called = who->display != NULL ? who->display : who->opaque_id;

    if (handle < 0)
        return g_strdup_printf("session %d", session + 1);
    return g_strdup_printf("session %d, handle %d (%s%s%s)", session + 1, handle + 1,
                           columns_plugin(who->plugin), called != NULL ? " " : "",
                           called != NULL ? called : "");
}

static void begin(GPtrArray *suites, const struct diff_shown *shown, const struct part *part,
                  const struct diff_who *a, const struct diff_who *b)
{
    const char *what = part->handle < 0 ? "session" : "handle";

    junit_suite(suites, part->name);
    add_who(suites, "A", what, a, shown->a.path);
    add_who(suites, "B", what, b, shown->b.path);
}

static void add_handle(GPtrArray *suites, const struct diff_shown *shown, int session, int index,
                       const GPtrArray *differences)
{
    const struct diff_session *pair = g_ptr_array_index(shown->result->sessions, session);
    const struct diff_handle *handle = g_ptr_array_index(pair->handles, index);
    g_autofree char *name = name_of(session, index, &handle->a);
    const struct part part = {shown->result, name, differences, index, handle->evaluated};

    begin(suites, shown, &part, &handle->a, &handle->b);
    add_classes(suites, &part);
}

static void add_session(GPtrArray *suites, const struct diff_shown *shown, int index,
                        const GPtrArray *differences)
{
    const struct diff_session *session = g_ptr_array_index(shown->result->sessions, index);
    g_autofree char *name = name_of(index, -1, &session->a);
    const struct part part = {shown->result, name, differences, -1, session->evaluated};

    begin(suites, shown, &part, &session->a, &session->b);
    add_limits(suites, shown->result, index);
    add_classes(suites, &part);
    for (guint i = 0; i < session->handles->len; i++)
        add_handle(suites, shown, index, (int)i, differences);
}

/* ---- the whole ---- */

static void add_damages(GPtrArray *suites, const char *name, const char *path, uint64_t damages)
{
    g_autofree char *text = g_strdup_printf(
        "%s: %" PRIu64 " stretches could not be read: evj verify says where", path, damages);

    if (damages > 0)
        junit_fail(suites, name, text);
    else
        junit_pass(suites, name);
}

/* The differences of no session: those that only one side has. */
static void add_lone(GPtrArray *suites, const struct diff_result *result, const GPtrArray *lone)
{
    static const char name[] = "every session has a counterpart";
    g_autoptr(GString) text = g_string_new(NULL);
    bool weighs = false;

    for (guint i = 0; i < lone->len; i++) {
        weighs |= diff_weighs(result, g_ptr_array_index(lone, i));
        if (i < DIFFERENCES_SHOWN)
            tell(text, g_ptr_array_index(lone, i));
    }
    if (lone->len > DIFFERENCES_SHOWN)
        g_string_append_printf(text, "\n… and %u more", lone->len - DIFFERENCES_SHOWN);
    if (weighs)
        junit_fail(suites, name, text->str);
    else if (lone->len > 0)
        junit_pass_noting(suites, name, text->str);
    else
        junit_pass(suites, name);
}

void diff_junit_print(const struct diff_shown *shown, FILE *out)
{
    const guint count = shown->result->sessions->len;
    g_autoptr(GPtrArray) differences = diff_by_session(shown->result);
    g_autoptr(GPtrArray) suites = junit_new();

    junit_suite(suites, "journals");
    add_limits(suites, shown->result, -1);
    add_damages(suites, "A could be read", shown->a.path, shown->a.damages);
    add_damages(suites, "B could be read", shown->b.path, shown->b.damages);
    add_lone(suites, shown->result, g_ptr_array_index(differences, count));
    for (guint i = 0; i < count; i++)
        add_session(suites, shown, (int)i, g_ptr_array_index(differences, i));
    junit_print(suites, "evj diff", out);
}

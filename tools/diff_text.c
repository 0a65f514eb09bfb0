/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page as a whole: verdict, who, milestones; diff_text_details.c shows the differences. */
#include "tools/diff_text.h"

#include "tools/columns.h"
#include "tools/diff_text_internal.h"

#include <inttypes.h>
#include <stdarg.h>

/* Of journals with many sessions, as much as a person reads. */
#define PAIRS_SHOWN 10u
#define LIMITS_SHOWN 10u

static const char *const codes[] = {
    [PAINT_PLAIN] = "\033[0m", [PAINT_BOLD] = "\033[1m",  [PAINT_A] = "\033[31m",
    [PAINT_B] = "\033[32m",    [PAINT_FAINT] = "\033[2m",
};

void page_paint(const struct page *page, enum paint paint)
{
    if (page->options->colour)
        fputs(codes[paint], page->out);
}

double page_seconds(int64_t time_us)
{
    return (double)columns_milliseconds(time_us) / 1000;
}

void page_heading(const struct page *page, const char *text)
{
    page_paint(page, PAINT_BOLD);
    fputs(text, page->out);
    page_paint(page, PAINT_PLAIN);
    fputc('\n', page->out);
}

void page_text(const struct page *page, const char *text, unsigned width)
{
    g_autofree char *fitted = columns_fit(text, width);

    fputs(fitted, page->out);
}

void page_line(const struct page *page, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    page_text(page, text, page->width);
    fputc('\n', page->out);
}

/* ---- verdict ---- */

/* How much of the headline is left for the names of steps. */
#define NAMES_WIDTH 48u

static void put_verdict(const struct page *page)
{
    g_autofree char *sentence = diff_sentence(page->result, NAMES_WIDTH);

    page_paint(page, PAINT_BOLD);
    page_line(page, "%s", sentence);
    page_paint(page, PAINT_PLAIN);
}

static void put_counts(const struct page *page)
{
    g_autofree char *counts = diff_counts(page->result->counts);

    page_line(page, "Differences: %s", counts);
}

/* ---- who ---- */

static void put_file(const struct page *page, const char *side, const char *name, enum paint paint)
{
    page_paint(page, paint);
    page_line(page, "%s  %s", side, name);
    page_paint(page, PAINT_PLAIN);
}

static void put_who(const struct page *page, const char *label, const char *what,
                    const struct diff_who *who)
{
    page_line(page, "%s%s %" PRIu64 "  %s%s%s  got to %s", label, what, who->id,
              columns_plugin(who->plugin), who->opaque_id != NULL ? " " : "",
              who->opaque_id != NULL ? who->opaque_id : "", reach_name(who->reach));
}

/* The number by which the details call a handle. */
static void put_handles(const struct page *page, int session, const struct diff_session *pair)
{
    for (guint i = 0; i < pair->handles->len; i++) {
        const struct diff_handle *handle = g_ptr_array_index(pair->handles, i);
        g_autofree char *label = page_label(page, session, (int)i);

        page_line(page, "%s", label);
        put_who(page, "  A  ", "handle", &handle->a);
        put_who(page, "  B  ", "handle", &handle->b);
    }
}

static void put_pair(const struct page *page, int index)
{
    const struct diff_session *pair = g_ptr_array_index(page->result->sessions, index);

    fputc('\n', page->out);
    if (page->result->sessions->len > 1)
        page_line(page, "#%d", index + 1);
    put_who(page, "A  ", "session", &pair->a);
    put_who(page, "B  ", "session", &pair->b);
    if (page_is_plural(page) && pair->handles->len > 0)
        put_handles(page, index, pair);
}

/* The heaviest difference of each pair of sessions; DIFF_CLASSES where there is none. */
static enum diff_class *worst_of_each(const struct diff_result *result)
{
    enum diff_class *worst = g_new(enum diff_class, result->sessions->len + 1);

    for (guint i = 0; i < result->sessions->len; i++)
        worst[i] = DIFF_CLASSES;
    /* Heaviest first: what comes first for a pair is its worst. */
    for (guint i = result->differences->len; i-- > 0;) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        if (one->session >= 0)
            worst[one->session] = one->class;
    }
    return worst;
}

/* One pair is always shown; of many, those that differ. */
static void choose_pairs(struct page *page)
{
    const guint count = page->result->sessions->len;
    g_autofree enum diff_class *worst = worst_of_each(page->result);

    page->pairs = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < (int)count; i++) {
        page->alike += worst[i] >= DIFF_NOTE;
        if (count == 1 || (worst[i] < DIFF_NOTE && page->pairs->len < PAIRS_SHOWN))
            g_array_append_val(page->pairs, i);
    }
}

static void put_pairs(const struct page *page)
{
    const guint count = page->result->sessions->len;
    const guint different = count - page->alike;

    put_file(page, "A", page->shown->a.path, PAINT_A);
    put_file(page, "B", page->shown->b.path, PAINT_B);
    for (guint i = 0; i < page->pairs->len; i++)
        put_pair(page, g_array_index(page->pairs, int, i));
    if (count > 1) {
        fputc('\n', page->out);
        page_line(page, "%u pairs of sessions: %u alike, %u different%s", count, page->alike,
                  different, different > PAIRS_SHOWN ? ", the first of them above" : "");
    }
}

/* ---- milestones ---- */

static void put_moment(FILE *out, const struct moment *moment)
{
    if (moment->seen)
        fprintf(out, " %11.3f", page_seconds(moment->time_us));
    else
        fprintf(out, " %11s", "-");
}

static void put_milestone(const struct page *page, enum milestone milestone,
                          const struct diff_milestone *times)
{
    if (!times->a.seen && !times->b.seen)
        return;
    fprintf(page->out, "  %-16s", milestone_name(milestone));
    put_moment(page->out, &times->a);
    put_moment(page->out, &times->b);
    /* Of what is shown, so that the three figures agree. */
    const int64_t apart =
        columns_milliseconds(times->b.time_us) - columns_milliseconds(times->a.time_us);

    if (times->a.seen && times->b.seen)
        fprintf(page->out, " %+11.3f", (double)apart / 1000);
    fputc('\n', page->out);
}

/* Of the PeerConnection where the two part, or of the first. */
static const struct diff_epoch *epoch_in_question(const struct diff_result *result,
                                                  int *ret_session, int *ret_handle)
{
    const struct difference *first = result->first;
    const bool placed = first != NULL && first->session >= 0;

    *ret_session = placed ? first->session : 0;
    *ret_handle = placed ? MAX(first->handle, 0) : 0;
    if (result->sessions->len == 0)
        return NULL;
    const struct diff_session *session = g_ptr_array_index(result->sessions, *ret_session);

    if (*ret_handle >= (int)session->handles->len)
        return NULL;
    const struct diff_handle *handle = g_ptr_array_index(session->handles, *ret_handle);

    return g_ptr_array_index(handle->epochs, placed ? MAX(first->epoch, 0) : 0);
}

static void put_milestones(const struct page *page)
{
    int session, handle;
    const struct diff_epoch *epoch = epoch_in_question(page->result, &session, &handle);
    g_autofree char *label = page_label(page, session, handle);

    if (epoch == NULL)
        return;
    fputc('\n', page->out);
    page_paint(page, PAINT_BOLD);
    fprintf(page->out, "%-18s %11s %11s %11s", "Milestones (s)", "A", "B", "B - A");
    page_paint(page, PAINT_PLAIN);
    fprintf(page->out, "%s%s\n", label[0] != '\0' ? "  " : "", label);
    for (unsigned i = 0; i < MILESTONES; i++)
        put_milestone(page, (enum milestone)i, &epoch->milestones[i]);
}

static void put_limits(const struct page *page)
{
    const GPtrArray *limits = page->result->limits;

    if (limits->len == 0)
        return;
    fputc('\n', page->out);
    page_heading(page, "What this comparison could not see");
    for (guint i = 0; i < MIN(limits->len, LIMITS_SHOWN); i++)
        page_line(page, "  %s", ((struct diff_limit *)g_ptr_array_index(limits, i))->text);
    if (limits->len > LIMITS_SHOWN)
        page_line(page, "  … and %u more of this kind", limits->len - LIMITS_SHOWN);
}

static void put_ignored(const struct page *page)
{
    const unsigned ignored = page->result->ignored;

    fprintf(page->out, "\n%u field%s ignored by rules\n", ignored, ignored == 1 ? "" : "s");
}

static void page_begin(struct page *page, const struct diff_shown *shown,
                       const struct diff_text_options *options, FILE *out)
{
    *page = (struct page){.shown = shown, .result = shown->result, .options = options, .out = out};
    page->width = options->width > 0 ? options->width : DIFF_TEXT_WIDTH;
    choose_pairs(page);
}

static void page_end(struct page *page)
{
    g_array_unref(page->pairs);
}

void diff_text_print_brief(const struct diff_shown *shown, const struct diff_text_options *options,
                           FILE *out)
{
    struct page page;

    page_begin(&page, shown, options, out);
    put_verdict(&page);
    if (page.result->verdict != DIFF_IDENTICAL)
        put_counts(&page);
    if (page.result->limits->len > 0)
        page_line(&page, "Limits: %u, see evj diff without --brief", page.result->limits->len);
    page_end(&page);
}

static void put_differences(const struct page *page)
{
    page_first(page);
    if (page->options->side_by_side)
        page_timelines(page);
    put_milestones(page);
    page_details(page);
}

static void put_whole(const struct page *page)
{
    const bool differs = page->result->verdict != DIFF_IDENTICAL;

    put_verdict(page);
    if (differs)
        put_counts(page);
    if (differs || page->options->side_by_side) {
        fputc('\n', page->out);
        put_pairs(page);
    }
    if (differs)
        put_differences(page);
    else if (page->options->side_by_side)
        page_timelines(page);
    put_limits(page);
    put_ignored(page);
}

void diff_text_print(const struct diff_shown *shown, const struct diff_text_options *options,
                     FILE *out)
{
    struct page page;

    page_begin(&page, shown, options, out);
    put_whole(&page);
    page_end(&page);
}

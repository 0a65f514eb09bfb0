/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_output.h"

#include "tools/command.h"
#include "tools/diff_html.h"
#include "tools/diff_json.h"
#include "tools/diff_junit.h"
#include "tools/diff_text.h"
#include "tools/report.h"
#include "tools/result_file.h"

/* More than anybody wants to see at once. */
#define CONTEXT_MAX 100

static void print_text(const struct diff_shown *shown, FILE *out)
{
    diff_text_print(shown, &(struct diff_text_options){.colour = wants_colour(out)}, out);
}

static void print_brief(const struct diff_shown *shown, FILE *out)
{
    diff_text_print_brief(shown, &(struct diff_text_options){.colour = wants_colour(out)}, out);
}

/* Two timelines can do with a wide terminal. */
static void print_side_by_side(const struct diff_shown *shown, FILE *out)
{
    const struct diff_text_options options = {
        .colour = wants_colour(out),
        .side_by_side = true,
        .width = MAX(terminal_columns(out), DIFF_TEXT_WIDTH),
    };

    diff_text_print(shown, &options, out);
}

struct diff_format {
    const char *name;
    void (*print)(const struct diff_shown *shown, FILE *out);
    guint details_max; /* see struct diff_options; 0: all */
    bool keep_equal;
};

/* The first is that of who names none. */
static const struct diff_format formats[] = {
    {"text", print_text, 10, false},
    {"json", diff_json_print, 100, true},
    {"html", diff_html_print, 20, true},
    {"junit", diff_junit_print, 0, false},
};

/* What text is with one of its options. */
static const struct diff_format brief = {"text", print_brief, 1, false};
static const struct diff_format side_by_side = {"text", print_side_by_side, 10, true};

void diff_output_done(struct diff_output *output)
{
    g_free(output->format_name);
    g_free(output->path);
}

static const struct diff_format *find_format(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_str_equal(formats[i].name, name))
            return &formats[i];
    }
    return NULL;
}

/* One of text's own options, or none. -1, or EXIT_TROUBLE. */
static int choose_text(struct diff_output *output)
{
    if (!output->brief && !output->side_by_side)
        return -1;
    if (output->brief && output->side_by_side)
        return trouble("--brief and --side-by-side: which of the two?");
    if (output->format != &formats[0])
        return trouble("%s is for --format text", output->brief ? "--brief" : "--side-by-side");
    output->format = output->brief ? &brief : &side_by_side;
    return -1;
}

static int choose_format(struct diff_output *output)
{
    output->format = output->format_name != NULL ? find_format(output->format_name) : &formats[0];
    if (output->format == NULL)
        return trouble("--format: \"%s\" is none of text, html, json, junit", output->format_name);
    return choose_text(output);
}

int diff_output_understand(struct diff_output *output, struct diff_options *how)
{
    const int status = choose_format(output);

    if (status >= 0)
        return status;
    if (output->context < 0 || output->context > CONTEXT_MAX)
        return trouble("--context is 0 to %d steps, not %d", CONTEXT_MAX, output->context);
    how->details_max = output->format->details_max;
    how->keep_equal = output->format->keep_equal;
    how->context = (guint)output->context;
    return output->path != NULL ? result_file_check("--output", output->path) : -1;
}

struct showing {
    const struct diff_format *format;
    const struct diff_shown *shown;
};

static void print(FILE *out, const void *context)
{
    const struct showing *showing = context;

    showing->format->print(showing->shown, out);
}

int diff_output_show(const struct diff_output *output, const struct diff_shown *shown)
{
    const struct showing showing = {.format = output->format, .shown = shown};
    struct evj_error err = {0};

    if (output->path == NULL) {
        print(stdout, &showing);
        return -1;
    }
    if (result_file_write(output->path, print, &showing, &err) != 0)
        return trouble_from(&err, "--output");
    print_brief(shown, stdout);
    return -1;
}

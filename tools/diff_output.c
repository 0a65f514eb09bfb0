/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_output.h"

#include "tools/command.h"
#include "tools/diff_json.h"
#include "tools/diff_junit.h"
#include "tools/diff_text.h"
#include "tools/report.h"
#include "tools/result_file.h"

static void print_text(const struct diff_shown *shown, FILE *out)
{
    const struct diff_text_options options = {.colour = wants_colour(out)};

    diff_text_print(shown, &options, out);
}

static const struct diff_format {
    const char *name;
    void (*print)(const struct diff_shown *shown, FILE *out);
    guint details_max; /* see struct diff_options; 0: all */
    bool keep_equal;
} formats[] = {
    {"text", print_text, 10, false},
    {"json", diff_json_print, 100, true},
    {"junit", diff_junit_print, 0, false},
};

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

int diff_output_understand(struct diff_output *output, struct diff_options *how)
{
    output->format = find_format(output->format_name != NULL ? output->format_name : "text");
    if (output->format == NULL)
        return trouble("--format: \"%s\" is none of text, json, junit", output->format_name);
    how->details_max = output->format->details_max;
    how->keep_equal = output->format->keep_equal;
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
    diff_text_print_brief(shown, &(struct diff_text_options){.colour = wants_colour(stdout)},
                          stdout);
    return -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/report.h"

#include "tools/command.h"

#include <glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *command_name;

void report_set_command(const char *name)
{
    command_name = name;
}

/*
 * Characters that a terminal obeys instead of showing: C0, DEL, C1, and what turns the direction of
 * text or ends a line in Unicode's own way.
 */
static bool is_obeyed(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

size_t printable_char(const char *at, const char *end)
{
    gunichar c;

    if ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f)
        return 1;
    c = g_utf8_get_char_validated(at, end - at);
    if (c == (gunichar)-1 || c == (gunichar)-2 || is_obeyed(c))
        return 0;
    return (size_t)(g_utf8_next_char(at) - at);
}

void print_escaping(FILE *out, const char *text, size_t len, print_escape_function *escape)
{
    const char *end = text + len;

    while (text < end) {
        const char *run = text;
        size_t n;

        while (run < end && (n = printable_char(run, end)) > 0)
            run += n;
        fwrite(text, 1, (size_t)(run - text), out);
        text = run < end ? run + escape(out, run, end) : run;
    }
}

static size_t print_as_hex(FILE *out, const char *at, const char *end)
{
    (void)end;
    fprintf(out, "\\x%02X", (unsigned char)*at);
    return 1;
}

void print_safely(FILE *out, const char *text, size_t len)
{
    print_escaping(out, text, len, print_as_hex);
}

/* One line in one piece, so that lines of several processes do not mix. */
static void say(const char *text)
{
    flockfile(stderr);
    fputs("evj", stderr);
    if (command_name != NULL)
        fprintf(stderr, " %s", command_name);
    fputs(": ", stderr);
    print_safely(stderr, text, strlen(text));
    fputc('\n', stderr);
    fflush(stderr);
    funlockfile(stderr);
}

int trouble(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    say(text);
    return EXIT_TROUBLE;
}

int trouble_from(const struct evj_error *err, const char *what)
{
    if (what == NULL)
        return trouble("%s", err->text);
    return trouble("%s: %s", what, err->text);
}

void note(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    say(text);
}

bool wants_colour(FILE *out)
{
    const char *term = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");

    if (no_colour != NULL && *no_colour != '\0')
        return false;
    return term != NULL && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

unsigned terminal_columns(FILE *out)
{
    struct winsize size = {0};

    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

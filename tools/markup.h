/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_MARKUP_H
#define TOOLS_MARKUP_H

/*
 * Writing XML and HTML: elements, attributes, text. Texts may be strangers': they stay text wherever
 * they are put, and what XML cannot hold, or a reader would obey instead of showing, becomes U+FFFD.
 * Names of elements and attributes are ours.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct markup {
    FILE *out;
    bool in_tag; /* "<td class="x"", not closed yet */
};

/* "<td". Attributes may follow, until something else does. */
void markup_open(struct markup *markup, const char *element);

void markup_attribute(struct markup *markup, const char *name, const char *value);

/* The same with a value that is put together. */
void markup_format(struct markup *markup, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void markup_text(struct markup *markup, const char *text);

/* A new line, indented by so many levels. */
void markup_line(struct markup *markup, unsigned level);

/* "</td>" */
void markup_close(struct markup *markup, const char *element);

/* "/>": the element that was just opened has no content. Not for HTML's own elements, but those that never
 * have any. */
void markup_end(struct markup *markup);

#endif

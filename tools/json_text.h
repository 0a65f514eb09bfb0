/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_JSON_TEXT_H
#define TOOLS_JSON_TEXT_H

/*
 * Printing JSON text for people. The text stays what it is: numbers, the order of keys and escapes
 * are copied, never computed anew. Characters that a terminal would obey are written as \uXXXX,
 * which is the same JSON value.
 */

#include <stddef.h>
#include <stdio.h>

/* Print without a newline at the end. */
void json_text_print(FILE *out, const char *text, size_t len);

/* Print with line breaks, and two blanks for each level. */
void json_text_print_indented(FILE *out, const char *text, size_t len);

#endif

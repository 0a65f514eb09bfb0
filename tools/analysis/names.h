/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_NAMES_H
#define TOOLS_ANALYSIS_NAMES_H

/*
 * Names for ids: "room_1" is the first room that is asked for, "room_2" the next one. Equal ids get equal
 * names, so who refers to whom can still be seen, and two calls that went the same way say the same.
 */

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* The name of an id of a kind; a new one if it was not asked for before. Valid as long as `names`. */
const char *names_of(struct names *names, const char *kind, const char *id);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_JSON_INTERNAL_H
#define TOOLS_DIFF_JSON_INTERNAL_H

/*
 * What the files that make the object share: diff_json.c (the whole, differences, sessions),
 * diff_json_call.c (a PeerConnection), diff_json_lanes.c, diff_json_values.c. What is made is a new
 * reference.
 */

#include "tools/diff_shown.h"

#include <jansson.h>

/* Nobody reads more of one list; and what is written must end. */
#define DIFF_JSON_LIST_MAX 10000u

struct diff_json {
    const struct diff_shown *shown;
    GHashTable *numbers; /* of a struct difference: its index in "differences", plus 1 */
};

/* ---- diff_json_values.c ---- */

/* null for NULL. */
json_t *diff_json_text(const char *text);

/* As text where it is more than jansson holds: Janus draws no such ids. */
json_t *diff_json_number(uint64_t number);

/* A moment's seq and time; null when it was not seen. */
json_t *diff_json_seq(const struct moment *moment);
json_t *diff_json_us(const struct moment *moment);

/* A real; null when it is not told. */
json_t *diff_json_real(double value);

/* Of a difference, its index; null for NULL, and beyond the list's end. */
json_t *diff_json_index(const struct diff_json *json, const struct difference *difference);

/* Of an index of the result; null for -1. */
json_t *diff_json_place(int index);

/* Set object[name] to a list of what `make` makes of each; and, of a longer one, object[name_more] to the
 * number of the others. */
typedef json_t *diff_json_make(const struct diff_json *json, const void *item);
void diff_json_list(const struct diff_json *json, json_t *object, const char *name,
                    const GPtrArray *items, diff_json_make *make);

/* ---- makers of items ---- */

diff_json_make diff_json_change; /* struct change */
diff_json_make diff_json_string; /* char */
diff_json_make diff_json_lane;   /* struct diff_lane; diff_json_lanes.c */
diff_json_make diff_json_epoch;  /* struct diff_epoch; diff_json_call.c */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ATTRIBUTES_H
#define TOOLS_ANALYSIS_ATTRIBUTES_H

/*
 * What one step of a session says beyond its name: fields with a path, a value as text, and the
 * rule that decides what a difference in it means. Kept sorted by path.
 */

#include "tools/analysis/ids.h"
#include "tools/analysis/ignored.h"
#include "tools/analysis/rules.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

struct attribute {
    char *path;
    char *value;
    guint order; /* its place among those that were added */
    const struct rule *rule;
};

/* An empty list: GPtrArray of struct attribute. */
GPtrArray *attributes_new(void);

/* Add a field. `value` is copied. */
void attributes_add(GPtrArray *attributes, struct rules *rules, const char *path,
                    const char *value);

/* Add every leaf of a JSON value, `path` standing for the whole. */
void attributes_add_json(GPtrArray *attributes, struct rules *rules, const char *path,
                         const json_t *value);

/* Put in order; to be called once, after the last addition. */
void attributes_sort(GPtrArray *attributes);

/* The value at a path, or NULL. */
const char *attributes_get(const GPtrArray *attributes, const char *path);

/* A field that two matched steps disagree in. a or b is NULL where the field is absent. */
struct change {
    char *path, *a, *b;
    enum diff_class weight;
};

GPtrArray *changes_new(void);
void changes_add(GPtrArray *changes, const char *path, const char *a, const char *b,
                 enum diff_class weight);
/* The heaviest; DIFF_NOTE for none. */
enum diff_class changes_worst(const GPtrArray *changes);

/*
 * Compare two lists: what differs goes to `changes`, what differs but is ignored by a rule is
 * counted in `ignored` (may be NULL). When a field is missing, what lies below its path is not told
 * as well. Ids are tied in `ids`; with ids NULL they are passed by.
 */
void attributes_compare(const GPtrArray *a, const GPtrArray *b, struct ids *ids, GPtrArray *changes,
                        struct ignored *ignored);

#endif

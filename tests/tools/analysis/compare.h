/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_TOOLS_ANALYSIS_COMPARE_H
#define TESTS_TOOLS_ANALYSIS_COMPARE_H

/* Models and comparisons of event lists, for tests. */

#include "tests/support/event_list.h"
#include "tools/analysis/diff.h"

#include <glib.h>

/* A model with facts; to be freed with model_free(). */
struct model *model_of(const GPtrArray *events);
struct model *model_of_sample(const char *name);

/* To be freed with diff_free(). */
struct diff_result *compare_models(const struct model *a, const struct model *b,
                                   struct rules *rules);
struct diff_result *compare_events(const GPtrArray *a, const GPtrArray *b);
struct diff_result *compare_samples(const char *a, const char *b);

/* The same with what is equal, as a form asks for that shows both timelines. */
struct diff_result *compare_timelines_of(const GPtrArray *a, const GPtrArray *b);
struct diff_result *compare_timelines(const char *a, const char *b);

/* The difference of this class in this lane ("dtls", "media 0 audio"), or NULL. */
const struct difference *find_difference(const struct diff_result *result, enum diff_class class,
                                         const char *lane_name);

/* Everything the result says, a line for each difference, sorted; with `mirrored`, as if the sides
 * had been the other way round. To be freed with g_free(). */
char *describe_result(const struct diff_result *result, bool mirrored);

/* What an event says at "event.jsep.sdp", or NULL. Borrowed. */
json_t *value_at(const json_t *event, const char *path);

/* Index of the n-th (from 0) event whose body has this string at this path. Fails the test if none.
 */
guint find_event(const GPtrArray *events, const char *path, const char *value, unsigned n);

#endif

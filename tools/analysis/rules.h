/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_RULES_H
#define TOOLS_ANALYSIS_RULES_H

/*
 * One table says what each field of an event is worth when two sessions are compared. A path is the
 * event type's label and the members down to the value: "plugins.videoroom.data.streams[].codec";
 * what an SDP or a selected pair means has paths below "sdp" and "pair". Fields without a row are
 * compared: nothing unknown is hidden. Rows of a user's own come before the table's.
 */

#include "evj/error.h"
#include "tools/analysis/diff_class.h"

enum rule_class {
    RULE_IDENTITY,   /* says what happened: steps with other values are other steps */
    RULE_CORRELATED, /* an id: any value, but each of one side always with the same of the other */
    RULE_VOLATILE,   /* differs between any two runs: ignored, and counted */
    RULE_TOLERANT,   /* a number that may differ by `tolerance` */
    RULE_SEMANTIC,   /* compared by its meaning elsewhere: SDP, candidates, pairs, transports */
    RULE_COMPARED,   /* the value must be the same */
};

struct rule {
    const char *path; /* '*' stands for any run of characters; NULL: ids */
    enum rule_class class;
    enum diff_class weight; /* of a difference in this field */
    const char *ids;        /* RULE_CORRELATED: the name of the ids it is one of */
    double tolerance;       /* RULE_TOLERANT: the least absolute difference that counts */
};

struct rules;

struct rules *rules_new(void);
void rules_free(struct rules *rules);

/* The rule for a path, with "[]" for any array index. Never NULL; lives as long as `rules`. */
const struct rule *rules_find(struct rules *rules, const char *path);

/*
 * Add a row of a user's own, behind those that were added before. A text is "PATH=CLASS":
 *
 *     plugins.*.bitrate=volatile
 *     plugins.*.data.customer=correlated:customer     one of the ids that are called "customer"
 *     webrtc.retransmissions=tolerant:5               less than 5 apart is the same
 *     plugins.*.display=compared:note                 a difference is of this class
 *     plugins.sip.data.line=identity
 *
 * Returns 0, or EVJ_ERR_INVALID with a sentence.
 */
int rules_add(struct rules *rules, const char *text, struct evj_error *err);

/* One of these a line; a word that starts with "#" begins a comment. The same returns, with the
 * line's number; and EVJ_ERR_IO. */
int rules_add_file(struct rules *rules, const char *path, struct evj_error *err);

/* The n-th row, from 0, in the order in which they are tried. NULL behind the last. */
const struct rule *rules_row(const struct rules *rules, unsigned n);

/* "identity", "correlated id" … Static text. */
const char *rule_class_name(enum rule_class class);

#endif

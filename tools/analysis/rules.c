/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/rules.h"

#include "tools/analysis/rules_internal.h"

#include "evj/id_field.h"

#include <glib.h>
#include <stdbool.h>

#define IDENTITY(p)                                                   \
    {                                                                 \
        .path = (p), .class = RULE_IDENTITY, .weight = DIFF_STRUCTURE \
    }
#define VOLATILE(p)                                              \
    {                                                            \
        .path = (p), .class = RULE_VOLATILE, .weight = DIFF_NOTE \
    }
#define TOLERANT(p, by, w)                                                    \
    {                                                                         \
        .path = (p), .class = RULE_TOLERANT, .weight = (w), .tolerance = (by) \
    }
#define SEMANTIC(p)                                                     \
    {                                                                   \
        .path = (p), .class = RULE_SEMANTIC, .weight = DIFF_NEGOTIATION \
    }
#define COMPARED(p, w)                                     \
    {                                                      \
        .path = (p), .class = RULE_COMPARED, .weight = (w) \
    }

/* The first row that fits a path decides. Which fields are ids is not here: evj/id_field.h. */
static const struct rule table[] = {
    IDENTITY("sessions.name"),
    SEMANTIC("sessions.transport.*"),

    IDENTITY("handles.name"),
    VOLATILE("handles.token"),

    IDENTITY("jsep.owner"),
    IDENTITY("jsep.jsep.type"),
    SEMANTIC("jsep.jsep.sdp"),

    /* What an SDP says (sdp.c). */
    VOLATILE("sdp.v"),
    VOLATILE("sdp.o"),
    VOLATILE("sdp.s"),
    VOLATILE("sdp.t"),
    VOLATILE("sdp*.c"),
    VOLATILE("sdp*.port"),
    VOLATILE("sdp*.rtcp"),
    VOLATILE("sdp*.ice-ufrag"),
    VOLATILE("sdp*.ice-pwd"),
    VOLATILE("sdp*.fingerprint"),
    VOLATILE("sdp*.tls-id"),
    VOLATILE("sdp*.crypto-key"),
    VOLATILE("sdp*.ssrc"),
    VOLATILE("sdp*.ssrc-group"),
    VOLATILE("sdp*.msid"),
    VOLATILE("sdp*.msid-semantic"),
    VOLATILE("sdp*.end-of-candidates"),
    SEMANTIC("sdp*.candidate"),
    COMPARED("sdp*.codec-order", DIFF_NOTE), /* the caller's taste, as long as none is missing */
    COMPARED("sdp.section-order", DIFF_NOTE),
    COMPARED("sdp.*", DIFF_NEGOTIATION),

    IDENTITY("webrtc.ice"),
    IDENTITY("webrtc.dtls"),
    IDENTITY("webrtc.connection"),
    COMPARED("webrtc.reason", DIFF_OUTCOME),
    TOLERANT("webrtc.retransmissions", 2, DIFF_QUALITY),
    VOLATILE("webrtc.stream_id"),
    VOLATILE("webrtc.component_id"),
    SEMANTIC("webrtc.local-candidate"),
    SEMANTIC("webrtc.remote-candidate"),
    SEMANTIC("webrtc.selected-pair"),
    SEMANTIC("webrtc.candidates.*"),

    /* What a selected pair says (candidates.c). */
    COMPARED("pair.*", DIFF_NEGOTIATION),

    IDENTITY("media.media"),
    IDENTITY("media.mid"),
    IDENTITY("media.substream"),
    IDENTITY("media.receiving"),
    VOLATILE("media.seconds"),

    IDENTITY("plugins.plugin"),
    IDENTITY("plugins.*.data.event"),
    IDENTITY("plugins.*.data.status"),
    IDENTITY("plugins.*.data.videoroom"),
    IDENTITY("plugins.*.data.audiobridge"),
    IDENTITY("plugins.*.data.textroom"),
    VOLATILE("plugins.*.token"),
    VOLATILE("plugins.*.ssrc"),
    VOLATILE("plugins.*.data.host"),
    VOLATILE("plugins.*.data.port"),
    VOLATILE("plugins.*.record_file"),
    VOLATILE("plugins.*.recording.*"),
    VOLATILE("plugins.*.file_id"),
    VOLATILE("plugins.*.audio-level-dBov-avg"),
    VOLATILE("plugins.sip.data.sip"), /* a whole SIP message: tags, branches, times … */
    IDENTITY("sip.start"),            /* … but for its method or status (lanes_meaning.c) */
    SEMANTIC("plugins.*.data.sdp"),
    COMPARED("plugins.*.display", DIFF_IDENTITY),
    COMPARED("plugins.*.feed_display", DIFF_IDENTITY),
    COMPARED("plugins.*.metadata*", DIFF_IDENTITY),
    COMPARED("plugins.*.feed_metadata*", DIFF_IDENTITY),
    COMPARED("plugins.*.username", DIFF_IDENTITY),
    COMPARED("plugins.*.displayname", DIFF_IDENTITY),
    COMPARED("plugins.sip.data.identity", DIFF_IDENTITY),
    COMPARED("plugins.sip.data.callee", DIFF_IDENTITY),
    COMPARED("plugins.sip.data.referred_by", DIFF_IDENTITY),

    IDENTITY("transports.data.event"),
    SEMANTIC("transports.transport"),
    VOLATILE("transports.data.ip"),
    VOLATILE("transports.data.port"),
    VOLATILE("transports.data.fd"),
    COMPARED("transports.*", DIFF_NOTE),

    COMPARED("*", DIFF_STRUCTURE),
};

struct rules {
    GPtrArray *rows;   /* struct rule, in the order in which they are tried */
    GPtrArray *made;   /* struct rule of them that are not of the table */
    guint own;         /* how many are the user's: the first ones */
    GHashTable *found; /* path → the row that decides: the same paths come again and again */
};

static const char *const class_names[] = {
    [RULE_IDENTITY] = "identity", [RULE_CORRELATED] = "correlated id",
    [RULE_VOLATILE] = "volatile", [RULE_TOLERANT] = "tolerant number",
    [RULE_SEMANTIC] = "semantic", [RULE_COMPARED] = "compared",
};

const char *rule_class_name(enum rule_class class)
{
    return class <= RULE_COMPARED ? class_names[class] : "unknown";
}

static void made_free(gpointer pointer)
{
    struct rule *rule = pointer;

    g_free((char *)rule->path);
    g_free((char *)rule->ids);
    g_free(rule);
}

static void add_table(struct rules *rules, bool semantic)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if ((table[i].class == RULE_SEMANTIC) == semantic)
            g_ptr_array_add(rules->rows, (gpointer)&table[i]);
    }
}

/* Which fields are ids is told by a table that a replay with other ids goes by as well. */
static void add_ids(struct rules *rules)
{
    const char *above, *key;
    enum evj_id_kind kind;

    for (unsigned n = 0; (kind = evj_id_field_row(n, &above, &key)) != EVJ_ID_NONE; n++) {
        /* Those of the envelope are who sessions and handles are. */
        if (above[0] == '\0')
            continue;
        struct rule *rule = g_new0(struct rule, 1);

        rule->path = g_strdup_printf("%s.%s", above, key);
        rule->class = RULE_CORRELATED;
        rule->weight = DIFF_IDENTITY;
        rule->ids = g_strdup(evj_id_kind_name(kind));
        g_ptr_array_add(rules->made, rule);
        g_ptr_array_add(rules->rows, rule);
    }
}

struct rules *rules_new(void)
{
    struct rules *rules = g_new0(struct rules, 1);

    rules->rows = g_ptr_array_new();
    rules->made = g_ptr_array_new_with_free_func(made_free);
    rules->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    /* What is compared by its meaning is so as an id, too: how a session was connected. */
    add_table(rules, true);
    add_ids(rules);
    add_table(rules, false);
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    g_hash_table_unref(rules->found);
    g_ptr_array_unref(rules->rows);
    g_ptr_array_unref(rules->made);
    g_free(rules);
}

const struct rule *rules_row(const struct rules *rules, unsigned n)
{
    return n < rules->rows->len ? g_ptr_array_index(rules->rows, n) : NULL;
}

void rules_take(struct rules *rules, struct rule *rule)
{
    g_ptr_array_add(rules->made, rule);
    g_ptr_array_insert(rules->rows, (gint)rules->own++, rule);
    g_hash_table_remove_all(rules->found);
}

static const struct rule *search(const struct rules *rules, const char *path)
{
    unsigned n = 0;

    /* The last row fits everything. */
    while (!g_pattern_match_simple(rules_row(rules, n)->path, path))
        n++;
    return rules_row(rules, n);
}

/* A journal may be made of nothing but new paths: beyond this they are looked up each time. */
#define PATHS_REMEMBERED 4096u

const struct rule *rules_find(struct rules *rules, const char *path)
{
    const struct rule *rule = g_hash_table_lookup(rules->found, path);

    if (rule != NULL)
        return rule;
    rule = search(rules, path);
    if (g_hash_table_size(rules->found) < PATHS_REMEMBERED)
        g_hash_table_insert(rules->found, g_strdup(path), (gpointer)rule);
    return rule;
}

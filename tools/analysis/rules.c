/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/rules.h"

#include "evj/id_field.h"

#include <glib.h>

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
    VOLATILE("plugins.sip.data.sip"), /* a whole SIP message: tags, branches, times */
    SEMANTIC("plugins.*.data.sdp"),
    COMPARED("plugins.*.display", DIFF_IDENTITY),
    COMPARED("plugins.*.feed_display", DIFF_IDENTITY),
    COMPARED("plugins.*.metadata*", DIFF_IDENTITY),
    COMPARED("plugins.*.feed_metadata*", DIFF_IDENTITY),
    COMPARED("plugins.*.username", DIFF_IDENTITY),
    COMPARED("plugins.*.displayname", DIFF_IDENTITY),

    IDENTITY("transports.data.event"),
    SEMANTIC("transports.transport"),
    VOLATILE("transports.data.ip"),
    VOLATILE("transports.data.port"),
    VOLATILE("transports.data.fd"),
    COMPARED("transports.*", DIFF_NOTE),

    COMPARED("*", DIFF_STRUCTURE),
};

struct rules {
    GHashTable *found; /* path → the row that decides: the same paths come again and again */
    struct rule of_ids[EVJ_ID_KINDS];
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

struct rules *rules_new(void)
{
    struct rules *rules = g_new0(struct rules, 1);

    rules->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int kind = 0; kind < EVJ_ID_KINDS; kind++)
        rules->of_ids[kind] = (struct rule){.class = RULE_CORRELATED,
                                            .weight = DIFF_IDENTITY,
                                            .ids = evj_id_kind_name((enum evj_id_kind)kind)};
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    g_hash_table_unref(rules->found);
    g_free(rules);
}

static const struct rule *search(const struct rules *rules, const char *path)
{
    const enum evj_id_kind kind = evj_id_kind_of(path);
    size_t row = 0;

    /* The last row fits everything. */
    while (!g_pattern_match_simple(table[row].path, path))
        row++;
    /* What is compared by its meaning is so as an id, too: how a session was connected. */
    if (kind != EVJ_ID_NONE && table[row].class != RULE_SEMANTIC)
        return &rules->of_ids[kind];
    return &table[row];
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

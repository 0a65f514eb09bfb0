/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/candidates.h"

#include <stdio.h>
#include <string.h>

struct candidates *candidates_new(void)
{
    struct candidates *candidates = g_new0(struct candidates, 1);

    candidates->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    candidates->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return candidates;
}

void candidates_free(struct candidates *candidates)
{
    if (candidates == NULL)
        return;
    g_hash_table_unref(candidates->seen);
    g_hash_table_unref(candidates->counts);
    g_free(candidates);
}

static const char *family_of(const char *address)
{
    if (g_str_has_suffix(address, ".local"))
        return "mDNS";
    return strchr(address, ':') != NULL ? "IPv6" : "IPv4";
}

/* The word behind `name`, or "". */
static const char *word_after(GStrv words, const char *name)
{
    for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i++) {
        if (g_str_equal(words[i], name))
            return words[i + 1];
    }
    return "";
}

static void count(struct candidates *candidates, const char *kind)
{
    const guint before = GPOINTER_TO_UINT(g_hash_table_lookup(candidates->counts, kind));

    g_hash_table_replace(candidates->counts, g_strdup(kind), GUINT_TO_POINTER(before + 1));
}

void candidates_add(struct candidates *candidates, const char *side, const char *text)
{
    enum { FOUNDATION, COMPONENT, PROTOCOL, PRIORITY, ADDRESS, PORT, WORDS };

    if (g_str_has_prefix(text, "candidate:"))
        text += strlen("candidate:");
    g_autofree char *trimmed = g_strchomp(g_strdup(text));
    g_auto(GStrv) words = g_strsplit(trimmed, " ", 0);

    if (g_strv_length(words) < WORDS)
        return;
    g_autofree char *protocol = g_ascii_strdown(words[PROTOCOL], -1);
    const char *tcp_type = word_after(words, "tcptype");
    g_autofree char *kind =
        g_strdup_printf("%s %s %s%s%s %s", side, word_after(words, "typ"), protocol,
                        tcp_type[0] != '\0' ? "/" : "", tcp_type, family_of(words[ADDRESS]));
    g_autofree char *one = g_strdup_printf("%s %s %s", kind, words[ADDRESS], words[PORT]);

    /* The same candidate comes as an event and in the SDP, there once for each medium. */
    if (g_hash_table_add(candidates->seen, g_steal_pointer(&one)))
        count(candidates, kind);
}

static void compare_kind(const char *kind, guint a, guint b, GPtrArray *changes)
{
    const bool vanished = (a == 0) != (b == 0) && strstr(kind, " prflx ") == NULL;
    g_autofree char *path = g_strconcat("candidates.", kind, NULL);
    g_autofree char *a_text = g_strdup_printf("%u", a);
    g_autofree char *b_text = g_strdup_printf("%u", b);

    if (a != b)
        changes_add(changes, path, a_text, b_text, vanished ? DIFF_NEGOTIATION : DIFF_NOTE);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void collect_kinds(const struct candidates *candidates, GPtrArray *kinds)
{
    GHashTableIter iter;
    gpointer kind;

    g_hash_table_iter_init(&iter, candidates->counts);
    while (g_hash_table_iter_next(&iter, &kind, NULL)) {
        if (!g_ptr_array_find_with_equal_func(kinds, kind, g_str_equal, NULL))
            g_ptr_array_add(kinds, kind);
    }
}

GPtrArray *candidates_kinds(const struct candidates *a, const struct candidates *b)
{
    GPtrArray *kinds = g_ptr_array_new();

    collect_kinds(a, kinds);
    collect_kinds(b, kinds);
    g_ptr_array_sort(kinds, by_text);
    return kinds;
}

unsigned candidates_of_kind(const struct candidates *candidates, const char *kind)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(candidates->counts, kind));
}

void candidates_compare(const struct candidates *a, const struct candidates *b, GPtrArray *changes)
{
    g_autoptr(GPtrArray) kinds = candidates_kinds(a, b);

    for (guint i = 0; i < kinds->len; i++) {
        const char *kind = g_ptr_array_index(kinds, i);

        compare_kind(kind, candidates_of_kind(a, kind), candidates_of_kind(b, kind), changes);
    }
}

struct pair {
    char local[16], remote[16], transport[16], remote_transport[16];
    const char *family;
};

static bool parse_pair(const char *text, struct pair *ret_pair)
{
    char local_address[128], remote_address[128];

    if (sscanf(text, "%127s [%15[^],],%15[^]]] <-> %127s [%15[^],],%15[^]]]", local_address,
               ret_pair->local, ret_pair->transport, remote_address, ret_pair->remote,
               ret_pair->remote_transport) != 6)
        return false;
    char *port = strrchr(local_address, ':');

    if (port != NULL)
        *port = '\0';
    ret_pair->family = family_of(local_address);
    return true;
}

void pair_describe(const char *text, GPtrArray *attributes, struct rules *rules)
{
    struct pair pair;

    if (!parse_pair(text, &pair)) {
        attributes_add(attributes, rules, "pair.text", text);
        return;
    }
    attributes_add(attributes, rules, "pair.local", pair.local);
    attributes_add(attributes, rules, "pair.remote", pair.remote);
    attributes_add(attributes, rules, "pair.transport", pair.transport);
    attributes_add(attributes, rules, "pair.family", pair.family);
}

char *pair_summary(const char *text)
{
    struct pair pair;

    if (!parse_pair(text, &pair))
        return NULL;
    return g_strdup_printf("%s-%s %s", pair.local, pair.remote, pair.transport);
}

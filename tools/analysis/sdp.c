/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/sdp.h"

#include "tools/analysis/sdp_codec.h"

#include <stdbool.h>
#include <string.h>

/* What is gathered while the lines of one media section (or of the head) pass by. */
struct section {
    GString *prefix; /* "sdp", then "sdp.mid:0" */
    char *kind;      /* NULL in the head */
    char *port, *proto;
    guint index;
    GPtrArray *attributes; /* char *: its a= lines, borrowed */
    GPtrArray *lines;      /* char *: all others, borrowed */
    struct codecs *codecs;
};

struct description {
    sdp_says *says;
    void *context;
    GString *sections; /* their names, in order */
};

/* These are told by codecs, or by the section's name. */
static const char *const told_elsewhere[] = {"rtpmap", "fmtp", "rtcp-fb", "mid"};

static const char *const directions[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (g_str_equal(name, names[i]))
            return true;
    }
    return false;
}

#define IS_AMONG(name, names) is_among((name), (names), G_N_ELEMENTS(names))

static void say(const struct description *to, const struct section *section, const char *name,
                const char *value)
{
    g_autofree char *path = g_strconcat(section->prefix->str, ".", name, NULL);

    to->says(path, value, to->context);
}

/* "extmap:4/sendonly uri attributes": the number is arbitrary, the direction is not. */
static void say_extension(const struct description *to, const struct section *section,
                          const char *value)
{
    const char *uri = strchr(value, ' ');
    const char *slash = strchr(value, '/');

    if (uri == NULL)
        return;
    g_autofree char *direction = slash != NULL && slash < uri
                                     ? g_strndup(slash + 1, (gsize)(uri - slash - 1))
                                     : g_strdup("");
    g_autofree char *name = g_strconcat("extmap.", uri + 1, NULL);

    say(to, section, name, direction);
}

static void say_group(const struct description *to, const struct section *section,
                      const char *value)
{
    const char *members = strchr(value, ' ');
    g_autofree char *kind =
        members != NULL ? g_strndup(value, (gsize)(members - value)) : g_strdup(value);
    g_autofree char *name = g_strconcat("group.", kind, NULL);

    say(to, section, name, members != NULL ? members + 1 : "");
}

/* "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…": the suite means something, the key does not. */
static void say_crypto(const struct description *to, const struct section *section,
                       const char *value)
{
    g_auto(GStrv) words = g_strsplit(value, " ", 3);
    const guint count = g_strv_length(words);

    say(to, section, "crypto", count > 1 ? words[1] : value);
    if (count > 2)
        say(to, section, "crypto-key", words[2]);
}

static void say_attribute(const struct description *to, const struct section *section,
                          const char *line)
{
    const char *colon = strchr(line, ':');
    const char *value = colon != NULL ? colon + 1 : "";
    g_autofree char *name = colon != NULL ? g_strndup(line, (gsize)(colon - line)) : g_strdup(line);

    if (IS_AMONG(name, told_elsewhere))
        return;
    if (IS_AMONG(name, directions))
        say(to, section, "direction", name);
    else if (g_str_equal(name, "extmap"))
        say_extension(to, section, value);
    else if (g_str_equal(name, "crypto"))
        say_crypto(to, section, value);
    else if (g_str_equal(name, "group"))
        say_group(to, section, value);
    else
        say(to, section, name, value);
}

/* "b=AS:300" */
static void say_line(const struct description *to, const struct section *section, const char *line)
{
    const char name[] = {line[0], '\0'};

    say(to, section, name, line + 2);
}

/* The value of the first attribute of this name, "" for one without value, NULL for none. */
static const char *value_of(const struct section *section, const char *name)
{
    const size_t len = strlen(name);

    for (guint i = 0; i < section->attributes->len; i++) {
        const char *line = g_ptr_array_index(section->attributes, i);

        if (strncmp(line, name, len) == 0 && (line[len] == ':' || line[len] == '\0'))
            return line + len + (line[len] == ':');
    }
    return NULL;
}

/* A path ends at its next dot. */
static void append_mid(GString *prefix, const char *mid)
{
    g_string_append(prefix, ".mid:");
    for (; *mid != '\0'; mid++) {
        if (*mid == '.')
            g_string_append(prefix, "%2E");
        else
            g_string_append_c(prefix, *mid);
    }
}

/* A medium goes by its mid; without one, by its place. */
static void name_section(struct section *section)
{
    const char *mid = value_of(section, "mid");

    if (section->kind == NULL)
        return;
    if (mid != NULL)
        append_mid(section->prefix, mid);
    else
        g_string_append_printf(section->prefix, ".#%u", section->index);
}

struct telling {
    const struct description *to;
    const struct section *section;
};

static void say_codec(const char *name, const char *value, void *context)
{
    const struct telling *telling = context;

    say(telling->to, telling->section, name, value);
}

static void tell_section(const struct description *to, struct section *section)
{
    name_section(section);
    if (section->kind != NULL) {
        to->says(section->prefix->str, section->kind, to->context);
        g_string_append_printf(to->sections, "%s%s", to->sections->len > 0 ? " " : "",
                               section->prefix->str + strlen("sdp."));
        say(to, section, "proto", section->proto);
        say(to, section, "port", section->port);
        if (g_str_equal(section->port, "0") && value_of(section, "bundle-only") == NULL)
            say(to, section, "rejected", "yes");
    }
    for (guint i = 0; i < section->attributes->len; i++)
        say_attribute(to, section, g_ptr_array_index(section->attributes, i));
    for (guint i = 0; i < section->lines->len; i++)
        say_line(to, section, g_ptr_array_index(section->lines, i));
    codecs_describe(section->codecs, say_codec, &(struct telling){.to = to, .section = section});
}

static struct section *section_new(guint index)
{
    struct section *section = g_new0(struct section, 1);

    section->prefix = g_string_new("sdp");
    section->index = index;
    section->attributes = g_ptr_array_new();
    section->lines = g_ptr_array_new();
    section->codecs = codecs_new();
    return section;
}

static void section_free(struct section *section)
{
    g_string_free(section->prefix, TRUE);
    g_free(section->kind);
    g_free(section->port);
    g_free(section->proto);
    g_ptr_array_unref(section->attributes);
    g_ptr_array_unref(section->lines);
    codecs_free(section->codecs);
    g_free(section);
}

/* "m=audio 9 UDP/TLS/RTP/SAVPF 111 63" */
static void start_section(struct section *section, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 0);
    const guint count = g_strv_length(words);

    section->kind = g_strdup(count > 0 ? words[0] : "");
    section->port = g_strdup(count > 1 ? words[1] : "");
    section->proto = g_strdup(count > 2 ? words[2] : "");
    for (guint i = 3; i < count; i++)
        codecs_add(section->codecs, words[i]);
}

static GStrv lines_of(const char *sdp)
{
    GStrv lines = g_strsplit(sdp, "\n", 0);

    for (guint i = 0; lines[i] != NULL; i++)
        g_strchomp(lines[i]);
    return lines;
}

void sdp_describe(const char *sdp, sdp_says *says, void *context)
{
    g_auto(GStrv) lines = lines_of(sdp);
    g_autoptr(GString) sections = g_string_new(NULL);
    const struct description to = {.says = says, .context = context, .sections = sections};
    struct section *section = section_new(0);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];

        if (g_str_has_prefix(line, "m=")) {
            const guint index = section->kind != NULL ? section->index + 1 : 0;

            tell_section(&to, section);
            section_free(section);
            section = section_new(index);
            start_section(section, line + 2);
        } else if (g_str_has_prefix(line, "a=")) {
            g_ptr_array_add(section->attributes, (gpointer)(line + 2));
            codecs_take_attribute(section->codecs, line + 2);
        } else if (line[0] != '\0' && line[1] == '=') {
            g_ptr_array_add(section->lines, (gpointer)line);
        }
    }
    tell_section(&to, section);
    section_free(section);
    if (strchr(sections->str, ' ') != NULL)
        says("sdp.section-order", sections->str, context);
}

char *sdp_ufrag(const char *sdp)
{
    static const char name[] = "a=ice-ufrag:";
    const char *found = strstr(sdp, name);

    if (found == NULL)
        return NULL;
    found += strlen(name);
    return g_strndup(found, strcspn(found, "\r\n"));
}

void sdp_candidates(const char *sdp, sdp_candidate *found, void *context)
{
    g_auto(GStrv) lines = lines_of(sdp);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], "a=candidate:"))
            found(lines[i] + strlen("a=candidate:"), context);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/sdp_codec.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct codec {
    char *format;        /* as in the m= line */
    char *encoding;      /* "VP8/90000"; NULL without rtpmap */
    GPtrArray *settings; /* char *: of fmtp, "profile-id=0" */
    GPtrArray *feedback; /* char *: of rtcp-fb, "nack pli" */
};

struct codecs {
    GPtrArray *list;     /* struct codec, in the order of preference */
    GPtrArray *feedback; /* of "rtcp-fb:*" */
};

/* Payload types that need no rtpmap (RFC 3551). */
static const struct {
    const char *format, *encoding;
} well_known[] = {
    {"0", "PCMU/8000"}, {"3", "GSM/8000"}, {"8", "PCMA/8000"},
    {"9", "G722/8000"}, {"13", "CN/8000"}, {"18", "G729/8000"},
};

/* With another value of these it is another codec, not the same with another setting. */
static const char *const distinguishing[] = {"packetization-mode", "profile-level-id", "profile-id",
                                             "profile", "apt"};

static void codec_free(gpointer pointer)
{
    struct codec *codec = pointer;

    g_free(codec->format);
    g_free(codec->encoding);
    g_ptr_array_unref(codec->settings);
    g_ptr_array_unref(codec->feedback);
    g_free(codec);
}

struct codecs *codecs_new(void)
{
    struct codecs *codecs = g_new0(struct codecs, 1);

    codecs->list = g_ptr_array_new_with_free_func(codec_free);
    codecs->feedback = g_ptr_array_new_with_free_func(g_free);
    return codecs;
}

void codecs_free(struct codecs *codecs)
{
    if (codecs == NULL)
        return;
    g_ptr_array_unref(codecs->list);
    g_ptr_array_unref(codecs->feedback);
    g_free(codecs);
}

static struct codec *find(const struct codecs *codecs, const char *format, size_t len)
{
    for (guint i = 0; i < codecs->list->len; i++) {
        struct codec *codec = g_ptr_array_index(codecs->list, i);

        if (strlen(codec->format) == len && strncmp(codec->format, format, len) == 0)
            return codec;
    }
    return NULL;
}

void codecs_add(struct codecs *codecs, const char *format)
{
    if (format[0] == '\0' || find(codecs, format, strlen(format)) != NULL)
        return;
    struct codec *codec = g_new0(struct codec, 1);

    codec->format = g_strdup(format);
    codec->settings = g_ptr_array_new_with_free_func(g_free);
    codec->feedback = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(well_known); i++) {
        if (g_str_equal(format, well_known[i].format))
            codec->encoding = g_strdup(well_known[i].encoding);
    }
    g_ptr_array_add(codecs->list, codec);
}

static void take_rtpmap(struct codec *codec, const char *value)
{
    g_free(codec->encoding);
    codec->encoding = g_strdup(value);
}

static void take_fmtp(struct codec *codec, const char *value)
{
    g_auto(GStrv) settings = g_strsplit(value, ";", 0);

    for (guint i = 0; settings[i] != NULL; i++) {
        const char *setting = g_strstrip(settings[i]);

        if (setting[0] != '\0')
            g_ptr_array_add(codec->settings, g_strdup(setting));
    }
}

static void take_feedback(struct codec *codec, const char *value)
{
    g_ptr_array_add(codec->feedback, g_strdup(value));
}

static const struct {
    const char *name;
    void (*take)(struct codec *codec, const char *value);
} takers[] = {{"rtpmap:", take_rtpmap}, {"fmtp:", take_fmtp}, {"rtcp-fb:", take_feedback}};

void codecs_take_attribute(struct codecs *codecs, const char *attribute)
{
    if (g_str_has_prefix(attribute, "rtcp-fb:* ")) {
        g_ptr_array_add(codecs->feedback, g_strdup(attribute + strlen("rtcp-fb:* ")));
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(takers); i++) {
        if (!g_str_has_prefix(attribute, takers[i].name))
            continue;
        const char *format = attribute + strlen(takers[i].name);
        const char *value = strchr(format, ' ');
        struct codec *codec = value != NULL ? find(codecs, format, (size_t)(value - format)) : NULL;

        if (codec != NULL)
            takers[i].take(codec, value + 1);
    }
}

static const char *encoding_of(const struct codec *codec)
{
    return codec->encoding != NULL ? codec->encoding : codec->format;
}

/* Append what a payload type stands for; any other text as it is. */
static void append_named(const struct codecs *codecs, GString *to, const char *format, size_t len)
{
    const struct codec *codec = find(codecs, format, len);

    if (codec != NULL)
        g_string_append(to, encoding_of(codec));
    else
        g_string_append_len(to, format, (gssize)len);
}

/* "apt=96" → "apt=VP8/90000"; red's "111/111" → "opus/48000/2+opus/48000/2". */
static char *rename_setting(const struct codecs *codecs, const char *setting)
{
    GString *renamed = g_string_new(NULL);

    if (g_str_has_prefix(setting, "apt=")) {
        g_string_append(renamed, "apt=");
        append_named(codecs, renamed, setting + 4, strlen(setting + 4));
    } else if (setting[strspn(setting, "0123456789/")] == '\0') {
        g_auto(GStrv) formats = g_strsplit(setting, "/", 0);

        for (guint i = 0; formats[i] != NULL; i++) {
            g_string_append(renamed, i > 0 ? "+" : "");
            append_named(codecs, renamed, formats[i], strlen(formats[i]));
        }
    } else {
        g_string_append(renamed, setting);
    }
    return g_string_free(renamed, FALSE);
}

static bool is_distinguishing(const char *setting)
{
    const size_t len = strcspn(setting, "=");

    for (size_t i = 0; i < G_N_ELEMENTS(distinguishing); i++) {
        if (strlen(distinguishing[i]) == len && strncmp(setting, distinguishing[i], len) == 0)
            return true;
    }
    return false;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted and joined: the order of parameters means nothing. */
static char *join_sorted(GPtrArray *texts, const char *separator)
{
    GString *joined = g_string_new(NULL);

    g_ptr_array_sort(texts, by_text);
    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(joined, "%s%s", i > 0 ? separator : "",
                               (const char *)g_ptr_array_index(texts, i));
    return g_string_free(joined, FALSE);
}

/* The settings that make it this codec (`distinct`), or all others. */
static char *settings_of(const struct codecs *codecs, const struct codec *codec, bool distinct)
{
    g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < codec->settings->len; i++) {
        const char *setting = g_ptr_array_index(codec->settings, i);

        if (is_distinguishing(setting) == distinct)
            g_ptr_array_add(chosen, rename_setting(codecs, setting));
    }
    return join_sorted(chosen, ";");
}

static char *name_of(const struct codecs *codecs, const struct codec *codec)
{
    g_autofree char *settings = settings_of(codecs, codec, true);

    return settings[0] != '\0' ? g_strdup_printf("%s(%s)", encoding_of(codec), settings)
                               : g_strdup(encoding_of(codec));
}

static void describe_codec(const struct codecs *codecs, const struct codec *codec, const char *name,
                           codecs_say *say, void *context)
{
    g_autofree char *path = g_strconcat("codec.", name, NULL);
    g_autofree char *feedback_path = g_strconcat(path, ".rtcp-fb", NULL);
    g_autofree char *settings = settings_of(codecs, codec, false);
    g_autofree char *feedback = join_sorted(codec->feedback, ", ");

    say(path, settings, context);
    if (feedback[0] != '\0')
        say(feedback_path, feedback, context);
}

void codecs_describe(struct codecs *codecs, codecs_say *say, void *context)
{
    g_autoptr(GString) order = g_string_new(NULL);

    for (guint i = 0; i < codecs->list->len; i++) {
        const struct codec *codec = g_ptr_array_index(codecs->list, i);
        g_autofree char *name = name_of(codecs, codec);

        describe_codec(codecs, codec, name, say, context);
        g_string_append_printf(order, "%s%s", i > 0 ? " " : "", name);
    }
    if (codecs->list->len > 1)
        say("codec-order", order->str, context);
    if (codecs->feedback->len > 0) {
        g_autofree char *feedback = join_sorted(codecs->feedback, ", ");

        say("rtcp-fb", feedback, context);
    }
}

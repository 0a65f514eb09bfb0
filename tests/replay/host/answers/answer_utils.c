/* SPDX-License-Identifier: GPL-3.0-or-later */

/* utils.h, events.h, apierror.h: text, numbers, JSON, event types. */

#include "tests/replay/host/answers/answers.h"

#include <janus/apierror.h>
#include <janus/utils.h>

#include <inttypes.h>
#include <string.h>
#include <sys/types.h>

/* Not in an installed header, yet all bundled handlers use them. */
void janus_events_edit_events_mask(const char *list, janus_flags *target);
const char *janus_events_type_to_label(int type);
const char *janus_events_type_to_name(int type);

static void answer_numbers(void)
{
    static const char *texts[] = {
        "0",  "12", "255", "256",  "65535", "65536", "4294967295",           "4294967296", "-1", "",
        " 7", "7 ", "+7",  "0x10", "7a",    "a",     "99999999999999999999", "-",          "007"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        uint8_t n8 = 111;
        uint16_t n16 = 111;
        uint32_t n32 = 111;
        int r8 = janus_string_to_uint8(texts[i], &n8), r16 = janus_string_to_uint16(texts[i], &n16),
            r32 = janus_string_to_uint32(texts[i], &n32);

        fprintf(out, "number '%s': %d %u, %d %u, %d %u\n", texts[i], r8, r8 ? 0 : n8, r16,
                r16 ? 0 : n16, r32, r32 ? 0 : n32);
    }
    uint16_t n = 0;

    fprintf(out, "number NULL: %d\n", janus_string_to_uint16(NULL, &n));
}

static void answer_truth(void)
{
    static const char *texts[] = {"yes", "YES", "true", "True", "1",  "on", "y",
                                  "",    "0",   "no",   "yes ", "01", "2"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        fprintf(out, "true '%s': %d\n", texts[i], janus_is_true(texts[i]));
    fprintf(out, "true NULL: %d\n", janus_is_true(NULL));
    fprintf(out, "const time: %d %d %d %d\n", janus_strcmp_const_time("abc", "abc"),
            janus_strcmp_const_time("abc", "abd"), janus_strcmp_const_time("abc", "abcd"),
            janus_strcmp_const_time("", ""));
    fprintf(out, "const time NULL: %d %d\n", janus_strcmp_const_time(NULL, "a"),
            janus_strcmp_const_time("a", NULL));
}

static void answer_strings(void)
{
    char buf[10] = "abc";
    size_t offset = 3;

    fprintf(out, "strlcat %zu '%s'\n", janus_strlcat(buf, "def", sizeof(buf)), buf);
    fprintf(out, "strlcat long %zu '%s'\n", janus_strlcat(buf, "ghijkl", sizeof(buf)), buf);
    strcpy(buf, "abc");
    fprintf(out, "fast %d", janus_strlcat_fast(buf, "def", sizeof(buf), &offset));
    fprintf(out, " %zu '%s'\n", offset, buf);
    fprintf(out, "fast long %d", janus_strlcat_fast(buf, "ghijkl", sizeof(buf), &offset));
    fprintf(out, " %zu '%s'\n", offset, buf);
    fprintf(out, "fast full %d", janus_strlcat_fast(buf, "g", sizeof(buf), &offset));
    fprintf(out, " %zu '%s'\n", offset, buf);
    offset = 9;
    fprintf(out, "fast at end %d", janus_strlcat_fast(buf, "", sizeof(buf), &offset));
    fprintf(out, " %zu '%s'\n", offset, buf);
    offset = 0;
    fprintf(out, "fast NULL %d %d\n", janus_strlcat_fast(NULL, "a", 3, &offset),
            janus_strlcat_fast(buf, NULL, 3, &offset));
    static const char *cases[][3] = {{"one two one", "one", "1"},
                                     {"one two one", "one", "three"},
                                     {"aaa", "a", "aa"},
                                     {"abc", "x", "y"},
                                     {"abc", "b", ""},
                                     {"abab", "ab", "cd"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = janus_string_replace(g_strdup(cases[i][0]), cases[i][1], cases[i][2]);

        fprintf(out, "replace '%s'\n", shown(text));
        g_free(text);
    }
    static const char *paths[][2] = {
        {"/base", "rel"}, {"/base/", "rel"}, {"/base", "/abs"}, {"base", "rel"}, {"/base", ""}};

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        gchar *path = janus_make_absolute_path(paths[i][0], paths[i][1]);

        fprintf(out, "path '%s'\n", shown(path));
        g_free(path);
    }
}

static void answer_json_types(void)
{
    static const int types[] = {JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_INTEGER,
                                JSON_REAL,   JSON_TRUE,  JSON_FALSE,  JSON_NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        for (unsigned flags = 0; flags < 8; flags++) {
            char name[20] = "";

            janus_get_json_type_name(types[i], flags, name);
            fprintf(out, "type %d flags %u '%s'\n", types[i], flags, name);
        }
}

static void answer_json_validity(void)
{
    json_t *values = json_pack("[{}, {s:i}, [], [i], s, s, i, i, i, f, f, b, b, n]", "a", 1, 1, "",
                               "text", -1, 0, 1, -1.5, 2.5, 1, 0);
    static const json_type types[] = {JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_INTEGER,
                                      JSON_REAL,   JSON_TRUE,  JSON_FALSE,  JSON_NULL};

    for (size_t v = 0; v < json_array_size(values); v++) {
        fprintf(out, "valid %zu:", v);
        for (size_t t = 0; t < G_N_ELEMENTS(types); t++)
            for (unsigned flags = 0; flags < 8; flags++)
                fprintf(out, "%d", janus_json_is_valid(json_array_get(values, v), types[t], flags));
        fprintf(out, "\n");
    }
    json_decref(values);
}

static void answer_flags(void)
{
    janus_flags flags = 5;

    janus_flags_set(&flags, 8);
    fprintf(out, "flags %zx set4 %d set2 %d set6 %d\n", flags, janus_flags_is_set(&flags, 4),
            janus_flags_is_set(&flags, 2), janus_flags_is_set(&flags, 6));
    janus_flags_clear(&flags, 5);
    fprintf(out, "flags %zx\n", flags);
    janus_flags_reset(&flags);
    fprintf(out, "flags %zx null %d\n", flags, janus_flags_is_set(NULL, 1));
}

static void answer_gzip(void)
{
    char text[512], small[16], big[1024];

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + (i * i) % 23);
    for (int level = -1; level <= 10; level++)
        fprintf(out, "gzip %d: %d\n", level,
                janus_gzip_compress(level, text, sizeof(text), big, sizeof(big)) > 0);
    fprintf(out, "gzip head %02x%02x\n", (unsigned char)big[0], (unsigned char)big[1]);
    fprintf(out, "gzip small %zd\n",
            (ssize_t)janus_gzip_compress(6, text, sizeof(text), small, sizeof(small)));
    fprintf(out, "gzip args %zd %zd %zd %zd\n",
            (ssize_t)janus_gzip_compress(6, NULL, 5, big, sizeof(big)),
            (ssize_t)janus_gzip_compress(6, text, 0, big, sizeof(big)),
            (ssize_t)janus_gzip_compress(6, text, 5, NULL, 5),
            (ssize_t)janus_gzip_compress(6, text, 5, big, 0));
}

static void answer_random(void)
{
    gboolean fits = TRUE;

    for (int i = 0; i < 1000; i++)
        fits = fits && janus_random_uint64() < (G_GUINT64_CONSTANT(1) << 53);
    char *uuid = janus_random_uuid();
    guint32 together = 0;

    for (int i = 0; i < 100; i++)
        together |= janus_random_uint32();
    fprintf(out, "random 32 %d\n", together > G_MAXUINT16);

    fprintf(out, "random fits %d differs %d uuid %zu %c\n", fits,
            janus_random_uint64_full() != janus_random_uint64_full(), strlen(uuid), uuid[14]);
    g_free(uuid);
    guint64 *dup = janus_uint64_dup(77);

    fprintf(out, "dup %" PRIu64 "\n", *dup);
    g_free(dup);
    fprintf(out, "hash %" PRIx64 " %" PRIx64 "\n", janus_uint64_hash(1),
            janus_uint64_hash(0x123456789abcdef));
}

static void answer_folders(const char *folder)
{
    char *deep = g_build_filename(folder, "x", "y", "z", NULL);

    fprintf(out, "mkdir %d", janus_mkdir(deep, 0755));
    fprintf(out, " again %d is %d\n", janus_mkdir(deep, 0755),
            g_file_test(deep, G_FILE_TEST_IS_DIR));
    fprintf(out, "mkdir bad %d\n", janus_mkdir("/proc/nope/x", 0755) != 0);
    g_free(deep);
    janus_protected_folder_add(folder);
    fprintf(out, "protected %d %d %d\n", janus_is_folder_protected(folder),
            janus_is_folder_protected("/tmp"), janus_is_folder_protected(NULL));
    char *inside = g_build_filename(folder, "x", "rec.mjr", NULL),
         *beside = g_strconcat(folder, "x", NULL);

    fprintf(out, "inside %d beside %d\n", janus_is_folder_protected(inside),
            janus_is_folder_protected(beside));
    g_free(inside);
    g_free(beside);
    janus_protected_folders_clear();
}

/* In microseconds since 1970, and of a clock that goes forward. */
static void answer_time(void)
{
    gint64 real = g_get_real_time(), monotonic = janus_get_monotonic_time();

    fprintf(out, "time %d %d\n", janus_get_real_time() >= real - G_USEC_PER_SEC,
            janus_get_monotonic_time() >= monotonic);
    fprintf(out, "time apart %d\n", janus_get_real_time() - real < 60 * (gint64)G_USEC_PER_SEC);
}

static void answer_masks(void)
{
    static const char *lists[] = {"none",
                                  "all",
                                  "sessions",
                                  "sessions,handles",
                                  " sessions, handles",
                                  "sessions ,handles",
                                  "all,sessions",
                                  "none,core",
                                  "NONE",
                                  "Sessions",
                                  "nope",
                                  "",
                                  "sessions,nope,core",
                                  "no_events",
                                  "sessions,no_events",
                                  "external,jsep,webrtc,media,plugins,transports,core",
                                  " all",
                                  "all ",
                                  "ALL",
                                  "SESSIONS",
                                  ",",
                                  "core,",
                                  "\tmedia"};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        janus_flags mask = 0x5a5a;

        janus_events_edit_events_mask(lists[i], &mask);
        fprintf(out, "mask '%s': %zx\n", lists[i], mask);
    }
    janus_flags mask = 0x5a5a;

    janus_events_edit_events_mask(NULL, &mask);
    fprintf(out, "mask NULL: %zx\n", mask);
}

static void answer_types(void)
{
    static const int types[] = {-1, 0, 1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512, (int)0xffffffff};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        fprintf(out, "type %d: %s %s\n", types[i], shown(janus_events_type_to_label(types[i])),
                shown(janus_events_type_to_name(types[i])));
}

static void answer_api_errors(void)
{
    for (int error = -1; error < 500; error++)
        fprintf(out, "error %d: %s\n", error, shown(janus_get_api_error(error)));
}

void answer_utils(const char *folder)
{
    answer_numbers();
    answer_truth();
    answer_strings();
    answer_json_types();
    answer_json_validity();
    answer_flags();
    answer_gzip();
    answer_random();
    answer_folders(folder);
    answer_time();
    answer_masks();
    answer_types();
    answer_api_errors();
}

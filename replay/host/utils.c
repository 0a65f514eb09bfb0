/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The core's small helpers for text, numbers, flags, chance and compression (utils.h). What it
 * has for media (codecs, keyframes, RED, SVC) is of no use to an event handler and is not here. */

#include "replay/host/abi.h"
#include "replay/host/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <zlib.h>

gint64 janus_get_monotonic_time(void)
{
    return g_get_monotonic_time();
}

gint64 janus_get_real_time(void)
{
    return g_get_real_time();
}

/* ---- text ---- */

char *janus_string_replace(char *message, const char *old_string, const char *new_string)
{
    if (!message || !old_string || *old_string == '\0' || !new_string ||
        !strstr(message, old_string))
        return message;
    g_auto(GStrv) parts = g_strsplit(message, old_string, -1);

    g_free(message);
    return g_strjoinv(new_string, parts);
}

size_t janus_strlcat(char *dest, const char *src, size_t dest_size)
{
    size_t wanted = g_strlcat(dest, src, dest_size);

    if (wanted >= dest_size)
        host_log(HOST_LOG_ERR, "Text cut short: it takes %zu bytes and has %zu", wanted + 1,
                 dest_size);
    return wanted;
}

int janus_strlcat_fast(char *dest, const char *src, size_t dest_size, size_t *offset)
{
    if (!dest || !src || !offset) {
        host_log(HOST_LOG_ERR, "janus_strlcat_fast: an argument is NULL");
        return -1;
    }
    if (*offset >= dest_size) {
        host_log(HOST_LOG_ERR, "Text cut short: offset %zu of %zu", *offset, dest_size);
        return -2;
    }
    size_t room = dest_size - *offset, wanted = g_strlcpy(dest + *offset, src, room);

    if (wanted >= room) {
        host_log(HOST_LOG_ERR, "Text cut short: it takes %zu bytes and has %zu", wanted + 1, room);
        *offset = dest_size;
        return -3;
    }
    *offset += wanted;
    return 0;
}

gboolean janus_is_true(const char *value)
{
    return value && (g_ascii_strcasecmp(value, "yes") == 0 ||
                     g_ascii_strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* Its time depends on the lengths only: it compares secrets. */
gboolean janus_strcmp_const_time(const void *str1, const void *str2)
{
    if (!str1 || !str2)
        return FALSE;
    const volatile unsigned char *a = str1, *b = str2;
    size_t length = strlen(str1);
    unsigned differs = 0;

    if (length != strlen(str2))
        return FALSE;
    for (size_t i = 0; i < length; i++)
        differs |= a[i] ^ b[i];
    return differs == 0;
}

/* ---- numbers ---- */

/* As lenient as the core: leading blanks, and anything behind the digits or instead of them, pass.
 */
static int string_to_number(const char *str, unsigned long max, unsigned long *ret)
{
    if (!str)
        return -EINVAL;
    errno = 0;
    long value = strtol(str, NULL, 10);

    if (errno == ERANGE || value < 0 || (unsigned long)value > max)
        return -ERANGE;
    *ret = (unsigned long)value;
    return 0;
}

int janus_string_to_uint8(const char *str, uint8_t *num)
{
    unsigned long value;
    int rc = num ? string_to_number(str, UINT8_MAX, &value) : -EINVAL;

    if (rc == 0)
        *num = (uint8_t)value;
    return rc;
}

int janus_string_to_uint16(const char *str, uint16_t *num)
{
    unsigned long value;
    int rc = num ? string_to_number(str, UINT16_MAX, &value) : -EINVAL;

    if (rc == 0)
        *num = (uint16_t)value;
    return rc;
}

int janus_string_to_uint32(const char *str, uint32_t *num)
{
    unsigned long value;
    int rc = num ? string_to_number(str, UINT32_MAX, &value) : -EINVAL;

    if (rc == 0)
        *num = (uint32_t)value;
    return rc;
}

guint64 *janus_uint64_dup(guint64 num)
{
    guint64 *copy = g_new(guint64, 1);

    *copy = num;
    return copy;
}

/* The finaliser of splitmix64, which maps ids to other ids one to one. */
guint64 janus_uint64_hash(guint64 num)
{
    num = (num ^ (num >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    num = (num ^ (num >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return num ^ (num >> 31);
}

/* ---- chance ---- */

guint64 janus_random_uint64_full(void)
{
    guint64 value;

    /* 8 bytes never come short once the kernel's pool is ready, and before that the call waits. */
    if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value))
        value = ((guint64)g_random_int() << 32) | g_random_int();
    return value;
}

guint32 janus_random_uint32(void)
{
    return (guint32)janus_random_uint64_full();
}

/* 52 bits, so that JavaScript and JSON hold it exactly. */
guint64 janus_random_uint64(void)
{
    return janus_random_uint64_full() & ((G_GUINT64_CONSTANT(1) << 52) - 1);
}

char *janus_random_uuid(void)
{
    return g_uuid_string_random();
}

/* ---- flags ---- */

void janus_flags_reset(janus_flags *flags)
{
    if (flags)
        __atomic_store_n(flags, 0, __ATOMIC_SEQ_CST);
}

void janus_flags_set(janus_flags *flags, gsize flag)
{
    if (flags)
        __atomic_fetch_or(flags, flag, __ATOMIC_SEQ_CST);
}

void janus_flags_clear(janus_flags *flags, gsize flag)
{
    if (flags)
        __atomic_fetch_and(flags, ~flag, __ATOMIC_SEQ_CST);
}

gboolean janus_flags_is_set(janus_flags *flags, gsize flag)
{
    return flags && (__atomic_load_n(flags, __ATOMIC_SEQ_CST) & flag) != 0;
}

/* ---- JSON ---- */

/* JANUS_JSON_PARAM_* of Janus's utils.h; "required" (1) is the caller's business. */
enum json_constraint {
    JSON_CONSTRAINT_POSITIVE = 2, /* which in Janus's eyes 0 is, too */
    JSON_CONSTRAINT_NONEMPTY = 4,
};

static const char *type_noun(int jtype)
{
    static const char *const nouns[] = {
        [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_INTEGER] = "integer", [JSON_REAL] = "real",   [JSON_TRUE] = "boolean",
    };

    return jtype >= 0 && jtype < (int)G_N_ELEMENTS(nouns) ? nouns[jtype] : "";
}

/* `type_name` has room for 20 bytes, as everywhere in Janus. */
void janus_get_json_type_name(int jtype, unsigned int flags, char *type_name)
{
    const char *noun = type_noun(jtype);
    const char *adjective = flags & JSON_CONSTRAINT_POSITIVE   ? "positive "
                            : flags & JSON_CONSTRAINT_NONEMPTY ? "non-empty "
                                                               : "";
    const char *first = *adjective ? adjective : noun;

    g_snprintf(type_name, 20, "%s %s%s", *first && strchr("aeiou", *first) ? "an" : "a", adjective,
               noun);
}

gboolean janus_json_is_valid(json_t *val, json_type jtype, unsigned int flags)
{
    if (!val)
        return FALSE;
    if (jtype == JSON_TRUE) /* stands for both booleans */
        return json_is_boolean(val);
    if (json_typeof(val) != jtype)
        return FALSE;
    /* One constraint at a time: in the core, too, "positive" leaves "non-empty" unchecked. */
    if (flags & JSON_CONSTRAINT_POSITIVE)
        return !json_is_number(val) || json_number_value(val) >= 0;
    if (flags & JSON_CONSTRAINT_NONEMPTY && jtype == JSON_STRING)
        return json_string_length(val) > 0;
    if (flags & JSON_CONSTRAINT_NONEMPTY && jtype == JSON_ARRAY)
        return json_array_size(val) > 0;
    return TRUE;
}

/* ---- compression ---- */

static int compression_level(int wanted)
{
    if (wanted >= 0 && wanted <= 9)
        return wanted;
    host_log(HOST_LOG_WARN, "There is no compression level %d: taking zlib's default", wanted);
    return Z_DEFAULT_COMPRESSION;
}

size_t janus_gzip_compress(int compression, char *text, size_t tlen, char *compressed, size_t zlen)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };
    z_stream stream = {0};

    if (!text || tlen == 0 || !compressed || zlen == 0 || tlen > UINT_MAX || zlen > UINT_MAX)
        return (size_t)-1;
    if (deflateInit2(&stream, compression_level(compression), Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    stream.next_in = (Bytef *)text;
    stream.avail_in = (uInt)tlen;
    stream.next_out = (Bytef *)compressed;
    stream.avail_out = (uInt)zlen;
    int rc = deflate(&stream, Z_FINISH);
    size_t length = rc == Z_STREAM_END ? stream.total_out : 0;

    deflateEnd(&stream);
    if (length == 0)
        host_log(HOST_LOG_ERR, "%zu bytes do not fit into a buffer of %zu once compressed", tlen,
                 zlen);
    return length;
}

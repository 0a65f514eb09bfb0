/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison must let pass. */
#include "tests/tools/analysis/mutations.h"

#include "evj/event_type.h"

#include <stdlib.h>
#include <string.h>

static bool do_nothing(GPtrArray *events, GRand *random)
{
    (void)events;
    (void)random;
    return true;
}

/* ---- ids ---- */

/* An injective change of a number of up to 53 bits. */
static json_int_t other_number(json_int_t number, gint32 key)
{
    return number ^ (key & 0x7fffffff);
}

static void renumber(json_t *value, const char *key, gint32 by)
{
    static const char *const ids[] = {"session_id", "handle_id", "id",         "room",
                                      "feed_id",    "feed",      "private_id", "call-id"};

    for (size_t i = 0; key != NULL && i < G_N_ELEMENTS(ids); i++) {
        if (strcmp(key, ids[i]) != 0)
            continue;
        if (json_is_integer(value)) {
            json_integer_set(value, other_number(json_integer_value(value), by));
        } else if (json_is_string(value)) {
            g_autofree char *other = g_strdup_printf("%d%s", by, json_string_value(value));

            json_string_set(value, other);
        }
    }
    if (key != NULL && strcmp(key, "opaque_id") == 0) {
        g_autofree char *other = g_strdup_printf("%s-%d", json_string_value(value), by);

        json_string_set(value, other);
    }
}

static void renumber_tree(json_t *value, const char *key, gint32 by)
{
    const char *member;
    json_t *below;
    size_t i;

    renumber(value, key, by);
    if (json_is_object(value)) {
        json_object_foreach(value, member, below) renumber_tree(below, member, by);
    }
    if (json_is_array(value)) {
        json_array_foreach(value, i, below) renumber_tree(below, NULL, by);
    }
}

static bool renumber_ids(GPtrArray *events, GRand *random)
{
    const gint32 by = g_rand_int_range(random, 1, G_MAXINT32);

    for (guint i = 0; i < events->len; i++)
        renumber_tree(event_of(events, i), NULL, by);
    return true;
}

/* ---- order ---- */

/* What a lane is for this purpose: events of different ones may change places. NULL: stays. DTLS begins
 * with a pair, in one thread. */
static char *lane_of(const GPtrArray *events, guint index)
{
    const json_t *event = event_of(events, index);
    const json_int_t type = json_integer_value(json_object_get(event, "type"));
    const json_int_t subtype = json_integer_value(json_object_get(event, "subtype"));
    const char *mid = json_string_value(body_value(events, index, "mid"));

    /* The first events of a PeerConnection open it, and statistics follow its webrtcup. */
    if (type != EVJ_TYPE_WEBRTC || body_says(events, index, "ice", "gathering") ||
        body_has(events, index, "connection"))
        return NULL;
    return g_strdup_printf("%d %d %s", (int)handle_of_event(events, index),
                           subtype == EVJ_WEBRTC_DTLS ? EVJ_WEBRTC_SELECTED_PAIR : (int)subtype,
                           mid != NULL ? mid : "");
}

static bool interleave_otherwise(GPtrArray *events, GRand *random)
{
    for (int n = 0; n < 1000; n++) {
        const guint i = (guint)g_rand_int_range(random, 0, (gint32)events->len - 1);
        g_autofree char *one = lane_of(events, i);
        g_autofree char *next = lane_of(events, i + 1);

        if (one == NULL || next == NULL || strcmp(one, next) == 0)
            continue;
        gpointer moved = events->pdata[i];

        events->pdata[i] = events->pdata[i + 1];
        events->pdata[i + 1] = moved;
    }
    return true;
}

/* The candidates of each handle change places among themselves. */
static bool shuffle_candidates(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "remote-candidate", NULL);

    for (guint n = 0; n < 4 * all->len; n++) {
        const guint a = g_array_index(all, guint, g_rand_int_range(random, 0, (gint32)all->len));
        const guint b = g_array_index(all, guint, g_rand_int_range(random, 0, (gint32)all->len));

        if (handle_of_event(events, a) != handle_of_event(events, b))
            continue;
        json_t *body = json_incref(json_object_get(event_of(events, a), "event"));

        json_object_set(event_of(events, a), "event",
                        json_object_get(event_of(events, b), "event"));
        json_object_set_new(event_of(events, b), "event", body);
    }
    return all->len > 1;
}

/* Members of an object have no order. */
static json_t *reversed(const json_t *value)
{
    const char *key;
    json_t *member;
    GQueue keys = G_QUEUE_INIT;
    json_t *turned = json_object();

    json_object_foreach((json_t *)value, key, member) g_queue_push_head(&keys, (gpointer)key);
    while ((key = g_queue_pop_head(&keys)) != NULL)
        json_object_set(turned, key, json_object_get(value, key));
    return turned;
}

static bool turn_members_round(GPtrArray *events, GRand *random)
{
    (void)random;
    for (guint i = 0; i < events->len; i++) {
        json_t *body = json_object_get(event_of(events, i), "event");

        if (json_is_object(body))
            json_object_set_new(event_of(events, i), "event", reversed(body));
    }
    return true;
}

/* ---- repeats ---- */

/* libnice goes from ready back to connected, and on, as late candidates come. */
static bool flap_ready(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "ice", "connected", random, &index))
        return false;
    json_t *again = json_deep_copy(event_of(events, index));

    json_object_set_new(json_object_get(again, "event"), "ice", json_string("ready"));
    g_ptr_array_insert(events, (gint)index + 1, again);
    return true;
}

static bool repeat_trying(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "dtls", "trying", random, &index))
        return false;
    g_ptr_array_insert(events, (gint)index, json_deep_copy(event_of(events, index)));
    return true;
}

/* ---- SDP ---- */

typedef char *rewrite_line(const char *line, gint32 by);

static bool rewrite_sdps(GPtrArray *events, GRand *random, rewrite_line *rewrite)
{
    g_autoptr(GArray) all = events_with(events, "jsep.sdp", NULL);
    const gint32 by = g_rand_int_range(random, 1, 1000);

    for (guint i = 0; i < all->len; i++) {
        const guint index = g_array_index(all, guint, i);
        g_auto(GStrv) lines = sdp_lines(events, index);

        for (guint k = 0; lines[k] != NULL; k++) {
            char *line = rewrite(lines[k], by);

            g_free(lines[k]);
            lines[k] = line;
        }
        sdp_set(events, index, lines);
    }
    return all->len > 0;
}

/* Another word of the same length, one to one: the credentials of one side stay what they are to one
 * another. */
static char *turn_letters(const char *line, size_t from, gint32 by)
{
    char *turned = g_strdup(line);

    for (char *at = turned + from; *at != '\0'; at++) {
        if (g_ascii_islower(*at))
            *at = (char)('a' + (*at - 'a' + by) % 26);
    }
    return turned;
}

static char *renew_line(const char *line, gint32 by)
{
    static const char *const drawn[] = {"a=ice-ufrag:", "a=ice-pwd:", "a=msid:", "a=ssrc:"};

    for (size_t i = 0; i < G_N_ELEMENTS(drawn); i++) {
        if (g_str_has_prefix(line, drawn[i]))
            return turn_letters(line, strlen(drawn[i]), by % 25 + 1);
    }
    if (g_str_has_prefix(line, "o="))
        return g_strdup_printf("o=- %d 2 IN IP4 127.0.0.1", by);
    return g_strdup(line);
}

static bool renew_credentials(GPtrArray *events, GRand *random)
{
    return rewrite_sdps(events, random, renew_line);
}

/* Numbers of header extensions are arbitrary. */
static char *renumber_extension(const char *line, gint32 by)
{
    const size_t start = strlen("a=extmap:");

    if (!g_str_has_prefix(line, "a=extmap:"))
        return g_strdup(line);
    return g_strdup_printf("a=extmap:%d%s", (int)(g_ascii_strtoll(line + start, NULL, 10) + by),
                           line + start + strspn(line + start, "0123456789"));
}

static bool renumber_extensions(GPtrArray *events, GRand *random)
{
    return rewrite_sdps(events, random, renumber_extension);
}

/* And so are payload types: all of them 1000 higher, wherever they stand. */
static char *renumber_payload(const char *line, gint32 by)
{
    static const char *const settings[] = {"a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"};
    g_autoptr(GRegex) numbers = NULL;
    g_autofree char *to = g_strdup_printf("\\g<1>%d", by);

    /* What is rejected has a number that stands for nothing. */
    if (strstr(line, " 0 UDP") != NULL)
        return g_strdup(line);
    if (g_str_has_prefix(line, "m=") && strstr(line, "SAVPF") != NULL) {
        numbers =
            g_regex_new("(?<=[0-9A-Z] )()(?=[0-9]+( |$))(?<!m=audio )(?<!m=video )", 0, 0, NULL);
        g_autofree char *first = g_strndup(line, (gsize)(strstr(line, "SAVPF") - line));
        g_autofree char *rest = g_regex_replace(numbers, strstr(line, "SAVPF"), -1, 0, to, 0, NULL);

        return g_strconcat(first, rest, NULL);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        if (!g_str_has_prefix(line, settings[i]) || line[strlen(settings[i])] == '*')
            continue;
        numbers = g_regex_new("(:|apt=|/(?=[0-9]+$)|(?<= )(?=[0-9]+/[0-9]+$))", 0, 0, NULL);
        if (g_str_has_prefix(line, "a=rtpmap:"))
            return g_strdup_printf("a=rtpmap:%d%s", by, line + strlen("a=rtpmap:"));
        return g_regex_replace(numbers, line, -1, 0, to, 0, NULL);
    }
    return g_strdup(line);
}

static bool renumber_payloads(GPtrArray *events, GRand *random)
{
    return rewrite_sdps(events, random, renumber_payload);
}

/* The attributes of a medium have no order, but for those of one name. */
static bool shuffle_attributes(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "jsep.sdp", NULL);

    for (guint i = 0; i < all->len; i++) {
        g_auto(GStrv) lines = sdp_lines(events, g_array_index(all, guint, i));
        const gint32 count = (gint32)g_strv_length(lines);

        for (int n = 0; n < 500; n++) {
            const gint32 k = g_rand_int_range(random, 1, count);
            char *line = lines[k];

            if (!g_str_has_prefix(lines[k - 1], "a=") || !g_str_has_prefix(line, "a=") ||
                strncmp(lines[k - 1], line, strcspn(line, ":")) == 0)
                continue;
            lines[k] = lines[k - 1];
            lines[k - 1] = line;
        }
        sdp_set(events, g_array_index(all, guint, i), lines);
    }
    return all->len > 0;
}

/* ---- addresses and time ---- */

/* Wherever they are told. */
static bool move_addresses(GPtrArray *events, GRand *random)
{
    g_autofree char *elsewhere = g_strdup_printf("198.51.%d.", g_rand_int_range(random, 1, 200));

    for (guint i = 0; i < events->len; i++) {
        char *text = json_dumps(event_of(events, i), JSON_COMPACT);
        g_auto(GStrv) parts = g_strsplit(text, "192.0.2.", -1);
        g_autofree char *moved = g_strjoinv(elsewhere, parts);

        json_decref(event_of(events, i));
        events->pdata[i] = json_loads(moved, 0, NULL);
        free(text);
    }
    return true;
}

static bool set_clock(GPtrArray *events, GRand *random)
{
    const json_int_t by = (json_int_t)g_rand_int_range(random, 1, 1000000) * 1000000;

    for (guint i = 0; i < events->len; i++) {
        json_t *timestamp = json_object_get(event_of(events, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + by);
    }
    return true;
}

static bool rename_server(GPtrArray *events, GRand *random)
{
    (void)random;
    for (guint i = 0; i < events->len; i++)
        json_object_set_new(event_of(events, i), "emitter", json_string("gw-beta"));
    return true;
}

/* Requests of an HTTP transport are counted, and each is a connection of its own. */
static bool add_requests(GPtrArray *events, GRand *random)
{
    for (int n = 0; n < 10; n++) {
        const guint at = (guint)g_rand_int_range(random, 0, (gint32)events->len);
        json_t *request =
            json_pack("{s:s, s:i, s:O, s:{s:s, s:s, s:{s:s, s:b, s:s, s:i}}}", "emitter", "gw-demo",
                      "type", 128, "timestamp", json_object_get(event_of(events, at), "timestamp"),
                      "event", "transport", "janus.transport.http", "id", "4711", "data", "event",
                      "request", "admin_api", 0, "ip", "127.0.0.1", "port", n);

        g_ptr_array_insert(events, (gint)at, request);
    }
    return true;
}

/* ---- statistics ---- */

/* As if a little more had been sent: what counts up still does. */
static void stretch(json_t *body, double factor)
{
    const char *key;
    json_t *value;

    json_object_foreach(body, key, value)
    {
        if (json_is_integer(value) && strcmp(key, "mindex") != 0 && strcmp(key, "base") != 0)
            json_integer_set(value, (json_int_t)((double)json_integer_value(value) * factor));
    }
}

static bool jitter_statistics(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "packets-received", NULL);
    const double audio = g_rand_double_range(random, 0.95, 1.05);
    const double video = g_rand_double_range(random, 0.95, 1.05);

    for (guint i = 0; i < all->len; i++) {
        const guint index = g_array_index(all, guint, i);

        stretch(json_object_get(event_of(events, index), "event"),
                body_says(events, index, "media", "audio") ? audio : video);
    }
    return all->len > 0;
}

static bool has_medium(const json_t *array, const json_t *like)
{
    json_t *one;
    size_t i;

    json_array_foreach(array, i, one)
    {
        if (json_equal(json_object_get(one, "mid"), json_object_get(like, "mid")) &&
            json_equal(json_object_get(one, "media"), json_object_get(like, "media")))
            return true;
    }
    return false;
}

/* combine_media_stats: one event with an array for what comes at the same time. */
static bool combine_statistics(GPtrArray *events, GRand *random)
{
    json_t *combined = NULL;
    json_int_t handle = 0;

    (void)random;
    for (guint i = 0; i < events->len;) {
        json_t *body = json_object_get(event_of(events, i), "event");

        if (!is_statistics(events, i)) {
            combined = NULL;
            i++;
        } else if (combined == NULL || handle != handle_of_event(events, i) ||
                   has_medium(combined, body)) {
            combined = json_pack("[O]", body);
            handle = handle_of_event(events, i);
            json_object_set_new(event_of(events, i), "event", combined);
            i++;
        } else {
            json_array_append(combined, body);
            g_ptr_array_remove_index(events, i);
        }
    }
    return true;
}

const struct mutation harmless_mutations[] = {
    {.what = "nothing", .plant = do_nothing},
    {.what = "ids renumbered", .plant = renumber_ids},
    {.what = "lanes interleaved otherwise", .plant = interleave_otherwise},
    {.what = "candidates in another order", .plant = shuffle_candidates},
    {.what = "members in another order", .plant = turn_members_round},
    {.what = "ICE ready once more", .plant = flap_ready},
    {.what = "DTLS trying told twice", .plant = repeat_trying},
    {.what = "credentials renewed", .plant = renew_credentials},
    {.what = "extensions renumbered", .plant = renumber_extensions},
    {.what = "payload types renumbered", .plant = renumber_payloads},
    {.what = "SDP attributes in another order", .plant = shuffle_attributes},
    {.what = "other addresses", .plant = move_addresses},
    {.what = "at another time", .plant = set_clock},
    {.what = "another server", .plant = rename_server},
    {.what = "HTTP requests", .plant = add_requests},
    {.what = "statistics jittered", .plant = jitter_statistics},
    {.what = "statistics combined", .plant = combine_statistics},
};

const size_t harmless_mutation_count = G_N_ELEMENTS(harmless_mutations);

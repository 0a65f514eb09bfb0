/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison must find. */
#include "tests/tools/analysis/mutations.h"

#include <string.h>

/* ---- an event is missing ---- */

static bool remove_first(GPtrArray *events, const char *path, const char *value, GRand *random)
{
    guint index;

    if (!first_event_with(events, path, value, random, &index))
        return false;
    g_ptr_array_remove_index(events, index);
    return true;
}

static bool lose_dtls_connected(GPtrArray *events, GRand *random)
{
    return remove_first(events, "dtls", "connected", random);
}

static bool lose_webrtcup(GPtrArray *events, GRand *random)
{
    return remove_first(events, "connection", "webrtcup", random);
}

static bool lose_answer(GPtrArray *events, GRand *random)
{
    return remove_first(events, "jsep.type", "answer", random);
}

static bool lose_detached(GPtrArray *events, GRand *random)
{
    return remove_first(events, "name", "detached", random);
}

static bool lose_created(GPtrArray *events, GRand *random)
{
    return remove_first(events, "name", "created", random);
}

static bool lose_joined(GPtrArray *events, GRand *random)
{
    return remove_first(events, "data.event", "joined", random);
}

/* Of one handle, all that have this. */
static bool remove_all(GPtrArray *events, const char *path, GRand *random)
{
    guint index;

    if (!any_event_with(events, path, NULL, random, &index))
        return false;
    const json_int_t handle = handle_of_event(events, index);

    for (guint i = events->len; i-- > 0;) {
        if (handle_of_event(events, i) == handle && body_has(events, i, path))
            g_ptr_array_remove_index(events, i);
    }
    return true;
}

static bool lose_pairs(GPtrArray *events, GRand *random)
{
    return remove_all(events, "selected-pair", random);
}

static void remove_line(GStrv lines, guint index)
{
    const guint count = g_strv_length(lines);

    g_free(lines[index]);
    memmove(&lines[index], &lines[index + 1], sizeof(char *) * (count - index));
}

static void lose_candidates_of_sdp(const GPtrArray *events, guint index)
{
    g_auto(GStrv) lines = sdp_lines(events, index);

    for (guint i = g_strv_length(lines); i-- > 0;) {
        if (g_str_has_prefix(lines[i], "a=candidate:"))
            remove_line(lines, i);
    }
    sdp_set(events, index, lines);
}

static bool lose_remote_candidates(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "remote-candidate", NULL, random, &index))
        return false;
    const json_int_t handle = handle_of_event(events, index);

    for (guint i = events->len; i-- > 0;) {
        if (handle_of_event(events, i) != handle)
            continue;
        if (body_says(events, i, "owner", "remote"))
            lose_candidates_of_sdp(events, i);
        else if (body_has(events, i, "remote-candidate"))
            g_ptr_array_remove_index(events, i);
    }
    return true;
}

/* The address and port of a candidate, or of none. */
static char *address_of(const GPtrArray *events, guint index)
{
    const char *text = json_string_value(body_value(events, index, "remote-candidate"));
    g_auto(GStrv) words = g_strsplit(text, " ", 0);

    return g_strv_length(words) > 5 ? g_strdup_printf("%s %s ", words[4], words[5])
                                    : g_strdup("none");
}

/* How many of these speak of an address? */
static guint count_mentions(const GPtrArray *events, const char *path, const char *address)
{
    g_autoptr(GArray) all = events_with(events, path, NULL);
    guint count = 0;

    for (guint i = 0; i < all->len; i++) {
        const char *text =
            json_string_value(body_value(events, g_array_index(all, guint, i), path));

        count += strstr(text, address) != NULL;
    }
    return count;
}

/* One that is told once, in a handle that has another of its kind. */
static bool lose_one_candidate(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "remote-candidate", NULL);

    (void)random;
    for (guint i = 0; i + 1 < all->len; i++) {
        const guint one = g_array_index(all, guint, i), next = g_array_index(all, guint, i + 1);
        const char *a = json_string_value(body_value(events, one, "remote-candidate"));
        const char *b = json_string_value(body_value(events, next, "remote-candidate"));
        g_autofree char *address = address_of(events, one);

        if (handle_of_event(events, one) != handle_of_event(events, next) ||
            strstr(a, "typ host") == NULL || strstr(b, "typ host") == NULL ||
            strstr(b, address) != NULL ||
            count_mentions(events, "remote-candidate", address) +
                    count_mentions(events, "jsep.sdp", address) >
                1)
            continue;
        g_ptr_array_remove_index(events, one);
        return true;
    }
    return false;
}

/* The first that tells that media comes in. */
static bool lose_receiving(GPtrArray *events, GRand *random)
{
    guint index;

    if (!first_event_with(events, "receiving", NULL, random, &index))
        return false;
    g_ptr_array_remove_index(events, index);
    return true;
}

/* Not the only one of one of several sessions: nobody could say whose session that is. */
static bool lose_handle(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) created = events_with(events, "name", "created");
    g_autoptr(GArray) attached = events_with(events, "name", "attached");
    guint index;

    if (created->len > 1 && attached->len > 1)
        index = g_array_index(attached, guint, attached->len - 1);
    else if (!any_event_with(events, "name", "attached", random, &index))
        return false;
    const json_int_t handle = handle_of_event(events, index);

    for (guint i = events->len; i-- > 0;) {
        if (handle_of_event(events, i) == handle)
            g_ptr_array_remove_index(events, i);
    }
    return true;
}

static json_int_t session_of_event(const GPtrArray *events, guint index)
{
    return json_integer_value(json_object_get(event_of(events, index), "session_id"));
}

/* One of several: a journal without any would be no journal of a call. */
static bool lose_session(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) created = events_with(events, "name", "created");
    guint index;

    if (created->len < 2 || !any_event_with(events, "name", "created", random, &index))
        return false;
    const json_int_t session = session_of_event(events, index);

    for (guint i = events->len; i-- > 0;) {
        if (session_of_event(events, i) == session)
            g_ptr_array_remove_index(events, i);
    }
    return true;
}

/* ---- a state is another ---- */

static bool replace(GPtrArray *events, const char *key, const char *from, const char *to,
                    GRand *random)
{
    guint index;

    if (!any_event_with(events, key, from, random, &index))
        return false;
    body_set(events, index, key, to);
    return true;
}

static bool fail_dtls(GPtrArray *events, GRand *random)
{
    return replace(events, "dtls", "connected", "failed", random);
}

static bool time_out(GPtrArray *events, GRand *random)
{
    return replace(events, "name", "destroyed", "timeout", random);
}

static bool hang_up_otherwise(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "connection", "hangup", random, &index))
        return false;
    body_set(events, index, "reason", "DTLS timeout");
    return true;
}

/* ICE fails behind a state in which it worked. */
static bool fail_ice(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "ice", "connected", random, &index))
        return false;
    json_t *failed = json_deep_copy(event_of(events, index));

    json_object_set_new(json_object_get(failed, "event"), "ice", json_string("failed"));
    g_ptr_array_insert(events, (gint)index + 1, failed);
    return true;
}

/* What it did comes before what led to it. */
static bool connect_before_trying(GPtrArray *events, GRand *random)
{
    guint connected;

    if (!first_event_with(events, "dtls", "connected", random, &connected))
        return false;
    for (guint i = connected; i-- > 0;) {
        if (handle_of_event(events, i) != handle_of_event(events, connected) ||
            !body_says(events, i, "dtls", "trying"))
            continue;
        g_ptr_array_insert(events, (gint)i, json_deep_copy(event_of(events, connected)));
        g_ptr_array_remove_index(events, connected + 1);
        return true;
    }
    return false;
}

/* Move the event to the place behind another. */
static void move_behind(GPtrArray *events, guint from, guint to)
{
    g_ptr_array_insert(events, (gint)to + 1, json_deep_copy(event_of(events, from)));
    g_ptr_array_remove_index(events, from);
}

/* DTLS begins on a pair that was not there yet. */
static bool begin_dtls_before_pair(GPtrArray *events, GRand *random)
{
    guint pair;

    if (!first_event_with(events, "selected-pair", NULL, random, &pair))
        return false;
    for (guint i = pair + 1; i < events->len; i++) {
        if (handle_of_event(events, i) != handle_of_event(events, pair))
            continue;
        if (body_has(events, i, "selected-pair"))
            return false;
        if (body_says(events, i, "dtls", "trying")) {
            move_behind(events, pair, i);
            return true;
        }
    }
    return false;
}

/* ---- an SDP says something else ---- */

/* The first offer or answer of a handle. */
static bool any_sdp(const GPtrArray *events, const char *type, GRand *random, guint *ret_index)
{
    return first_event_with(events, "jsep.type", type, random, ret_index);
}

/* Index of a random line with this start, behind `from`; 0: none. */
static guint any_line(GStrv lines, guint from, const char *start, GRand *random)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = from; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], start))
            g_array_append_val(found, i);
    }
    return found->len > 0
               ? g_array_index(found, guint, g_rand_int_range(random, 0, (gint32)found->len))
               : 0;
}

static void set_line(GStrv lines, guint index, char *line)
{
    g_free(lines[index]);
    lines[index] = line;
}

/* The m= line above. */
static guint section_of(GStrv lines, guint index)
{
    while (index > 0 && !g_str_has_prefix(lines[index], "m="))
        index--;
    return index;
}

/* Its rtpmap, and its number in the m= line, are gone. */
static bool lose_codec(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_sdp(events, "offer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);
    const guint line = any_line(lines, 0, "a=rtpmap:", random);

    if (line == 0)
        return false;
    g_autofree char *format = g_strndup(lines[line] + strlen("a=rtpmap:"),
                                        strcspn(lines[line] + strlen("a=rtpmap:"), " "));
    const guint section = section_of(lines, line);
    g_auto(GStrv) words = g_strsplit(lines[section], " ", 0);
    GString *others = g_string_new(NULL);

    for (guint i = 0; words[i] != NULL; i++) {
        if (i < 3 || !g_str_equal(words[i], format))
            g_string_append_printf(others, "%s%s", i > 0 ? " " : "", words[i]);
    }
    set_line(lines, section, g_string_free(others, FALSE));
    remove_line(lines, line);
    sdp_set(events, index, lines);
    return true;
}

static bool answer_another_codec(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_sdp(events, "answer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);
    const guint line = any_line(lines, 0, "a=rtpmap:", random);

    if (line == 0)
        return false;
    const char *blank = strchr(lines[line], ' ');

    set_line(lines, line,
             g_strdup_printf("%.*s SMV/8000", (int)(blank - lines[line]), lines[line]));
    sdp_set(events, index, lines);
    return true;
}

static bool turn_off(GPtrArray *events, GRand *random)
{
    static const char *const directions[] = {"a=sendrecv", "a=sendonly", "a=recvonly"};
    guint index;

    if (!any_sdp(events, "answer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);
    guint line = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(directions) && line == 0; i++)
        line = any_line(lines, 0, directions[i], random);
    if (line == 0)
        return false;
    set_line(lines, line, g_strdup("a=inactive"));
    sdp_set(events, index, lines);
    return true;
}

static bool reject(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_sdp(events, "answer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);
    const guint line = any_line(lines, 0, "m=", random);
    g_auto(GStrv) words = g_strsplit(lines[line], " ", 0);

    if (line == 0 || g_str_equal(words[1], "0"))
        return false;
    g_free(words[1]);
    words[1] = g_strdup("0");
    set_line(lines, line, g_strjoinv(" ", words));
    sdp_set(events, index, lines);
    return true;
}

/* The last medium, with all its lines. */
static bool lose_section(GPtrArray *events, GRand *random)
{
    guint index, last = 0;

    if (!any_sdp(events, "offer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);

    for (guint i = 0; lines[i] != NULL; i++)
        last = g_str_has_prefix(lines[i], "m=") ? i : last;
    while (lines[last] != NULL)
        remove_line(lines, last);
    sdp_set(events, index, lines);
    return true;
}

static bool lose_extension(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_sdp(events, "offer", random, &index))
        return false;
    g_auto(GStrv) lines = sdp_lines(events, index);
    const guint line = any_line(lines, 0, "a=extmap:", random);

    if (line == 0)
        return false;
    remove_line(lines, line);
    sdp_set(events, index, lines);
    return true;
}

/* A later offer with the credentials of the first does not start ICE again. */
static bool keep_credentials(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) offers = events_with(events, "jsep.type", "offer");

    (void)random;
    if (offers->len < 2)
        return false;
    const guint first = g_array_index(offers, guint, 0), second = g_array_index(offers, guint, 1);
    g_auto(GStrv) before = sdp_lines(events, first);
    g_auto(GStrv) lines = sdp_lines(events, second);
    const guint old = any_line(before, 0, "a=ice-ufrag:", random);
    bool changed = false;

    for (guint i = 0; old > 0 && lines[i] != NULL; i++) {
        if (!g_str_has_prefix(lines[i], "a=ice-ufrag:") || g_str_equal(lines[i], before[old]))
            continue;
        set_line(lines, i, g_strdup(before[old]));
        changed = handle_of_event(events, first) == handle_of_event(events, second);
    }
    if (changed)
        sdp_set(events, second, lines);
    return changed;
}

/* ---- values ---- */

/* What a peer-reflexive candidate is in truth is not known. */
static bool has_prflx_pair(const GPtrArray *events, json_int_t handle)
{
    for (guint i = 0; i < events->len; i++) {
        const char *pair = json_string_value(body_value(events, i, "selected-pair"));

        if (handle_of_event(events, i) == handle && pair != NULL && strstr(pair, "prflx") != NULL)
            return true;
    }
    return false;
}

static bool relay_pair(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "selected-pair", NULL, random, &index))
        return false;
    const json_int_t handle = handle_of_event(events, index);

    if (has_prflx_pair(events, handle))
        return false;
    for (guint i = 0; i < events->len; i++) {
        if (handle_of_event(events, i) == handle && body_has(events, i, "selected-pair"))
            body_set(events, i, "selected-pair",
                     "192.0.2.2:52511 [host,udp] <-> 192.0.2.9:54445 [relay,udp]");
    }
    return true;
}

static bool change_plugin_value(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.bitrate", NULL, random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "bitrate", json_integer(64001));
    return true;
}

/* Nothing that is not known may be hidden, wherever it turns up. */
static bool add_unknown_field(GPtrArray *events, GRand *random)
{
    static const char *const places[] = {"ice",  "dtls", "connection", "receiving",
                                         "jsep", "name", "data"};
    guint index;

    /* What a plugin says without a session is of those who leave. */
    if (!any_event_with(events, places[g_rand_int_range(random, 0, G_N_ELEMENTS(places))], NULL,
                        random, &index) ||
        json_object_get(event_of(events, index), "session_id") == NULL)
        return false;
    body_set(events, index, "never-seen-before", "x");
    return true;
}

/* A step of the setup, and with it all that follows, comes two seconds later. */
static bool delay(GPtrArray *events, const char *path, const char *value, GRand *random)
{
    guint index;

    if (!first_event_with(events, path, value, random, &index))
        return false;
    for (guint i = index; i < events->len; i++) {
        json_t *timestamp = json_object_get(event_of(events, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + 2000000);
    }
    return true;
}

static bool delay_answer(GPtrArray *events, GRand *random)
{
    return delay(events, "jsep.type", "answer", random);
}

static bool delay_dtls(GPtrArray *events, GRand *random)
{
    return delay(events, "dtls", "connected", random);
}

static bool delay_webrtcup(GPtrArray *events, GRand *random)
{
    return delay(events, "connection", "webrtcup", random);
}

static bool retry_dtls(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "dtls", "trying", random, &index))
        return false;
    json_object_set_new(json_object_get(event_of(events, index), "event"), "retransmissions",
                        json_integer(4));
    return true;
}

/* Statistics of one medium of one handle, if they last three seconds at least. */
static GArray *statistics_of_one(const GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) all = events_with(events, "packets-received", NULL);
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(guint));

    if (all->len == 0)
        return chosen;
    const guint like = g_array_index(all, guint, g_rand_int_range(random, 0, (gint32)all->len));
    const char *media = json_string_value(body_value(events, like, "media"));

    for (guint i = 0; i < all->len; i++) {
        const guint index = g_array_index(all, guint, i);

        if (handle_of_event(events, index) == handle_of_event(events, like) &&
            body_says(events, index, "media", media))
            g_array_append_val(chosen, index);
    }
    if (chosen->len < 4 || g_str_equal(media, "data"))
        g_array_set_size(chosen, 0);
    return chosen;
}

static json_int_t number_of(const GPtrArray *events, guint index, const char *key)
{
    return json_integer_value(body_value(events, index, key));
}

static void set_number(const GPtrArray *events, guint index, const char *key, json_int_t value)
{
    json_object_set_new(json_object_get(event_of(events, index), "event"), key,
                        json_integer(value));
}

/* Of that medium nothing comes in, or nothing goes out. */
static bool stop_flow(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) chosen = statistics_of_one(events, random);

    if (chosen->len == 0)
        return false;
    const guint last = g_array_index(chosen, guint, chosen->len - 1);
    const char *key =
        number_of(events, last, "packets-received") > 0 ? "packets-received" : "packets-sent";
    if (number_of(events, last, key) == 0)
        return false;
    for (guint i = 0; i < chosen->len; i++)
        set_number(events, g_array_index(chosen, guint, i), key, 0);
    return true;
}

/* Between how many of these did packets come in? */
static guint count_inflows(const GPtrArray *events, const GArray *indices)
{
    guint count = 0;

    for (guint i = 1; i < indices->len; i++)
        count += number_of(events, g_array_index(indices, guint, i), "packets-received") >
                 number_of(events, g_array_index(indices, guint, i - 1), "packets-received");
    return count;
}

/* Where none come in, none can be missed. */
static bool lose_packets(GPtrArray *events, GRand *random)
{
    g_autoptr(GArray) chosen = statistics_of_one(events, random);

    if (chosen->len == 0 || count_inflows(events, chosen) < 2)
        return false;
    for (guint i = 0; i < chosen->len; i++)
        set_number(events, g_array_index(chosen, guint, i), "lost", 20 * (i + 1));
    return true;
}

/* Who is subscribed to is somebody else: bob himself. */
static bool swap_feed(GPtrArray *events, GRand *random)
{
    guint index, joined;
    json_t *stream;
    size_t i;

    if (!any_event_with(events, "data.event", "subscribing", random, &index))
        return false;
    json_t *streams = body_value(events, index, "data.streams");
    g_autoptr(GArray) all = events_with(events, "data.event", "joined");

    if (all->len < 2)
        return false;
    joined = g_array_index(all, guint, all->len - 1);
    json_array_foreach(streams, i, stream)
        json_object_set(stream, "feed_id", body_value(events, joined, "data.id"));
    return true;
}

static bool rename_participant(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.display", NULL, random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "display", json_string("mallory"));
    return true;
}

static bool move_to_another_room(GPtrArray *events, GRand *random)
{
    guint index;

    if (!any_event_with(events, "data.event", "subscribed", random, &index))
        return false;
    json_object_set_new(body_value(events, index, "data"), "room", json_integer(815));
    return true;
}

/* ---- at the end of a call ---- */

/* Of somebody who published: what the room tells first when it is over. False if nobody did. */
static bool find_unpublished(const GPtrArray *events, GRand *random, guint *ret_published,
                             guint *ret_unpublished)
{
    if (!any_event_with(events, "data.event", "published", random, ret_published))
        return false;
    g_autoptr(GArray) all = events_with(events, "data.event", "unpublished");

    for (guint i = 0; i < all->len; i++) {
        *ret_unpublished = g_array_index(all, guint, i);
        if (json_equal(body_value(events, *ret_unpublished, "data.id"),
                       body_value(events, *ret_published, "data.id")))
            return true;
    }
    return false;
}

/* The room tells its subscribers that a feed is gone, in the name of the handle that is just leaving. If
 * that is gone already, Janus drops the event. */
static bool tell_subscribers(GPtrArray *events, GRand *random)
{
    guint published, unpublished;

    if (!find_unpublished(events, random, &published, &unpublished))
        return false;
    json_t *updated = json_deep_copy(event_of(events, published));

    json_object_set(updated, "timestamp",
                    json_object_get(event_of(events, unpublished), "timestamp"));
    json_object_set_new(json_object_get(json_object_get(updated, "event"), "data"), "event",
                        json_string("updated"));
    g_ptr_array_insert(events, (gint)unpublished, updated);
    return true;
}

static bool lose_unpublished(GPtrArray *events, GRand *random)
{
    guint published, unpublished;

    while (find_unpublished(events, random, &published, &unpublished))
        g_ptr_array_remove_index(events, unpublished);
    return any_event_with(events, "data.event", "published", random, &published);
}

const struct mutation planted_mutations[] = {
    {"DTLS connected lost", lose_dtls_connected, DIFF_OUTCOME, LANE_DTLS},
    {"webrtcup lost", lose_webrtcup, DIFF_OUTCOME, LANE_PC},
    {"answer lost", lose_answer, DIFF_STRUCTURE, LANE_SIGNALLING},
    {"detached lost", lose_detached, DIFF_STRUCTURE, LANE_HANDLE},
    {"created lost", lose_created, DIFF_STRUCTURE, LANE_SESSION},
    {"joined lost", lose_joined, DIFF_STRUCTURE, LANE_PLUGIN},
    {"selected pairs lost", lose_pairs, DIFF_OUTCOME, LANE_PAIR},
    {"remote candidates lost", lose_remote_candidates, DIFF_NEGOTIATION, LANE_CANDIDATES},
    {"one candidate lost", lose_one_candidate, DIFF_NOTE, LANE_CANDIDATES},
    {"media receiving lost", lose_receiving, DIFF_STRUCTURE, LANE_MEDIA},
    {"handle lost", lose_handle, DIFF_STRUCTURE, LANE_HANDLE},
    {"session lost", lose_session, DIFF_STRUCTURE, LANE_SESSION},
    {"DTLS failed", fail_dtls, DIFF_OUTCOME, LANE_DTLS},
    {"session timed out", time_out, DIFF_OUTCOME, LANE_SESSION},
    {"hung up for another reason", hang_up_otherwise, DIFF_OUTCOME, LANE_PC},
    {"ICE failed", fail_ice, DIFF_OUTCOME, LANE_ICE},
    {"DTLS connected before trying", connect_before_trying, DIFF_STRUCTURE, LANE_DTLS},
    {"DTLS begun before there was a pair", begin_dtls_before_pair, DIFF_STRUCTURE, LANE_DTLS},
    {"codec lost", lose_codec, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"another codec answered", answer_another_codec, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"medium turned off", turn_off, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"medium rejected", reject, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"medium lost", lose_section, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"header extension lost", lose_extension, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"ICE not started again", keep_credentials, DIFF_NEGOTIATION, LANE_SIGNALLING},
    {"pair relayed", relay_pair, DIFF_NEGOTIATION, LANE_PAIR},
    {"plugin's value changed", change_plugin_value, DIFF_STRUCTURE, LANE_PLUGIN},
    {"unknown field", add_unknown_field, DIFF_STRUCTURE, LANE_KINDS},
    {"answer delayed", delay_answer, DIFF_TIMING, LANE_SIGNALLING},
    {"DTLS delayed", delay_dtls, DIFF_TIMING, LANE_DTLS},
    {"webrtcup delayed", delay_webrtcup, DIFF_TIMING, LANE_PC},
    {"DTLS tried again", retry_dtls, DIFF_QUALITY, LANE_DTLS},
    {"flow stopped", stop_flow, DIFF_OUTCOME, LANE_STATS},
    {"packets lost", lose_packets, DIFF_QUALITY, LANE_STATS},
    {"subscribers told by who leaves", tell_subscribers, DIFF_NOTE, LANE_PLUGIN},
    {"leaves without unpublishing", lose_unpublished, DIFF_NOTE, LANE_PLUGIN},
    {"feed swapped", swap_feed, DIFF_IDENTITY, LANE_PLUGIN},
    {"participant renamed", rename_participant, DIFF_IDENTITY, LANE_PLUGIN},
    {"another room", move_to_another_room, DIFF_IDENTITY, LANE_PLUGIN},
};

const size_t planted_mutation_count = G_N_ELEMENTS(planted_mutations);

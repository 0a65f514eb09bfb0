/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/id_field.h"

#include <fnmatch.h>
#include <string.h>

/* The first row whose key is the path's last one and whose pattern fits the rest decides. */
static const struct id_field {
    const char *key;
    const char *above; /* '*' stands for any run of characters */
    enum evj_id_kind kind;
} table[] = {
    {"session_id", "", EVJ_ID_SESSION},
    {"handle_id", "", EVJ_ID_HANDLE},
    {"opaque_id", "", EVJ_ID_OPAQUE},
    {"opaque_id", "handles", EVJ_ID_OPAQUE},
    {"opaque_id", "plugins.*.data", EVJ_ID_OPAQUE},
    {"id", "sessions.transport", EVJ_ID_TRANSPORT},
    {"id", "transports", EVJ_ID_TRANSPORT},
    {"room", "plugins.*.data", EVJ_ID_ROOM},
    {"id", "plugins.streaming.data", EVJ_ID_MOUNTPOINT},
    {"id", "plugins.recordplay.data", EVJ_ID_RECORDING},
    {"id", "plugins.*.data", EVJ_ID_PARTICIPANT},
    {"feed", "plugins.*.data", EVJ_ID_PARTICIPANT},
    {"publisher_id", "plugins.*.data", EVJ_ID_PARTICIPANT},
    {"feed_id", "plugins.*", EVJ_ID_PARTICIPANT},
    {"private_id", "plugins.*", EVJ_ID_PRIVATE},
    {"unique_id", "plugins.*", EVJ_ID_UNIQUE},
    {"master_id", "plugins.*", EVJ_ID_MASTER},
    {"call-id", "plugins.*", EVJ_ID_CALL},
    {"stream_id", "plugins.*.data", EVJ_ID_FORWARDER},
};

static const char *const names[EVJ_ID_KINDS] = {
    [EVJ_ID_NONE] = "none",
    [EVJ_ID_SESSION] = "session",
    [EVJ_ID_HANDLE] = "handle",
    [EVJ_ID_OPAQUE] = "opaque_id",
    [EVJ_ID_TRANSPORT] = "transport",
    [EVJ_ID_ROOM] = "room",
    [EVJ_ID_MOUNTPOINT] = "mountpoint",
    [EVJ_ID_RECORDING] = "recording",
    [EVJ_ID_PARTICIPANT] = "participant",
    [EVJ_ID_PRIVATE] = "private_id",
    [EVJ_ID_UNIQUE] = "unique_id",
    [EVJ_ID_MASTER] = "master_id",
    [EVJ_ID_CALL] = "call-id",
    [EVJ_ID_FORWARDER] = "forwarder",
};

/* What no table of ours names is not so long. */
#define ABOVE_MAX 256u

static int fits(const char *pattern, const char *path, size_t len)
{
    char above[ABOVE_MAX];

    if (len >= sizeof(above))
        return 0;
    memcpy(above, path, len);
    above[len] = '\0';
    return fnmatch(pattern, above, FNM_NOESCAPE) == 0;
}

enum evj_id_kind evj_id_kind_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *key = dot ? dot + 1 : path;
    size_t above = dot ? (size_t)(dot - path) : 0;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].key, key) == 0 && fits(table[i].above, path, above))
            return table[i].kind;
    return EVJ_ID_NONE;
}

enum evj_id_kind evj_id_field_row(unsigned n, const char **ret_above, const char **ret_key)
{
    if (n >= sizeof(table) / sizeof(table[0]))
        return EVJ_ID_NONE;
    *ret_above = table[n].above;
    *ret_key = table[n].key;
    return table[n].kind;
}

bool evj_id_may_be_below(const char *label)
{
    const size_t len = strlen(label);

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strncmp(table[i].above, label, len) == 0 &&
            (table[i].above[len] == '\0' || table[i].above[len] == '.'))
            return true;
    return false;
}

const char *evj_id_kind_name(enum evj_id_kind kind)
{
    return names[kind < EVJ_ID_KINDS ? kind : EVJ_ID_NONE];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/contender.h"

#include <errno.h>
#include <glib.h>

#define RECORDER "libjanus_journalevh.so", "janus.eventhandler.journalevh", BACKEND_NONE, true

static const struct contender contenders[] = {
    [CONTENDER_NAIVE] = {"GAsyncQueue, json_dumps, gzwrite 6", "libjanus_naiveevh.so",
                         "janus.eventhandler.naiveevh", BACKEND_NONE, true,
                         "file = \"$FOLDER/events.gz\""},
    [CONTENDER_RECORDER] = {"journalevh, level 6 (default)", RECORDER,
                            "enabled = true\nfolder = \"$FOLDER\"\nbuffer = \"$BUFFER\"\n"},
    [CONTENDER_COPY] = {"json_deep_copy, as by Janus", NULL, NULL, BACKEND_NONE, false, NULL},
    {"journalevh, level 1", RECORDER,
     "enabled = true\nfolder = \"$FOLDER\"\nbuffer = \"$BUFFER\"\ncompression = 1\n"},
    {"sampleevh, HTTP", "libjanus_sampleevh.so", "janus.eventhandler.sampleevh", BACKEND_HTTP,
     false,
     "enabled = true\nevents = \"all\"\ngrouping = true\njson = \"compact\"\n"
     "backend = \"http://127.0.0.1:$PORT/\"\n"},
    {"wsevh, WebSocket", "libjanus_wsevh.so", "janus.eventhandler.wsevh", BACKEND_WEBSOCKET, false,
     "enabled = true\nevents = \"all\"\ngrouping = true\njson = \"compact\"\n"
     "backend = \"ws://127.0.0.1:$PORT\"\n"},
    {"gelfevh, UDP", "libjanus_gelfevh.so", "janus.eventhandler.gelfevh", BACKEND_UDP, false,
     "enabled = true\nevents = \"all\"\nbackend = \"127.0.0.1\"\nport = \"$PORT\"\n"
     "protocol = \"udp\"\nmax_message_len = 8192\n"},
};

size_t contender_count(void)
{
    return G_N_ELEMENTS(contenders);
}

const struct contender *contender_get(size_t number)
{
    return &contenders[number];
}

static void replace(GString *text, const char *name, const char *value)
{
    g_string_replace(text, name, value, 0);
}

int contender_configure(const struct contender *contender, const char *config_dir,
                        const char *data_dir, uint16_t port, const char *buffer)
{
    g_autofree char *path = g_strdup_printf("%s/%s.jcfg", config_dir, contender->package);
    g_autofree char *number = g_strdup_printf("%u", port);
    g_autoptr(GString) text = g_string_new("general: {\n");
    g_autoptr(GError) error = NULL;

    g_string_append(text, contender->config);
    g_string_append(text, "\n}\n");
    replace(text, "$FOLDER", data_dir);
    replace(text, "$PORT", number);
    replace(text, "$BUFFER", buffer);
    if (g_file_set_contents(path, text->str, (gssize)text->len, &error))
        return 0;
    errno = EIO;
    return -1;
}

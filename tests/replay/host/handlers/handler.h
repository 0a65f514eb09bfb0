/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_HOST_HANDLERS_HANDLER_H
#define TESTS_REPLAY_HOST_HANDLERS_HANDLER_H

/*
 * A whole event handler in one line, for those that exist to do one thing, mostly wrong:
 * HANDLER("name", .incoming_event = keep) defines create(), and fills in what is not given.
 */

#include "replay/host/abi.h"

/* What Janus's JANUS_LOG does, cut down to the prefix. */
#define LOG(prefix, ...) janus_vprintf(prefix __VA_ARGS__)

static inline int handler_init(const char *config_path)
{
    (void)config_path;
    return 0;
}

static inline void handler_destroy(void)
{
}

static inline int handler_api(void)
{
    return HOST_ABI_HANDLER_API;
}

static inline const char *handler_text(void)
{
    return "a handler for tests";
}

static inline void handler_event(json_t *event)
{
    (void)event;
}

__attribute__((visibility("default"))) struct janus_eventhandler *create(void);

#define HANDLER(name, ...)                                                                         \
    static const char *handler_package(void)                                                       \
    {                                                                                              \
        return name;                                                                               \
    }                                                                                              \
    _Pragma("GCC diagnostic push") _Pragma(                                                        \
        "GCC diagnostic ignored \"-Woverride-init\"") static struct janus_eventhandler handler = { \
        .init = handler_init,                                                                      \
        .destroy = handler_destroy,                                                                \
        .get_api_compatibility = handler_api,                                                      \
        .get_version = handler_api,                                                                \
        .get_version_string = handler_text,                                                        \
        .get_description = handler_text,                                                           \
        .get_name = handler_text,                                                                  \
        .get_author = handler_text,                                                                \
        .get_package = handler_package,                                                            \
        .incoming_event = handler_event,                                                           \
        .events_mask = 0xffffffff,                                                                 \
        ##__VA_ARGS__,                                                                             \
    };                                                                                             \
    _Pragma("GCC diagnostic pop") struct janus_eventhandler *create(void)                          \
    {                                                                                              \
        return &handler;                                                                           \
    }

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_HOST_ABI_LAYOUT_H
#define TESTS_REPLAY_HOST_ABI_LAYOUT_H

/*
 * Every size, offset and value on which handlers and host must agree, as an array initialiser.
 * abi_ours.c includes it after replay/host/abi.h, abi_janus.c after Janus's own headers.
 */

#include <stddef.h>

struct layout {
    const char *what;
    size_t value;
};

extern const struct layout ours[], janus[];

#define OFFSET(type, member)                             \
    {                                                    \
#type "." #member, offsetof(struct type, member) \
    }
#define SIZE(type)                           \
    {                                        \
        "sizeof " #type, sizeof(struct type) \
    }
#define VALUE(name)           \
    {                         \
#name, (size_t)(name) \
    }

#define LAYOUT                                                                                   \
    {                                                                                            \
        OFFSET(janus_eventhandler, init), OFFSET(janus_eventhandler, destroy),                   \
            OFFSET(janus_eventhandler, get_api_compatibility),                                   \
            OFFSET(janus_eventhandler, get_version),                                             \
            OFFSET(janus_eventhandler, get_version_string),                                      \
            OFFSET(janus_eventhandler, get_description), OFFSET(janus_eventhandler, get_name),   \
            OFFSET(janus_eventhandler, get_author), OFFSET(janus_eventhandler, get_package),     \
            OFFSET(janus_eventhandler, incoming_event),                                          \
            OFFSET(janus_eventhandler, handle_request), OFFSET(janus_eventhandler, events_mask), \
            SIZE(janus_eventhandler), {"sizeof janus_flags", sizeof(janus_flags)},               \
            OFFSET(janus_config_container, type), OFFSET(janus_config_container, name),          \
            OFFSET(janus_config_container, value), OFFSET(janus_config_container, list),         \
            SIZE(janus_config_container), OFFSET(janus_config, is_jcfg),                         \
            OFFSET(janus_config, name), OFFSET(janus_config, list), SIZE(janus_config),          \
            VALUE(janus_config_type_any), VALUE(janus_config_type_item),                         \
            VALUE(janus_config_type_category), VALUE(janus_config_type_array),                   \
            OFFSET(janus_network_address, family), OFFSET(janus_network_address, ipv4),          \
            OFFSET(janus_network_address, ipv6), SIZE(janus_network_address),                    \
            OFFSET(janus_network_address_string_buffer, family),                                 \
            OFFSET(janus_network_address_string_buffer, ipv4),                                   \
            OFFSET(janus_network_address_string_buffer, ipv6),                                   \
            SIZE(janus_network_address_string_buffer),                                           \
            OFFSET(janus_network_query_config, device_name),                                     \
            OFFSET(janus_network_query_config, mode), OFFSET(janus_network_query_config, ipv4),  \
            OFFSET(janus_network_query_config, ipv6), SIZE(janus_network_query_config),          \
            VALUE(janus_network_query_options_name), VALUE(janus_network_query_options_ipv4),    \
            VALUE(janus_network_query_options_ipv6), VALUE(janus_network_query_options_any_ip),  \
            VALUE(janus_network_query_options_any),                                              \
        {                                                                                        \
            NULL, 0                                                                              \
        }                                                                                        \
    }

#endif

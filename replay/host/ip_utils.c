/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The core's helpers for IP addresses (ip-utils.h): 0, or -EINVAL for whatever is wrong. */

#include "replay/host/abi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* ---- addresses ---- */

void janus_network_address_nullify(struct janus_network_address *a)
{
    if (a)
        memset(a, 0, sizeof(*a));
}

int janus_network_address_is_null(const struct janus_network_address *a)
{
    return !a || (a->family != AF_INET && a->family != AF_INET6);
}

int janus_network_address_from_sockaddr(struct sockaddr *s, struct janus_network_address *a)
{
    if (!s || !a)
        return -EINVAL;
    switch (s->sa_family) {
    case AF_INET:
        a->ipv4 = ((const struct sockaddr_in *)s)->sin_addr;
        break;
    case AF_INET6:
        a->ipv6 = ((const struct sockaddr_in6 *)s)->sin6_addr;
        break;
    default:
        return -EINVAL;
    }
    a->family = s->sa_family;
    return 0;
}

int janus_network_address_to_string_buffer(const struct janus_network_address *a,
                                           struct janus_network_address_string_buffer *buf)
{
    if (!buf)
        return -EINVAL;
    janus_network_address_string_buffer_nullify(buf);
    if (janus_network_address_is_null(a))
        return -EINVAL;
    /* Both texts begin at the same place, and the longer of them is as long as the union. */
    if (!inet_ntop(a->family, &a->ipv4, buf->ipv6, sizeof(buf->ipv6)))
        return -errno;
    buf->family = a->family;
    return 0;
}

void janus_network_address_string_buffer_nullify(struct janus_network_address_string_buffer *b)
{
    if (b)
        memset(b, 0, sizeof(*b));
}

int janus_network_address_string_buffer_is_null(const struct janus_network_address_string_buffer *b)
{
    return !b || (b->family != AF_INET && b->family != AF_INET6);
}

const char *
janus_network_address_string_from_buffer(const struct janus_network_address_string_buffer *b)
{
    if (janus_network_address_string_buffer_is_null(b))
        return NULL;
    return b->family == AF_INET ? b->ipv4 : b->ipv6;
}

/* Only the three IP kinds can be asked for: "none", "name" and "any" fit no address, as in the
 * core. */
int janus_network_string_to_address(enum janus_network_query_options addr_type,
                                    const char *user_value, struct janus_network_address *result)
{
    if (!user_value || !result || addr_type == janus_network_query_options_any)
        return -EINVAL;
    struct janus_network_address found = {.family = AF_INET};

    if (!(addr_type & janus_network_query_options_ipv4) ||
        inet_pton(AF_INET, user_value, &found.ipv4) != 1) {
        found.family = AF_INET6;
        if (!(addr_type & janus_network_query_options_ipv6) ||
            inet_pton(AF_INET6, user_value, &found.ipv6) != 1)
            return -EINVAL;
    }
    *result = found;
    return 0;
}

int janus_network_string_is_valid_address(enum janus_network_query_options addr_type,
                                          const char *user_value)
{
    struct janus_network_address ignored;

    return janus_network_string_to_address(addr_type, user_value, &ignored) == 0;
}

/* ---- interfaces ---- */

int janus_network_prepare_device_query(const char *user_value,
                                       const enum janus_network_query_options query_mode,
                                       struct janus_network_query_config *query)
{
    if (!user_value || !query)
        return -EINVAL;
    unsigned mode = 0;

    memset(query, 0, sizeof(*query));
    if (query_mode & janus_network_query_options_ipv4 &&
        inet_pton(AF_INET, user_value, &query->ipv4) == 1)
        mode |= janus_network_query_options_ipv4;
    else if (query_mode & janus_network_query_options_ipv6 &&
             inet_pton(AF_INET6, user_value, &query->ipv6) == 1)
        mode |= janus_network_query_options_ipv6;
    else if (query_mode & janus_network_query_options_any_ip &&
             !(query_mode & janus_network_query_options_name))
        return -EINVAL;
    if (query_mode & janus_network_query_options_name) {
        mode |= janus_network_query_options_name;
        query->device_name = user_value;
    }
    query->mode = (enum janus_network_query_options)mode;
    return 0;
}

int janus_network_prepare_device_query_default(const char *user_value,
                                               struct janus_network_query_config *query)
{
    return janus_network_prepare_device_query(user_value, janus_network_query_options_any, query);
}

static bool device_matches(const struct ifaddrs *ifa,
                           const struct janus_network_query_config *query)
{
    struct janus_network_address address;

    if (!ifa->ifa_addr || janus_network_address_from_sockaddr(ifa->ifa_addr, &address) != 0)
        return false;
    if (query->mode & janus_network_query_options_name &&
        strcmp(ifa->ifa_name, query->device_name) == 0)
        return true;
    if (address.family == AF_INET)
        return query->mode & janus_network_query_options_ipv4 &&
               address.ipv4.s_addr == query->ipv4.s_addr;
    return query->mode & janus_network_query_options_ipv6 &&
           IN6_ARE_ADDR_EQUAL(&address.ipv6, &query->ipv6);
}

const struct ifaddrs *janus_network_query_devices(const struct ifaddrs *ifas,
                                                  const struct janus_network_query_config *query)
{
    if (!query)
        return NULL;
    while (ifas && !device_matches(ifas, query))
        ifas = ifas->ifa_next;
    return ifas;
}

int janus_network_get_device_address(const struct ifaddrs *ifa,
                                     struct janus_network_address *result)
{
    return ifa && result ? janus_network_address_from_sockaddr(ifa->ifa_addr, result) : -EINVAL;
}

/* The device's address, if it is of `family` and the query was for that kind. */
static int device_address_of(const struct ifaddrs *ifa,
                             const struct janus_network_query_config *query,
                             enum janus_network_query_options kind, int family,
                             struct janus_network_address *address)
{
    if (!query || !(query->mode & kind))
        return -EINVAL;
    int rc = janus_network_get_device_address(ifa, address);

    return rc == 0 && address->family != family ? -EINVAL : rc;
}

int janus_network_get_devices_ipv4(const struct ifaddrs *ifa,
                                   const struct janus_network_query_config *query,
                                   struct in_addr *result)
{
    struct janus_network_address address;
    int rc =
        result ? device_address_of(ifa, query, janus_network_query_options_ipv4, AF_INET, &address)
               : -EINVAL;

    if (rc == 0)
        *result = address.ipv4;
    return rc;
}

int janus_network_get_devices_ipv6(const struct ifaddrs *ifa,
                                   const struct janus_network_query_config *query,
                                   struct in6_addr *result)
{
    struct janus_network_address address;
    int rc =
        result ? device_address_of(ifa, query, janus_network_query_options_ipv6, AF_INET6, &address)
               : -EINVAL;

    if (rc == 0)
        *result = address.ipv6;
    return rc;
}

int janus_network_lookup_interface(const struct ifaddrs *ifas, const char *iface,
                                   struct janus_network_address *result)
{
    struct janus_network_query_config query;

    if (!ifas || !result || janus_network_prepare_device_query_default(iface, &query) != 0)
        return -EINVAL;
    return janus_network_get_device_address(janus_network_query_devices(ifas, &query), result);
}

/* ---- this host's own address ---- */

/* The address that this host would send from to another one. Connecting a datagram socket asks the
 * routing table, and sends nothing. */
static bool find_sender(const struct sockaddr *to, socklen_t size,
                        struct janus_network_address *address)
{
    struct sockaddr_storage from = {0};
    int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    bool found = connect(fd, to, size) == 0 &&
                 getsockname(fd, (struct sockaddr *)&from, &size) == 0 &&
                 janus_network_address_from_sockaddr((struct sockaddr *)&from, address) == 0;

    close(fd);
    return found;
}

/* The destinations are Janus's: others may have other routes. */
int janus_network_detect_local_ip(enum janus_network_query_options addr_type,
                                  struct janus_network_address *result)
{
    const struct sockaddr_in to_ipv4 = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(0x01020304)};
    const struct sockaddr_in6 to_ipv6 = {
        .sin6_family = AF_INET6,
        .sin6_port = htons(1),
        .sin6_addr.s6_addr = {[12] = 1, 2, 3, 4},
    };
    bool any = addr_type == janus_network_query_options_any_ip, found = false;

    if (!result)
        return -EINVAL;
    janus_network_address_nullify(result);
    if (any || addr_type == janus_network_query_options_ipv4)
        found = find_sender((const struct sockaddr *)&to_ipv4, sizeof(to_ipv4), result);
    if (!found && (any || addr_type == janus_network_query_options_ipv6))
        found = find_sender((const struct sockaddr *)&to_ipv6, sizeof(to_ipv6), result);
    return found ? 0 : -EINVAL;
}

char *janus_network_detect_local_ip_as_string(enum janus_network_query_options addr_type)
{
    struct janus_network_address address;
    struct janus_network_address_string_buffer text;

    if (janus_network_detect_local_ip(addr_type, &address) != 0 ||
        janus_network_address_to_string_buffer(&address, &text) != 0)
        return NULL;
    return g_strdup(janus_network_address_string_from_buffer(&text));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ip-utils.h: addresses and interfaces. */

#include "tests/replay/host/answers/answers.h"

#include <glib.h>

#include <janus/ip-utils.h>

#include <arpa/inet.h>

static void write_address(const char *title, int result, const janus_network_address *a)
{
    janus_network_address_string_buffer buf;

    janus_network_address_string_buffer_nullify(&buf);
    int converted = janus_network_address_to_string_buffer(a, &buf);

    fprintf(out, "%s: %d family %d null %d text %d %s\n", title, result, a->family,
            janus_network_address_is_null(a), converted,
            shown(janus_network_address_string_from_buffer(&buf)));
}

static void answer_sockaddrs(void)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x01020304)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_addr = {{{0x20, 1, 0xd, 0xb8, [15] = 1}}}};
    struct sockaddr other = {.sa_family = AF_UNIX};
    janus_network_address a = {0};

    write_address("v4", janus_network_address_from_sockaddr((struct sockaddr *)&v4, &a), &a);
    write_address("v6", janus_network_address_from_sockaddr((struct sockaddr *)&v6, &a), &a);
    janus_network_address_nullify(&a);
    write_address("unix", janus_network_address_from_sockaddr(&other, &a), &a);
    fprintf(out, "NULLs %d %d %d %d %s\n", janus_network_address_from_sockaddr(NULL, &a),
            janus_network_address_from_sockaddr((struct sockaddr *)&v4, NULL),
            janus_network_address_to_string_buffer(NULL, NULL), janus_network_address_is_null(NULL),
            shown(janus_network_address_string_from_buffer(NULL)));
    fprintf(out, "NULL buffer %d\n", janus_network_address_string_buffer_is_null(NULL));
}

static void answer_address_texts(void)
{
    static const char *texts[] = {"1.2.3.4", "::1", "2001:db8::1", "1.2.3",
                                  "nope",    "",    "1.2.3.4 ",    "0.0.0.0"};
    static const int kinds[] = {0, 1, 2, 4, 6, 7};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
            janus_network_address a;

            janus_network_address_nullify(&a);
            fprintf(out, "%s kind %d valid %d ", texts[i], kinds[k],
                    janus_network_string_is_valid_address((janus_network_query_options)kinds[k],
                                                          texts[i]));
            write_address("converted",
                          janus_network_string_to_address((janus_network_query_options)kinds[k],
                                                          texts[i], &a),
                          &a);
        }
    fprintf(out, "NULL valid %d\n",
            janus_network_string_is_valid_address(janus_network_query_options_any_ip, NULL));
}

static void answer_query(const struct ifaddrs *ifas, const char *text,
                         janus_network_query_options mode)
{
    janus_network_query_config query = {0};
    int ok = janus_network_prepare_device_query(text, mode, &query);
    const struct ifaddrs *found = ok == 0 ? janus_network_query_devices(ifas, &query) : NULL;
    struct in_addr v4 = {0};
    struct in6_addr v6 = {{{0}}};
    janus_network_address a;

    fprintf(out, "query %s %d: %d mode %d -> %s\n", text, (int)mode, ok, ok ? 0 : (int)query.mode,
            found ? found->ifa_name : "none");
    if (!found)
        return;
    fprintf(out, "as v4 %d as v6 %d\n", janus_network_get_devices_ipv4(found, &query, &v4),
            janus_network_get_devices_ipv6(found, &query, &v6));
    janus_network_address_nullify(&a);
    write_address("found", janus_network_get_device_address(found, &a), &a);
}

static void answer_lookup(const struct ifaddrs *ifas, const char *text)
{
    janus_network_address a;

    janus_network_address_nullify(&a);
    write_address(text, janus_network_lookup_interface(ifas, text, &a), &a);
}

static void answer_interfaces(void)
{
    static const char *texts[] = {"lo", "127.0.0.1", "::1", "9.9.9.9", "nonesuch"};
    static const int modes[] = {0, 1, 2, 4, 6, 7};
    struct ifaddrs *ifas = NULL;
    janus_network_address a;
    janus_network_query_config query;

    getifaddrs(&ifas);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        for (size_t m = 0; m < G_N_ELEMENTS(modes); m++)
            answer_query(ifas, texts[i], (janus_network_query_options)modes[m]);
        answer_lookup(ifas, texts[i]);
    }
    fprintf(out, "lookup NULL %d %d %d\n", janus_network_lookup_interface(NULL, "lo", &a),
            janus_network_lookup_interface(ifas, NULL, &a),
            janus_network_lookup_interface(ifas, "lo", NULL));
    fprintf(out, "query NULL %d %d\n", janus_network_prepare_device_query_default(NULL, &query),
            janus_network_prepare_device_query_default("lo", NULL));
    freeifaddrs(ifas);
}

/* Both ask the same machine. */
static void answer_local_ip(void)
{
    static const int modes[] = {0, 1, 2, 4, 6, 7};

    for (size_t m = 0; m < G_N_ELEMENTS(modes); m++) {
        janus_network_query_options mode = (janus_network_query_options)modes[m];
        janus_network_address a = {0};
        char *text = janus_network_detect_local_ip_as_string(mode);

        fprintf(out, "local %d: %d %d '%s'\n", modes[m], janus_network_detect_local_ip(mode, &a),
                a.family, shown(text));
        g_free(text);
    }
}

void answer_network(void)
{
    answer_local_ip();
    answer_sockaddrs();
    answer_address_texts();
    answer_interfaces();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"

#include <arpa/inet.h>
#include <errno.h>

static const char *text_of(const struct janus_network_address *address)
{
    static struct janus_network_address_string_buffer buffer;

    assert_int_equal(janus_network_address_to_string_buffer(address, &buffer), 0);
    return janus_network_address_string_from_buffer(&buffer);
}

/* What gelfevh does with its backend. */
static void socket_addresses_become_text(void **state)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x01020304)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = {{{0x20, 1, [15] = 1}}}};
    struct janus_network_address address;

    (void)state;
    assert_int_equal(janus_network_address_from_sockaddr((struct sockaddr *)&v4, &address), 0);
    assert_string_equal(text_of(&address), "1.2.3.4");
    assert_int_equal(janus_network_address_from_sockaddr((struct sockaddr *)&v6, &address), 0);
    assert_string_equal(text_of(&address), "2001::1");
}

static void anything_else_is_invalid(void **state)
{
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct janus_network_address address = {0};
    struct janus_network_address_string_buffer buffer;

    (void)state;
    assert_int_equal(janus_network_address_from_sockaddr(&other, &address), -EINVAL);
    assert_int_equal(janus_network_address_from_sockaddr(NULL, &address), -EINVAL);
    assert_true(janus_network_address_is_null(&address));
    assert_int_equal(janus_network_address_to_string_buffer(&address, &buffer), -EINVAL);
    assert_null(janus_network_address_string_from_buffer(&buffer));
    assert_null(janus_network_address_string_from_buffer(NULL));
}

static void texts_are_read_as_the_kinds_that_are_allowed(void **state)
{
    struct janus_network_address address;

    (void)state;
    assert_int_equal(
        janus_network_string_to_address(janus_network_query_options_any_ip, "::1", &address), 0);
    assert_int_equal(address.family, AF_INET6);
    assert_true(janus_network_string_is_valid_address(janus_network_query_options_ipv4, "1.2.3.4"));
    assert_false(
        janus_network_string_is_valid_address(janus_network_query_options_ipv6, "1.2.3.4"));
    assert_false(janus_network_string_is_valid_address(janus_network_query_options_any_ip, "lo"));
}

static void interfaces_are_found_by_name_and_by_address(void **state)
{
    struct ifaddrs *ifas = NULL;
    struct janus_network_address address;

    (void)state;
    assert_int_equal(getifaddrs(&ifas), 0);
    assert_int_equal(janus_network_lookup_interface(ifas, "lo", &address), 0);
    assert_string_equal(text_of(&address), "127.0.0.1");
    assert_int_equal(janus_network_lookup_interface(ifas, "127.0.0.1", &address), 0);
    assert_int_equal(janus_network_lookup_interface(ifas, "no such thing", &address), -EINVAL);
    freeifaddrs(ifas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(socket_addresses_become_text),
        cmocka_unit_test(anything_else_is_invalid),
        cmocka_unit_test(texts_are_read_as_the_kinds_that_are_allowed),
        cmocka_unit_test(interfaces_are_found_by_name_and_by_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/traffic.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two ends that are connected over loopback. */
struct connection {
    int near, far;
};

static struct connection connect_tcp(void)
{
    const int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    struct connection made;

    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    made.near = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(made.near, (struct sockaddr *)&address, size), 0);
    made.far = accept(listening, NULL, NULL);
    assert_true(made.far >= 0);
    close(listening);
    return made;
}

static struct connection connect_unix(void)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    return (struct connection){.near = ends[0], .far = ends[1]};
}

static void disconnect(struct connection made)
{
    close(made.near);
    close(made.far);
}

/* The network's own acknowledgements take a moment. */
static void await_silence(struct traffic *traffic)
{
    while (traffic_moves(traffic))
        usleep(1000);
}

static void without_a_socket_nothing_moves(void **state)
{
    struct traffic *traffic = traffic_new();

    (void)state;
    assert_false(traffic_moves(traffic));
    traffic_free(traffic);
}

static void sockets_that_were_there_before_are_not_looked_at(void **state)
{
    struct connection mine = connect_unix();
    struct traffic *traffic = traffic_new();

    (void)state;
    assert_int_equal(write(mine.near, "x", 1), 1);
    assert_false(traffic_moves(traffic));
    traffic_free(traffic);
    disconnect(mine);
}

static void a_socket_moves_when_it_comes_and_when_it_goes(void **state)
{
    struct traffic *traffic = traffic_new();
    struct connection made = connect_unix();

    (void)state;
    assert_true(traffic_moves(traffic));
    assert_false(traffic_moves(traffic));
    disconnect(made);
    assert_true(traffic_moves(traffic));
    assert_false(traffic_moves(traffic));
    traffic_free(traffic);
}

static void what_nobody_has_read_yet_is_on_its_way(void **state)
{
    struct traffic *traffic = traffic_new();
    struct connection made = connect_unix();
    char byte;

    (void)state;
    traffic_moves(traffic);
    assert_int_equal(write(made.near, "x", 1), 1);
    assert_true(traffic_moves(traffic));
    assert_true(traffic_moves(traffic));
    assert_int_equal(read(made.far, &byte, 1), 1);
    assert_false(traffic_moves(traffic));
    disconnect(made);
    traffic_free(traffic);
}

/* Both ways: a handler that only reads its backend's answers is not done. */
static void what_goes_over_tcp_is_seen_after_it_has_arrived(void **state)
{
    struct traffic *traffic = traffic_new();
    struct connection made = connect_tcp();
    char byte;

    (void)state;
    for (int i = 0; i < 4; i++) {
        await_silence(traffic);
        assert_int_equal(write(i % 2 ? made.far : made.near, "x", 1), 1);
        assert_int_equal(read(i % 2 ? made.near : made.far, &byte, 1), 1);
        assert_true(traffic_moves(traffic));
    }
    await_silence(traffic);
    disconnect(made);
    traffic_free(traffic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_socket_nothing_moves),
        cmocka_unit_test(sockets_that_were_there_before_are_not_looked_at),
        cmocka_unit_test(a_socket_moves_when_it_comes_and_when_it_goes),
        cmocka_unit_test(what_nobody_has_read_yet_is_on_its_way),
        cmocka_unit_test(what_goes_over_tcp_is_seen_after_it_has_arrived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

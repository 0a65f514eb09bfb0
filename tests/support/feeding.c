/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/feeding.h"

#include "tests/support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

static bool feed_once(const struct feeding *feeding)
{
    for (size_t at = 0; at < feeding->size;) {
        size_t left = feeding->size - at;
        size_t piece = left < feeding->step ? left : feeding->step;
        ssize_t done = write(feeding->fd, feeding->bytes + at, piece);
        if (done <= 0)
            return false;
        at += (size_t)done;
    }
    return true;
}

static void *feed(void *data)
{
    const struct feeding *feeding = data;

    for (size_t i = 0; i < feeding->times && feed_once(feeding); i++)
        ;
    close(feeding->fd);
    return NULL;
}

void feeding_begin(struct feeding *feeding, const void *bytes, size_t size, size_t step,
                   size_t times)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    *feeding =
        (struct feeding){.fd = ends[1], .bytes = bytes, .size = size, .step = step, .times = times};
    assert_int_equal(pthread_create(&feeding->thread, NULL, feed, feeding), 0);
}

void feeding_done(struct feeding *feeding)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    assert_int_equal(dup2(nothing, STDIN_FILENO), STDIN_FILENO);
    close(nothing);
    pthread_join(feeding->thread, NULL);
}

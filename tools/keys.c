/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/keys.h"

#include "tools/terminal_mode.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SECOND_US INT64_C(1000000)

/* ---- decoding ---- */

#define ESCAPE "\033"

/* Terminals send arrows in two ways, by the mode they are in. */
static const struct {
    const char *bytes;
    enum key_meaning meaning;
    struct replay_order order;
} known[] = {
    {" ", KEY_ORDER, {REPLAY_PAUSE, 0}},
    {".", KEY_ORDER, {REPLAY_STEP, 0}},
    {"+", KEY_ORDER, {REPLAY_FASTER, 0}},
    {"-", KEY_ORDER, {REPLAY_SLOWER, 0}},
    {ESCAPE "[C", KEY_ORDER, {REPLAY_SEEK, 10 * SECOND_US}},
    {ESCAPE "OC", KEY_ORDER, {REPLAY_SEEK, 10 * SECOND_US}},
    {ESCAPE "[D", KEY_ORDER, {REPLAY_SEEK, -10 * SECOND_US}},
    {ESCAPE "OD", KEY_ORDER, {REPLAY_SEEK, -10 * SECOND_US}},
    {ESCAPE "[A", KEY_ORDER, {REPLAY_SEEK, 60 * SECOND_US}},
    {ESCAPE "OA", KEY_ORDER, {REPLAY_SEEK, 60 * SECOND_US}},
    {ESCAPE "[B", KEY_ORDER, {REPLAY_SEEK, -60 * SECOND_US}},
    {ESCAPE "OB", KEY_ORDER, {REPLAY_SEEK, -60 * SECOND_US}},
    {"q", KEY_QUIT, {0}},
};

const char keys_help[] =
    "space pauses, . is one event, + and - are the speed, left and right are 10 s, "
    "down and up 60 s, q ends it";

/* Escape sequences end with a letter or ~; what begins them does not end them. */
static bool is_whole(const struct key_decoder *decoder)
{
    char last = decoder->bytes[decoder->len - 1];

    if (decoder->bytes[0] != ESCAPE[0])
        return true;
    if (decoder->len < 3)
        return decoder->len == 2 && last != '[' && last != 'O';
    return g_ascii_isalpha(last) || last == '~' || decoder->len == sizeof(decoder->bytes);
}

static enum key_meaning find_key(const struct key_decoder *decoder, struct replay_order *ret_order)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strlen(known[i].bytes) != decoder->len ||
            memcmp(known[i].bytes, decoder->bytes, decoder->len) != 0)
            continue;
        *ret_order = known[i].order;
        return known[i].meaning;
    }
    return KEY_NONE;
}

enum key_meaning key_decode(struct key_decoder *decoder, char byte, struct replay_order *ret_order)
{
    enum key_meaning meaning;

    /* The escape key alone, and then another one. */
    if (byte == ESCAPE[0])
        decoder->len = 0;
    decoder->bytes[decoder->len++] = byte;
    if (!is_whole(decoder))
        return KEY_NONE;
    meaning = find_key(decoder, ret_order);
    decoder->len = 0;
    return meaning;
}

/* ---- reading ---- */

/* How often it is looked whose terminal it is now. */
#define TICK_MS 100

struct keys {
    struct replay_control *control;
    struct key_decoder decoder;
    pthread_t thread;
    int enough[2]; /* a pipe: its end is closed when no more is to be read */
};

static void obey(struct keys *keys, char byte)
{
    struct replay_order order;

    switch (key_decode(&keys->decoder, byte, &order)) {
    case KEY_NONE:
        break;
    case KEY_ORDER:
        replay_control_post(keys->control, order);
        break;
    case KEY_QUIT:
        kill(getpid(), SIGINT);
        break;
    }
}

/* False: there is none, nor will there be at once. */
static bool read_key(struct keys *keys)
{
    char byte;

    if (read(STDIN_FILENO, &byte, 1) != 1)
        return false;
    obey(keys, byte);
    return true;
}

static void *read_keys(void *context)
{
    struct keys *keys = context;
    struct pollfd fds[] = {{.fd = keys->enough[0]}, {.fd = STDIN_FILENO, .events = POLLIN}};
    nfds_t count = G_N_ELEMENTS(fds);

    while (fds[0].revents == 0) {
        bool ours;

        fds[1].revents = 0;
        if (poll(fds, count, TICK_MS) < 0)
            continue;
        /* The shell may give it away, and back, without a signal: `bg` and then `fg`. */
        ours = terminal_is_ours(STDIN_FILENO);
        if (ours)
            terminal_mode_keep();
        /* Whoever does not read what is there must not be woken by it. */
        count = ours && (fds[1].revents == 0 || read_key(keys)) ? G_N_ELEMENTS(fds) : 1;
    }
    return NULL;
}

/* Without signals: terminal_mode_keep() needs that, and reading what is typed to another process, which
 * may have got the terminal just now, would stop this one. */
static bool start_thread(struct keys *keys)
{
    sigset_t all, mask;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &mask);
    error = pthread_create(&keys->thread, NULL, read_keys, keys);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (error != 0)
        terminal_mode_end();
    return error == 0;
}

struct keys *keys_start(struct replay_control *control)
{
    struct keys *keys;

    if (!terminal_is_ours(STDIN_FILENO))
        return NULL;
    keys = g_new0(struct keys, 1);
    keys->control = control;
    if (pipe2(keys->enough, O_CLOEXEC) == 0) {
        if (terminal_mode_begin(STDIN_FILENO) && start_thread(keys))
            return keys;
        close(keys->enough[0]);
        close(keys->enough[1]);
    }
    g_free(keys);
    return NULL;
}

void keys_stop(struct keys *keys)
{
    if (keys == NULL)
        return;
    close(keys->enough[1]);
    pthread_join(keys->thread, NULL);
    close(keys->enough[0]);
    terminal_mode_end();
    g_free(keys);
}

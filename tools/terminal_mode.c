/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/terminal_mode.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

static struct {
    int fd;
    struct termios before, during;
    atomic_bool leaving; /* it is given back, and not to be taken again */
    atomic_bool keeping; /* somebody is about to take it again: who gives it back waits for that */
    atomic_bool active;  /* set last, and reset first: signal handlers look at the rest */
} mode;

/* What would end the process and leave the terminal as it is. */
static const int deadly[] = {SIGHUP, SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,
                             SIGSYS, SIGSEGV, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGXCPU};
#define DEADLY (sizeof(deadly) / sizeof(deadly[0]))

static struct sigaction actions_before[DEADLY], stop_before;

bool terminal_is_ours(int fd)
{
    return isatty(fd) && tcgetpgrp(fd) == getpgrp();
}

bool terminal_is_anothers(int fd)
{
    pid_t whose = tcgetpgrp(fd);

    return whose > 0 && whose != getpgrp();
}

/*
 * Only for who is in the foreground: another process uses the terminal now. And a process that is in
 * the background would be stopped by the attempt, so that signal is kept out.
 */
static void set_attributes(const struct termios *attributes)
{
    sigset_t blocked, mask;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &blocked, &mask);
    if (terminal_is_ours(mode.fd))
        tcsetattr(mode.fd, TCSANOW, attributes);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

void terminal_mode_restore(void)
{
    mode.leaving = true;
    while (mode.keeping)
        poll(NULL, 0, 1);
    if (mode.active)
        set_attributes(&mode.before);
}

void terminal_mode_keep(void)
{
    struct termios now;

    mode.keeping = true;
    if (mode.active && !mode.leaving && tcgetattr(mode.fd, &now) == 0 &&
        now.c_lflag != mode.during.c_lflag)
        set_attributes(&mode.during);
    mode.keeping = false;
}

/* ---- signals ---- */

static void die(int number)
{
    terminal_mode_restore();
    signal(number, SIG_DFL);
    raise(number); /* comes when this handler is left */
}

/* Stops here, as the signal would have without a handler, until somebody has it go on. */
static void stand_still(int number)
{
    struct sigaction handler;
    sigset_t unblocked, mask;

    sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, &handler);
    sigemptyset(&unblocked);
    sigaddset(&unblocked, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &unblocked, &mask);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(number, &handler, NULL);
}

static void stop(int number)
{
    const int error = errno;

    terminal_mode_restore();
    stand_still(number);
    mode.leaving = false;
    if (mode.active)
        set_attributes(&mode.during);
    errno = error;
}

static void catch_signals(void)
{
    const struct sigaction stopping = {.sa_handler = stop, .sa_flags = SA_RESTART};
    const struct sigaction dying = {.sa_handler = die};

    for (size_t i = 0; i < DEADLY; i++)
        sigaction(deadly[i], &dying, &actions_before[i]);
    sigaction(SIGTSTP, &stopping, &stop_before);
}

static void let_signals_go(void)
{
    for (size_t i = 0; i < DEADLY; i++)
        sigaction(deadly[i], &actions_before[i], NULL);
    sigaction(SIGTSTP, &stop_before, NULL);
}

/* ---- beginning and end ---- */

bool terminal_mode_begin(int fd)
{
    if (mode.active || tcgetattr(fd, &mode.before) < 0)
        return false;
    mode.fd = fd;
    mode.during = mode.before;
    mode.during.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.during.c_cc[VMIN] = 1;
    mode.during.c_cc[VTIME] = 0;
    mode.leaving = false;
    mode.active = true;
    catch_signals();
    set_attributes(&mode.during);
    return true;
}

void terminal_mode_end(void)
{
    if (!mode.active)
        return;
    set_attributes(&mode.before);
    mode.active = false;
    let_signals_go();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/crash.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* For the handler below: backtrace(), dladdr1() and snprintf(). */
#define STACK_SIZE ((size_t)128 * 1024)

/* note_signal() itself, and the kernel's frame that returns from it. */
#define OWN_FRAMES 2

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

static struct crash *noted;

/* The file's name without its folder. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Only a symbol that the address lies in: the nearest exported one would mislead, as most of a
 * handler's functions are static. */
static void describe_frame(const void *address, char text[static CRASH_FRAME_TEXT])
{
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;

    if (dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || info.dli_fname == NULL) {
        snprintf(text, CRASH_FRAME_TEXT, "%p", address);
        return;
    }
    uintptr_t at = (uintptr_t)address, in_file = at - (uintptr_t)info.dli_fbase;
    uintptr_t in_symbol = at - (uintptr_t)info.dli_saddr;

    if (symbol != NULL && info.dli_sname != NULL && in_symbol < symbol->st_size)
        snprintf(text, CRASH_FRAME_TEXT, "%s(%s+%#tx) [+%#tx]", base_name(info.dli_fname),
                 info.dli_sname, in_symbol, in_file);
    else
        snprintf(text, CRASH_FRAME_TEXT, "%s [+%#tx]", base_name(info.dli_fname), in_file);
}

/*
 * None of what this calls is made for signal handlers, but the process is lost anyway: should it hang
 * here, the supervisor ends it, and what was noted until then stands.
 */
static void note_frames(void)
{
    void *addresses[CRASH_FRAMES + OWN_FRAMES];
    int count = backtrace(addresses, CRASH_FRAMES + OWN_FRAMES);

    for (int i = OWN_FRAMES; i < count; i++) {
        describe_frame(addresses[i], noted->frame[i - OWN_FRAMES]);
        atomic_store(&noted->frames, (unsigned)(i - OWN_FRAMES + 1));
    }
}

static void note_signal(int number)
{
    int none = 0;

    if (atomic_compare_exchange_strong(&noted->signal, &none, number)) {
        noted->thread = gettid();
        prctl(PR_GET_NAME, noted->name);
        note_frames();
    }
    /* The action was reset: the signal comes once more when this returns, and kills. */
    raise(number);
}

static void use_own_stack(void)
{
    const stack_t stack = {
        .ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        .ss_size = STACK_SIZE,
    };

    if (stack.ss_sp != MAP_FAILED)
        sigaltstack(&stack, NULL);
}

void crash_watch(struct crash *crash)
{
    const struct sigaction action = {
        .sa_handler = note_signal,
        .sa_flags = SA_ONSTACK | (int)SA_RESETHAND,
    };
    void *first[1];

    noted = crash;
    use_own_stack();
    backtrace(first, 1); /* loads what it needs, which later may be impossible */
    for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++)
        sigaction(fatal_signals[i], &action, NULL);
}

void crash_copy_text(char *to, const char *from, size_t size)
{
    memcpy(to, from, size - 1);
    to[size - 1] = '\0';
    for (char *c = to; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

static bool is_fatal(int number)
{
    for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++)
        if (fatal_signals[i] == number)
            return true;
    return false;
}

void crash_copy(struct crash *copy, const struct crash *crash)
{
    unsigned frames = atomic_load(&crash->frames);
    int number = atomic_load(&crash->signal);

    memset(copy, 0, sizeof(*copy));
    copy->signal = is_fatal(number) ? number : 0;
    copy->thread = crash->thread;
    copy->frames = frames < CRASH_FRAMES ? frames : CRASH_FRAMES;
    crash_copy_text(copy->name, crash->name, sizeof(copy->name));
    for (unsigned i = 0; i < copy->frames; i++)
        crash_copy_text(copy->frame[i], crash->frame[i], sizeof(copy->frame[i]));
}

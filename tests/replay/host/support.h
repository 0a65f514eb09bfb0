/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_HOST_SUPPORT_H
#define TESTS_REPLAY_HOST_SUPPORT_H

/* What the host's tests share: a host with captured lines, handlers by name, temporary folders. */

#include "replay/host/host.h"

#include <glib.h>

/* Lines as "LEVEL@SEQ TEXT", with "-" for no record yet. Not to be read while handlers may log. */
struct lines {
    GPtrArray *texts;
};

struct lines *lines_new(void);
void lines_free(struct lines *lines);
void lines_take(const struct host_log_line *line, void *lines); /* a host_log_function */
bool lines_have(const struct lines *lines, const char *text);

/* A host that logs into `lines` (may be NULL); the test fails if there can be none. */
struct host *new_host(struct lines *lines);

/* handlers/NAME.c, built; static text until the next call. */
const char *handler_path(const char *name);

/* Load handlers/NAME.c or fail the test; expect it to be refused, and return why (static). */
void load(struct host *host, const char *name);
const char *refusal(struct host *host, const char *path);

/* {"type": type, "label": label}, dispatched as record `seq`. */
void dispatch(struct host *host, uint64_t seq, int type, const char *label);

/* The integer `key` of handler `index`'s answer to the JSON text `request`. */
json_int_t asked(struct host *host, size_t index, const char *request, const char *key);

/* A new folder; remove_folder() removes it with its files and frees the name. */
char *new_folder(void);
void remove_folder(char *folder);
void write_text(const char *folder, const char *name, const char *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_LOADER_H
#define REPLAY_HOST_LOADER_H

/* From a handler's file to its table of functions. */

#include "evj/error.h"
#include "replay/host/abi.h"

/*
 * The file that `path` means: itself, or, for a bare name such as "sampleevh" or
 * "libjanus_sampleevh.so" that is no file here, that handler of Janus's packages. Always has a
 * slash, for dlopen() takes other names for a library's of the system. New text, also when there is
 * no such file.
 */
char *loader_resolve(const char *path);

/*
 * Load the file and check it as Janus's loader does, up to its init(), which is not called. The
 * table belongs to the library, which stays loaded for good: its threads may outlive our interest.
 * EVJ_ERR_INVALID with what is wrong and what to do about it (host_load() in host.h lists the
 * cases).
 */
int loader_open(const char *file, struct janus_eventhandler **ret_handler, struct evj_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_INSTANCE_H
#define RECORDER_INSTANCE_H

/*
 * Which of the recorders that write into one folder this is: the same after each restart, and never
 * that of another one that runs. So each knows the files that it may delete, even where two servers
 * have the same name.
 *
 * The name is made of the server's configuration folder, its server name, and the lowest number that
 * no running recorder with the same two has. The number is taken by a lock on the file
 * `.evj-<name>.lock` in the journals' folder, which is left there.
 */

#include "evj/error.h"

struct instance {
    char name[32]; /* for the first line of journals */
    int lock_fd;
};

/*
 * Take a name. The folder must be there. Returns 0, or EVJ_ERR_IO: then the name is empty and
 * lock_fd is -1, and nothing can be told to be one's own.
 */
int instance_claim(const char *folder, const char *config_folder, const char *emitter,
                   struct instance *ret_instance, struct evj_error *err);

/*
 * Is the name still this recorder's alone? Another folder may have the path by now, without the lock: it
 * is taken there, then. Returns 0, or EVJ_ERR_IO: somebody else has it there, or nobody can tell.
 */
int instance_hold(struct instance *instance, const char *folder, struct evj_error *err);

/* Give it back. Fine for one that could not be claimed. */
void instance_release(struct instance *instance);

#endif

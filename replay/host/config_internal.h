/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_CONFIG_INTERNAL_H
#define REPLAY_HOST_CONFIG_INTERNAL_H

/* What the files that stand in for Janus's config.c share: the tree (config.c) and its two text
 * forms. */

#include "replay/host/abi.h"

#include <stdbool.h>
#include <stdio.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FILE, fclose)

static inline void config_release(struct janus_config **config)
{
    janus_config_destroy(*config);
}
#define CONFIG_AUTO __attribute__((cleanup(config_release))) struct janus_config

/* Fill `config` from a file; false, with the reason logged, when its text cannot be understood. */
bool config_read_jcfg(struct janus_config *config, FILE *file);
bool config_read_ini(struct janus_config *config, FILE *file);

/* Write `config` to a file: false if it has something that the form cannot express, or on an error
 * of the file. */
bool config_write_jcfg(const struct janus_config *config, FILE *file);
bool config_write_ini(const struct janus_config *config, FILE *file);

/* A new, unlinked container of any kind; names and values are copied. */
struct janus_config_container *config_container_new(enum janus_config_type type, const char *name,
                                                    const char *value);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_TOOLS_ANALYSIS_OLD_SERVER_H
#define TESTS_TOOLS_ANALYSIS_OLD_SERVER_H

#include <glib.h>

/*
 * Events as a Janus before 0.9.1 would tell them: without subtypes, and of media, of which it had one of a
 * kind, without mids. `events`: a list of json_t, changed in place.
 */
void tell_as_old_server(GPtrArray *events);

#endif

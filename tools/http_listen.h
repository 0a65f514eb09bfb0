/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_HTTP_LISTEN_H
#define TOOLS_HTTP_LISTEN_H

#include "evj/error.h"

/*
 * Listen at "ADDR:PORT": a name, an IPv4 address, or an IPv6 address in brackets; port 0 for any
 * free one. *ret_fd is the caller's to close, *ret_url ("http://127.0.0.1:8090/") to g_free().
 * Returns 0, EVJ_ERR_INVALID for an address that is none, EVJ_ERR_IO.
 */
int http_listen(const char *address, int *ret_fd, char **ret_url, struct evj_error *err);

#endif

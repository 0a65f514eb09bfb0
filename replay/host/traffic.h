/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_TRAFFIC_H
#define REPLAY_HOST_TRAFFIC_H

/*
 * Whether handlers still send or receive. Many let go of an event once they have copied it, and write
 * it later, on a thread of their own; all that can be seen of this from outside is their sockets.
 * For one thread.
 */

#include <stdbool.h>

struct traffic;

/* Sockets that are open now are not the handlers': they are never looked at. */
struct traffic *traffic_new(void);

/*
 * Has anything moved since the last look: bytes or segments on a TCP socket, a socket opened or
 * closed? True also while data that was written has not arrived yet. The first look finds that
 * something has moved if there is any socket at all.
 */
bool traffic_moves(struct traffic *traffic);

/* NULL is fine. */
void traffic_free(struct traffic *traffic);

#endif

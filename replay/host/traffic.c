/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What moves on this process's sockets (traffic.h). */

#include "replay/host/traffic.h"

#include <dirent.h>
#include <glib.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

struct traffic {
    GHashTable *before; /* inodes of the sockets that were there first */
    uint64_t seen;      /* what the last look came to; 0: no socket */
};

/* What all sockets together look like, in one number that any change changes. */
struct look {
    const struct traffic *traffic;
    uint64_t sum;
    bool pending; /* something that was written has not arrived */
};

typedef void socket_function(int fd, ino_t inode, void *context);

static void for_each_socket(socket_function *function, void *context)
{
    DIR *dir = opendir("/proc/self/fd");
    const struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        int fd = atoi(entry->d_name); /* "." and ".." are 0: if that is a socket, it was there */
        struct stat st;

        if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
            function(fd, st.st_ino, context);
    }
    if (dir)
        closedir(dir);
}

static gpointer key_of(ino_t inode)
{
    return GSIZE_TO_POINTER(inode);
}

static void remember(int fd, ino_t inode, void *context)
{
    struct traffic *traffic = context;

    (void)fd;
    g_hash_table_add(traffic->before, key_of(inode));
}

/* FNV-1a's step, on a whole number at a time. */
static void mix(uint64_t *sum, uint64_t value)
{
    *sum = (*sum ^ value) * UINT64_C(0x100000001b3);
}

static void look_at_tcp(int fd, struct look *look)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return; /* of another kind */
    mix(&look->sum, info.tcpi_state);
    mix(&look->sum, (uint64_t)info.tcpi_segs_out << 32 | info.tcpi_segs_in);
}

static void look_at(int fd, ino_t inode, void *context)
{
    struct look *look = context;
    int unsent = 0;

    if (g_hash_table_contains(look->traffic->before, key_of(inode)))
        return;
    mix(&look->sum, inode);
    look_at_tcp(fd, look);
    if (ioctl(fd, SIOCOUTQ, &unsent) == 0 && unsent > 0)
        look->pending = true;
}

struct traffic *traffic_new(void)
{
    struct traffic *traffic = g_new0(struct traffic, 1);

    traffic->before = g_hash_table_new(NULL, NULL);
    for_each_socket(remember, traffic);
    return traffic;
}

bool traffic_moves(struct traffic *traffic)
{
    struct look look = {.traffic = traffic};

    for_each_socket(look_at, &look);
    bool moves = look.pending || look.sum != traffic->seen;

    traffic->seen = look.sum;
    return moves;
}

void traffic_free(struct traffic *traffic)
{
    if (!traffic)
        return;
    g_hash_table_destroy(traffic->before);
    g_free(traffic);
}

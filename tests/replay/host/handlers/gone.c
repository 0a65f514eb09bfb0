/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A library that handlers in need of it will not find: its soname is not its file's name. */

int gone(void);

int gone(void)
{
    return 0;
}

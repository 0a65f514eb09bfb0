/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A library, but no event handler. */

int not_create(void);

__attribute__((visibility("default"))) int not_create(void)
{
    return 0;
}

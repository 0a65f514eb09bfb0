/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory_print.h"
const struct evj_damage *inventory_next_damage(const struct evj_journal *journal, size_t file,
                                               size_t *at)
{
    while (*at < evj_journal_faults(journal)) {
        const struct evj_journal_fault *fault = evj_journal_fault(journal, (*at)++);

        if (fault->err.status == EVJ_DAMAGED && fault->file == file)
            return &fault->damage;
    }
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/control.h"

bool replay_control_post(struct replay_control *control, struct replay_order order)
{
    unsigned posted = atomic_load_explicit(&control->posted, memory_order_relaxed);
    unsigned taken = atomic_load_explicit(&control->taken, memory_order_acquire);

    if (posted - taken >= REPLAY_ORDERS)
        return false;
    control->orders[posted % REPLAY_ORDERS] = order;
    atomic_store_explicit(&control->posted, posted + 1, memory_order_release);
    return true;
}

bool replay_control_take(struct replay_control *control, struct replay_order *ret_order)
{
    unsigned taken = atomic_load_explicit(&control->taken, memory_order_relaxed);

    if (taken == atomic_load_explicit(&control->posted, memory_order_acquire))
        return false;
    *ret_order = control->orders[taken % REPLAY_ORDERS];
    atomic_store_explicit(&control->taken, taken + 1, memory_order_release);
    return true;
}

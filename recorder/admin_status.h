/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_ADMIN_STATUS_H
#define RECORDER_ADMIN_STATUS_H

/* The long answers of the Admin API. Any thread; new references, NULL when memory is short. */

#include "recorder/recording.h"

#include <jansson.h>

/* "status": how the recording goes, and with which settings. */
json_t *admin_status(struct recording *recording);

/* "list": the recorder's journals as the writing thread saw them last; it looks again then. */
json_t *admin_list(struct recording *recording);

#endif

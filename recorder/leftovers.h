/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_LEFTOVERS_H
#define RECORDER_LEFTOVERS_H

/*
 * What recorders that crashed have left: a spool that nobody holds, whose journal is in our folder.
 */

#include "recorder/notice.h"

/*
 * Complete the journal of each such spool in `spool_folder` whose journal lies in `folder`, and tell
 * of it. What cannot be read is passed by: it may be another user's. Files that have not got their name
 * are deleted.
 */
void leftovers_complete(const char *spool_folder, const char *folder, notice_fn *notice);

#endif

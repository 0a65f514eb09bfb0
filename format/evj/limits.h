/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_LIMITS_H
#define EVJ_LIMITS_H

/*
 * Every size that an input controls, by name. A journal may come from a stranger: nothing in it is
 * used as a size before it was held against one of these.
 */

/* Text after which a block is closed. Beyond this the 32 KiB window of deflate is the wall. */
#define EVJ_BLOCK_TEXT (256u * 1024)

/* The longest line, and so the largest text of one block. */
#define EVJ_LINE_MAX (16u * 1024 * 1024)

/* The largest member: text that deflate could not shrink, and room for the header. */
#define EVJ_MEMBER_MAX (EVJ_LINE_MAX + EVJ_LINE_MAX / 1024 + 128u * 1024)

/* The largest session filter, in bytes; a block with too many sessions for it has none. */
#define EVJ_FILTER_MAX 4096u

/* How deep arrays and objects may nest: what jansson's own parser accepts. */
#define EVJ_DEPTH_MAX 2048u

/* Spool sizes that a configuration may ask for, in bytes. */
#define EVJ_SPOOL_MIN (64u * 1024)
#define EVJ_SPOOL_MAX (1024u * 1024 * 1024)

/* Kinds of events that Janus knows (events/eventhandler.h): one bit each, 1 … 256. */
#define EVJ_EVENT_TYPES 9u

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_SDP_CODEC_H
#define TOOLS_ANALYSIS_SDP_CODEC_H

/*
 * The codecs of one media section, by name instead of payload type: rtpmap, fmtp and rtcp-fb lines
 * put together, and the numbers inside them (apt=96, red's 111/111) replaced as well.
 */

struct codecs;

struct codecs *codecs_new(void);
void codecs_free(struct codecs *codecs);

/* A format of the m= line, in its order: a payload type, usually. */
void codecs_add(struct codecs *codecs, const char *format);

/* An a= line without "a=": takes rtpmap, fmtp and rtcp-fb, passes all others by. */
void codecs_take_attribute(struct codecs *codecs, const char *attribute);

/* Called with "codec.VP8/90000" and its parameters, "codec.VP8/90000.rtcp-fb", "codec-order". */
typedef void codecs_say(const char *name, const char *value, void *context);

void codecs_describe(struct codecs *codecs, codecs_say *say, void *context);

#endif

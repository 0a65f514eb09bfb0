#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Replays a call into lineevh, and compares what it was given with what it wrote:
#
#   ./test.sh call.evj.gz [OPTION of evj replay]...
#
# Exits as evj replay does. The result for a CI goes to $RESULT, or result.xml.
set -eu

work=$(mktemp -d)
recorder=
finish() {
    [ -z "$recorder" ] || kill "$recorder" 2> /dev/null || true # it still waits if the handler never came
    rm -rf "$work"
}
trap finish EXIT

# What the handler writes goes through a pipe into a journal.
mkfifo "$work/events"
sed "s|/tmp/events|$work/events|" janus.eventhandler.lineevh.jcfg.sample > "$work/janus.eventhandler.lineevh.jcfg"
evj record --stdin --time arrival --quiet -o "$work/got.evj.gz" < "$work/events" &
recorder=$!

evj replay "$@" --handler ./libjanus_lineevh.so --config "$work" --speed max \
    --expect "$work/got.evj.gz" --junit "${RESULT:-result.xml}"

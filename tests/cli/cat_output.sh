# SPDX-License-Identifier: GPL-3.0-or-later
# An output that cannot be written is a failure; a reader that has seen enough is none.
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/room1.ndjson"
evj cat call.evj.gz > /dev/full
echo "full: $?"
evj cat call.evj.gz >&-
echo "closed: $?"
evj --help > /dev/full
echo "help: $?"
(trap '' PIPE; evj cat --format event call.evj.gz; echo "gone: $?" >&2) | head -c 10 > /dev/null

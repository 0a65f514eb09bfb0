# SPDX-License-Identifier: GPL-3.0-or-later
# When the disk is full, whole blocks stay and can be read. (A limit on file sizes stands in for it.)
for i in $(seq 40); do cat "$DATA/events/room1.ndjson"; done > events
(
    trap '' XFSZ
    ulimit -f 100
    evj record --stdin -o out.evj.gz < events
    echo "exit $?"
) 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
evj cat --format event out.evj.gz > kept 2> note
echo "cat: $?"
cat note
head -n "$(wc -l < kept)" events | cmp - kept && [ "$(wc -l < kept)" -gt 1000 ] && echo what is kept is whole

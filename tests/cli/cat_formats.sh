# SPDX-License-Identifier: GPL-3.0-or-later
# What comes out for programs is byte for byte what went in.
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/room1.ndjson"
evj cat --format event call.evj.gz | cmp - "$DATA/events/room1.ndjson" && echo events are the same
zcat call.evj.gz | grep '^{"seq"' > stored
evj cat --format record call.evj.gz | cmp - stored && echo records are the same
evj cat --json call.evj.gz | cmp - stored && echo json is record
zcat call.evj.gz > whole
evj cat --format event - < call.evj.gz | cmp - "$DATA/events/room1.ndjson" && echo standard input too
evj cat -f pretty --from @3 --to @3 call.evj.gz
evj cat --json --format line call.evj.gz

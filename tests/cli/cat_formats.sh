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
# A key that is not known stands behind the event: it is none of the event's.
make_journal later.evj.gz <<'END'
{"journal":{"version":1,"id":"5d834fae-9d8a-4631-a22f-51d0f4c09a70","started":{"wall":1795350920618975,"mono":1000}}}
{"seq":0,"mono":1001,"event":{"type":1,"event":{"name":"created"}},"later":{"a":{}}}
{"end":{"wall":1795350920618976,"mono":1001,"records":1,"events":1,"dropped":0,"reason":"shutdown"}}
END
evj cat --format event later.evj.gz
evj cat --json --format line call.evj.gz

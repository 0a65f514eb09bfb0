# SPDX-License-Identifier: GPL-3.0-or-later
# What is cut out is what the selection gives, byte for byte, in a journal of its own.
absent() {
    [ -e "$1" ] || echo "$1 is not there"
}
for i in $(seq 6); do cat "$DATA/events/room1.ndjson"; done > events
evj record --quiet --stdin -o room.evj.gz < events
try() {
    evj cut -q "$@" -o out.evj.gz room.evj.gz
    echo "cut $*: $?"
    cmp <(evj cat --json "$@" room.evj.gz) <(evj cat --json out.evj.gz) && echo "the same $(evj cat --json out.evj.gz | wc -l) records"
    evj verify out.evj.gz | sed -E 's/in .*//'
    zcat out.evj.gz | head -1 | jq -c '.journal.cut'
    zcat out.evj.gz | tail -1 | jq -c '[.end.records, .end.events, .end.reason]'
    rm out.evj.gz
}
try
try --session 8537257379064441
try --session=8537257379064441 --type=jsep,webrtc
try --handle 5815312150522491 --plugin videoroom --opaque 'vr-*'
try --from +2s --to +10s
try --from @1000 --to @1001
echo "== its first line, and what evj says"
evj cut --from @3 --to @5 -o few.evj.gz room.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
diff <(zcat room.evj.gz | head -1 | jq .journal) <(zcat few.evj.gz | head -1 | jq .journal)
evj cut --json -q --from @4 -o fewer.evj.gz few.evj.gz | sed -E 's/("(text|file)_bytes":)[0-9]+/\1N/g'
zcat fewer.evj.gz | head -1 | jq -c '.journal.cut'
evj cat --json fewer.evj.gz | cut -c1-10
{
    echo '{"journal":{"version":1,"id":"5d834fae-9d8a-4631-a22f-51d0f4c09a70","recorder":"evj 0.0.1","emitter":"gw","host":"sfu","clock":"arrival","events":"jsep","previous":"0.evj.gz","spool":"/dev/shm/x","started":{"wall":1795334400000000,"mono":100}}}'
    echo '{"seq":3,"mono":80,"state":{"type":1,"session_id":7}}'
    echo '{"seq":8,"mono":100,"gap":{"events":2,"until":120}}'
    echo '{"seq":10,"mono":130,"event":{"type":1,"session_id":7}}'
    echo '{"seq":11,"mono":140,"mark":{"text":"here"}}'
    echo '{"seq":12,"mono":150,"later":[1]}'
    echo '{"seq":13,"mono":160,"event":{"type":1,"session_id":8}}'
} | make_journal second.evj.gz
evj cut -q --session 7 -o some.evj.gz second.evj.gz 2> /dev/null
zcat some.evj.gz | sed -E 's/"types.*//'
echo "== nothing"
evj cut --session 1 -o nothing.evj.gz room.evj.gz
echo "exit $?"
absent nothing.evj.gz
echo "== two recordings"
evj record --quiet --stdin -o echo.evj.gz < "$DATA/events/echo1.ndjson"
evj cut --type jsep -o both.evj.gz room.evj.gz echo.evj.gz
echo "exit $?"
evj merge -q -o all.evj.gz room.evj.gz echo.evj.gz
evj cut -q --type jsep -o both.evj.gz all.evj.gz
cmp <(evj cat --type jsep --format event room.evj.gz echo.evj.gz) <(evj cat --format event both.evj.gz) && echo the same events
evj verify both.evj.gz | sed -E 's/in .*//'
echo "== another name, and no other"
evj cut -o call.gz --type jsep room.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
evj cut -o call.gz --type jsep room.evj.gz
echo "exit $?"

# SPDX-License-Identifier: GPL-3.0-or-later
# What is no event is named by its line and left out; everything else is recorded.
event() {
    echo "{\"emitter\":\"gw\",\"type\":1,\"timestamp\":$1,\"session_id\":1,\"event\":{\"name\":\"created\"}}"
}
{
    event 1000001
    event 1000002 | head -c 40
    echo
    event 1000003
    echo 'INFO a log line'
    event 1000004 | sed 's/"type":1,//'
    echo '{"type":1,"timestamp":1000005,"event":'
    event 1000006
    event 1000007
    echo '{"type":1,"timestamp":1000008,"event":{"n":123456789012345678901234567890}}'
    echo '[{"type":1,"timestamp":1000009}, 42, "x", {"type":1,"timestamp":1000010}]'
    echo "{\"type\":1,\"timestamp\":1000011,\"event\":\"$(printf '\377')\"}"
    event 1000012 | sed 's/}/]/'
    event 1000013
    echo '{'
    echo '  "type": 1,'
    echo '  "timestamp": 1000014'
    echo '  "event": {}'
    echo '}'
    event 1000015
    printf '{"type":1'
} | evj record --quiet --stdin -o out.evj.gz
echo "exit $?"
evj cat --format event out.evj.gz
echo "== many faults are counted"
seq 20 | evj record --stdin -o none.evj.gz
echo "exit $?"
echo "== only bad ones, an open array, a byte order mark, one event"
echo '{"x":1}' | evj record --stdin -o none.evj.gz
echo "exit $?"
{ printf '\357\273\277['; event 1000001; } | evj record --stdin -o array.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
echo "exit ${PIPESTATUS[1]}, $(evj cat --format event array.evj.gz | wc -l) event"

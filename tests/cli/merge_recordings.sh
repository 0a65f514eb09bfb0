# SPDX-License-Identifier: GPL-3.0-or-later
# Recordings of two servers, with equal ids of sessions: one journal in the order of time, which
# keeps them apart.
absent() {
    [ -e "$1" ] || echo "$1 is not there"
}
same() {
    cmp <(evj cat --json "$1.evj.gz" 2> /dev/null) <(evj cat --json "$2.evj.gz" 2> /dev/null)
}
journal() {
    {
        echo "{\"journal\":{\"version\":1,\"id\":\"$1\",\"recorder\":\"evj 0.1.0\",\"emitter\":\"$2\",\"host\":\"sfu\",\"clock\":\"monotonic\",\"started\":{\"wall\":$3,\"mono\":$4}}}"
        cat
        echo '{"end":{}}'
    } | make_journal "$2.evj.gz"
}
event() {
    echo "{\"seq\":$1,\"mono\":$2,\"event\":{\"emitter\":\"$3\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":7,\"event\":{\"name\":\"$4\"}}}"
}
{
    event 0 100 gw-alpha created
    echo '{"seq":1,"mono":300,"mark":{"text":"now","source":"admin"}}'
    echo '{"seq":2,"mono":400,"gap":{"events":3,"bytes":7,"reason":"buffer-full","until":450,"types":{}},"new":1}'
    event 5 600 gw-alpha destroyed
} | journal 00000000-0000-4000-8000-00000000000a gw-alpha 1795334400000100 100
# Its clock has another beginning: 8100 is when the other's is 200.
{
    event 0 8100 gw-beta created
    event 1 8500 gw-beta timeout
} | journal 00000000-0000-4000-8000-00000000000b gw-beta 1795334400000200 8100
{
    event 0 5 gw-gamma created
} | journal 00000000-0000-4000-8000-00000000000c gw-gamma 1795334400000200 5

echo "== two"
evj merge -o two.evj.gz gw-beta.evj.gz gw-alpha.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
echo "exit ${PIPESTATUS[0]}"
zcat two.evj.gz | sed -E 's/"types":\{"s.*//'
exec 2> /dev/null # each of these says how many events are missing
evj sessions two.evj.gz
evj sessions --json two.evj.gz | jq -c '[.session_id, .emitter, .recording, .ended]'
evj cat two.evj.gz
evj verify two.evj.gz | sed -E 's/[0-9]+ bytes/N bytes/'
echo "== the same, not merged"
cmp <(evj sessions gw-alpha.evj.gz gw-beta.evj.gz) <(evj sessions two.evj.gz) && echo the same sessions
echo "== and a third"
evj merge --json -q -o three.evj.gz two.evj.gz gw-gamma.evj.gz | sed -E 's/("(text|file)_bytes":)[0-9]+/\1N/g'
evj merge -q -o at_once.evj.gz gw-gamma.evj.gz gw-beta.evj.gz gw-alpha.evj.gz
cmp <(evj cat --format event three.evj.gz) <(evj cat --format event at_once.evj.gz) && echo the same events
zcat three.evj.gz | head -1 | jq -c '.journal | [.clock, .emitter, .host, .started], .sources[]'
echo "== what is in it already"
evj merge -q -o known.evj.gz two.evj.gz gw-beta.evj.gz
same known two && echo the same records
echo "== cut out of it"
evj cut -q --from @1 --to @2 -o cut.evj.gz two.evj.gz
zcat cut.evj.gz | head -3 | cut -c1-70
evj sessions --json cut.evj.gz | jq -c '[.session_id, .emitter, .recording]'
echo "== standard input"
evj merge -q -o stdin.evj.gz - gw-beta.evj.gz < gw-alpha.evj.gz
cmp <(evj cat --format event stdin.evj.gz) <(evj cat --format event two.evj.gz) && echo the same events
evj merge -q -o no.evj.gz - gw-gamma.evj.gz < two.evj.gz 2>&1
echo "exit $?"
absent no.evj.gz
echo "== damage"
size=$(stat -c %s gw-alpha.evj.gz)
head -c $((size - 40)) gw-alpha.evj.gz > torn.evj.gz
evj merge -q -o torn_too.evj.gz torn.evj.gz gw-beta.evj.gz 2> message
echo "exit $?"
sed -E 's/[0-9]+/N/g' message
evj cat --json torn_too.evj.gz 2> /dev/null | sed -E 's/"from":[0-9]+,"to":[0-9]+/"from":N,"to":N/'
evj merge -q --strict -o strict.evj.gz torn.evj.gz gw-beta.evj.gz 2> message
echo "exit $?"
sed -E 's/[0-9]+/N/g' message
absent strict.evj.gz

# SPDX-License-Identifier: GPL-3.0-or-later
# The files of one recording become one file: its records as they were, and what is missing as a gap.
absent() {
    [ -e "$1" ] || echo "$1 is not there"
}
same() {
    cmp <(evj cat --json "$1.evj.gz" 2> /dev/null) <(evj cat --json "$2.evj.gz" 2> /dev/null)
}
first() {
    echo "{\"journal\":{\"version\":1,\"id\":\"5d834fae-9d8a-4631-a22f-51d0f4c09a70\",\"recorder\":\"evj 0.1.0\",\"emitter\":\"gw-alpha\",\"clock\":\"monotonic\",$1\"spool\":\"/dev/shm/none.spool\",\"started\":{\"wall\":$2,\"mono\":$3}}}"
}
event() {
    echo "{\"seq\":$1,\"mono\":$2,\"event\":{\"emitter\":\"gw-alpha\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":$3,\"event\":{\"name\":\"$4\"}}}"
}
end='{"end":{}}'
mkdir r
{ first '' 1795334400000000 100; event 0 100 7 created; event 1 200 8 created; echo "$end"; } | make_journal r/1.evj.gz
# The wall clock was set back by an hour meanwhile.
{
    first '"previous":"1.evj.gz",' 1795330800000300 300
    event 0 100 7 created | sed 's/"event":{"emitter"/"state":{"emitter"/'
    event 2 300 7 destroyed
    echo '{"seq":3,"mono":350,"gap":{"events":2,"bytes":80,"reason":"buffer-full","until":390,"types":{"media":2}}}'
    echo '{"seq":5,"mono":395,"mark":{"text":"half time","source":"admin"}}'
    echo "$end"
} | make_journal r/2.evj.gz
{ first '"previous":"2.evj.gz",' 1795330800000400 400; event 6 400 8 destroyed; echo "$end"; } | make_journal r/3.evj.gz

echo "== all of it"
evj merge -o whole.evj.gz r 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
zcat whole.evj.gz | sed -E 's/"types.*//'
for file in r/*.evj.gz; do zcat $file | grep -v '^{"\(journal\|end\)' | grep -v '"state"'; done | cmp - <(evj cat --json whole.evj.gz 2> /dev/null) && echo the same records
evj verify whole.evj.gz | sed -E 's/[0-9]+ bytes/N bytes/'

echo "== a file twice"
cp r/2.evj.gz zz.evj.gz
evj merge --quiet -o twice.evj.gz r/3.evj.gz zz.evj.gz r/1.evj.gz r/2.evj.gz r/3.evj.gz
echo "exit $?"
cmp twice.evj.gz whole.evj.gz && echo the same bytes

echo "== a file is missing"
evj merge -q -o late.evj.gz r/2.evj.gz r/3.evj.gz
echo "exit $?"
evj cat --json late.evj.gz 2> /dev/null | head -2
{ first '"previous":"0.evj.gz",' 1795334400000050 50; event 7 60 9 created; echo "$end"; } | make_journal early.evj.gz
{ first '"previous":"1.evj.gz",' 1795334400000300 300; event 11 310 9 destroyed; echo "$end"; } | make_journal later.evj.gz
evj merge -o hole.evj.gz later.evj.gz early.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
echo "exit ${PIPESTATUS[0]}"
evj cat --json hole.evj.gz
rm ./*ate*.evj.gz early.evj.gz

echo "== merged again"
evj merge --json -q -o again2.evj.gz whole.evj.gz | sed -E 's/("(text|file)_bytes":)[0-9]+/\1N/g'
same again2 whole && echo the same records

echo "== files that tell the same twice"
evj cut -q --from @0 --to @2 -o early.evj.gz whole.evj.gz
evj cut -q --from @1 --to @9 -o late.evj.gz whole.evj.gz
evj merge -o joined.evj.gz late.evj.gz early.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
same joined whole && echo the same records
zcat joined.evj.gz | head -1 | jq -c .journal.cut

echo "== files that contradict each other"
{ first '' 1795334400000050 150; event 0 150 7 created; event 1 250 9 created; echo "$end"; } | make_journal other.evj.gz
evj merge -o contradiction.evj.gz r/1.evj.gz other.evj.gz
echo "exit $?"
absent contradiction.evj.gz

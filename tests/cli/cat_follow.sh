# SPDX-License-Identifier: GPL-3.0-or-later
# --follow prints what is recorded while it reads, and ends when the recorder does.
id=0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9
spool=$PWD/evj-$id.spool
header="{\"journal\":{\"version\":1,\"id\":\"$id\",\"emitter\":\"gw\",\"clock\":\"monotonic\",\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\",\"started\":{\"wall\":1795334400000000,\"mono\":1000000},\"spool\":\"$spool\"}}"
event() {
    echo "{\"seq\":$1,\"mono\":$((1000000 + $1 * 1000)),\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":$1,\"event\":{\"name\":\"created\"}}}"
}
lines() {
    until [ "$(wc -l < printed)" = "$1" ]; do sleep 0.02; done
}
mkfifo records
: > printed # before whoever writes it gets to it
make_journal journal.evj.gz < records &
maker=$!
exec 3> records
printf '%s\n\n' "$header" >&3
event 0 >&3
event 1 >&3
until [ "$(evj cat --format event journal.evj.gz 2> /dev/null | wc -l)" = 2 ]; do sleep 0.02; done
evj cat --follow journal.evj.gz > printed 2> notes 3>&- &
cat=$!
lines 3
for i in 2 3 4; do
    event $i >&3
    lines $((i + 2))
done
exec 3>&-
wait $maker
wait $cat
echo "exit $?"
cat printed notes
echo "== of a journal that is closed, all of it"
make_journal closed.evj.gz << END
$header
$(event 0)
{"end":{}}
END
evj cat --follow closed.evj.gz
echo "exit $?"
rm "$spool"

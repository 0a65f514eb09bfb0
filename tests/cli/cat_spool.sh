# SPDX-License-Identifier: GPL-3.0-or-later
# What a recorder has not written yet is read from its spool: while it runs, and after it died.
id=0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9
spool=$PWD/evj-$id.spool
header="{\"journal\":{\"version\":1,\"id\":\"$id\",\"emitter\":\"gw\",\"clock\":\"monotonic\",\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\",\"started\":{\"wall\":1795334400000000,\"mono\":1000000},\"spool\":\"$spool\"}}"
event() {
    echo "{\"seq\":$1,\"mono\":$((1000000 + $1 * 1000)),\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":$1,\"event\":{\"name\":\"created\"}}}"
}
mkfifo records
make_journal journal.evj.gz < records &
exec 3> records
printf '%s\n\n' "$header" >&3
event 0 >&3
event 1 >&3
until [ "$(evj cat --format event journal.evj.gz 2> /dev/null | wc -l)" = 2 ]; do sleep 0.02; done
evj cat journal.evj.gz
echo "live: $?"
evj info journal.evj.gz | grep -E 'live|crashed|spool' | sed -E 's/[0-9]+ bytes/N bytes/'
exec 3>&-
wait
evj cat journal.evj.gz
echo "crashed: $?"
evj info journal.evj.gz | grep -E 'live|crashed|spool' | sed -E 's/[0-9]+ bytes/N bytes/'
printf '\377' | dd of="$spool" bs=1 seek=0 conv=notrunc status=none
evj cat journal.evj.gz 2>&1 | sed "s|$PWD/||"
echo "of no use: ${PIPESTATUS[0]}"
evj repair -o repaired.evj.gz journal.evj.gz 2>&1 | sed "s|$PWD/||; s/ [0-9]* bytes/ N bytes/"
echo "repaired: ${PIPESTATUS[0]}"
rm "$spool"
evj cat journal.evj.gz
echo "gone: $?"

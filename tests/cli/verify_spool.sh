# SPDX-License-Identifier: GPL-3.0-or-later
# Live, crashed, and closed with a spool that nobody deleted.
id=0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9
spool=$PWD/evj-$id.spool
header="{\"journal\":{\"version\":1,\"id\":\"$id\",\"emitter\":\"gw\",\"clock\":\"monotonic\",\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\",\"started\":{\"wall\":1795334400000000,\"mono\":1000000},\"spool\":\"$spool\"}}"
event() {
    echo "{\"seq\":$1,\"mono\":$((1000000 + $1 * 1000)),\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":7,\"event\":{\"name\":\"created\"}}}"
}
verify() {
    evj verify "$@" | sed -E "s/of [0-9]+ bytes$/of N bytes/; s|$PWD|.|"
    echo "exit: ${PIPESTATUS[0]}"
}
mkfifo records
make_journal journal.evj.gz < records &
exec 3> records
printf '%s\n\n' "$header" >&3
event 0 >&3
event 1 >&3
until [ "$(evj cat --format event journal.evj.gz 2> /dev/null | wc -l)" = 2 ]; do sleep 0.02; done
verify journal.evj.gz
exec 3>&-
wait
verify journal.evj.gz
truncate -s 5000 "$spool"
verify journal.evj.gz
rm "$spool"
verify journal.evj.gz

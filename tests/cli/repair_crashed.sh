# SPDX-License-Identifier: GPL-3.0-or-later
# A journal whose recorder died, or lives: what its spool has comes along, and the copy is closed.
spool="$PWD/evj-5d834fae-9d8a-4631-a22f-51d0f4c09a70.spool"
boot=$(cat /proc/sys/kernel/random/boot_id)
{
    echo "{\"journal\":{\"version\":1,\"id\":\"5d834fae-9d8a-4631-a22f-51d0f4c09a70\",\"boot_id\":\"$boot\",\"clock\":\"monotonic\",\"new\":[1, 2],\"spool\":\"$spool\",\"started\":{\"wall\":1795334400000000,\"mono\":100}}}"
    echo
    for i in 0 1 2; do
        echo "{\"seq\":$i,\"mono\":10$i,\"event\":{\"type\":1,\"timestamp\":1795334400000000,\"session_id\":7,\"event\":{\"n\":$i}}}"
    done
} > lines
make_journal crashed.evj.gz < lines
evj repair -o closed.evj.gz crashed.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
echo "exit ${PIPESTATUS[0]}"
zcat closed.evj.gz | sed -E "s/$boot/<boot>/; s|$spool|<spool>|"
evj verify closed.evj.gz | sed -E 's/[0-9]+ bytes/N bytes/'
rm "$spool"
echo "== without its spool"
evj repair -o less.evj.gz crashed.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes/N bytes/'
echo "exit ${PIPESTATUS[0]}"

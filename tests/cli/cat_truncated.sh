# SPDX-License-Identifier: GPL-3.0-or-later
# A file that was cut: what is whole is printed, then one line says where it ends.
for i in $(seq 6); do cat "$DATA/events/room1.ndjson"; done > events
evj record --quiet --stdin -o long.evj.gz < events
evj record --quiet --stdin -o echo2.evj.gz < "$DATA/events/echo2.ndjson"
head -c -200 long.evj.gz > cut.evj.gz
for command in cat info; do
    evj $command cut.evj.gz > out 2> message
    echo "$command: $?, message of $(wc -l < message) line, output of more than 8 lines: $(($(wc -l < out) > 8))"
    sed -E 's/[0-9]+/N/g' message
done
evj cat --format event cut.evj.gz 2> /dev/null > kept
head -n "$(wc -l < kept)" events | cmp - kept && [ "$(wc -l < kept)" -gt 1000 ] && echo what is kept is whole
# The other files of a folder are read to their end.
mkdir folder
mv cut.evj.gz echo2.evj.gz folder
evj cat --format event folder 2> /dev/null | head -53 | cmp - "$DATA/events/echo2.ndjson" && echo the other is whole

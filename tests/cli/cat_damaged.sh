# SPDX-License-Identifier: GPL-3.0-or-later
# One flipped bit: nothing wrong is printed, and one line says where it is.
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/echo1.ndjson"
size=$(stat -c %s call.evj.gz)
printf '\377\377\377\377' | dd of=call.evj.gz bs=1 seek=$((size / 2)) conv=notrunc status=none
evj cat call.evj.gz > lines 2> message
echo "exit $?, $(wc -l < lines) lines, $(wc -l < message) message"
sed -E "s/bytes [0-9]+ to [0-9]+/bytes N to N/" message

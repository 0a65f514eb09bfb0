# SPDX-License-Identifier: GPL-3.0-or-later
# Lines of 2 GiB, and objects that never end, are neither kept in memory nor recorded.
hostile="python3 $DATA/../cli/hostile.py"
event='{"type":4,"timestamp":1000001,"event":{}}'
echo "== no event"
{ $hostile make zeros 2048; echo; echo "$event"; } | $hostile bounded evj record --quiet --stdin -o zeros.evj.gz
echo "exit $?"
evj cat --format event zeros.evj.gz
echo "== an object that ends after 2 GiB"
{ $hostile make endless 2048; echo '"}}'; echo "$event"; } | $hostile bounded evj record --quiet --stdin -o long.evj.gz
echo "exit $?"
evj cat --format event long.evj.gz
echo "== an event of 17 MiB, and one of 8"
{ $hostile make endless 17; echo '"}}'; $hostile make endless 8; echo '"}}'; } |
    $hostile bounded evj record --quiet --stdin -o large.evj.gz
echo "exit $?"
evj cat --format event large.evj.gz | wc -c

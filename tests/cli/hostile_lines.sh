# SPDX-License-Identifier: GPL-3.0-or-later
# Lines of 2 GiB, and objects that never end, are neither kept in memory nor recorded; and of events with
# millions of values no command makes as many nodes of a tree.
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
echo "== an event of 14 MiB of values, one with a fault behind 8 MiB, and one that has no end"
{ $hostile make values 14; echo; $hostile make values 8 | sed 's/1]}$/]}/'; echo; echo "$event"
  $hostile make values 2 | sed 's/]}$//'; } | $hostile bounded evj record --quiet --stdin -o values.evj.gz
echo "exit $?"
evj cat --format event values.evj.gz | wc -lc
echo "== events of 16 MiB of values, compared and told of"
$hostile make plugin-tree 1 > one.evj.gz
$hostile make plugin-tree 2 > two.evj.gz
$hostile make media-tree > media.evj.gz
$hostile bounded evj diff one.evj.gz one.evj.gz > out
echo "exit $?, $(wc -l < out) lines"
$hostile bounded evj diff one.evj.gz two.evj.gz > out
echo "exit $?"
sed -n '1,2p;/^Differences$/,/^$/p' out
$hostile bounded evj cat media.evj.gz | cut -c 1-80

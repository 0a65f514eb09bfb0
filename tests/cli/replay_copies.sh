# SPDX-License-Identifier: GPL-3.0-or-later
# Copies of a call are calls like it: N times its sessions, each the same to evj diff.
replayed() { evj replay "$1" --stdout --speed max --seed 1 "${@:2}" 2> report | evj record --stdin -q -o "$name.evj.gz"; }
changes() { grep -E '^  (rewritten|shaped|seed)' report; }
sessions() { evj sessions "$1" | grep -Eo '^[0-9]+'; }

for name in dtlsfail echo1 echo2 mute room1; do
    evj record --stdin -q -o original.evj.gz < "$DATA/events/$name.ndjson"
    replayed original.evj.gz --renew-ids
    echo "== $name: $(evj diff original.evj.gz "$name.evj.gz" | head -n 1)"
    changes
    comm -12 <(sessions original.evj.gz | sort) <(sessions "$name.evj.gz" | sort)
    name=$name-five
    replayed original.evj.gz --copies 5 --copies-spread 0.5
    echo "$(sessions original.evj.gz | wc -l) × 5 = $(sessions "$name.evj.gz" | sort -u | wc -l)"
    changes
    rm original.evj.gz
done

name=three
replayed "$DATA/calls/good.evj.gz" --copies 3
evj sessions three.evj.gz
for session in $(sessions three.evj.gz); do
    evj diff "$DATA/calls/good.evj.gz:1633129626369616" "three.evj.gz:$session"
done

# The same seed gives the same ids, and --retime moves all to now, by the same.
name=again
replayed "$DATA/calls/good.evj.gz" --copies 3
cmp <(evj cat --format event three.evj.gz) <(evj cat --format event again.evj.gz) && echo same
times() { evj cat --format event "$1" | grep -Eo '"timestamp":[0-9]+' | cut -d: -f2; }
name=now before=$(date +%s%6N)
replayed "$DATA/calls/good.evj.gz" --retime
first=$(times now.evj.gz | head -n 1)
[ "$before" -le "$first" ] && [ "$first" -le "$(date +%s%6N)" ] && echo now
moved=$((first - $(times "$DATA/calls/good.evj.gz" | head -n 1)))
cmp <(times now.evj.gz) <(times "$DATA/calls/good.evj.gz" | while read -r time; do echo $((time + moved)); done) && echo by the same
name=soon before=$(date +%s%6N)
replayed "$DATA/calls/good.evj.gz" --retime --start-at +0.5s
[ $((before + 500000)) -le "$(times soon.evj.gz | head -n 1)" ] && echo at its start

# SPDX-License-Identifier: GPL-3.0-or-later
# One line for a session, one for each handle; the same as JSON; and a selection.
for call in echo1 dtlsfail mute room1; do
    evj record --quiet --stdin -o "$call.evj.gz" < "$DATA/events/$call.ndjson"
    echo "== $call"
    evj sessions "$call.evj.gz"
done
echo "== JSON"
evj sessions --json dtlsfail.evj.gz
echo "== selected"
evj sessions --session 8537257379064441 room1.evj.gz
evj sessions --handle 5815312150522491 room1.evj.gz
evj sessions --session 1 room1.evj.gz
echo "exit $?"
for call in echo1 dtlsfail mute room1; do
    evj sessions "$call.evj.gz"
done | grep -nE '.{101}| $'
true

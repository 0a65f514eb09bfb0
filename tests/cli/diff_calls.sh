# SPDX-License-Identifier: GPL-3.0-or-later
# The same call twice, a call that fails, one that is muted; and each with itself.
for call in echo1 echo2 dtlsfail mute room1; do
    evj record --quiet --stdin -o "$call.evj.gz" < "$DATA/events/$call.ndjson"
done
show() {
    echo "== $*"
    evj diff "$@"
    echo "exit $?"
}
show echo1.evj.gz echo2.evj.gz
show echo2.evj.gz dtlsfail.evj.gz
show echo2.evj.gz mute.evj.gz
show echo2.evj.gz echo2.evj.gz
show room1.evj.gz room1.evj.gz
show echo1.evj.gz room1.evj.gz
# No line is wider than 80 characters, and none ends with blanks.
for other in echo1 dtlsfail mute room1; do
    evj diff echo2.evj.gz "$other.evj.gz"
    evj diff --side-by-side echo2.evj.gz "$other.evj.gz"
done | grep -nE '.{81}| $'
true

# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be compared: one line that says why, and exit status 2.
evj record --quiet --stdin -o room.evj.gz < "$DATA/events/room1.ndjson"
evj record --quiet --stdin -o echo.evj.gz < "$DATA/events/echo2.ndjson"
grep '"type":256' "$DATA/events/echo2.ndjson" | evj record --quiet --stdin -o empty.evj.gz
echo nonsense > foreign
try() {
    echo "== $*"
    evj diff "$@" 2>&1
    echo "exit $?"
}
try room.evj.gz
try room.evj.gz echo.evj.gz empty.evj.gz
try room.evj.gz missing.evj.gz
try room.evj.gz foreign
try empty.evj.gz echo.evj.gz
try --session 4708019394928829 room.evj.gz room.evj.gz
try --session nobody room.evj.gz room.evj.gz
try --session 1 --session 2 --session 3 room.evj.gz room.evj.gz
try echo.evj.gz:4733726685551743 room.evj.gz
try - -
try --plugin sip room.evj.gz room.evj.gz
try --no-such-option room.evj.gz room.evj.gz
# A file without a whole block: one line, for one fault.
head -c 600 echo.evj.gz > stump.evj.gz
evj diff stump.evj.gz echo.evj.gz 2>&1 | sed -E 's/byte [0-9]+|[0-9]+ of its [0-9]+ bytes/N/g'

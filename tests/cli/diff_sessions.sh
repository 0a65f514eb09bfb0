# SPDX-License-Identifier: GPL-3.0-or-later
# Picking the sessions on each side.
evj record --quiet --stdin -o room.evj.gz < "$DATA/events/room1.ndjson"
evj record --quiet --stdin -o echo.evj.gz < "$DATA/events/echo2.ndjson"
show() {
    echo "== $*"
    evj diff "$@" | head -5
    echo "exit ${PIPESTATUS[0]}"
}
show --session 4708019394928828 room.evj.gz room.evj.gz
show --session 4708019394928828 --session=8537257379064441 room.evj.gz room.evj.gz
show room.evj.gz:4708019394928828 room.evj.gz:1960406589752242
show room.evj.gz:4708019394928828 echo.evj.gz
show --session 8537257379064441 room.evj.gz:4708019394928828 room.evj.gz

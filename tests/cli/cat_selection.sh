# SPDX-License-Identifier: GPL-3.0-or-later
# Each option alone, and some together.
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/room1.ndjson"
show() {
    echo "== $*"
    evj cat "$@" call.evj.gz | cut -c1-60
}
show --session 4708019394928828 --type handles
show --handle 2217261955916301 --type jsep,media --to 08:04:22
show --opaque 'vr-4H*' --type handles
show --plugin echolua
show --plugin janus.plugin.videoroom --type plugins --from @500
show --type sessions --type core
show --type sessions --from +24s
show --session 4708019394928828 --session 8537257379064441 --type sessions
show --session 1
evj cat --session 1 call.evj.gz
echo "exit $?"
# Blocks that cannot have what is wanted are not even inflated.
for i in $(seq 6); do cat "$DATA/events/room1.ndjson"; done > events
cat "$DATA/events/echo1.ndjson" events > all
evj record --quiet --stdin -o long.evj.gz < all
skipped() {
    evj info --json "$@" long.evj.gz | grep -o '"blocks_skipped":.*"spool'
}
skipped
skipped --session 1269464633982789
skipped --to 08:03:00

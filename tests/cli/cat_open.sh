# SPDX-License-Identifier: GPL-3.0-or-later
# Journals without an end record say so; they are no failure.
header='{"journal":{"version":1,"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","emitter":"gw","clock":"monotonic","started":{"wall":1795334400000000,"mono":1000}'
event='{"seq":0,"mono":1000,"event":{"emitter":"gw","type":1,"timestamp":1795334400000000,"session_id":7,"event":{"name":"created"}}}'
printf '%s\n' "$header}}" "$event" | make_journal import.evj.gz
printf '%s\n' "$header,\"spool\":\"/dev/shm/evj-none.spool\"}}" "$event" | make_journal plugin.evj.gz
evj cat import.evj.gz
echo "exit $?"
evj cat plugin.evj.gz
echo "exit $?"

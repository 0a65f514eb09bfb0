# SPDX-License-Identifier: GPL-3.0-or-later
# A whole call as lines; what is printed is normalised to itself, as a file and through a pipe; a part of it is
# counted anew; equal calls are equal text, and diff shows where two others part.
R=$DATA/recordings
evj normalize "$R/wrong-room/01.evj.gz"
echo "== without what an SDP says"
evj normalize "$R/room/01.evj.gz" | tee room.txt | grep -v '^    '
echo "== again"
evj normalize room.txt | cmp - room.txt && echo same
evj normalize - < room.txt | cmp - room.txt && echo same
cat room.txt | evj normalize - | cmp - room.txt && echo same
echo "== a part"
{ head -n 2 room.txt; sed -n '/^session_2/,/^handle_3/p' room.txt; } | evj normalize -
echo "== selected"
evj normalize --type webrtc "$R/dtls-failed/01.evj.gz"
evj normalize --session 1 "$R/dtls-failed/01.evj.gz"
echo "exit $?"
evj normalize --type webrtc room.txt
echo "exit $?"
echo "== by other rules"
evj normalize --rule 'plugins.*.display=volatile' --rule 'plugins.*.bitrate=correlated:rate' "$R/room/01.evj.gz" |
    grep 'videoroom configured\|videoroom joined'
evj normalize --rule nonsense "$R/room/01.evj.gz"
echo "exit $?"
evj normalize --rules-file rules.txt "$R/room/01.evj.gz"
echo "exit $?"
evj normalize --rule 'x=volatile' room.txt
echo "exit $?"
echo "== two of a kind"
cmp <(evj normalize "$R/mute/01.evj.gz") <(evj normalize "$R/mute/02.evj.gz") && echo same
echo "== two kinds"
diff <(evj normalize "$R/echo-websocket/01.evj.gz") <(evj normalize "$R/dtls-failed/01.evj.gz")
echo "exit $?"

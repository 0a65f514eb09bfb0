# SPDX-License-Identifier: GPL-3.0-or-later
# Colours are for terminals that want them; what a stranger put into a journal never reaches one raw.
terminal="python3 $DATA/../cli/terminal.py"
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/dtlsfail.ndjson"
show() {
    echo "== $*"
    TERM=xterm $terminal "$@"
    echo "exit $?"
}
show evj cat --from @17 --to @20 call.evj.gz
show env NO_COLOR=1 evj cat --from @17 --to @18 call.evj.gz
show env TERM=dumb evj cat --from @17 --to @18 call.evj.gz
printf '{"type":4,"timestamp":1795334400000000,"event":{"schema":"\\u001b[31m\302\233é\177\342\200\256"}}\n' > events
evj record --quiet --stdin -o stranger.evj.gz < events
for format in line event pretty; do
    show evj cat --format $format stranger.evj.gz
done
evj cat --format event stranger.evj.gz | cmp - events && echo a pipe gets what was recorded

# SPDX-License-Identifier: GPL-3.0-or-later
# A signal ends a recording in order: what came is there, with its end record.
for signal in INT TERM HUP; do
    mkfifo events.$signal
    env --default-signal=HUP evj record --stdin --time arrival -o $signal.evj.gz < events.$signal 2> log.$signal &
    exec 3> events.$signal
    head -20 "$DATA/events/echo2.ndjson" >&3
    # The first block with events is written within a second or two: then all twenty are in.
    until [ "$(evj cat --format event $signal.evj.gz 2> /dev/null | wc -l)" = 20 ]; do sleep 0.05; done
    kill -$signal $!
    wait $!
    echo "exit $?"
    exec 3>&-
    sed -E 's/[0-9]+ bytes, [0-9.]+/N bytes, N/' log.$signal
    zcat $signal.evj.gz | tail -1 | grep -o '"records".*"reason":"[a-z]*"'
done

# SPDX-License-Identifier: GPL-3.0-or-later
# A journal that could not be made to its end is deleted: after a signal, and on a full disk.
absent() {
    [ -e "$1" ] || echo "$1 is not there"
}
for i in $(seq 20); do cat "$DATA/events/room1.ndjson"; done > events
evj record --quiet --stdin -o long.evj.gz < events
for signal in INT TERM HUP; do
    mkfifo input.$signal
    # The input never ends; the file is there as soon as its first block was read.
    env --default-signal=INT,HUP evj cut -o out.evj.gz - < input.$signal &
    exec 3> input.$signal
    head -c 60000 long.evj.gz >&3
    until [ -e out.evj.gz ]; do sleep 0.02; done
    kill -$signal $!
    wait $! 2> /dev/null
    echo "$signal: exit $?"
    exec 3>&-
    absent out.evj.gz
done
for command in cut merge repair; do
    (
        trap '' XFSZ
        ulimit -f 40
        evj $command -o out.evj.gz long.evj.gz
        echo "exit $?"
    )
    absent out.evj.gz
done

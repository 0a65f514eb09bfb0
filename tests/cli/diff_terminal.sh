# SPDX-License-Identifier: GPL-3.0-or-later
# Two timelines use as much of a wide terminal as there is; all else, and a pipe, gets 80 columns. A narrow
# one gets what a pipe gets.
terminal="python3 $DATA/../cli/terminal.py"
good=$DATA/calls/good.evj.gz bad=$DATA/calls/failing.evj.gz
on() {
    local columns=$1
    shift
    TERM=xterm $terminal sh -c 'stty cols "$0" && exec "$@"' "$columns" evj diff "$@" "$good" "$bad"
}
widest() {
    sed 's/<1B>\[[0-9;]*m//g' | grep ' dtls trying' | tail -1
}
for columns in 40 80 120; do
    echo "== $columns columns"
    on $columns | widest
    on $columns --side-by-side | widest
done
echo "== a pipe"
evj diff --side-by-side "$good" "$bad" | widest
echo "== colours"
on 80 --side-by-side | grep -A 1 '+0.398 dtls' | tail -2

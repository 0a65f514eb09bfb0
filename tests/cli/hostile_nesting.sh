# SPDX-License-Identifier: GPL-3.0-or-later
# Nesting a hundred thousand deep ends no program: such a line is left out, and said to be.
hostile="python3 $DATA/../cli/hostile.py"
run() {
    echo "== $*"
    $hostile bounded evj "$@" > out 2> err
    echo "exit $?"
}
$hostile make deep 100000 > deep.evj.gz
for format in event record; do
    run cat --format $format deep.evj.gz
    grep -v '\[\[\[' out
done
run cat deep.evj.gz
cat out
run cat --format pretty deep.evj.gz
grep -c '"seq": [024],$' out
for command in info sessions verify; do
    run $command deep.evj.gz
done
grep -o 'nests deeper than 2048' out
deep() {
    printf '{"type":4,"timestamp":%d,"event":' "$1"
    head -c 100000 /dev/zero | tr '\0' "$2"
    head -c 100000 /dev/zero | tr '\0' "$3"
    echo '}'
}
{
    echo '{"type":4,"timestamp":1000001,"event":{}}'
    deep 1000002 '[' ']'
    echo '{"type":4,"timestamp":1000003,"event":{}}'
    deep 1000004 '[' ' '
    echo '{"type":4,"timestamp":1000005,"event":{}}'
} > events
run record --quiet --stdin -o new.evj.gz < events
cat err
run cat --format event new.evj.gz
cat out
head -c 100000 /dev/zero | tr '\0' '[' > arrays
run record --stdin -o arrays.evj.gz < arrays
cat err

# SPDX-License-Identifier: GPL-3.0-or-later
# Nesting a hundred thousand deep ends no program: such a line is left out, and said to be.
hostile="python3 $DATA/../cli/hostile.py"
run() {
    echo "== $*"
    $hostile bounded evj "$@" 2>&1 | cut -c 1-200
    echo "exit ${PIPESTATUS[0]}"
}
$hostile make deep 100000 > deep.evj.gz
for format in line event record pretty; do
    run cat --format $format deep.evj.gz
done
run sessions deep.evj.gz
run verify deep.evj.gz
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
run record --stdin -o new.evj.gz < events
run cat --format event new.evj.gz
head -c 100000 /dev/zero | tr '\0' '[' > arrays
run record --stdin -o arrays.evj.gz < arrays

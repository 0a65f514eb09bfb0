# SPDX-License-Identifier: GPL-3.0-or-later
# A million gzip members of nothing: one stretch of damage, told once.
hostile="python3 $DATA/../cli/hostile.py"
run() {
    $hostile bounded evj "$@" > out 2> err
    echo "$*: exit $?"
    grep -v "what is not damaged" err
}
echo "== members that are no blocks"
$hostile make empty-members 1000000 > members.evj.gz
for command in cat info sessions verify; do
    run $command members.evj.gz
done
cat members.evj.gz | run cat -
tail -c 20000000 members.evj.gz > none.evj.gz
run cat none.evj.gz
run record --stdin -o new.evj.gz < none.evj.gz
echo "== blocks of no text"
$hostile make empty-blocks 1000000 > blocks.evj.gz
run info blocks.evj.gz
echo "== blocks of one short line"
$hostile make small-blocks 100000 > blocks.evj.gz
run info blocks.evj.gz
run cat --format record blocks.evj.gz

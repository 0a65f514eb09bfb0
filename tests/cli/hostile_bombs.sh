# SPDX-License-Identifier: GPL-3.0-or-later
# What inflates to a thousand times its size, or is made to be inflated again and again, is read in
# bounded memory and time, by every command.
hostile="python3 $DATA/../cli/hostile.py"
run() {
    $hostile bounded evj "$@" > out 2> err
    echo "$*: exit $?"
    grep -h ^hostile err
}
say() {
    cut -c 1-160 err
}
for bomb in "bombs 3" "tree 1"; do
    # shellcheck disable=SC2086 # a name and a number
    $hostile make $bomb > bomb.evj.gz
    echo "== $bomb"
    run cat --format record bomb.evj.gz
    zcat bomb.evj.gz | sed 1d | cmp - out && echo all of it
    for command in "cat" "cat --format pretty" info sessions verify; do
        # shellcheck disable=SC2086
        run $command bomb.evj.gz
    done
done
for bomb in "crumbs 1" "wide 5" "overlapping 10" "claims 200000"; do
    # shellcheck disable=SC2086
    $hostile make $bomb > bomb.evj.gz
    echo "== $bomb"
    run cat --format record bomb.evj.gz
    run info bomb.evj.gz
    run verify bomb.evj.gz
done
echo "== plain gzip of a gigabyte of zeros"
$hostile make foreign-bomb 1024 > foreign.evj.gz
run cat foreign.evj.gz
say
run record --stdin -o out.evj.gz < foreign.evj.gz
say
zcat foreign.evj.gz 2> /dev/null | head -c 100000000 | run record --stdin -o out.evj.gz
[ -e out.evj.gz ] || echo nothing was made

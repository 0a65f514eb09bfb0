# SPDX-License-Identifier: GPL-3.0-or-later
# A header that lies about its block: what is read is right, what is not is told, and nothing is
# believed that costs memory.
hostile="python3 $DATA/../cli/hostile.py"
$hostile lies
read_all() {
    for file in *.evj.gz; do
        echo "== $file"
        evj cat --format record "$file" > out 2> err
        echo "exit $?: seq $(jq -r '"\(.seq)\(if .gap then "-gap" else "" end)"' out | xargs)"
        grep "$file: [ab]" err
        for command in "cat --session 7" "info" "verify"; do
            # shellcheck disable=SC2086
            evj $command "$file" > out 2>&1
            echo "$command: exit $?"
        done
    done
}
export -f read_all
$hostile bounded bash -c read_all 2>&1

# SPDX-License-Identifier: GPL-3.0-or-later
# The files of a recording continue each other: what is in none of them, or in two, is told.
mkdir folder
journal() {
    {
        echo "{\"journal\":{\"version\":1,\"id\":\"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9\",\"clock\":\"monotonic\",\"previous\":\"$2\",\"started\":{\"wall\":$((1795334400000000 + $3)),\"mono\":$3}}}"
        for seq in $(seq "$3" "$4"); do echo "{\"seq\":$seq,\"mono\":$seq,\"event\":{\"session_id\":7}}"; done
        echo '{"end":{}}'
    } | make_journal "folder/$1.evj.gz"
}
verify() {
    evj verify "$@" | sed -E 's/of [0-9]+ bytes$/of N bytes/'
    echo "exit: ${PIPESTATUS[0]}"
}
journal a-1 '' 0 3
journal a-2 a-1.evj.gz 4 6
journal a-3 a-2.evj.gz 7 9
verify folder
mv folder/a-2.evj.gz .
verify folder
mv folder/a-1.evj.gz .
verify folder a-2.evj.gz
evj verify --json folder/a-3.evj.gz a-1.evj.gz | jq -c '[.path, .verdict, .sound, .first_seq, .last_seq, .findings]'
cp a-1.evj.gz b-1.evj.gz
verify a-1.evj.gz b-1.evj.gz

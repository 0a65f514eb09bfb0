# SPDX-License-Identifier: GPL-3.0-or-later
# A folder with damage, a stranger and a copy in it: the others are read, and each is named once.
mkdir folder
journal() {
    {
        echo "{\"journal\":{\"version\":1,\"id\":\"$1\",\"recorder\":\"evj 0.1.0\",\"clock\":\"monotonic\",\"started\":{\"wall\":1795334400000000,\"mono\":$2}}}"
        echo "{\"seq\":0,\"mono\":$2,\"event\":{\"emitter\":\"$1\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":$2,\"event\":{\"name\":\"created\"}}}"
        echo '{"end":{}}'
    } | make_journal "folder/$1.evj.gz"
}
journal a 1
journal b 2
journal c 3
size=$(stat -c %s folder/b.evj.gz)
printf '\377\377\377\377' | dd of=folder/b.evj.gz bs=1 seek=$((size - 8)) conv=notrunc status=none
: > folder/empty.evj.gz
cp folder/a.evj.gz folder/copy.evj.gz
echo garbage >> folder/c.evj.gz
evj cat --format event folder 2>&1 | sed -E 's/bytes [0-9]+ to [0-9]+/bytes N to N/'
echo "cat: ${PIPESTATUS[0]}"
evj info folder 2> /dev/null | grep -E '^File|;|^Events' | sed -E 's/[0-9]+ bytes, [0-9.]+ times/N bytes, N times/; s/[0-9]+ bytes/N bytes/'
evj sessions folder/a.evj.gz folder/a.evj.gz
echo "sessions: $?"

# SPDX-License-Identifier: GPL-3.0-or-later
# Escape sequences, control characters and bytes that are no UTF-8 stand in every text of a journal, and
# in its file's name. A terminal gets none of them, whatever the command; programs get what was recorded.
hostile="python3 $DATA/../cli/hostile.py"
terminal="python3 $DATA/../cli/terminal.py"
name=$(printf 'x\033]2;y\007\302\233\377\342\200\256.evj.gz')
$hostile make texts > "$name"
# What a terminal would get that is no printable character; colours and bold are ours.
show() {
    TERM=xterm $terminal "$@" > shown
    local status=$?
    echo "${*//$name/FILE}: exit $status, $(sed -E 's/<1B>\[[0-9;]*m//g' shown | grep -cE '<[0-9A-F]{2,4}>') odd lines"
}
zcat "$name" > lines
show cat lines
show evj cat "$name"
show evj cat --format event "$name"
show evj cat --format record "$name"
show evj cat --format pretty "$name"
show evj info "$name"
show evj sessions "$name"
show evj verify "$name"
$hostile make texts 3 > "other$name"
show evj diff --fail-on note "$name" "other$name"
show evj diff --fail-on note --side-by-side "$name" "other$name"
echo "== a program gets what was recorded"
zcat "$name" | sed '1d;$d' > lines
evj cat --format record "$name" 2> err | cmp - lines && echo all of it
for command in "info --json" "sessions --json" "verify --json" "diff --json other$name"; do
    # shellcheck disable=SC2086
    evj $command "$name" 2> /dev/null | jq -c type
done
echo "== what is said of it"
evj cat --format event "$name" 2>&1 > events | LC_ALL=C grep -c '[^ -~]'
evj cat "/nowhere/$name" 2>&1 | LC_ALL=C grep -c '[^ -~]'
evj record --stdin -o "$name" < events 2>&1 | LC_ALL=C grep -c '[^ -~]'
printf '%s\n' "$name" '{"type":1,"timestamp":"\033[31m"}' '"\033]0;x\007"' | evj record --stdin -o new.evj.gz 2>&1 |
    LC_ALL=C grep -c '[^ -~]' | cat

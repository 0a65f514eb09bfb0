# SPDX-License-Identifier: GPL-3.0-or-later
# Sound journals, and each way not to be one: told apart, with an exit status for each.
header() {
    echo "{\"journal\":{\"version\":1,\"id\":\"$1$1$1$1$1$1$1$1-4e5f-4071-8293-a4b5c6d7e8f9\",\"clock\":\"monotonic\",\"started\":{\"wall\":179533440000000$1,\"mono\":1000000}}}"
}
event() {
    echo "{\"seq\":$1,\"mono\":$((1000000 + $1 * 1000)),\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":1795334400000000,\"session_id\":$((7 + $1)),\"event\":{\"name\":\"created\"}}}"
}
verify() {
    evj verify "$@" | sed -E 's/of [0-9]+ bytes$/of N bytes/; s/(at byte|bytes) [0-9]+( to [0-9]+)?/\1 N/g'
    echo "exit: ${PIPESTATUS[0]}"
}
{ header 1; event 0; event 1; echo '{"seq":2,"mono":1002000,"gap":{"events":4,"reason":"buffer-full","until":1003000}}'
  echo '{"seq":6,"mono":1004000,"mark":{"text":"here"}}'; event 7; echo '{"end":{}}'; } | make_journal closed.evj.gz
verify closed.evj.gz
{ header 2; event 0; } | make_journal open.evj.gz
verify open.evj.gz
{ header 3 | sed 's|"clock"|"spool":"/nowhere/evj-x.spool","clock"|'; event 0; } | make_journal copied.evj.gz
verify copied.evj.gz
head -c -3 closed.evj.gz > truncated.evj.gz
verify truncated.evj.gz
cp closed.evj.gz damaged.evj.gz
printf '\377\377' | dd of=damaged.evj.gz bs=1 seek=$(($(stat -c %s damaged.evj.gz) - 6)) conv=notrunc status=none
verify damaged.evj.gz
{ header 4; event 0; event 5; event 2; echo '{"seq":6,"mono":1,"event":{"type":nil}}'; } | make_journal odd.evj.gz
verify odd.evj.gz
echo '{"type":1}' > foreign.evj.gz
verify foreign.evj.gz
verify gone.evj.gz
cat closed.evj.gz open.evj.gz > joined
verify joined
verify - < closed.evj.gz
verify closed.evj.gz truncated.evj.gz copied.evj.gz
evj verify --json closed.evj.gz truncated.evj.gz | jq -c 'del(.file_bytes, .text_bytes, .findings[].from, .findings[].to, .findings[].text, .damaged_bytes)'
echo "exit: ${PIPESTATUS[0]}"
evj verify
echo "exit: $?"
mkdir empty
evj verify empty
echo "exit: $?"
evj verify --wrong closed.evj.gz
echo "exit: $?"

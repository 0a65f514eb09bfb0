# SPDX-License-Identifier: GPL-3.0-or-later
# What was lost, marked and set.
events() {
    for ((i = $1; i < $2; i++)); do
        echo "{\"seq\":$i,\"mono\":$((1000000 + i * 100000)),\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":$((1795334400000000 + i * 100000 + $3)),\"session_id\":$i,\"event\":{\"name\":\"created\"}}}"
    done
}
{
    echo '{"journal":{"version":1,"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","recorder":"evj 0.1.0","emitter":"gw","host":"h","clock":"monotonic","started":{"wall":1795334400000000,"mono":1000000}}}'
    events 0 30 0
    events 30 40 -90000   # late, but less than a tenth of a second
    events 40 50 -700000  # a second of delay
    events 50 80 3600000000
    echo '{"seq":80,"mono":9000001,"gap":{"events":20,"bytes":3000,"reason":"buffer-full","until":10900000,"types":{"media":15,"jsep":5}}}'
    events 100 150 -5000000
    echo '{"seq":150,"mono":16000000,"mark":{"text":"repro\u001b[1m starts","source":"admin"}}'
    echo '{"seq":151,"mono":16000001,"gap":{"events":2,"bytes":300,"reason":"paused","until":16000002,"types":{"media":2}}}'
    echo '{"end":{}}'
} | make_journal journal.evj.gz
evj info journal.evj.gz | sed -E 's/[0-9.]+ (bytes|kB), [0-9.]+ times/N bytes, N times/'
evj info --json journal.evj.gz | grep -o '"gaps".*'
echo "== a journal of a replay: its timestamps are no clock of its own"
{
    echo '{"journal":{"version":1,"id":"1a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","recorder":"evj 0.1.0","emitter":"gw","host":"h","clock":"monotonic","started":{"wall":1795334500000000,"mono":1000000}}}'
    events 0 30 0
    events 30 60 5000000
    echo '{"end":{}}'
} | make_journal replay.evj.gz
evj info journal.evj.gz replay.evj.gz | grep -E '^(File|Clock)|seq|another time'

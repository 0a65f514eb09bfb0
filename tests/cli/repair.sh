# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever happened to a journal, what can be read of it is salvaged, and what is lost is told.
for i in $(seq 6); do cat "$DATA/events/room1.ndjson"; done > events
evj record --quiet --stdin -o long.evj.gz < events
python3 - << 'EOF'
import struct
journal = open("long.evj.gz", "rb").read()
blocks, at = [], 0
while at < len(journal):
    size = struct.unpack_from("<I", journal, at + 16 + 4)[0]
    blocks.append((at, at + size))
    at += size

def write(name, *parts):
    open(f"{name}.evj.gz", "wb").write(b"".join(parts))

begin, end = blocks[len(blocks) // 2]
middle = (begin + end) // 2
write("byte", journal[:middle], bytes([journal[middle] ^ 0x55]), journal[middle + 1:])
write("no_block", journal[:begin], journal[end:])
write("garbage", journal[:begin], b"garbage in between ", journal[begin:])
write("no_beginning", journal[blocks[0][1]:])
write("torn_beginning", journal[200:])
write("truncated", journal[:middle])
write("no_end", journal[:blocks[-1][0]])
write("holes", journal[:blocks[0][1]], *(journal[a:b - 9] for a, b in blocks[1:]))
EOF
chmod a-w ./*.evj.gz
check() {
    sum=$(sha256sum "$1.evj.gz")
    evj repair -o repaired.evj.gz "$1.evj.gz" > out 2> said
    echo "== $1: $?"
    # Which of the two a block without its last bytes is depends on who compressed it.
    sed -E 's/(byte|bytes) [0-9]+( to [0-9]+)?/\1 N/g; s/[0-9]+ bytes/N bytes/g; s/[0-9]{3,}/M/g
            s/block cannot be inflated|block.s text does not match its CRC/its bytes do not fit/' said
    [ "$sum" = "$(sha256sum "$1.evj.gz")" ] && echo the journal is as it was
    cmp <(evj cat --json "$1.evj.gz" 2> /dev/null) <(evj cat --json repaired.evj.gz 2> /dev/null) && echo the same records
    gzip -t repaired.evj.gz && evj verify repaired.evj.gz | grep -o '^.*sound'
    evj repair --quiet -o again.evj.gz repaired.evj.gz
    echo "again: $?"
    cmp repaired.evj.gz again.evj.gz && echo nothing more to do
    # Every event is one of those that were recorded, in its place.
    evj cat --format event repaired.evj.gz 2> /dev/null > kept
    diff events kept | grep -c '^>'
    rm -f repaired.evj.gz again.evj.gz
}
for name in long byte no_block garbage no_beginning torn_beginning truncated no_end holes; do
    check $name
done

echo "== JSON"
evj repair --json -q -o json.evj.gz no_block.evj.gz 2> /dev/null |
    jq -c '[.input, .output, .ending, .whole, .lost, .lost_is_certain, .damages, .damaged[0].lost, .records, .dropped]'
zcat json.evj.gz | grep '"gap"' | jq -c '[.seq, .gap.events, .gap.reason]'
evj repair --json -q -o json2.evj.gz garbage.evj.gz 2> /dev/null |
    jq -c '[.whole, .lost, .damaged_bytes, .damaged[0].to - .damaged[0].from]'
cmp json2.evj.gz long.evj.gz && echo garbage is gone

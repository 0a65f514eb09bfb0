# SPDX-License-Identifier: GPL-3.0-or-later
# Whether a journal is hopped through or read must not be seen in what is said of it. A selection of
# all there is makes info read.
take() {
    local name=$1
    shift
    evj info --json "$@" 2> "$name.err" | sed -E 's/"blocks_skipped":[0-9]+/"blocks_skipped":…/' > "$name.out"
    echo "exit ${PIPESTATUS[0]}" >> "$name.err"
}
both_ways() {
    take hop "$1"
    take read --to @18446744073709551615 "$1"
    cmp hop.out read.out || diff hop.out read.out
    # Of a journal without events a selection says that it found nothing, and the journal does not.
    grep -q '"events":0,"states"' hop.out || cmp hop.err read.err || diff hop.err read.err
}
skipped() {
    evj info --json "$@" 2> /dev/null | grep -o '"blocks_skipped":[0-9]*'
}

for events in "$DATA"/events/*.ndjson; do
    evj record --quiet --stdin -o "$(basename "$events" .ndjson).evj.gz" < "$events"
done
find "$DATA" -name '*.evj.gz' > all
ls ./*.evj.gz >> all
while read -r file; do
    both_ways "$file"
done < all
(($(wc -l < all) > 5)) && echo "all compared"

echo "== what is passed by"
skipped room1.evj.gz
skipped --strict room1.evj.gz
echo "== an end of an older release"
{
    echo '{"journal":{"version":1,"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","recorder":"evj 0.1.0","clock":"monotonic","started":{"wall":1795334400000000,"mono":1000000}}}'
    zcat room1.evj.gz | grep -v '^{"\(journal\|end\)"'
} | make_journal older.evj.gz
both_ways older.evj.gz
skipped older.evj.gz
cat room1.evj.gz echo1.evj.gz > joined.evj.gz
both_ways joined.evj.gz
skipped joined.evj.gz
echo "== standard input cannot be read again"
evj info --json - < room1.evj.gz | grep -o '"events":[0-9]*,"states"'
echo "== damage is told once, though it is met twice"
head -c 20000 room1.evj.gz > cut.evj.gz
evj info cut.evj.gz 2> err | grep -E 'truncated|byte|damage|Lost' | sed -E 's/[0-9]{2,}/N/g; s/N.[0-9] kB/N kB/'
echo "exit ${PIPESTATUS[0]}"
grep -c 'stops inside the block' err
evj info --json cut.evj.gz 2> err | grep -o '"damages".*"lost_is_certain":[a-z]*' | sed -E 's/[0-9]{2,}/N/g'
evj info --strict cut.evj.gz > /dev/null 2> err
echo "exit $?"

# SPDX-License-Identifier: GPL-3.0-or-later
# Which journal, and into which: never into itself.
absent() {
    [ -e "$1" ] || echo "$1 is not there"
}
same() {
    cmp <(evj cat --json "$1.evj.gz" 2> /dev/null) <(evj cat --json "$2.evj.gz" 2> /dev/null)
}
evj record --quiet --stdin -o a.evj.gz < "$DATA/events/echo1.ndjson"
evj record --quiet --stdin -o b.evj.gz < "$DATA/events/echo2.ndjson"
try() {
    evj "$@" < /dev/null
    echo "evj $*: $?"
}
ln a.evj.gz hard.evj.gz
ln -s a.evj.gz soft.evj.gz
mkdir folder repaired
sum=$(sha256sum a.evj.gz)
try repair
try repair a.evj.gz
try repair -o a.evj.gz a.evj.gz
try repair -o ./folder/../a.evj.gz a.evj.gz
try repair -o hard.evj.gz a.evj.gz
try repair -o a.evj.gz soft.evj.gz
try repair -o b.evj.gz a.evj.gz
try repair -o - a.evj.gz
try repair -o missing/a.evj.gz a.evj.gz
try repair -o new.evj.gz folder
try repair -o new.evj.gz a.evj.gz b.evj.gz
try repair -o new.evj.gz missing.evj.gz
try repair -o new.evj.gz /etc/passwd
try repair -o folder -
echo "$sum" | sha256sum -c --quiet && echo a.evj.gz is as it was
absent new.evj.gz
ls folder
echo "== into a folder, one by one"
evj repair --quiet -o repaired a.evj.gz /etc/passwd b.evj.gz
echo "exit $?"
cmp a.evj.gz repaired/a.evj.gz && cmp b.evj.gz repaired/b.evj.gz && echo as they were
evj repair --quiet -o made/ a.evj.gz b.evj.gz
echo "exit $?"
ls made
echo "== standard input"
evj repair -q -o stdin.evj.gz - < a.evj.gz && cmp a.evj.gz stdin.evj.gz
echo "== one file behind the other"
cat a.evj.gz b.evj.gz > both.evj.gz
evj repair -o first.evj.gz both.evj.gz > out 2> said
echo "exit $?"
sed -E 's/[0-9]+ bytes/N bytes/g; s/byte [0-9]+/byte N/; s/[+][0-9]+/+N/' said
try cut -o no.evj.gz both.evj.gz
try merge -o no.evj.gz a.evj.gz both.evj.gz
absent no.evj.gz
evj info both.evj.gz | grep -c 'and 1 more behind it'
cat a.evj.gz b.evj.gz a.evj.gz > three.evj.gz
evj sessions --json three.evj.gz | jq -c 'select(.kind == "session") | [.session_id, .recording]'
tail -c "$(grep -o '+[0-9]*' said)" both.evj.gz | cmp - b.evj.gz && same first a && echo both are there
echo "== mistakes with cut and merge"
try cut a.evj.gz
try cut -o b.evj.gz a.evj.gz
try cut -o - a.evj.gz
try cut -o c.evj.gz
try merge
try merge a.evj.gz
try merge -o c.evj.gz
try merge -o a.evj.gz a.evj.gz
try merge -o c.evj.gz a.evj.gz missing.evj.gz
try merge --session 1 -o c.evj.gz a.evj.gz
absent c.evj.gz

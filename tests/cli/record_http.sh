# SPDX-License-Identifier: GPL-3.0-or-later
# What sampleevh posts, and what it never would.
evj record --http 127.0.0.1:0 -o out.evj.gz 2> log &
until url=$(grep -o 'http://[0-9.:]*/' log 2> /dev/null); do sleep 0.02; done
post() {
    curl --silent --max-time 30 --write-out ' %{http_code}\n' "$@" "$url"
}
{ echo -n '['; paste -sd, "$DATA/events/echo2.ndjson"; echo ']'; } > group
echo "one event:$(head -1 "$DATA/events/mute.ndjson" | post --data-binary @-)"
echo "a group:$(post --data-binary @group)"
echo "two events, two gzip members:$({ head -1 "$DATA/events/mute.ndjson" | gzip; sed -n 2p "$DATA/events/mute.ndjson" | gzip; } | post -H 'Content-Encoding: gzip' --data-binary @-)"
echo "a group, gzip:$(gzip < group | post -H 'Content-Encoding: gzip' --data-binary @-)"
echo "GET: $(post)"
echo "PUT: $(post -X PUT -d '{}')"
echo "no JSON: $(post -d '{"type":')"
echo "some events: $(post -d '[{"type":1,"timestamp":1},{"x":1},3,{"type":2,"timestamp":1}]')"
echo "nothing: $(post -d '')"
echo "no gzip: $(post -H 'Content-Encoding: gzip' -d x)"
echo "brotli: $(post -H 'Content-Encoding: br' -d x)"
echo "too large, in chunks: $(head -c 17000000 /dev/zero | tr '\0' ' ' | post -H 'Transfer-Encoding: chunked' -T - -X POST > /dev/null)"
echo "too large: $(head -c 17000000 /dev/zero | post --data-binary @-)"
echo "inflates too large: $(head -c 17000000 /dev/zero | gzip | post -H 'Content-Encoding: gzip' --data-binary @-)"
# The file can be read while it grows: within a second or so all 111 events are there.
until [ "$(evj cat --format event out.evj.gz 2> /dev/null | wc -l)" = 111 ]; do sleep 0.05; done
kill -INT $!
wait $!
echo "exit $?"
sed -E 's/[0-9]+ bytes, [0-9.]+/N bytes, N/; s/:[0-9]+\//:PORT\//' log
evj cat --format event out.evj.gz | cmp - <(head -1 "$DATA/events/mute.ndjson"; cat "$DATA/events/echo2.ndjson"; head -2 "$DATA/events/mute.ndjson"; cat "$DATA/events/echo2.ndjson"; printf '%s\n' '{"type":1,"timestamp":1}' '{"type":2,"timestamp":1}') && echo byte for byte

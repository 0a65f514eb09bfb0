# SPDX-License-Identifier: GPL-3.0-or-later
# Where a replay begins: first what is live there; in rounds; at a time.
call=$DATA/calls/good.evj.gz
replay() {
    echo "== $*"
    evj replay --speed max --stdout "$@" 2> report > events
    status=$?
    cut -c1-78 events
    sed -E 's/ in [0-9.]+ .?s,/ in <time>,/; s/\([0-9]+ events/(<n> events/; /behind by/d' report
    echo "exit $status"
}
replay --from +6s --type sessions,handles,media $call
replay --from +6s --no-state --type sessions,handles $call
replay --loop 2 --type sessions $call
echo "== a file that continues a recording begins with it"
make_journal next.evj.gz << 'END'
{"journal":{"version":1,"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","emitter":"gw","clock":"monotonic","previous":"first.evj.gz","started":{"wall":1795334400000000,"mono":1000000}}}
{"seq":3,"mono":400000,"state":{"emitter":"gw","type":1,"timestamp":1795334399400000,"session_id":7,"event":{"name":"created"}}}
{"seq":20,"mono":1000500,"event":{"emitter":"gw","type":1,"timestamp":1795334400000500,"session_id":8,"event":{"name":"created"}}}
{"seq":21,"mono":900000,"event":{"emitter":"gw","type":1,"timestamp":1795334400000600,"session_id":8,"event":{"name":"destroyed"}}}
{"end":{"records":3}}
END
replay next.evj.gz
replay --no-state next.evj.gz
echo "== at a time"
before=$(date +%s%N)
evj replay --null --speed 10000 --start-at +0.3s $call 2> /dev/null
echo "exit $?, $((($(date +%s%N) - before) / 300000000 > 0)) or more later"
echo "== mistakes"
for option in "--loop 0" "--loop -" "--start-at noon" "--start-at 2026-11-22T08:15:30" "--start-at @7" \
    "--start-at 1999-12-31T23:59:59Z"; do
    evj replay --null $option $call 2>&1
    echo "exit $?"
done
evj replay --null --loop 2 - < $call 2>&1
echo "exit $?"

# SPDX-License-Identifier: GPL-3.0-or-later
# Events keep the pace of their timestamps, and mono never goes back.
{
    echo '{"emitter":"gw","type":2,"event":{}}'
    for at in 5000000 7000000 6000000 0 8000000; do
        echo "{\"emitter\":\"gw\",\"type\":1,\"timestamp\":$at,\"event\":{}}"
    done
    echo '{"emitter":"gw","type":2,"event":{}}'
} > events
evj record --quiet --stdin -o timestamp.evj.gz < events
zcat timestamp.evj.gz | sed 's/"host":"[^"]*"/"host":…/'
evj record --quiet --stdin --time arrival -o arrival.evj.gz < events
echo "exit $?"
zcat arrival.evj.gz | grep -o '"clock":"[a-z]*"'
evj cat --format record arrival.evj.gz | grep -c '"seq"'
{ echo '{"type":1,"timestamp":7}'; echo '{"type":1,"timestamp":5}'; echo '{"type":1}'; } |
    evj record --stdin -o back.evj.gz 2>&1 | grep earlier

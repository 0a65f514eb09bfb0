# SPDX-License-Identifier: GPL-3.0-or-later
# Standard streams that the caller has closed are never taken for the journal's file.
{
    cat "$DATA/events/echo2.ndjson"
    echo 'no event'
} > events
evj record --stdin -o no-error.evj.gz < events 2>&-
echo "exit $?"
evj cat --format event no-error.evj.gz | cmp - "$DATA/events/echo2.ndjson" && echo no message got into it
evj record --stdin -o no-output.evj.gz < events >&- 2> /dev/null
echo "exit $?"
evj record --stdin -o no-input.evj.gz <&-
echo "exit $?"
evj cat <&- -
echo "exit $?"

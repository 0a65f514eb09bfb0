# SPDX-License-Identifier: GPL-3.0-or-later
# A journal that ends, or starts, in mid-call; and one without sessions.
head -40 "$DATA/events/echo2.ndjson" | evj record --quiet --stdin -o cut.evj.gz
evj sessions cut.evj.gz
tail -20 "$DATA/events/echo2.ndjson" | evj record --quiet --stdin -o late.evj.gz
evj sessions late.evj.gz
grep '"type":256' "$DATA/events/echo2.ndjson" | evj record --quiet --stdin -o empty.evj.gz
evj sessions empty.evj.gz
echo "exit $?"
evj sessions --json empty.evj.gz

# SPDX-License-Identifier: GPL-3.0-or-later
# Without events there is no journal, and that is said.
evj record --stdin -o none.evj.gz < /dev/null
echo "exit $?"
echo '[]' | evj record --quiet --stdin -o none.evj.gz
echo "exit $?"
evj record --stdin -o named-badly < "$DATA/events/echo2.ndjson" 2>&1 | sed -E 's/[0-9]+ bytes, [0-9.]+/N bytes, N/'
ls

# SPDX-License-Identifier: GPL-3.0-or-later
# In which form, and where.
good=$DATA/calls/good.evj.gz bad=$DATA/calls/failing.evj.gz
try() {
    echo "== $*"
    evj diff "$@" 2>&1
    echo "exit $?"
}
try --format nonsense "$good" "$bad"
echo "== json"
evj diff -f json "$good" "$bad" | jq -c '.schema, .verdict, .counts, .first_divergence.difference'
evj diff -f json "$good" "$good" 2>&1 | tail -1 | jq -c '.verdict, .differences, (.sessions[0].handles[0].lanes[0].ops | length)'
echo "== junit"
evj diff -f junit "$good" "$bad" | grep -E '<testsuite |<failure'
# Into a file: the verdict is told here. What an earlier run left goes, unless it is a journal.
echo old > result
try -f json -o result "$good" "$bad"
jq -r .sentence result
try -o result "$good" missing.evj.gz
ls
try -f text -o result "$good" "$good"
cat result
cp "$good" good.evj.gz
try -o good.evj.gz good.evj.gz "$bad"
cmp "$good" good.evj.gz
try -o no/result "$good" "$bad"
try -o . "$good" "$bad"
try -o /dev/full "$good" "$bad"

# SPDX-License-Identifier: GPL-3.0-or-later
# Each mistake is one line on standard error, nothing on standard output, and exit status 2.
try() {
    evj "$@" < /dev/null
    echo "evj $*: $?"
}
try
try recrod
try replya x
try xylophone
try help nonsense
try --colour
try cat
try cat --nonsense
try cat --format
try cat --format xml missing.evj.gz
try cat --session abc missing.evj.gz
try cat --type media,video missing.evj.gz
try cat --from yesterday missing.evj.gz
try cat missing.evj.gz
try cat /etc/passwd
try cat --from +2s --to +1s "$DATA/calls/good.evj.gz"
try info --from @7 --to @6 "$DATA/calls/good.evj.gz"
try cat .
try info
try record
try record --stdin
try record --stdin --http 127.0.0.1:0 -o a.evj.gz
try record --stdin -o a.evj.gz b.evj.gz
try record --stdin -o a.evj.gz --time never
try record --stdin -o a.evj.gz --compression 10
try record --stdin -o -
try record --stdin -o ''
try record --stdin -o missing/a.evj.gz
try record --stdin -o /etc/passwd
try record --http 8090 -o a.evj.gz
try record --http 127.0.0.1:70000 -o a.evj.gz
try record --http ::1:80 -o a.evj.gz
try record --http 192.0.2.1:0 -o a.evj.gz
ls

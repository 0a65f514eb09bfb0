# SPDX-License-Identifier: GPL-3.0-or-later
# --junit writes XML that any reader reads, whatever the outcome.
call=$DATA/calls/good.evj.gz
cases() {
    python3 - << 'END'
import xml.etree.ElementTree as xml
for suite in xml.parse("junit.xml").getroot():
    print(suite.get("name"), {p.get("name"): p.get("value") for p in suite.iter("property")})
    for case in suite.iter("testcase"):
        what = [f"{each.tag}: {each.text or each.get('message')}" for each in case]
        print("  ", case.get("name"), *what)
END
}
junit() {
    echo "== $*"
    evj replay "$call" --speed max --junit junit.xml "$@" > /dev/null 2>&1
    echo "exit $?"
    cases
}
junit --null
junit --null --expect "$DATA/calls/failing.evj.gz" --expect-wait 0 --renew-ids --seed 3
junit --null --session 1
call=$DATA/invalid/text-crc/journal.evj.gz
junit --null
junit --null --strict
call=$DATA/calls/good.evj.gz
junit --handler ./no.so --config .

# Mistakes; and an old file does not stay.
for option in "--junit no/junit.xml" "--junit ." "--junit="; do
    # shellcheck disable=SC2086
    evj replay "$call" --null $option 2>&1
    echo "$option: $?"
done
touch junit.xml
evj replay no.evj.gz --null --junit junit.xml
echo "exit $?"
ls

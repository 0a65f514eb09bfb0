# SPDX-License-Identifier: GPL-3.0-or-later
# --expect tells what became of the events, in the text of the report and by the exit status.
call=$DATA/calls/good.evj.gz
expect() {
    evj replay "$call" --null --speed max --expect-wait 0 "$@" 2> report
    local status=$?
    sed -n '/^  expect/,$p' report
    echo "exit $status"
}
record() { evj record --stdin -q -o "$1"; }
events() { evj cat --format event "$call"; }
cp "$call" good.evj.gz

echo "== as it was"
expect --expect good.evj.gz
echo "== three lost, one doubled, two moved, one more"
{
    for lines in 1,3 7,8 8 10 9 12,30 11 31,43; do events | sed -n "${lines}p"; done
    echo '{"type":4,"timestamp":1795344600000000,"event":{}}'
} | record some.evj.gz
expect --expect some.evj.gz
echo "== what mqttevh adds, and more"
events | sed 's/,"event":/,"eventtype":"x","event":/; 3s/"admin_api":[a-z]*,//; 4s/"ip":"[0-9.]*"/"ip":"x"/' | record mqtt.evj.gz
expect --expect mqtt.evj.gz
expect --expect mqtt.evj.gz --expect-ignore eventtype
expect --expect mqtt.evj.gz --expect-ignore .eventtype --expect-ignore event.data
echo "== nothing"
expect --expect never.evj.gz
echo "== a gap"
expect --expect "$DATA/valid/gaps/journal.evj.gz" --to @0
echo "== what was rewritten and shaped is what is expected"
for how in --renew-ids "--copies 3" "--stress drop=0.2 --stress duplicate --stress shuffle"; do
    # shellcheck disable=SC2086 # several options
    evj replay "$call" --stdout --speed max --seed 5 $how 2> /dev/null | record changed.evj.gz
    # shellcheck disable=SC2086
    expect --expect changed.evj.gz --seed 5 $how
    rm changed.evj.gz
done
echo "== a folder"
mkdir folder && cp good.evj.gz folder/
expect --expect folder
echo "== while it is still being made"
mkfifo pipe
record growing.evj.gz < pipe &
exec 3> pipe
events | head -n 20 >&3
evj replay "$call" --null --speed max --expect growing.evj.gz --json > growing &
events | tail -n +21 >&3
exec 3>&-
wait
grep -Eo '"(come|ok)":[a-z0-9]+' growing

# Mistakes
echo hello > notes.txt
for option in "--expect no/got.evj.gz" "--expect notes.txt" "--expect -" "--expect-wait 3" "--expect-ignore x" \
    "--expect good.evj.gz --expect-wait -1" "--expect good.evj.gz --expect-wait x" \
    "--expect good.evj.gz --expect-ignore ."; do
    # shellcheck disable=SC2086
    evj replay "$call" --null $option 2>&1
    echo "$option: $?"
done

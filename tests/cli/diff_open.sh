# SPDX-License-Identifier: GPL-3.0-or-later
# A journal that stops before its call does, and one whose recorder is gone: what is there is compared.
cp "$DATA/calls/good.evj.gz" whole.evj.gz
evj cat --format event --to +2.6s whole.evj.gz | evj record --quiet --stdin -o early.evj.gz
# It names a spool, as every journal of the plugin does.
zcat whole.evj.gz | grep -v '^{"end"' | make_journal open.evj.gz
show() {
    echo "== $*"
    evj diff "$@" 2>&1
    echo "exit $?"
}
show early.evj.gz whole.evj.gz
show whole.evj.gz open.evj.gz
# One that starts when the call is up, and a session that comes when the other journal has ended.
evj cat --format event --from +2.6s whole.evj.gz | evj record --quiet --stdin -o late.evj.gz
show whole.evj.gz late.evj.gz
show early.evj.gz late.evj.gz
cp "$DATA/recordings/room/01.evj.gz" room.evj.gz
evj cat --format event --to +4.8s room.evj.gz | evj record --quiet --stdin -o alone.evj.gz
show room.evj.gz alone.evj.gz
# Of selected events nobody knows when the call began and ended.
show --type jsep whole.evj.gz early.evj.gz

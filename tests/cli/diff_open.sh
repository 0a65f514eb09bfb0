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
# Of selected events nobody knows when the call began and ended.
show --type jsep whole.evj.gz early.evj.gz

# SPDX-License-Identifier: GPL-3.0-or-later
# What --stress does is told, and the same for the same seed.
stressed() {
    echo "== $*"
    evj replay "$DATA/calls/good.evj.gz" --stdout --speed max --seed 7 "$@" 2> report > events
    grep -E '^  (rewritten|shaped|seed)' report
    wc -l < events
}
plain() { evj cat --format event "$DATA/calls/good.evj.gz"; }
stressed --stress drop=0.25
stressed --stress duplicate
uniq events | cmp - <(plain) && echo "each one again right behind itself"
stressed --stress shuffle=4
sort events | cmp - <(plain | sort) && echo "the same events in another order"
stressed --stress oversize=2k
awk '{ print length }' events | grep -c 2048
stressed --stress burst=10 --stress trickle=1
stressed --stress drop=0.1 --stress duplicate=0.5 --stress shuffle --stress oversize --copies 2
sha256sum < events > once
stressed --stress drop=0.1 --stress duplicate=0.5 --stress shuffle --stress oversize --copies 2 > /dev/null
sha256sum < events | cmp - once && echo "the same again"
evj replay "$DATA/calls/good.evj.gz" --null --speed max --seed 7 --stress drop=0.25 --copies 2 --json |
    grep -Eo '"(rewritten|shaped|seed)":(\{[^}]*\}*|[0-9]+)'

# Mistakes
for option in --stress=fast --stress=drop --stress=drop=2 --stress=oversize=1G "--stress=burst --stress=burst=5" \
    --seed=-1 --seed=abc --seed=99999999999999999999 --copies=0 --copies=-1 --copies=100001 --copies=x --copies-spread=1 \
    "--copies=2 --copies-spread=-1" "--copies=1000 --copies-spread=1e7" "--copies=2 --copies-spread=nan"; do
    # shellcheck disable=SC2086 # several options
    evj replay "$DATA/calls/good.evj.gz" --null $option 2>&1
    echo "$option: $?"
done

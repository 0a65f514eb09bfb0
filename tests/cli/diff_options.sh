# SPDX-License-Identifier: GPL-3.0-or-later
# What evj diff can be asked for, beside two journals.
for call in echo1 echo2 dtlsfail mute room1; do
    evj record --quiet --stdin -o "$call.evj.gz" < "$DATA/events/$call.ndjson"
done
first() {
    echo "== $*"
    evj diff "$@" 2>&1 | sed -n '1,2p'
    echo "exit ${PIPESTATUS[0]}"
}
whole() {
    echo "== $*"
    evj diff "$@" 2>&1
    echo "exit $?"
}
# Which sessions.
first --opaque alice --opaque muted echo2.evj.gz mute.evj.gz
first --opaque 'vr-4*' --opaque 'vr-p*' room1.evj.gz room1.evj.gz
first room1.evj.gz:vr-4H657twL room1.evj.gz:1960406589752242
whole --opaque vr-4H room1.evj.gz room1.evj.gz
whole --opaque alice --opaque muted --opaque bob echo2.evj.gz mute.evj.gz
# Who is who.
first room1.evj.gz room1.evj.gz
first --map 4708019394928828=1960406589752242 room1.evj.gz room1.evj.gz
whole --map 4708019394928828=1 room1.evj.gz room1.evj.gz
whole --map 2=1 room1.evj.gz room1.evj.gz
whole --map 2 room1.evj.gz room1.evj.gz
whole --map 1=2 --map 1=3 room1.evj.gz room1.evj.gz
# What weighs.
first --fail-on outcome echo2.evj.gz mute.evj.gz
first --fail-on note echo1.evj.gz echo2.evj.gz
whole --fail-on everything echo1.evj.gz echo2.evj.gz
whole --timing sometimes echo1.evj.gz echo2.evj.gz
# Rules.
first --rule 'plugins.echotest.data.*=volatile' --rule 'media.*=volatile' echo2.evj.gz mute.evj.gz
printf '# ours\nplugins.echotest.data.*=volatile\n\nmedia.receiving=volatile # all\n' > rules
first --rules-file rules echo2.evj.gz mute.evj.gz
printf 'media.receiving=sometimes\n' > bad
whole --rules-file bad echo2.evj.gz mute.evj.gz
whole --rules-file missing echo2.evj.gz mute.evj.gz
whole --rule nonsense echo2.evj.gz mute.evj.gz
echo "== --rules"
evj diff --rules --rule 'media.*=tolerant:3' --rule 'x=compared:note' | sed -n '1,12p'
evj diff --rules | grep -cE '.{81}'
# What is usual.
mkdir good
for n in 1 2 3 4 5; do cp echo2.evj.gz "good/$n.evj.gz"; done
whole --baseline room1.evj.gz.d echo1.evj.gz echo2.evj.gz
mkdir few && cp echo1.evj.gz echo2.evj.gz few
whole --baseline few echo1.evj.gz echo2.evj.gz
# How much is shown.
whole --brief echo2.evj.gz dtlsfail.evj.gz
whole --side-by-side echo2.evj.gz dtlsfail.evj.gz
whole --context 0 echo2.evj.gz dtlsfail.evj.gz | sed -n '/^First/,/^$/p'
whole --context=1 echo2.evj.gz mute.evj.gz | sed -n '/^First/,/^$/p'
whole --context 101 echo2.evj.gz mute.evj.gz
whole --context -1 echo2.evj.gz mute.evj.gz
whole --brief --side-by-side echo2.evj.gz mute.evj.gz
whole --brief --format json echo2.evj.gz mute.evj.gz
whole --side-by-side --format junit echo2.evj.gz mute.evj.gz
echo "== --context is for all forms"
evj diff --context 1 --format json echo2.evj.gz mute.evj.gz | jq '.first_divergence.a | length'

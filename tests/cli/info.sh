# SPDX-License-Identifier: GPL-3.0-or-later
# Codecs differ in the size of their output, and hosts in their names.
unsized() {
    sed -E 's/[0-9.]+ (bytes|kB), [0-9.]+ times/N bytes, N times/; s/ on [^;]+;/ on HOST;/'
}
for call in echo1 echo2 dtlsfail; do
    evj record --quiet --stdin -o $call.evj.gz < "$DATA/events/$call.ndjson"
done
evj info echo1.evj.gz | unsized
echo "== a folder, by selection"
evj info --type jsep,webrtc . | unsized
evj info --json echo2.evj.gz | sed -E 's/"(host|file_bytes)":("[^"]*"|[0-9]+)/"\1":…/g'

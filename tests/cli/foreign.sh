# SPDX-License-Identifier: GPL-3.0-or-later
# Files that are no journals, and journals of the future.
echo '{"type":1}' > lines.ndjson
echo '{"type":1}' | gzip > lines.evj.gz
: > empty.evj.gz
mkdir folder
printf '%s\n' '{"journal":{"version":1,"id":"x","started":{"wall":1,"mono":1}}}' | make_journal good.evj.gz
head -c 30 good.evj.gz > cut.evj.gz
for file in lines.ndjson lines.evj.gz empty.evj.gz cut.evj.gz folder; do
    for command in cat info; do
        evj $command $file
        echo "$command $file: $?"
    done
done

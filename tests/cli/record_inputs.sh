# SPDX-License-Identifier: GPL-3.0-or-later
# However the events are laid out, the same journal comes of them.
events=$DATA/events/echo2.ndjson
python3 - "$events" <<'END'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
dump = lambda value, **how: json.dumps(value, ensure_ascii=False, **how)
compact = {"separators": (",", ":")}
open("pretty", "w").write("\n".join(dump(event, indent=3) for event in events))
open("array", "w").write(dump(events, **compact))
open("pretty-array", "w").write(dump(events, indent=3))
open("spaced", "w").write("\r\n\r\n".join(dump(event) for event in events) + "\r\n")
open("joined", "w").write("".join(dump(event, **compact) for event in events))
groups = [events[i:i + 7] for i in range(0, len(events), 7)]
open("groups", "w").write("\n".join(dump(group, **compact) for group in groups))
END
for layout in pretty array pretty-array spaced joined groups; do
    evj record --quiet --stdin -o $layout.evj.gz < $layout &&
        evj cat --format event $layout.evj.gz | cmp - "$events" && echo $layout: the same
done
# A journal's own records are taken for their events.
evj cat --format record array.evj.gz | evj record --quiet --stdin -o again.evj.gz
evj cat --format record again.evj.gz | cmp - <(evj cat --format record array.evj.gz) && echo records: the same
# What gelfevh sends has the event in it.
python3 - "$events" > gelf <<'END'
import json, sys
for line in open(sys.argv[1]):
    print('{"timestamp":1.5,"host":"gw","version":"1.1","level":%d,"short_message":"Sessions","full_message":%s}'
          % (json.loads(line)["type"], line.strip()), end="\0" if "ice" in line else "\n")
END
tr '\0' '\n' < gelf | evj record --quiet --stdin -o gelf.evj.gz
evj cat --format event gelf.evj.gz | cmp - "$events" && echo gelf: the same
zcat array.evj.gz | evj record --stdin -o whole.evj.gz 2>&1 | sed -E 's/[0-9]+ bytes, [0-9.]+/N bytes, N/'

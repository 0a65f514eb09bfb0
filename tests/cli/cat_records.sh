# SPDX-License-Identifier: GPL-3.0-or-later
# Records that are no events, and events of every kind that the samples lack.
make_journal journal.evj.gz <<'END'
{"journal":{"version":1,"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","recorder":"evj 0.1.0","emitter":"gw","host":"h","clock":"monotonic","previous":"before.evj.gz","started":{"wall":1795391990000000,"mono":1000000}}}
{"seq":2,"mono":900000,"state":{"emitter":"gw","type":2,"timestamp":1795391989900000,"session_id":7,"handle_id":8,"event":{"name":"attached","plugin":"janus.plugin.sip"}}}
{"seq":5,"mono":1000000,"event":{"emitter":"gw","type":1,"timestamp":1795391990000000,"session_id":7,"event":{"name":"timeout"}}}
{"seq":6,"mono":1100000,"gap":{"events":118,"bytes":70412,"reason":"buffer-full","until":1200000,"types":{"media":118}}}
{"seq":124,"mono":1300000,"mark":{"text":"repro starts here","source":"admin"}}
{"seq":125,"mono":10500000,"event":{"emitter":"gw","type":4,"timestamp":1795391999500000,"event":{"schema":"my.marks","data":{"step":3,"who":{"name":"x"}}}}}
{"seq":126,"mono":10600000,"event":{"emitter":"gw","type":32,"subtype":2,"timestamp":1795391999600000,"session_id":7,"handle_id":8,"event":{"mid":"1","media":"video","slow_link":"uplink","lost_lastsec":42}}}
{"seq":127,"mono":10700000,"event":{"emitter":"gw","type":32,"subtype":3,"timestamp":1795391999700000,"session_id":7,"handle_id":8,"event":[{"mid":"0","media":"audio","lost":0},{"mid":"1","media":"video","lost":2},{"mid":"2","media":"data"}]}}
{"seq":128,"mono":10800000,"event":{"emitter":"gw","type":32,"subtype":1,"timestamp":1795391999800000,"session_id":7,"handle_id":8,"event":{"media":"video","mid":"1","substream":2,"receiving":false,"seconds":3}}}
{"seq":129,"mono":10900000,"event":{"emitter":"gw","type":16,"subtype":5,"timestamp":1795391999900000,"session_id":7,"handle_id":8,"event":{"dtls":"failed","stream_id":1,"component_id":1,"retransmissions":5}}}
{"seq":130,"mono":11000000,"event":{"emitter":"gw","type":256,"subtype":1,"timestamp":1795392000000000,"event":{"status":"update","info":{"sessions":12,"handles":30,"peerconnections":11,"stats-period":1}}}}
{"seq":131,"mono":11100000,"event":{"emitter":"gw","type":512,"subtype":3,"timestamp":1795392000100000,"event":{"new":true}}}
{"seq":132,"mono":11150000,"gap":{"events":1,"bytes":100,"reason":"paused","until":11150000,"types":{"core":1}}}
{"seq":133,"mono":11200000,"something":{"later":true}}
{"seq":134,"mono":11300000,"event":{"emitter":"gw","type":64,"timestamp":1795392000300000,"event":{"plugin":"janus.plugin.videoroom","data":{"videoroom":"talking","room":"a\u001b[31mred\u009b\u202ex","id":1}}}}
{"seq":135,"mono":11400000,"event":{"emitter":"gw","type":16,"subtype":2,"timestamp":1795392000400000,"session_id":7,"event":"no object"}}
{"end":{"wall":0,"mono":0}}
END
evj cat journal.evj.gz
echo "== as events"
evj cat --format event journal.evj.gz | cut -c1-60

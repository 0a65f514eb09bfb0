# SPDX-License-Identifier: GPL-3.0-or-later
# A whole failed call as a person reads it.
evj record --quiet --stdin -o call.evj.gz < "$DATA/events/dtlsfail.ndjson"
evj cat call.evj.gz

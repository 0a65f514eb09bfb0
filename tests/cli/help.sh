# SPDX-License-Identifier: GPL-3.0-or-later
# Every way to ask for help, and what it says.
evj --help
evj help | cmp - <(evj --help) && evj -h | cmp - <(evj --help)
for command in cat info record; do
    echo "== $command"
    evj help $command
    evj $command -h | cmp - <(evj help $command)
done

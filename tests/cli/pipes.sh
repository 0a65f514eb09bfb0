# SPDX-License-Identifier: GPL-3.0-or-later
# What can be read only once is read like a file, however it is called: a process substitution, a named
# pipe. One that merely lies in a folder is not waited for.
good=$DATA/calls/good.evj.gz
evj info $good | tail -n +3 > file
evj info <(cat $good) | tail -n +3 | cmp - file && echo info reads a pipe
evj diff <(cat $good) <(cat "$DATA/calls/failing.evj.gz") | head -1
evj verify <(cat $good) | sed 's/.*: closed/PIPE: closed/'
mkfifo named.evj.gz
cat $good > named.evj.gz &
evj cat --format event named.evj.gz | cmp - <(evj cat --format event $good) && echo cat reads a named pipe
wait
evj merge --quiet -o once.evj.gz <(cat $good) <(cat "$DATA/calls/failing.evj.gz")
echo "merge: $?"
evj merge --quiet -o twice.evj.gz <(cat once.evj.gz) $good 2>&1 | sed 's/: .*: what/: PIPE: what/'
echo "of what was merged: ${PIPESTATUS[0]}"
evj replay --loop 2 --null <(cat $good) 2>&1 | sed 's/--loop: .* can/--loop: PIPE can/'
echo "replay --loop: ${PIPESTATUS[0]}"
mkdir folder
cp $good folder/good.evj.gz
mkfifo folder/pipe.evj.gz
evj cat --format event folder | wc -l
echo "cat: ${PIPESTATUS[0]}"
evj verify folder
echo "verify: $?"
rm folder/good.evj.gz
evj cat folder
echo "only that: $?"
head -c 3000 $good | evj cat --format event - 2>&1 | grep 'standard input'

#!/bin/bash
# Values stored by earlier versions are still read: text, binary, and the bytes as they lie in a table.
#
# test/data/stored.tsv has a line for each value that was ever kept: version of the format, type,
# text, hex of the type's send function, hex of the tuple's data on a little-endian machine. Lines are added, never
# changed. The first version's bytes lie in tables wherever 0.1.0 was used, so they must be written as
# then, or be read as then; a new format gets lines of its own.
. test/tap.bash

fresh upgrade_stored
sql upgrade_stored -c 'CREATE EXTENSION pghedge' -c 'CREATE EXTENSION pageinspect'

binary_copy() {					# a COPY BINARY file with one row of one column, from hex
	perl -e 'my $d = pack("H*", shift); print "PGCOPY\n\xff\r\n\0", pack("NNnN", 0, 0, 1, length $d), $d, pack("n", 0xffff)' "$1"
}
number=0
while IFS=$'\t' read -r version type text sent tuple; do
	number=$((number + 1))
	name="version $version of $type, line $number"
	sql upgrade_stored -c "DROP TABLE IF EXISTS t, b" -c "CREATE TABLE t (v hedge.$type)" \
		-c "CREATE TABLE b (v hedge.$type)" 2>/dev/null
	echo "$text" >"$work/text"
	point "$name: its text is read" sql upgrade_stored -c "\\copy t FROM '$work/text'"
	sql upgrade_stored -c "COPY t TO STDOUT" >"$work/written"
	same "$name: and written alike" "$work/text" "$work/written"

	binary_copy "$sent" >"$work/binary"
	point "$name: its binary form is read" sql upgrade_stored -c "\\copy b FROM '$work/binary' (FORMAT binary)"
	sql upgrade_stored -c "COPY b TO STDOUT" >"$work/written"
	same "$name: and means the same" "$work/text" "$work/written"
	echo "$sent" >"$work/sent"
	sql upgrade_stored -c "SELECT encode(hedge.${type}_send(v), 'hex') FROM t" >"$work/written"
	same "$name: and written alike" "$work/sent" "$work/written"

	if [ "$(perl -e 'print unpack("h", pack("S", 1))')" = 1 ]; then
		echo "$tuple" >"$work/tuple"
		sql upgrade_stored -c "SELECT encode(t_data, 'hex') FROM heap_page_items(get_raw_page('t', 0))" >"$work/written"
		same "$name: its bytes in a table" "$work/tuple" "$work/written"
	fi
done < <(grep -v '^#' test/data/stored.tsv)
plan

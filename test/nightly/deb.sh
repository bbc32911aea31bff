#!/bin/bash
# The Debian package: built, installed, tried in a cluster of the system's, and purged. Only root can.
. test/tap.bash
if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root installs packages"
	exit
fi
test/packages deb || exit 1
unset PGHOST PGPORT PGUSER PGDATABASE
point "a package that installs, works and leaves nothing behind" packaging/deb test
plan

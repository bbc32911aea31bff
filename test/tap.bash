# What a test in bash needs: TAP and psql. Source it from test/upgrade/*.sh and test/t/*.sh, and end
# the test with "plan". The server is the one that PGHOST etc. name (test/cluster COMMAND).
set -uo pipefail
points=0
broken=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

point() {						# point NAME COMMAND...: passes if COMMAND succeeds; shows its output if not
	local name=$1
	shift
	points=$((points + 1))
	if "$@" >"$work/out" 2>&1; then
		echo "ok $points - $name"
	else
		echo "not ok $points - $name"
		head -n 60 "$work/out" | sed 's/^/# /'
		broken=$((broken + 1))
	fi
}
same() {						# same NAME FILE FILE
	point "$1" diff -u "$2" "$3"
}
plan() {
	echo "1..$points"
	[ "$points" -gt 0 ] && [ "$broken" = 0 ]
	exit
}

sql() {							# sql DATABASE, statements from stdin or -c; stops at the first error
	local database=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"
}
fresh() {						# fresh DATABASE...: makes them anew, empty
	local database
	for database; do
		sql postgres -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $database" \
			-c "CREATE DATABASE $database TEMPLATE template0" || exit 1
	done
}

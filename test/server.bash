# Servers in folders of their own: test/cluster makes its one with these, and tests that need more
# than that one (a standby, a server to kill) theirs. DIR names the folder: DIR/run is the server's
# own, with its data, its log and its socket, which is nobody else's, since whoever reaches it is
# superuser. Programs are found in PATH, where test/cluster puts those of its stage first.

as_server() {					# runs a command as the server's user, in the server's folder
	if [ "$(id -u)" = 0 ]; then			# which initdb refuses
		(cd "$DIR/run" && exec setpriv --reuid=postgres --regid=postgres --init-groups \
			env HOME="$DIR/run" "$@")
	else
		(cd "$DIR/run" && exec "$@")
	fi
}

server_folder() {				# the folder of a server, as yet without data
	mkdir -p "$DIR"
	chmod 755 "$DIR"
	mkdir -m 700 "$DIR/run"
	[ "$(id -u)" != 0 ] || chown postgres: "$DIR/run"
}

server_init() {					# an empty one; further lines of postgresql.conf from stdin
	# Sorting as users' databases sort, which is not byte order, where the server can.
	local locale=(--locale=C.UTF-8)
	if [[ $("$PG_CONFIG" --configure) == *with-icu* ]]; then
		locale+=(--locale-provider=icu --icu-locale=en)
	fi
	as_server initdb -D data -U postgres -E UTF8 "${locale[@]}" --auth=trust --no-sync \
		--no-instructions >"$DIR/log" 2>&1 </dev/null || { cat "$DIR/log" >&2; return 1; }
	{
		cat <<-CONF
			listen_addresses = ''
			unix_socket_directories = '$DIR/run'
			timezone = 'UTC'
			lc_messages = 'C'
		CONF
		cat
	} | as_server tee -a data/postgresql.conf >/dev/null
}

# In a session of its own, so that a signal to this process group does not end pg_ctl and leave a
# server that has not written its pid yet. SERVER_PRELOAD may name libraries that it loads first.
server_start() {
	if ! as_server env ${SERVER_PRELOAD:+LD_PRELOAD="$SERVER_PRELOAD"} setsid --wait \
			pg_ctl start -w -s -D data -l log </dev/null; then
		cat "$DIR/run/log" >&2
		return 1
	fi
}

server_stop() {					# server_stop [MODE]
	if [ -e "$DIR/run/data/postmaster.pid" ]; then
		as_server pg_ctl stop -m "${1:-immediate}" -s -D data
	fi
}

# For tests: a server in $work/NAME that ends with the test; sets DIR and what libpq needs.
servers=()
own_server() {					# own_server NAME
	DIR=$work/$1
	chmod 755 "$work"
	servers+=("$DIR")
	trap 'status=$?
		trap "" INT TERM HUP
		for DIR in "${servers[@]}"; do server_stop; done
		rm -rf "$work"
		exit $status' EXIT
	trap 'exit 143' INT TERM HUP
	server_folder
	use_server "$1"
}
use_server() {
	DIR=$work/$1
	export PGHOST=$DIR/run PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
}

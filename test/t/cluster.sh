#!/bin/bash
# test/cluster takes its server along when its process group gets signals, whenever they come and
# however many: "timeout" sends two, a terminal one to every process of the group.
. test/tap.bash

chmod 755 "$work"
mkdir "$work/c"
of_it() {						# processes that stand in a server's folder there
	local p
	for p in /proc/[0-9]*; do
		[[ $(readlink "$p/cwd") == "$work/c/"* ]] && tr '\0' ' ' <"$p/cmdline" && echo
	done 2>/dev/null
}
interrupted() {					# interrupted PATTERN: two signals once a file of that name is there
	local cluster
	TMPDIR=$work/c setsid test/cluster sleep 60 >"$work/said" 2>&1 &
	cluster=$!
	for _ in {1..2000}; do
		! compgen -G "$work/c/pghedge.*/$1" >/dev/null || break
		kill -0 $cluster 2>/dev/null || { cat "$work/said"; return 1; }
		sleep 0.02
	done
	compgen -G "$work/c/pghedge.*/$1" || return 1
	kill -TERM -- -$cluster
	sleep 0.05
	kill -TERM -- -$cluster 2>/dev/null
	wait $cluster
	echo "status $?"
	of_it >"$work/left"
	cat "$work/said" "$work/left"
	ls -A "$work/c"
	[ ! -s "$work/left" ] && [ -z "$(ls -A "$work/c")" ]
}

point "signals while its folder is made leave nothing" interrupted 'run/data/PG_VERSION'
point "nor while its server starts" interrupted 'run/data/postmaster.pid'
point "nor while it runs" interrupted 'run/.s.PGSQL.5432'
plan

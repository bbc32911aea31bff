#!/bin/bash
# packaging/Dockerfile: built and tried by docker where that works, else its steps replayed in a Debian
# of their own, which needs root.
. test/tap.bash
unset PGHOST PGPORT PGUSER PGDATABASE

tried() {						# a container of the image, and the extension in it
	local container tries=0
	container=$(docker run -d -e POSTGRES_PASSWORD=secret pghedge_test) || return 1
	until docker exec "$container" psql -h 127.0.0.1 -U postgres -c 'SELECT 1' || [ $((tries++)) = 60 ]; do
		sleep 1
	done
	docker exec "$container" psql -X -U postgres -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION pghedge' -c "SELECT hedge.create_book('desk')"
	local status=$?
	docker rm -f "$container"
	return $status
}

if docker info >/dev/null 2>&1; then
	point "the image is built" docker build -f packaging/Dockerfile -t pghedge_test .
	point "a server of it has the extension" tried
	docker image rm -f pghedge_test >/dev/null 2>&1
elif [ "$(id -u)" = 0 ] && test/packages image; then
	point "the steps of the Dockerfile make a server that has the extension" packaging/replay
else
	echo "1..0 # SKIP neither docker nor a Debian of its own can be had"
	exit
fi
plan

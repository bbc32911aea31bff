# What tests of books need, beside test/tap.bash: what a book is, what it answers, who may.

book_catalogue() {				# book_catalogue DATABASE BOOK
	sql "$1" -v book="$2" -f test/upgrade/book_catalogue.sql
}

# Relations of some schemas with their columns, each a query; without what is of the moment.
questions() {					# questions DATABASE SCHEMA...
	local database=$1
	shift
	sql "$database" <<-SQL
		SELECT format('COPY (SELECT %L, x.* FROM (SELECT %s FROM %I.%I) AS x) TO STDOUT', n.nspname || '.' || c.relname,
			string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname = ANY (string_to_array('$(IFS=,; echo "$*")', ','))
			AND a.attname NOT IN ('age_seconds', 'last_price_age_seconds')
			AND (c.relname, a.attname) <> ('book', 'version')
		GROUP BY n.nspname, c.relname
		ORDER BY n.nspname, c.relname;
	SQL
}

# The answers to such queries, as one sorted text; of a role, in which a denied one is an answer, too.
answers() {						# answers DATABASE ROLE FILE
	sed 's/$/;/' "$3" | psql -XqAt -d "$1" -c "SET ROLE $2" -c 'SET timezone = UTC' -f - 2>&1 |
		sed 's/^psql:[^ ]* //' | LC_ALL=C sort
}

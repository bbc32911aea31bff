# What the scripts of this folder share; each sources it first. It runs the script again in a
# throw-away server (test/cluster) unless it is in one, with OpenBLAS free to choose its kernels.
#
# A measurement is a name and milliseconds, one more each round; figures are medians.

set -euo pipefail
if [ -z "${PGHEDGE_STAGE:-}" ]; then
	exec env -u OPENBLAS_CORETYPE test/cluster "bench/${0##*/}" "$@"
fi
unset OPENBLAS_CORETYPE
export PGOPTIONS="-c client_min_messages=warning"
rounds=${ROUNDS:-5}
samples=$(mktemp -d)
programs=build/bench		# compiled programs and the packages of npm; not in the repository
trap 'rm -rf "$samples"' EXIT

# The server as it comes, but one process a query, no JIT, and memory for a sort.
settings() {
	psql -Xq -v ON_ERROR_STOP=1 <<-'SQL'
		SET client_min_messages = warning;
		CREATE EXTENSION IF NOT EXISTS pghedge;
		ALTER SYSTEM SET jit = off;
		ALTER SYSTEM SET max_parallel_workers_per_gather = 0;
		ALTER SYSTEM SET work_mem = '64MB';
		ALTER SYSTEM SET maintenance_work_mem = '1GB';
		ALTER SYSTEM SET max_wal_size = '8GB';
		SELECT pg_reload_conf() \g /dev/null
	SQL
}

sql() {							# sql SQL...: runs it, each argument a statement of its own
	local statement arguments=()
	for statement; do
		arguments+=(-c "$statement")
	done
	psql -XqAt -v ON_ERROR_STOP=1 "${arguments[@]}"
}

# A book of 500 assets, which one factor moves, over 300 days; settings of its model are the caller's.
make_book() {
	psql -Xq -v ON_ERROR_STOP=1 <<-'SQL'
		SELECT setseed(0.5) \g /dev/null
		SELECT hedge.create_book('book') \g /dev/null
		INSERT INTO book.price
			SELECT 'asset ' || to_char(a, 'FM0000'), timestamptz '2024-01-01' + t * interval '1 day', 100 + m + random()
			FROM (SELECT t, random() AS m FROM generate_series(1, 300) t) s, generate_series(0, 499) a
			ORDER BY t, a;
		VACUUM ANALYZE book.price;
	SQL
}

hold() {						# hold PORTFOLIOS: so many, of 50 of these assets each, and no others
	psql -Xq -v ON_ERROR_STOP=1 -v portfolios="$1" <<-'SQL'
		SELECT setseed(0.6) \g /dev/null
		TRUNCATE book.position;
		INSERT INTO book.position
			SELECT 'portfolio ' || to_char(p, 'FM000000'), 'asset ' || to_char(10 * k + floor(10 * random()), 'FM0000'),
				round(1000 * (random() - 0.5))
			FROM generate_series(1, :portfolios) p, generate_series(0, 49) k;
		VACUUM ANALYZE book.position;
	SQL
}

add() {							# add NAME MILLISECONDS
	echo "$2" >>"$samples/$1"
}

# Waits while others keep the machine busy, for six minutes in all; then measures all the same.
patience=1200
quiet() {
	local before after
	while [ $patience -gt 0 ]; do
		before=$(busy)
		sleep 0.3
		after=$(busy)
		[ $((after - before)) -gt $(($(getconf CLK_TCK) / 20)) ] || return 0
		patience=$((patience - 1))
	done
}
busy() {						# clock ticks that all processors together have worked
	awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat
}

measure() {						# measure NAME SQL [BEFORE]: BEFORE runs in the same session, untimed
	local out ms
	quiet
	out=$(psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -c "${3:-SELECT}" -c '\timing on' -c "$2" 2>"$samples/.errors") ||
		{ cat "$samples/.errors" >&2; return 1; }
	ms=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$out")
	add "$1" "${ms:?no time from psql}"
}

compile() {						# compile NAME SOURCE...: into $programs/NAME, as the kernel is compiled and linked
	local name=$1 flags
	shift
	mkdir -p "$programs"
	flags=$(make -s --no-print-directory --eval='print-flags:;@echo "$(KERNEL_CFLAGS) | $(BLAS_LIBS)"' print-flags)
	# shellcheck disable=SC2086 # flags are words
	gcc -std=c99 -D_POSIX_C_SOURCE=199309L -Isrc/kernel ${flags%|*} ${CFLAGS:-} -o "$programs/$name" "$@" ${flags#*|}
}

median() {						# median NAME
	sort -n "$samples/$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

plain() {						# plain NUMBER: three digits or more, never an exponent
	perl -e 'printf $ARGV[0] < 100 ? "%.3g" : "%.0f", $ARGV[0]' -- "$1"
}

calc() {						# calc FORMAT EXPRESSION
	perl -e 'printf $ARGV[0], eval $ARGV[1]' -- "$1" "$2"
}

times_header() {
	printf '| measured | milliseconds, median | least to most of %s |\n|---|--:|--:|\n' "$rounds"
}

times() {						# times NAME TEXT: a row of the table of times
	local sorted
	sorted=$(sort -n "$samples/$1")
	printf '| %s | %s | %s to %s |\n' "$2" "$(plain "$(median "$1")")" \
		"$(plain "$(head -n 1 <<<"$sorted")")" "$(plain "$(tail -n 1 <<<"$sorted")")"
}

claims_header() {
	missed=
	printf '\n| claim | ratio | bar | |\n|---|--:|--:|---|\n'
}

# claim TEXT EXPRESSION [most|least BAR REASON]: a row of the table of ratios. In EXPRESSION, a NAME in
# braces stands for its milliseconds; the ratio is the median of those of the rounds, each made of
# what was measured side by side. REASON is told after the table when the bar is missed.
claim() {
	local text=$1 expression=$2 sense=${3:-} bar=${4:-} ratio line verdict=
	ratio=$(perl -e '
		my ($dir, $expression) = @ARGV;
		my (%sample, @ratio);
		my $rounds = 1;
		while ($expression =~ /\{([^}]+)\}/g) {
			open my $file, "<", "$dir/$1" or die "$1 was not measured\n";
			chomp(my @ms = <$file>);
			$sample{$1} = \@ms;
			$rounds = @ms;
		}
		for my $round (0 .. $rounds - 1) {
			(my $one = $expression) =~ s/\{([^}]+)\}/($sample{$1}[$round])/g;
			push @ratio, eval $one // die "$one: $@";
		}
		@ratio = sort { $a <=> $b } @ratio;
		printf "%.15g", ($ratio[$#ratio / 2] + $ratio[@ratio / 2]) / 2;
	' "$samples" "$expression")
	if [ -n "$sense" ]; then
		verdict=met
		if perl -e 'my ($r, $sense, $bar) = @ARGV; exit !($sense eq "most" ? $r > $bar : $r < $bar)' "$ratio" "$sense" "$bar"; then
			verdict='**missed**'
			missed+="- $text: ${5:-}"$'\n'
		fi
		bar="at $sense $bar"
	fi
	line="| $text | $(plain "$ratio") | $bar | $verdict |"
	echo "$line"
	[ -z "${BENCH_CLAIMS:-}" ] || echo "$line" >>"$BENCH_CLAIMS"
}

claims_end() {
	[ -z "$missed" ] || printf '\nMissed, and why:\n\n%s' "$missed"
	printf '\n'
}

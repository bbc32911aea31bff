#!/bin/bash
# The tests that run in a server, with the library built for the address and the undefined-behaviour sanitizer
# (and conversions of floating-point numbers out of range): any report ends the backend, and so the test.
# In a copy of the tree, since objects differ. The server loads the address sanitizer's library first;
# what it allocates by malloc() is watched, so what is written beyond one palloc() into the next, in the
# same block, is not seen ("make check-unit SANITIZE=1" and "make check-fuzz" see it in the kernel).
. test/tap.bash

copy=$(mktemp -d /tmp/pghedge.XXXXXX)
chmod 755 "$copy"
trap 'rm -rf "$work" "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard 2>/dev/null | tar -c --null -T - | tar -x -C "$copy" || exit 1
# Messages are asked for before the sanitizer is ready, and then gettext waits for itself: in English they need none.
gcc -shared -fPIC -fno-builtin -o "$copy/gettext.so" -x c - <<'C' || exit 1
#define SAME(name, message, ...) char *name(__VA_ARGS__) { return (char *) (message); }
SAME(gettext, m, const char *m)
SAME(dgettext, m, const char *d, const char *m)
SAME(dcgettext, m, const char *d, const char *m, int c)
SAME(ngettext, n == 1 ? a : b, const char *a, const char *b, unsigned long n)
SAME(dngettext, n == 1 ? a : b, const char *d, const char *a, const char *b, unsigned long n)
SAME(dcngettext, n == 1 ? a : b, const char *d, const char *a, const char *b, unsigned long n, int c)
SAME(textdomain, d, const char *d)
SAME(bindtextdomain, f, const char *d, const char *f)
SAME(bind_textdomain_codeset, c, const char *d, const char *c)
C
chmod -R a+rX "$copy"
export COPT='-O1 -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=undefined,float-cast-overflow
	-fno-omit-frame-pointer -U_FORTIFY_SOURCE'
COPT=$(echo $COPT)
export SERVER_PRELOAD="$(gcc -print-file-name=libasan.so) $copy/gettext.so"
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:verify_asan_link_order=0
export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1
export PGOPTIONS='-c jit=off'	# compiling takes most of the time of statements that run once

run() {							# run KIND [TEST]
	(cd "$copy" && STATEMENTS=${STATEMENTS:-20000} T=${2:-} test/cluster test/run "$1") >"$work/$1" 2>&1 && return
	grep -E '^not ok|^#|runtime error|AddressSanitizer|crashed|terminated|could not|error:' "$work/$1" | head -60
	tail -n 30 "$work/$1"
	return 1
}
point "regression tests" run regress
point "pgTAP tests" run pgtap
point "statements with hostile arguments" run hostile statements
point "the library is the sanitized one" eval 'find "$copy" -name pghedge.so -exec ldd {} + >"$work/libraries"; grep asan "$work/libraries" && grep ubsan "$work/libraries"'
echo "# figures: sanitized backend: $(sed -n '$s/ passed.*//p' "$work/regress") regression tests, $(
	sed -n '$s/ passed.*//p' "$work/pgtap") pgTAP points, $(sed -n 's/^# \([0-9]* statements\) in .*/\1/p' "$work/hostile")"
plan

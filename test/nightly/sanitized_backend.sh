#!/bin/bash
# The tests that run in a server, with the library built for the undefined-behaviour sanitizer (and
# conversions of floating-point numbers out of range): any report ends the backend, and so the test.
# In a copy of the tree, since objects differ. (The address sanitizer watches the kernel and the input
# functions in "make check-unit SANITIZE=1" and "make check-fuzz"; in a server it sees no palloc.)
. test/tap.bash

copy=$(mktemp -d /tmp/pghedge.XXXXXX)
chmod 755 "$copy"
trap 'rm -rf "$work" "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard 2>/dev/null | tar -c --null -T - | tar -x -C "$copy" || exit 1
chmod -R a+rX "$copy"
export COPT='-fsanitize=undefined,float-cast-overflow -fno-sanitize-recover=all'
for kind in ${KINDS:-pgtap hostile}; do
	point "$kind" eval "(cd '$copy' && STATEMENTS=\${STATEMENTS:-20000} T= test/cluster test/run $kind) >'$work/$kind' 2>&1 || { grep -E '^not ok|^#|runtime error|crashed|terminated|could not|error:' '$work/$kind' | head -60; tail -n 30 '$work/$kind'; false; }"
	tail -n 1 "$work/$kind" | sed 's/^/# /'
done
point "the library is the sanitized one" eval 'find "$copy" -name pghedge.so -exec ldd {} + | grep ubsan'
plan

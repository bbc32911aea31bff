#!/bin/bash
# Links within the pages of the repository lead to files and headings that are there.
. test/tap.bash

point "no dead link" test/links.pl . README.md CHANGELOG.md $(find bench demo docs packaging sql -name '*.md' -not -path '*/node_modules/*')
mkdir -p "$work/pages/docs"
printf '[there](docs/b.md#a-heading)\n' >"$work/pages/a.md"
printf '# A heading\n' >"$work/pages/docs/b.md"
point "a page with good links" test/links.pl "$work/pages"
dead() {						# dead LINK: it is noticed
	printf '# A heading\n[x](%s)\n' "$1" >"$work/pages/docs/b.md"
	! test/links.pl "$work/pages"
}
point "a file that is not there" dead ../c.md
point "a heading that is not there" dead ../a.md#nothing
point "what is out of the folder" dead ../../out
plan

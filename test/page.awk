# Blocks of a page of documentation, for tests that run what it prints.
#   awk -v lang=sql -v under='### cron' -f test/page.awk PAGE     the lines of the blocks of a language,
#   below one heading (up to the next of any level) or all; -v but='### cron|## Watch' leaves some out
/^#+ / && !inside       { heading = $0 }
/^```/                  { if (inside) { inside = 0; if (wanted) print "" } else { inside = 1; wanted = ($0 == "```" lang) && (under == "" || heading == under) && index("|" but "|", "|" heading "|") == 0 }; next }
inside && wanted        { print }

# Makes an upgrade script ready to be installed:
#
#   awk -f sql/upgrade/delta.awk OLD NEW DELTA
#
# prints DELTA, the hand-written way from the install script OLD to the install script NEW. In place of its
# line "@CHANGED@" come the statements of NEW that OLD does not have, in the order of NEW: functions,
# procedures, aggregates and views as CREATE OR REPLACE; with what follows each of them up to the next
# CREATE, its comment and privileges, since DELTA may have dropped the old one. A line of DELTA
# "-- by hand: TEXT" leaves out statements that begin with TEXT.
#
# A statement ends with a line that ends in ";", outside of dollar quotes.

function start_of(text) {		# what a statement begins with, comments left out
	while (text ~ /^[ \t\n]*--/)
		sub(/^[ \t\n]*--[^\n]*\n/, "", text)
	sub(/^[ \t\n]+/, "", text)
	return text
}

function by_hand(text,    i) {
	for (i = 1; i <= hands; i++)
		if (index(start_of(text), hand[i]) == 1)
			return 1
	return 0
}

function print_changed(    i, text, making) {
	for (i = 1; i <= statements; i++) {
		text = statement[i]
		if (start_of(text) ~ /^CREATE /)
			making = !(text in old) && !by_hand(text)
		if ((making || !(text in old)) && !by_hand(text)) {
			if (start_of(text) ~ /^CREATE (FUNCTION|PROCEDURE|AGGREGATE|VIEW) /)
				sub(/CREATE /, "CREATE OR REPLACE ", text)
			printf "%s", text
		}
	}
}

FNR == 1 { file++ }
FNR == 1 && file <= 2 && /^\\echo / { next }

file <= 2 {
	line = $0
	if (text == "" && line ~ /^[ \t]*$/)
		next
	text = text line "\n"
	if (line ~ /^[ \t]*--/ && tag == "")
		next
	while (1) {					# where dollar quotes open and close
		if (tag == "") {
			if (!match(line, /\$[a-z_]*\$/))
				break
			tag = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
		} else {
			if (!(at = index(line, tag)))
				break
			line = substr(line, at + length(tag))
			tag = ""
		}
	}
	if (tag == "" && $0 ~ /;[ \t]*$/) {
		if (file == 1)
			old[text] = 1
		else
			statement[++statements] = text
		text = ""
	}
	next
}

/^-- by hand: / { hand[++hands] = substr($0, 13) }
$0 == "@CHANGED@" { print_changed(); next }
{ print }

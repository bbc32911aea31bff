#!/usr/bin/perl
# Runs TAP tests as prove and pg_prove do, and prints as its last line how many points passed and
# how many failed; a test that ends badly otherwise (status, plan, crash) counts as one failure.
#   test/tap.pl FILE...    *.sql by psql (pgTAP, as pg_prove does) in the database of PGDATABASE, others as programs
use strict;
use warnings;
use TAP::Harness;
use TAP::Parser::SourceHandler::pgTAP;

my $harness = TAP::Harness->new(
	{
		verbosity => 0,
		failures  => 1,
		comments  => 1,
		merge     => 0,
		color     => -t STDOUT,
		sources   => { pgTAP => { suffix => '.sql' }, Executable => {}, Perl => {} },
	});
my $result = $harness->runtests(@ARGV);
my ($passed, $failed) = (0, 0);

foreach my $file ($result->descriptions)
{
	my ($parser) = $result->parsers($file);
	my $bad = $parser->failed;

	# Broken beyond its failed points: wrong plan, no point at all, status without a failed point.
	$bad++ if $parser->parse_errors || (!$bad && ($parser->exit || $parser->wait || !$parser->passed));
	$passed += $parser->passed;
	$failed += $bad;
}
print "$passed $failed\n";

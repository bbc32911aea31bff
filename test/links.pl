#!/usr/bin/perl
# Links within pages of documentation: says which lead to a file or a heading that is not there, or out
# of the folder. Ends in failure if there is one, or if there is no link at all.
#   test/links.pl FOLDER [PAGE...]     pages within FOLDER, by default every *.md below it
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename 'dirname';
use File::Find;

my ($folder, @pages) = @ARGV;
my $top = abs_path($folder);
if (@pages) {
	@pages = map { "$top/$_" } @pages;
} else {
	find(sub { push @pages, $File::Find::name if /\.md$/ }, $top);
}

sub text {
	my ($file) = @_;
	open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
	local $/;
	my $text = <$in>;
	$text =~ s/^```.*?^```//gms;
	return $text;
}

# Anchors of a page's headings, as GitHub makes them.
sub anchors {
	my %seen;
	return map {
		my $anchor = lc;
		$anchor =~ s/\[([^]]*)\]\([^)]*\)/$1/g;
		$anchor =~ s/[^\w\- ]//g;
		$anchor =~ s/ /-/g;
		my $again = $seen{$anchor}++;
		$again ? "$anchor-$again" : $anchor;
	} text($_[0]) =~ /^#+ +(.*?) *$/mg;
}

my ($links, $dead) = (0, 0);
for my $page (sort @pages) {
	my $text = text($page);
	$text =~ s/`[^`\n]*`//g;
	while ($text =~ /\]\(([^)\s]+)\)/g) {
		my ($file, $anchor) = split /#/, $1, 2;
		next if $file =~ /^[a-z]+:/;
		$links++;
		my $target = $file eq '' ? $page : abs_path(dirname($page) . "/$file");
		my $why = !defined $target || !-e $target ? 'there is no such file'
			: index("$target/", "$top/") != 0     ? 'it leads out of the folder'
			: defined $anchor && !grep({ $_ eq $anchor } anchors($target)) ? 'there is no such heading'
			:                                                                undef;
		next if !defined $why;
		print substr($page, length($top) + 1), ": $file", defined $anchor ? "#$anchor" : '', ": $why\n";
		$dead++;
	}
}
print "$links links, $dead of them dead\n";
exit($links == 0 || $dead > 0);

-- Credits of spreads by priority: an exchange's public example, what the first leaves, bad input.
BEGIN;
SELECT no_plan();

-- The public example of an exchange, corn against soybeans 2:1 at 55 %, outright 1750 and 2500
SELECT results_eq($$SELECT spread, formed, credit FROM hedge.spread_credits('{corn,soybeans}', '{2,-1}', '{1750,2500}', '{cs,cs}', '{corn,soybeans}', '{2,1}', '{A,B}', '{0.55,0.55}')$$,
	$$VALUES ('cs', 1::float8, 3300::float8)$$, 'credit 3300');
SELECT results_eq($$SELECT sum(gross_margin), sum(credit), sum(margin) FROM hedge.spread_margins('{corn,soybeans}', '{2,-1}', '{1750,2500}', '{cs,cs}', '{corn,soybeans}', '{2,1}', '{A,B}', '{0.55,0.55}')$$,
	$$VALUES (6000::float8, 3300::float8, 2700::float8)$$, 'outright 6000, margin 2700');
SELECT is(sum(credit), 3300::float8, 'and the other way round') FROM hedge.spread_credits('{corn,soybeans}', '{-2,1}', '{1750,2500}', '{cs,cs}', '{corn,soybeans}', '{2,1}', '{A,B}', '{0.55,0.55}');
SELECT is(sum(credit), 0::float8, 'none on one side of the market') FROM hedge.spread_credits('{corn,soybeans}', '{2,1}', '{1750,2500}', '{cs,cs}', '{corn,soybeans}', '{2,1}', '{A,B}', '{0.55,0.55}');
SELECT is(sum(credit), 0::float8, 'nor without a leg') FROM hedge.spread_credits('{corn}', '{2}', '{1750}', '{cs,cs}', '{corn,soybeans}', '{2,1}', '{A,B}', '{0.55,0.55}');
-- by priority: three spreads of four assets; what the first uses is gone
SELECT results_eq($$SELECT rank, spread, formed, credit FROM hedge.spread_credits('{a,b,c,d}', '{10,-6,-6,5}', '{100,100,100,100}',
		'{ac,ac,ab,ab,crush,crush,crush}', '{a,c,a,b,a,b,d}', '{1,1,1,1,1,2,1}', '{A,B,A,B,A,B,A}', '{0.5,0.5,0.8,0.8,0.9,0.9,0.9}', '{3,3,2,2,1,1,1}')$$,
	$$VALUES (1, 'crush', 3::float8, 3 * 4 * 90::float8), (2, 'ab', 0, 0), (3, 'ac', 6, 600)$$, 'remaining delta is consumed in order');
SELECT results_eq($$SELECT asset, remaining_delta, margin FROM hedge.spread_margins('{a,b,c,d}', '{10,-6,-6,5}', '{100,100,100,100}',
		'{ac,ac,ab,ab,crush,crush,crush}', '{a,c,a,b,a,b,d}', '{1,1,1,1,1,2,1}', '{A,B,A,B,A,B,A}', '{0.5,0.5,0.8,0.8,0.9,0.9,0.9}', '{3,3,2,2,1,1,1}')$$,
	$$VALUES ('a', 1::float8, 1000 - 270 - 300::float8), ('b', -0::float8, 600 - 540::float8), ('c', -0, 300), ('d', 2, 230)$$, 'what is left, and each one''s margin');
SELECT results_eq($$SELECT whole, formed FROM unnest('{false,true}'::boolean[]) whole, hedge.spread_credits('{a,b}', '{5,-3}', '{1,1}', '{s,s}', '{a,b}', '{2,1}', '{A,B}', '{1,1}', whole => whole)$$,
	$$VALUES (false, 2.5::float8), (true, 2)$$, 'whole spreads');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,-1}', '{1,1}', '{s,s}', '{a,b}', '{0,1}', '{A,B}', '{1,1}')$$, '22023', 'ratio 0 of spread "s" is not positive');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,-1}', '{1,1}', '{s,s}', '{a,b}', '{1,1}', '{A,C}', '{1,1}')$$, '22023', 'side "C" of spread "s" is neither A nor B');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,-1}', '{1,1}', '{s,s}', '{a,b}', '{1,1}', '{A,B}', '{1,2}')$$, '22023', 'credit rate 2 of spread "s" is not from 0 to 1');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,a}', '{1,-1}', '{1,1}', '{s,s}', '{a,b}', '{1,1}', '{A,B}', '{1,1}')$$, '22023', 'asset "a" is there twice');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,-1}', '{1,1}', '{s,s}', '{a,a}', '{1,1}', '{A,B}', '{1,1}')$$, '22023', 'asset "a" is twice in spread "s"');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,-1}', '{1,1}', '{s,s}', '{a,b}', '{1,1}', '{A,B}', '{1,1}', '{1,2}')$$, '22023', 'legs of spread "s" have different priorities');
SELECT throws_ok($$SELECT hedge.spread_credits('{corn}', '{2}', '{1750}', '{s}', '{corn}', '{1}', '{A}', '{0.55}')$$, '22023', 'spread "s" has legs on one side only');
SELECT throws_ok($$SELECT hedge.spread_margins('{corn,soybeans}', '{2,2}', '{1750,2500}', '{s,s}', '{corn,soybeans}', '{1,1}', '{B,B}', '{0.55,0.55}')$$, '22023', 'spread "s" has legs on one side only', 'it would be a credit for an outright position');
SELECT throws_ok($$SELECT hedge.spread_credits('{a,b}', '{1,NULL}', '{1,1}', '{s,s}', '{a,b}', '{1,1}', '{A,B}', '{1,1}')$$, '22023', 'element 2 of deltas is missing or not finite');
SELECT throws_ok(format($$SELECT hedge.spread_credits(%L, '{1,-1}', '{1,1}', '{s,s}', %L, %L, '{A,B}', '{1,1}')$$, a, l, r), c, m)
FROM (VALUES ('{a}', '{a,b}', '{1,1}', '2202E', 'deltas has 2 elements, but assets has 1'), ('{{a},{b}}', '{a,b}', '{1,1}', '2202E', 'assets has 2 dimensions'),
	('{a,b}', '{a}', '{1,1}', '2202E', 'legs has 1 elements, but spreads has 2'), ('{a,b}', '{a,b}', '{1}', '2202E', 'ratios has 1 elements, but spreads has 2'),
	('{a,b}', '{a,NULL}', '{1,1}', '22004', 'element 2 of legs is null')) v (a, l, r, c, m);

SELECT * FROM finish();
ROLLBACK;

/*
 * offsets.h
 *	  Pairs of legs of one portfolio, and how much of their risk correlation removes.
 *
 *	e       signed exposure, in money
 *	σ       volatility of the asset's own returns (all of them, not only those in common)
 *	a, b    risk e·σ of the two legs, signed, |a| >= |b|
 *	ρ       correlation over the times that both were observed
 *
 *	gross         |a| + |b|
 *	uncorrelated  √(a² + b²)
 *	net           √(a² + b² + 2abρ)
 *	diversification  gross − uncorrelated
 *	risk_offset   uncorrelated − net
 *	hedge ratio   ρ·σa/σb, so that −h·ea of b leaves the least risk,
 *	residual      |a|·√(1 − ρ²)
 *
 * (H. Markowitz, Portfolio Selection, 1952; the ratio after L. Johnson, The theory of hedging and
 * speculation in commodity futures, 1960.) The pair offsets if abρ < 0.
 *
 * With t = |b/a| <= 1, all is |a| times a function of t and ρ, which neither overflows nor
 * cancels: for an offsetting pair net = |a|·√((1 − t)² + 2t(1 − |ρ|)), else
 * |a|·√(1 + t² + 2t|ρ|); and uncorrelated − net = ∓2·t·|ρ|·a² / (uncorrelated + net),
 * gross − uncorrelated = 2·t·a² / (gross + uncorrelated).
 */
#ifndef PH_OFFSETS_H
#define PH_OFFSETS_H

#include "matrix.h"

typedef struct PhLeg
{
	int			number;			/* in the matrix */
	int			place;			/* in the caller's arrays */
	double		e;
	double		sigma;
	double		a;				/* e·σ */
	double		square;			/* the asset's own sum of squares */
	double		factor;			/* 1/√square with the sign of a: what makes a product of two a ρ */
	size_t		column;			/* where the asset's column begins in a packed triangle */
} PhLeg;

/*
 * Fills all but place. False if the asset has no volatility, or e or its risk is not finite:
 * then nothing can be said of it.
 */
extern bool ph_leg(const PhMatrix *m, int number, double e, PhLeg *leg);

/* ρ of two legs, the same number as ph_corr() of their pair; *n is how many observations it has. */
extern bool ph_leg_corr(const PhMatrix *m, const PhLeg *i, const PhLeg *j, double *corr, double *n);

typedef struct PhPairRisk
{
	double		gross;
	double		uncorrelated;
	double		net;
	double		diversification;
	double		risk_offset;	/* negative where the legs add up */
} PhPairRisk;

/* |a| >= |b| > 0, |ρ| <= 1. Each result may be infinite, none is NaN. */
extern void ph_pair_risk(double a, double b, double corr, PhPairRisk *risk);

typedef struct PhPair
{
	int			i;				/* legs; i is the one with the larger risk */
	int			j;
	double		size;			/* |risk_offset| */
} PhPair;

/*
 * A contest for the pairs of largest |risk_offset|. Either capacity is the number of pairs to keep
 * (bounded: pair[] is a heap with the least one on top), or the caller makes room for n more
 * pairs before each row.
 */
typedef struct PhContest
{
	const PhMatrix *m;
	const PhLeg *leg;
	int			n;
	bool		offsetting;		/* pairs with abρ < 0, or else those with abρ > 0 */
	double		minimum_corr;
	double		minimum_observations;
	bool		bounded;
	int64_t		capacity;
	int64_t		used;
	PhPair	   *pair;
} PhContest;

/*
 * Enters the pairs of leg r with legs 0 ... r - 1; quickest when legs come in order of falling |a|.
 *
 * Only pairs that may win are looked at closely.  Since |b| <= |a| and net >= |a| − |b|,
 *
 *		risk_offset = 2|ab||ρ| / (uncorrelated + net) <= √2·|b|·|ρ|
 *
 * (the denominator is least, √2·|a|, for |b| = |a| and ρ = 1), so that a pair needs |ρ| above the
 * least size kept over √2·|b|.  ρ to a few roundings is one load and two products.
 */
extern void ph_contest_row(PhContest *c, int r);

/* Puts the pairs in order: larger first, then by the assets' places in the matrix. */
extern void ph_contest_sort(PhContest *c);

/* That order: which of two pairs comes first. */
extern int	ph_contest_compare(const PhLeg *leg, const PhPair *p, const PhPair *q);

#endif							/* PH_OFFSETS_H */

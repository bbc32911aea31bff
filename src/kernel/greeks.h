/*
 * greeks.h
 *	  European options: price, Greeks and implied volatility.
 *
 *	S, K	price of the underlying, strike		T	years		σ	volatility of a year
 *	r, q	rate and dividend yield, continuous		F = S·e^((r−q)T)		D = e^(−rT)
 *	s = σ√T,	d1 = ln(F/K)/s + s/2,	d2 = d1 − s
 *
 *	call	D·(F·Φ(d1) − K·Φ(d2))		put		D·(K·Φ(−d2) − F·Φ(−d1))
 *
 * (F. Black, M. Scholes, J. Political Economy 81, 1973; R. Merton, Bell J. Economics 4, 1973. With
 * q = r and S the futures price: F. Black, The pricing of commodity contracts, J. Financial
 * Economics 3, 1976.)
 *
 * Numbers.  The out-of-the-money option of the two is computed, the other one by put-call parity. In
 * units of D·√(FK), with x = −|ln(F/K)|, h = x/s and t = s/2, it is
 *
 *	b(x, s) = e^(x/2)·Φ(h + t) − e^(−x/2)·Φ(h − t) = ½·e^(−(h² + t²)/2)·(Y(h + t) − Y(h − t)),
 *	Y(z) = e^(z²/2)·erfc(−z/√2)
 *
 * and where t is small the difference is the integral of Y'(z) = √(2/π) + z·Y(z), all positive (eight
 * points of Gauss). So no digit is lost to a difference, however far from the money.
 *
 * Implied volatility.  b grows from 0 to e^(x/2) with s; a bracket is kept around the s sought
 * and Newton's step taken within it, else it is halved. Steps are made on 1/ln b below the point of
 * inflection s = √(2|x|), on ln(e^(x/2) − b) far above it, on ln b between: nearly straight lines
 * there (transformations after P. Jäckel, Let's be rational, Wilmott, 2015).
 *
 * Coin-settled (inverse) option on one coin: pays max(F − K, 0)/F coins, so its price in coins is the
 * undiscounted one in money divided by F: v = C/F. Held in coins, v has an exposure of its own:
 * F·∂v/∂F = Δ − v coins, the Black-Scholes delta less the premium. Deribit calls it net
 * transaction delta ("Net Transaction Delta = Black Scholes Delta - Mark Price of Options", Deribit
 * API documentation, delta_total); C. Alexander, A. Imeraj, Inverse options in a Black-Scholes world,
 * arXiv:2107.12041 derive it.
 */
#ifndef PH_GREEKS_H
#define PH_GREEKS_H

#include "kernel.h"

typedef struct PhOption
{
	bool		call;
	double		spot;			/* S > 0 */
	double		strike;			/* K > 0 */
	double		years;			/* T >= 0 */
	double		volatility;		/* σ >= 0 */
	double		rate;			/* r */
	double		yield;			/* q */
} PhOption;

/* NaN is "no answer": at the kink, where s = 0 and F = K, there is a price only. */
typedef struct PhGreeks
{
	double		price;
	double		delta;			/* ∂price/∂S */
	double		gamma;			/* ∂²price/∂S² */
	double		vega;			/* ∂price/∂σ */
	double		theta;			/* −∂price/∂T */
	double		rho;			/* ∂price/∂r, S fixed */
} PhGreeks;

extern void ph_greeks(const PhOption *o, PhGreeks *g);

/*
 * The σ at which the price is this one (o->volatility is not looked at); false if there is none: below
 * intrinsic value, or not below the price at infinite volatility; or no time is left. 0 at intrinsic
 * value itself.
 */
extern bool ph_implied_volatility(const PhOption *o, double price, double *volatility);

/* b(x, s) for x <= 0, s >= 0, and its inverse in s for 0 < b < e^(x/2). */
extern double ph_black(double x, double s);
extern double ph_black_inverse(double x, double b);

#endif							/* PH_GREEKS_H */

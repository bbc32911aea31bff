/*
 * holdings.h
 *	  What a portfolio holds: the result of hedge._holdings, for those who know prices.
 */
#ifndef PGHEDGE_HOLDINGS_H
#define PGHEDGE_HOLDINGS_H

#include "pghedge.h"

#include "exposure.h"
#include "names.h"

/* A position may have no asset; no text has these bytes. */
extern const AssetName pghedge_no_asset;

static inline bool
pghedge_is_no_asset(const AssetName *name)
{
	return name->len == pghedge_no_asset.len && name->bytes[0] == pghedge_no_asset.bytes[0];
}

/*
 * Reads the holding at *from, and goes to the next one. Its asset gets a number in names; those from
 * `known` on come from this value alone, and are looked at.
 */
extern void pghedge_read_holding(const char **from, const char *end, Names *names, int known, PhHolding *h);

#endif							/* PGHEDGE_HOLDINGS_H */

/*
 * evidence_of.h
 *	  What a book knows of pairs of a run, as the caller may read it.
 */
#ifndef PGHEDGE_EVIDENCE_OF_H
#define PGHEDGE_EVIDENCE_OF_H

#include "pghedge.h"

/* Columns of a row of pair_evidence; NaN is NULL. */
typedef struct PairEvidence
{
	int32		observations;
	double		correlation;
	double		volatility_y;
	double		volatility_x;
	double		standard_error;
	double		robust_low;
	double		robust_high;
	double		after_break;	/* means something under verdict break_detected */
	double		out_of_sample_effectiveness;
	bool		has_break_time;
	Datum		break_time;
	Datum		verdict;
	Datum		reason;
} PairEvidence;

typedef struct EvidenceReader EvidenceReader;

/*
 * Sets found[k] to the evidence of pair k, asset y[k] with the hedge x[k] (numbers of `asset`), for those
 * that have some; the others stay as they are.  *kept, NULL at first, is for the next call and lives in
 * kept_context, the evidence in the current one.  `many` is how many hedges an asset may have in the
 * book: where a good part of them is asked for, all are read in one go.
 */
extern void pghedge_evidence_of_pairs(EvidenceReader **kept, MemoryContext kept_context, Oid book,
									  int64 run, text *const *asset, int assets, int many,
									  const int *y, const int *x, int64 n, PairEvidence **found);

#endif							/* PGHEDGE_EVIDENCE_OF_H */
